//! A dependency that says Ready before what is needed of it is there.

use crate::order::{self, Failed};
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Content, Dependency, KustomizationNode};

pub(crate) static RULE: Rule = Rule {
    name: "dependency-not-awaited",
    summary: "a Kustomization that others depend on is Ready before what it brings is there",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/dependency-not-awaited.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let races = order::failed(cx)
        .filter(|f| f.1.not_awaited.is_some() && (order::is_definition_race(f) || order::is_webhook_race(f)));
    out.extend(order::by_cause(races).iter().filter_map(|group| finding(cx, group)));
    for node in &cx.delivery.kustomizations {
        out.extend(node.depends_on.iter().filter_map(|dependency| hint(cx, node, dependency)));
    }
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (requirement, broken) = *group.first()?;
    let (brings, span) = cx.provider(requirement.provider?)?;
    let node = &cx.delivery.kustomizations[broken.not_awaited?];
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, group, "needs what the dependency brings")?;
    finding.cause = Some(format!("{} {brings}", node.object));
    finding.message = format!(
        "{} does not wait for {brings}, which {} need{}",
        node.object,
        order::objects(group),
        if order::verb(group) == "is" { "s" } else { "" }
    );
    finding.why = format!(
        "without wait or healthChecks a Kustomization is Ready as soon as its objects are applied; {owner} starts then, \
         {brings} is not installed yet, {}",
        order::cost(broken)
    );
    finding.help = match order::locked_by_wait(cx, broken.not_awaited?) {
        Some((needs, late)) => format!(
            "add healthChecks for {brings} to the spec of {}; wait: true would lock it, for {needs} needs what {late} \
             brings, and that comes after it",
            node.object
        ),
        None => format!("add wait: true to the spec of {}", node.object),
    };
    order::relate(&mut finding, node.span, format!("{} has no wait", node.object));
    order::relate(&mut finding, span, format!("{brings} is only applied"));
    Some(finding)
}

/// CRDs from manifests are waited for inside the apply, for a fixed 60 s: order holds, but not by what Flux documents.
fn hint(cx: &Context<'_>, node: &KustomizationNode, dependency: &Dependency) -> Option<Finding> {
    let target = &cx.delivery.kustomizations[dependency.target?];
    let brings_crds = matches!(target.content, Content::ExternalSecretsCrds { .. });
    if !brings_crds || target.wait || !target.health_checks.is_empty() || dependency.ready_expr.is_some() {
        return None;
    }
    let mut finding = cx.finding(
        &RULE,
        dependency.span,
        "does not wait",
        format!("{} does not wait for the CRDs that {} needs", target.object, node.object),
    );
    (finding.severity, finding.confidence) = (Severity::Info, Confidence::Hint);
    finding.why = "the order holds all the same, because kustomize-controller waits for definitions inside the apply, \
                   60 seconds at most whatever spec.timeout says; spec.wait is the documented way"
        .to_owned();
    finding.help = format!("add wait: true to the spec of {}", target.object);
    finding.owner = Some(node.object.clone());
    finding.object = Some(target.object.clone());
    finding.field = "spec.wait".to_owned();
    order::relate(&mut finding, target.span, format!("{} has no wait", target.object));
    Some(finding)
}
