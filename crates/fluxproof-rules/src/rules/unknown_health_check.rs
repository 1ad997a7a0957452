//! A health check of something that is not there.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::facts::kubernetes;
use fluxproof_delivery::{KustomizationNode, ObjectRef};
use fluxproof_yaml::Value;

pub(crate) static RULE: Rule = Rule {
    name: "unknown-health-check",
    summary: "a healthChecks entry cannot be made, or names an object that nothing applies",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-health-check.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    // With wait the checks are not read.
    for node in cx.delivery.kustomizations.iter().filter(|node| node.doubt.is_none() && !node.wait) {
        let checks = node.resource.as_ref().and_then(|resource| resource.at(&["spec", "healthChecks"]));
        for item in checks.map_or(&[][..], Value::items) {
            out.extend(finding(cx, node, item));
        }
    }
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, item: &Value) -> Option<Finding> {
    let text = |key: &str| item.str_at(&[key]);
    let (kind, name) = (text("kind")?, text("name").filter(|name| !name.contains("${"))?);
    let group = match text("apiVersion") {
        Some(version) => version.split_once('/').map_or("", |(group, _)| group),
        None => "apps",
    };
    let span = item.get("name").map_or(item.span, |value| value.span);
    let begin = |label: &str, what: String| {
        let owner = node.parent.map_or(&node.object, |parent| &cx.delivery.kustomizations[parent].object);
        cx.finding(&RULE, span, label, format!("{} checks {kind}/{name}, {what}", node.object)).of(
            owner,
            node.object.clone(),
            format!("spec.healthChecks {kind}/{name}"),
        )
    };
    let fails = format!("the check fails, and {} is not Ready before its timeout, nor after it", node.object);
    if text("apiVersion").is_none() && !APPS.contains(&kind) {
        let finding = begin("means apps/v1", format!("which without an apiVersion is apps/v1 {kind}"));
        return Some(finding.because(format!("apps/v1 has no such kind: {fails}")).mend("add its apiVersion"));
    }
    if text("namespace").is_none() && kubernetes::is_cluster_scoped(group, kind) == Some(false) {
        let finding = begin("has no namespace", "which has no namespace".to_owned());
        let why =
            format!("kustomize-controller fills none in (\"is namespace scoped, but namespace is not set\"): {fails}");
        return Some(finding.because(why).mend("add its namespace"));
    }
    let wanted = (kind, text("namespace")?, name);
    if !OF_FLUX.contains(&kind) || cx.open().is_some() || cx.has_object(wanted) {
        return None;
    }
    let finding = begin("nothing applies it", "which nothing applies".to_owned());
    let finding = finding.rated(Severity::Warning, Confidence::Likely);
    Some(finding.because(fails).mend(near(cx, wanted)))
}

/// The kinds of apps/v1.
const APPS: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ControllerRevision"];

/// Kinds that only a Kustomization applies; others may come from a chart.
const OF_FLUX: [&str; 2] = ["Kustomization", "HelmRelease"];

fn near(cx: &Context<'_>, (kind, _, name): (&str, &str, &str)) -> String {
    let of_kind = |object: &&ObjectRef| object.kind == kind && object.name == name;
    let kustomizations = cx.delivery.kustomizations.iter().map(|node| &node.object);
    let releases = cx.delivery.releases.iter().map(|release| &release.object);
    let elsewhere = kustomizations.chain(releases).find(of_kind).and_then(|object| object.namespace.as_deref());
    match elsewhere {
        Some(namespace) => format!("it exists in another namespace: write namespace: {namespace}"),
        None => "mend the name, or remove the entry".to_owned(),
    }
}
