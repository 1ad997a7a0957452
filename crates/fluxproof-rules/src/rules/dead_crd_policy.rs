//! A policy for CRDs of a chart that has none in `crds/`.

use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{ChartContent, ReleaseNode, Stage};

pub(crate) static RULE: Rule = Rule {
    name: "dead-crd-policy",
    summary: "a CRD policy is set for a chart whose CRDs are templates, which it does not touch",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/dead-crd-policy.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for release in cx.delivery.releases.iter().filter(|release| release.doubt.is_none()) {
        if release.content.as_deref().is_some_and(has_only_templates) {
            out.extend(["install", "upgrade"].into_iter().filter_map(|phase| finding(cx, release, phase)));
        }
    }
}

/// Whether a chart that was read in full brings CRDs, and none of them from `crds/`.
fn has_only_templates(chart: &ChartContent) -> bool {
    let mut crds = chart.definitions().peekable();
    let known = chart.open.is_empty() && chart.missing.is_empty() && crds.peek().is_some();
    known && crds.all(|(object, _)| object.stage != Stage::CrdFolder)
}

fn finding(cx: &Context<'_>, release: &ReleaseNode, phase: &str) -> Option<Finding> {
    let entry = release.resource.at(&["spec", phase])?.entry("crds")?;
    let message = format!("{} has {phase}.crds, which touches no CRD of its chart", release.object);
    let why = "the policy is about the folder crds/ of a chart; here the CRDs are templates, so they are installed, upgraded and \
               removed with the release, whatever it says";
    let help = "remove the policy; what decides is a value of the chart, and helm.sh/resource-policy: keep on the CRDs";
    let finding =
        cx.finding(&RULE, entry.key_span.to(entry.value.span), "does nothing", message).because(why).mend(help);
    let owner = &cx.delivery.kustomizations[release.owner].object;
    Some(finding.of(owner, release.object.clone(), format!("spec.{phase}.crds")))
}
