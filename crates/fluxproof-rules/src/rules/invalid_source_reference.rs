//! A `chart`, `chartRef` or `sourceRef` that its API version refuses.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Span, Value};

pub(crate) static RULE: Rule = Rule {
    name: "invalid-source-reference",
    summary: "a chart, chartRef or sourceRef is one that the API server refuses",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/invalid-source-reference.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for (owner, resource) in flux::known_objects(cx) {
        let Some(spec) = resource.at(&["spec"]) else { continue };
        let found = match resource.kind() {
            "HelmRelease" => of_release(resource, spec),
            "Kustomization" => wrong_kind(spec, &["sourceRef"], &KUSTOMIZATION),
            _ => None,
        };
        out.extend(found.map(|odd| finding(cx, owner, resource, odd)));
    }
}

/// The kinds that a place takes, by the `enum` of its CRD.
const KUSTOMIZATION: [&str; 4] = ["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"];
const CHART: [&str; 3] = ["HelmRepository", "GitRepository", "Bucket"];
const CHART_REF: [&str; 3] = ["OCIRepository", "HelmChart", "ExternalArtifact"];

/// What is wrong, where, and what to do.
struct Odd {
    field: &'static str,
    span: Span,
    what: String,
    help: String,
}

fn of_release(resource: &Resource, spec: &Value) -> Option<Odd> {
    match (spec.entry("chart"), spec.entry("chartRef")) {
        (Some(_), None) => wrong_kind(spec, &["chart", "spec", "sourceRef"], &CHART),
        (None, Some(_)) => wrong_kind(spec, &["chartRef"], &CHART_REF),
        (None, None) => Some(Odd {
            field: "spec.chart",
            span: resource.name_span(),
            what: "has neither chart nor chartRef".to_owned(),
            help: "add a chart, or a chartRef to an OCIRepository or HelmChart".to_owned(),
        }),
        (Some(_), Some(chart_ref)) => Some(Odd {
            field: "spec.chartRef",
            span: chart_ref.key_span,
            what: "has both chart and chartRef".to_owned(),
            help: "remove one of them".to_owned(),
        }),
    }
}

fn wrong_kind(spec: &Value, path: &[&str], allowed: &[&str]) -> Option<Odd> {
    let kind = spec.at(path)?.get("kind")?;
    let name = kind.as_str().filter(|name| !allowed.contains(name) && !name.contains("${"))?;
    let help = match (name, path[0]) {
        ("OCIRepository", "chart") => "an OCIRepository goes into spec.chartRef".to_owned(),
        ("HelmRepository", "chartRef") => "a HelmRepository goes into spec.chart.spec.sourceRef".to_owned(),
        _ => format!("use one of {}", allowed.join(", ")),
    };
    let field = match path[0] {
        "chart" => "spec.chart.spec.sourceRef.kind",
        "chartRef" => "spec.chartRef.kind",
        _ => "spec.sourceRef.kind",
    };
    Some(Odd { field, span: kind.span, what: format!("has a {name} in {}", field.trim_end_matches(".kind")), help })
}

fn finding(cx: &Context<'_>, owner: &ObjectRef, resource: &Resource, odd: Odd) -> Finding {
    let object = ObjectRef::of(resource);
    let why = format!("the API server refuses it in the dry run, and nothing of {owner} is applied");
    let finding = cx.finding(&RULE, odd.span, "is refused", format!("{object} {}", odd.what));
    finding.because(why).mend(odd.help).of(owner, object, odd.field)
}
