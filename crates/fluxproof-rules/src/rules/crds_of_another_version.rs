//! CRDs of one version beside an operator of another.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::facts::{Facts, eso};
use fluxproof_delivery::{Content, KustomizationNode, ReleaseNode};

pub(crate) static RULE: Rule = Rule {
    name: "crds-of-another-version",
    summary: "the CRDs from Git and the chart of their operator have different versions",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/crds-of-another-version.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let facts = Facts::new();
    let is_eso = |release: &&ReleaseNode| {
        let known = release.chart.as_deref().and_then(|chart| facts.chart(chart, release.repository_url.as_deref()));
        known.is_some_and(|chart| chart.is_external_secrets())
    };
    let releases: Vec<&ReleaseNode> =
        cx.delivery.releases.iter().filter(is_eso).filter(|release| release.doubt.is_none()).collect();
    for node in cx.delivery.kustomizations.iter().filter(|node| node.doubt.is_none()) {
        out.extend(releases.iter().filter_map(|release| finding(cx, node, release)));
    }
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, release: &ReleaseNode) -> Option<Finding> {
    let Content::ExternalSecretsCrds { tag, .. } = &node.content else { return None };
    let (crds, chart) = (eso::EsoVersion::parse(tag)?, eso::EsoVersion::parse(release.version.as_deref()?)?);
    if crds == chart {
        return None;
    }
    let source = node.source.map(|index| &cx.delivery.sources[index]);
    let message = format!("{} brings CRDs of {crds}, and {} installs {chart}", node.object, release.object);
    let why = "the operator reads and writes fields of its own version: older CRDs drop what it writes or do not serve the version it \
               asks for, newer ones may have lost one";
    let span = release.version_span.unwrap_or_else(|| release.resource.name_span());
    let mut finding = cx.finding(&RULE, span, "another version than its CRDs", message);
    if let Some(tag) = source.and_then(|s| s.resource.as_ref()).and_then(|r| r.at(&["spec", "ref"])) {
        finding = finding.with(tag.span, format!("the CRDs are of {crds}"));
    }
    let finding = finding.rated(Severity::Warning, Confidence::Likely).because(why).mend("give both the same version");
    let owner = &cx.delivery.kustomizations[release.owner].object;
    Some(finding.of(owner, release.object.clone(), "spec.chart.spec.version"))
}
