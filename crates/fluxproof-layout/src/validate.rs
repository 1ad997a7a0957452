//! Whether a layout can be rendered: each field by its kind, then what several fields say together.

use crate::check::{check, count, milliseconds};
use crate::fields::{Field, Kind, field, fields};
use crate::values::{Section, join};
use crate::{Layout, LayoutProblem};
use serde_json::Value as Json;

/// The Kustomizations that the layout brings beside its entry.
const OWN_KUSTOMIZATIONS: &[&str] = &["external-secrets-crds", "external-secrets-operator", "external-secrets-crs"];

/// Accounts that exist already: the chart's other two, and the one that each namespace has.
const TAKEN_ACCOUNTS: &[&str] = &["external-secrets-webhook", "external-secrets-cert-controller", "default"];

/// Everything that is wrong with a layout, in the order of the fields. Fields of a choice that is not taken do not count.
#[must_use]
pub fn validate(layout: &Layout) -> Vec<LayoutProblem> {
    let root = layout.root();
    let mut problems = Vec::new();
    each(&root, fields(), &mut problems);
    for problem in together(&root) {
        if !problems.iter().any(|known| known.field == problem.field) {
            problems.push(problem);
        }
    }
    let first = |path: &str| path.split('[').next().map(str::to_owned);
    let order = |path: &str| fields().iter().position(|field| Some(field.path) == first(path).as_deref());
    fluxproof_order::sort_by_key(&mut problems, |problem| order(&problem.field));
    problems
}

/// Checks each field of a section by its kind.
fn each(section: &Section<'_>, fields: &'static [Field], out: &mut Vec<LayoutProblem>) {
    for field in fields.iter().filter(|field| applies(field, section, fields)) {
        match section.get(field.path) {
            Some(Json::Array(_)) if field.kind == Kind::Items => {
                section.items(field.path).iter().for_each(|item| each(item, field.items, out));
            }
            Some(value) => of_value(field, &section.at(field.path), value, out),
            None => {}
        }
    }
}

/// Whether a field counts, given the others of its section.
pub(crate) fn applies(this: &Field, section: &Section<'_>, fields: &'static [Field]) -> bool {
    this.when.is_none_or(|when| {
        section.is(when.path, when.is) && field(fields, when.path).is_none_or(|other| applies(other, section, fields))
    })
}

fn of_value(field: &Field, path: &str, value: &Json, out: &mut Vec<LayoutProblem>) {
    let refusal = match value {
        Json::String(text) => check(field, text).err(),
        Json::Number(number) => count(number.as_i64().unwrap_or_default()).err(),
        Json::Array(items) => {
            let each = |(index, item)| of_value(field, &format!("{path}[{index}]"), item, out);
            return items.iter().enumerate().for_each(each);
        }
        Json::Object(entries) => return entries.iter().for_each(|(key, value)| of_entry(field, path, key, value, out)),
        Json::Bool(_) | Json::Null => None,
    };
    if let Some((message, help)) = refusal {
        out.push(LayoutProblem { help, ..LayoutProblem::new(path, message) });
    }
}

fn of_entry(field: &Field, path: &str, key: &str, value: &Json, out: &mut Vec<LayoutProblem>) {
    let path = join(path, key);
    if let Err((message, help)) = check(field, key) {
        out.push(LayoutProblem { help, ..LayoutProblem::new(&path, message) });
    }
    of_value(field, &path, value, out);
}

/// What no field shows alone.
fn together(root: &Section<'_>) -> Vec<LayoutProblem> {
    [nesting, keys, account, certificate, namespace, source, entry].iter().filter_map(|rule| rule(root)).collect()
}

/// A Kustomization that waits no longer than the HelmRelease in it reports its own timeout instead of Helm's verdict.
fn nesting(root: &Section<'_>) -> Option<LayoutProblem> {
    let (helm, operator) = (root.text("timeouts.helmRelease"), root.text("timeouts.operator"));
    let too_short = milliseconds(operator).ok()? <= milliseconds(helm).ok()?;
    let message = format!(
        "the operator's Kustomization would wait {operator}, no longer than its HelmRelease, which waits {helm}"
    );
    too_short.then(|| {
        LayoutProblem::new("timeouts.operator", message)
            .help("make it longer than timeouts.helmRelease, by a minute or so")
    })
}

fn keys(root: &Section<'_>) -> Option<LayoutProblem> {
    let key = root.text("vault.auth.appRole.roleIdKey");
    let same = root.is("vault.auth.method", "appRole") && root.is("vault.auth.appRole.secretIdKey", key);
    same.then(|| {
        let message = format!("role id and secret id have the same key {key:?}");
        LayoutProblem::new("vault.auth.appRole.secretIdKey", message).help("write two different keys")
    })
}

fn account(root: &Section<'_>) -> Option<LayoutProblem> {
    let name = root.text("vault.auth.kubernetes.serviceAccount");
    let taken = root.is("vault.auth.method", "kubernetes") && TAKEN_ACCOUNTS.contains(&name);
    taken.then(|| {
        let message = format!("the service account {name:?} exists already");
        LayoutProblem::new("vault.auth.kubernetes.serviceAccount", message)
            .help("the chart creates the operator's account under this name; choose another")
    })
}

fn certificate(root: &Section<'_>) -> Option<LayoutProblem> {
    let missing = root.is("vault.ca.source", "bundle") && root.get("vault.ca.bundle").is_none();
    missing.then(|| {
        LayoutProblem::new("vault.ca.bundle", "the authority's certificate is to be written here, but is not")
            .help("write what base64 -w0 ca.crt prints, or choose another vault.ca.source")
    })
}

fn namespace(root: &Section<'_>) -> Option<LayoutProblem> {
    let operator = root.text("namespaces.operator");
    root.is("namespaces.flux", operator).then(|| {
        let message = format!("the operator would share the namespace {operator:?} with Flux");
        LayoutProblem::new("namespaces.operator", message)
            .help("give it one of its own: the layout brings the namespace, and that of Flux has an owner already")
    })
}

fn source(root: &Section<'_>) -> Option<LayoutProblem> {
    let in_flux = ["", root.text("namespaces.flux")].contains(&root.text("repository.namespace"));
    let taken =
        in_flux && root.is("repository.kind", "GitRepository") && root.is("repository.name", "external-secrets");
    taken.then(|| {
        let message = "GitRepository external-secrets would be both this repository and the source of the CRDs";
        LayoutProblem::new("repository.name", message).help("give the source of this repository another name")
    })
}

fn entry(root: &Section<'_>) -> Option<LayoutProblem> {
    let name = root.text("embed.kustomization");
    (root.is("mode", "embed") && OWN_KUSTOMIZATIONS.contains(&name)).then(|| {
        let message = format!("Kustomization {name} is a part of the folder, so it cannot apply the folder");
        LayoutProblem::new("embed.kustomization", message).help("name the Kustomization whose build holds the folder")
    })
}
