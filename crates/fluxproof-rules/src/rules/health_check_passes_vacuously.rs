//! A health check that passes for an object that no controller has looked at.

use crate::expression::{Holder, holders};
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Awaited, HealthCheckExpression, KustomizationNode, ObjectRef, Vacuous};

pub(crate) static RULE: Rule = Rule {
    name: "health-check-passes-vacuously",
    summary: "a health check passes for an object that no controller has looked at",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/health-check-passes-vacuously.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for holder in holders(cx) {
        let entries = holder.health.iter().enumerate();
        out.extend(entries.filter_map(|(at, entry)| by_expression(cx, &holder, at, entry)));
    }
    let nodes = cx.delivery.kustomizations.iter().enumerate().filter(|(_, node)| node.doubt.is_none());
    out.extend(nodes.filter_map(|(index, node)| by_kind(cx, index, node)));
}

fn by_expression(cx: &Context<'_>, holder: &Holder<'_>, at: usize, entry: &HealthCheckExpression) -> Option<Finding> {
    let vacuous = entry.vacuous()?;
    let (text, span) = entry.current()?;
    let what = entry.kind.as_deref().unwrap_or_else(|| entry.group());
    let state = match vacuous {
        Vacuous::NoStatus => "without a status",
        Vacuous::NoConditions => "without a condition",
    };
    let message = format!("{} takes a {what} {state} for healthy", holder.object);
    let mut finding = cx.finding(&RULE, span, "holds too early", message);
    (finding.severity, finding.confidence) = match vacuous {
        Vacuous::NoStatus => (Severity::Warning, Confidence::Likely),
        Vacuous::NoConditions => (Severity::Info, Confidence::Likely),
    };
    finding.why = format!("all() of an empty list is true, and so is what does not look at the status: {text}");
    finding.help = "ask with exists(): status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')".to_owned();
    finding.owner = holder.owner.cloned();
    finding.object = Some(holder.object.clone());
    finding.field = format!("spec.healthCheckExprs[{at}].current");
    Some(finding)
}

/// A kind that counts as healthy before its controller has looked at it, in a Kustomization that others wait for.
fn by_kind(cx: &Context<'_>, index: usize, node: &KustomizationNode) -> Option<Finding> {
    let dependent = cx.delivery.kustomizations.iter().find(|other| depends(other, index))?;
    let blind: Vec<(ObjectRef, String)> = blind(node);
    let (object, why) = blind.first()?;
    let span = blind_span(node, object)?;
    let rest = if blind.len() > 1 { format!(" and {} more", blind.len() - 1) } else { String::new() };
    let message = format!("{} may be Ready before {object}{rest} is", node.object);
    let mut finding = cx.finding(&RULE, span, "may pass too early", message);
    (finding.severity, finding.confidence) = (Severity::Info, Confidence::Likely);
    finding.why = format!("{why}; {} goes on then, also where the operator is slow or absent", dependent.object);
    finding.help = format!(
        "add healthCheckExprs for apiVersion {} and kind {}, with current: status.conditions.exists(c, c.type == {} && \
         c.status == 'True')",
        object.api_version,
        object.kind,
        condition(object)
    );
    finding.owner = node.parent.map(|parent| cx.delivery.kustomizations[parent].object.clone());
    finding.object = Some(object.clone());
    finding.field = if node.wait { "spec.wait" } else { "spec.healthChecks" }.to_owned();
    Some(finding)
}

/// One whose `readyExpr` asks for something else is not meant.
fn depends(node: &KustomizationNode, on: usize) -> bool {
    node.depends_on.iter().any(|dependency| dependency.target == Some(on) && dependency.ready_expr.is_none())
}

/// The objects that count as healthy too early though no expression is for them.
fn blind(node: &KustomizationNode) -> Vec<(ObjectRef, String)> {
    let applied = node.resources().iter().map(ObjectRef::of).filter(|_| node.wait);
    let named = node.health_checks.iter().filter(|_| !node.wait).cloned();
    let uncovered = |object: &ObjectRef| !node.health_check_exprs.iter().any(|entry| entry.covers(object));
    let why = |object: ObjectRef| match node.awaits(&object) {
        Awaited::Vacuously(why) => Some((object, why)),
        _ => None,
    };
    applied.chain(named).filter(uncovered).filter_map(why).collect()
}

fn blind_span(node: &KustomizationNode, object: &ObjectRef) -> Option<fluxproof_yaml::Span> {
    let spec = node.resource.as_ref()?.value.get("spec")?;
    if node.wait {
        return spec.entry("wait").map(|entry| entry.key_span.to(entry.value.span));
    }
    let is_named = |check: &&fluxproof_yaml::Value| check.str_at(&["name"]) == Some(object.name.as_str());
    spec.get("healthChecks")?.items().iter().find(is_named).map(|check| check.span)
}

/// The condition that the kind has.
fn condition(object: &ObjectRef) -> &'static str {
    match object.group() {
        "bitnami.com" => "'Synced'",
        "pkg.crossplane.io" => "'Healthy'",
        _ => "'Ready'",
    }
}
