//! CRDs that both a Kustomization and a Helm chart bring.

use crate::{Context, Finding, Label, Rule, Severity};
use fluxproof_delivery::{Provider, What};

pub(crate) static RULE: Rule = Rule {
    name: "crds-with-two-owners",
    summary: "a Kustomization and a Helm chart both bring the same CRDs",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/crds-with-two-owners.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let crds: Vec<(Provider, Crd<'_>)> = certain(cx).collect();
    // Provided things come provider by provider.
    let providers: Vec<&[(Provider, Crd<'_>)]> = crds.chunk_by(|a, b| a.0 == b.0).collect();
    for ours in &providers {
        let Provider::Release(release) = ours[0].0 else { continue };
        for theirs in &providers {
            let Provider::Kustomization(kustomization) = theirs[0].0 else { continue };
            if cx.delivery.universe(ours[0].0) != cx.delivery.universe(theirs[0].0) {
                continue;
            }
            let is_theirs = |crd: &Crd<'_>| theirs.iter().any(|(_, other)| other == crd);
            let shared: Vec<Crd<'_>> = ours.iter().map(|(_, crd)| *crd).filter(is_theirs).collect();
            out.extend(finding(cx, release, kustomization, &shared));
        }
    }
}

/// The group and kind of a CRD.
type Crd<'a> = (&'a str, &'a str);

/// The CRDs whose provider is certain.
fn certain<'a>(cx: &Context<'a>) -> impl Iterator<Item = (Provider, Crd<'a>)> {
    cx.delivery.provided.iter().filter(|thing| !thing.likely).filter_map(|thing| match &thing.what {
        What::Definition { group, kind: Some(kind), .. } => Some((thing.by, (group.as_str(), kind.as_str()))),
        _ => None,
    })
}

fn finding(cx: &Context<'_>, release: usize, kustomization: usize, shared: &[Crd<'_>]) -> Option<Finding> {
    let (count, first) = (shared.len(), shared.first()?);
    let (release, node) = (&cx.delivery.releases[release], &cx.delivery.kustomizations[kustomization]);
    if release.doubt.is_some() || release.more_values {
        return None;
    }
    let values = release.resource.value.at(&["spec"]).and_then(|spec| spec.entry("values"));
    let span = values.map_or(release.resource.name_span(), |entry| entry.key_span);
    let message =
        format!("{} brings {count} CRDs that {} brings too, {} among them", release.object, node.object, first.1);
    let mut finding = cx.finding(&RULE, span, "installCRDs is true by default", message);
    finding.why =
        "in this chart CRDs are templates: when the release goes, they go, with every custom resource and every \
                   Secret made from one, while the Kustomization still says Ready"
            .to_owned();
    finding.help = "set installCRDs: false in the values; on a cluster that already runs this, first commit \
                    crds.annotations: {helm.sh/resource-policy: keep} and let that upgrade finish"
        .to_owned();
    finding.owner = Some(cx.delivery.kustomizations[release.owner].object.clone());
    finding.object = Some(release.object.clone());
    finding.field = "spec.values.installCRDs".to_owned();
    finding
        .related
        .extend(node.span.map(|span| Label { span, message: format!("{} brings them from Git", node.object) }));
    Some(finding)
}
