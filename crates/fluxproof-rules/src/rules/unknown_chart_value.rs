//! A value that the chart does not read.

use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::ReleaseNode;
use fluxproof_delivery::facts::{Confidence, Facts, eso};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-chart-value",
    summary: "a HelmRelease sets a value that the chart does not read",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-chart-value.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let facts = Facts::new();
    for release in &cx.delivery.releases {
        let Some(chart) = release.chart.as_deref() else { continue };
        let known = facts.chart(chart, release.repository_url.as_deref());
        if known.is_some_and(|chart| chart.is_external_secrets() && chart.confidence() == Confidence::Certain) {
            of_release(cx, release, out);
        }
    }
}

fn of_release(cx: &Context<'_>, release: &ReleaseNode, out: &mut Vec<Finding>) {
    let (Some(values), Some(version)) = (&release.values, release.version.as_deref().and_then(eso::EsoVersion::parse))
    else {
        return;
    };
    for unknown in eso::unknown_values(version, values) {
        let message =
            format!("{} sets {}, which chart external-secrets {version} does not read", release.object, unknown.path);
        let mut finding = cx.finding(&RULE, unknown.key_span, "no such value", message);
        finding.why =
            "Helm takes unknown values without a word, so what this was meant to change stays as it is".to_owned();
        finding.help = unknown.suggestion.as_ref().map_or_else(
            || "remove it, or look it up in the chart's values.yaml".to_owned(),
            |suggestion| format!("did you mean {suggestion}?"),
        );
        if unknown.suggestion.is_none() {
            finding.severity = Severity::Warning;
        }
        finding.cause = Some(release.object.to_string());
        finding.owner = Some(cx.delivery.kustomizations[release.owner].object.clone());
        finding.object = Some(release.object.clone());
        finding.field = format!("spec.values.{}", unknown.path);
        out.push(finding);
    }
}
