//! What fields of the operator and the repository say together.

use crate::LayoutProblem;
use crate::check::milliseconds;
use crate::values::Section;
use crate::versions::Release;

/// The Kustomizations that the layout brings beside its entry.
pub(super) const OWN_KUSTOMIZATIONS: &[&str] = &[
    "external-secrets",
    "external-secrets-crds",
    "external-secrets-operator",
    "external-secrets-crs",
    "external-secrets-credentials",
    "external-secrets-crs-late",
];

/// Accounts that exist already: the chart's other two, and the one that each namespace has.
pub(super) const TAKEN_ACCOUNTS: &[&str] = &["external-secrets-webhook", "external-secrets-cert-controller", "default"];

/// Everything that is wrong between them.
pub(super) fn problems(root: &Section<'_>) -> Vec<LayoutProblem> {
    [nesting, account, namespace, source, instance, entry, bootstrapped, dashboard]
        .iter()
        .filter_map(|rule| rule(root))
        .collect()
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

fn account(root: &Section<'_>) -> Option<LayoutProblem> {
    let name = root.text("serviceAccount.name");
    TAKEN_ACCOUNTS.contains(&name).then(|| {
        let message = format!("the service account {name:?} exists already");
        LayoutProblem::new("serviceAccount.name", message)
            .help("the chart creates the operator's account under this name; choose another")
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
    let taken = in_flux
        && root.is("crds.source", "git")
        && root.is("repository.kind", "GitRepository")
        && root.is("repository.name", "external-secrets");
    taken.then(|| {
        let message = "GitRepository external-secrets would be both this repository and the source of the CRDs";
        LayoutProblem::new("repository.name", message).help("give the source of this repository another name")
    })
}

/// A FluxInstance makes the source of its own repository, in its own namespace.
fn instance(root: &Section<'_>) -> Option<LayoutProblem> {
    let namespace = root.text("repository.namespace");
    let elsewhere = !["", root.text("namespaces.flux")].contains(&namespace);
    let instance = root.is("mode", "repository") && root.is("bootstrap", "fluxInstance");
    (instance && elsewhere).then(|| {
        let message = format!("a FluxInstance makes its source in its own namespace, not in {namespace:?}");
        LayoutProblem::new("repository.namespace", message).help("leave it out")
    })
}

fn entry(root: &Section<'_>) -> Option<LayoutProblem> {
    let name = root.text("embed.kustomization");
    (root.is("mode", "embed") && OWN_KUSTOMIZATIONS.contains(&name)).then(|| {
        let message = format!("Kustomization {name} is a part of the folder, so it cannot apply the folder");
        LayoutProblem::new("embed.kustomization", message).help("name the Kustomization whose build holds the folder")
    })
}

/// `flux bootstrap` names its Kustomization after the namespace that Flux is in.
fn bootstrapped(root: &Section<'_>) -> Option<LayoutProblem> {
    let namespace = root.text("namespaces.flux");
    let usual = root.is("mode", "embed") && root.is("embed.kustomization", "flux-system");
    (usual && namespace != "flux-system").then(|| {
        let message =
            format!("Flux is in namespace {namespace:?}, so flux bootstrap did not write Kustomization flux-system");
        LayoutProblem::new("embed.kustomization", message)
            .help(format!("name the Kustomization that applies the folder; that of flux bootstrap is {namespace}"))
    })
}

/// The dashboard came with chart 0.16.2 (grafanaDashboard.enabled in its values.yaml).
fn dashboard(root: &Section<'_>) -> Option<LayoutProblem> {
    const FIRST: &str = "0.16.2";
    let clusters = root.items("clusters");
    let versions = std::iter::once(root.text("version")).chain(clusters.iter().map(|cluster| cluster.text("version")));
    let older = |version: &&str| Release::parse(version).is_some_and(|release| Some(release) < Release::parse(FIRST));
    let version = versions.into_iter().find(older).filter(|_| root.flag("monitoring.grafanaDashboard"))?;
    let message = format!("the chart of External Secrets {version} has no dashboard");
    Some(LayoutProblem::new("monitoring.grafanaDashboard", message).help(format!("leave it out, or use {FIRST}")))
}
