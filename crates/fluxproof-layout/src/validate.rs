//! Whether a layout can be rendered: each field by its kind, then what several fields say together.

use crate::check::{check, milliseconds};
use crate::fields::{Field, field, fields};
use crate::{AuthMethod, CaSource, Layout, LayoutProblem, Mode, SourceKind};
use serde_json::Value as Json;

/// The Kustomizations that the layout brings beside its entry.
const OWN_KUSTOMIZATIONS: &[&str] = &["external-secrets-crds", "external-secrets-operator", "external-secrets-crs"];

/// Accounts that exist already: the chart's other two, and the one that each namespace has.
const TAKEN_ACCOUNTS: &[&str] = &["external-secrets-webhook", "external-secrets-cert-controller", "default"];

/// Everything that is wrong with a layout, in the order of the fields. Fields of a choice that is not taken do not count.
#[must_use]
pub fn validate(layout: &Layout) -> Vec<LayoutProblem> {
    let values = serde_json::to_value(layout).unwrap_or_default();
    let mut problems: Vec<LayoutProblem> =
        fields().iter().filter(|field| applies(field, &values)).filter_map(|field| of_field(field, &values)).collect();
    for problem in together(layout) {
        if !problems.iter().any(|known| known.field == problem.field) {
            problems.push(problem);
        }
    }
    let order = |path: &str| fields().iter().position(|field| field.path == path);
    fluxproof_order::sort_by_key(&mut problems, |problem| order(&problem.field));
    problems
}

/// The text at a path; none for a field that is left out.
fn value<'v>(values: &'v Json, path: &str) -> Option<&'v str> {
    path.split('.').try_fold(values, |at, key| at.get(key))?.as_str()
}

/// Whether a field counts, given the others.
fn applies(this: &Field, values: &Json) -> bool {
    this.when.is_none_or(|when| {
        value(values, when.path) == Some(when.is) && field(when.path).is_none_or(|other| applies(other, values))
    })
}

fn of_field(field: &Field, values: &Json) -> Option<LayoutProblem> {
    let text = value(values, field.path)?;
    let (message, help) = check(field, text).err()?;
    Some(LayoutProblem { help, ..LayoutProblem::new(field.path, message) })
}

/// What no field shows alone.
fn together(layout: &Layout) -> Vec<LayoutProblem> {
    [
        nesting(layout),
        keys(layout),
        account(layout),
        certificate(layout),
        namespace(layout),
        source(layout),
        entry(layout),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A Kustomization that waits no longer than the HelmRelease in it reports its own timeout instead of Helm's verdict.
fn nesting(layout: &Layout) -> Option<LayoutProblem> {
    let timeouts = &layout.timeouts;
    let (helm, operator) = (milliseconds(&timeouts.helm_release).ok()?, milliseconds(&timeouts.operator).ok()?);
    let message = format!(
        "the operator's Kustomization would wait {}, no longer than its HelmRelease, which waits {}",
        timeouts.operator, timeouts.helm_release
    );
    (operator <= helm).then(|| {
        LayoutProblem::new("timeouts.operator", message)
            .help("make it longer than timeouts.helmRelease, by a minute or so")
    })
}

fn keys(layout: &Layout) -> Option<LayoutProblem> {
    let role = &layout.vault.auth.app_role;
    let same = layout.vault.auth.method == AuthMethod::AppRole && role.role_id_key == role.secret_id_key;
    same.then(|| {
        let message = format!("role id and secret id have the same key {:?}", role.secret_id_key);
        LayoutProblem::new("vault.auth.appRole.secretIdKey", message).help("write two different keys")
    })
}

fn account(layout: &Layout) -> Option<LayoutProblem> {
    let login = &layout.vault.auth.kubernetes;
    let taken =
        layout.vault.auth.method == AuthMethod::Kubernetes && TAKEN_ACCOUNTS.contains(&login.service_account.as_str());
    taken.then(|| {
        let message = format!("the service account {:?} exists already", login.service_account);
        LayoutProblem::new("vault.auth.kubernetes.serviceAccount", message)
            .help("the chart creates the operator's account under this name; choose another")
    })
}

fn certificate(layout: &Layout) -> Option<LayoutProblem> {
    let missing = layout.vault.ca.source == CaSource::Bundle && layout.vault.ca.bundle.is_none();
    missing.then(|| {
        LayoutProblem::new("vault.ca.bundle", "the authority's certificate is to be written here, but is not")
            .help("write what base64 -w0 ca.crt prints, or choose another vault.ca.source")
    })
}

fn namespace(layout: &Layout) -> Option<LayoutProblem> {
    (layout.namespaces.operator == layout.namespaces.flux).then(|| {
        let message = format!("the operator would share the namespace {:?} with Flux", layout.namespaces.operator);
        LayoutProblem::new("namespaces.operator", message)
            .help("give it one of its own: the layout brings the namespace, and that of Flux has an owner already")
    })
}

fn source(layout: &Layout) -> Option<LayoutProblem> {
    let repository = &layout.repository;
    let in_flux = repository.namespace.as_ref().is_none_or(|namespace| *namespace == layout.namespaces.flux);
    let taken = repository.kind == SourceKind::GitRepository && repository.name == "external-secrets" && in_flux;
    taken.then(|| {
        let message = "GitRepository external-secrets would be both this repository and the source of the CRDs";
        LayoutProblem::new("repository.name", message).help("give the source of this repository another name")
    })
}

fn entry(layout: &Layout) -> Option<LayoutProblem> {
    let name = &layout.embed.kustomization;
    (layout.mode == Mode::Embed && OWN_KUSTOMIZATIONS.contains(&name.as_str())).then(|| {
        let message = format!("Kustomization {name} is a part of the folder, so it cannot apply the folder");
        LayoutProblem::new("embed.kustomization", message).help("name the Kustomization whose build holds the folder")
    })
}
