//! Two HelmReleases that install the same Helm release.

use crate::{Context, Finding, Rule, Severity, many};
use fluxproof_delivery::ReleaseNode;

pub(crate) static RULE: Rule = Rule {
    name: "releases-with-one-name",
    summary: "two HelmReleases have the same release name and storage namespace",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/releases-with-one-name.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let known = cx.delivery.releases.iter().filter(|release| release.doubt.is_none() && !release.suspend);
    for (_, releases) in many::by(known.map(|release| (identity(release), release))) {
        let first = releases[0];
        out.extend(releases.iter().skip(1).map(|second| finding(cx, first, second)));
    }
}

/// Where Helm keeps a release: cluster, storage namespace, release name.
fn identity(release: &ReleaseNode) -> (usize, &str, &str) {
    let spec = |path: &[&str]| release.resource.at(&["spec"]).and_then(|spec| spec.str_at(path));
    let own = release.object.namespace.as_deref().unwrap_or_default();
    (release.universe, spec(&["storageNamespace"]).unwrap_or(own), &release.release_name)
}

fn finding(cx: &Context<'_>, first: &ReleaseNode, second: &ReleaseNode) -> Finding {
    let (_, namespace, name) = identity(second);
    let span = second.resource.at(&["spec", "releaseName"]).map_or_else(|| second.resource.name_span(), |v| v.span);
    let message = format!("{} and {} both are the release {name} in {namespace}", first.object, second.object);
    let why = "Helm has one release of a name in a namespace: each HelmRelease upgrades it to its own chart and values, the other \
               sees a drift and upgrades it back, for ever, and both say Ready";
    let owner = &cx.delivery.kustomizations[second.owner].object;
    let finding = cx.finding(&RULE, span, "is taken", message).because(why);
    let finding = finding.mend("give one of them another releaseName, or remove it");
    let finding = finding.of(owner, second.object.clone(), "spec.releaseName");
    finding.with(first.resource.name_span(), format!("{} has the same release", first.object))
}
