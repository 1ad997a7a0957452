//! Two `healthCheckExprs` entries for one kind.

use crate::expression::{Holder, holders};
use crate::order::relate;
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::HealthCheckExpression;

pub(crate) static RULE: Rule = Rule {
    name: "duplicate-health-check-expression",
    summary: "two healthCheckExprs are for the same group and kind",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/duplicate-health-check-expression.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for holder in holders(cx) {
        for (at, entry) in holder.health.iter().enumerate() {
            let first = holder.health[..at].iter().find(|first| is_for_the_same(first, entry));
            out.extend(first.map(|first| finding(cx, &holder, at, (first, entry))));
        }
    }
}

/// Versions do not count.
fn is_for_the_same(a: &HealthCheckExpression, b: &HealthCheckExpression) -> bool {
    a.group() == b.group() && a.kind == b.kind
}

fn finding(
    cx: &Context<'_>,
    holder: &Holder<'_>,
    at: usize,
    of: (&HealthCheckExpression, &HealthCheckExpression),
) -> Finding {
    let (first, second) = of;
    let what = second.kind.clone().unwrap_or_else(|| format!("the group {}", second.group()));
    let message = format!("{} has two health check expressions for {what}", holder.object);
    let mut finding = cx.finding(&RULE, second.span, "the second", message);
    finding.why = format!(
        "only group and kind choose the expressions, not the version; {} is Stalled until its spec changes",
        holder.object
    );
    finding.help = "keep one of them, and join their conditions with && or ||".to_owned();
    finding.owner = holder.owner.cloned();
    finding.object = Some(holder.object.clone());
    finding.field = format!("spec.healthCheckExprs[{at}]");
    relate(&mut finding, Some(first.span), format!("the first for {what}"));
    finding
}
