//! A CEL expression that Flux refuses, or that is never true.

use crate::expression::{Holder, holders, place};
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Dependency, Flaw, HealthCheckExpression, ReadyExpression};
use fluxproof_yaml::Span;

pub(crate) static RULE: Rule = Rule {
    name: "invalid-cel-expression",
    summary: "Flux refuses a CEL expression, or it is never true",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/invalid-cel-expression.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for holder in holders(cx) {
        for (at, dependency, expression) in holder.ready() {
            out.extend(ready(cx, &holder, at, (dependency, expression)));
        }
        for (at, entry) in holder.health.iter().enumerate() {
            out.extend(health(cx, &holder, at, entry));
        }
    }
}

fn ready(cx: &Context<'_>, holder: &Holder<'_>, at: usize, of: (&Dependency, &ReadyExpression)) -> Option<Finding> {
    let (dependency, expression) = of;
    let field = format!("spec.dependsOn[{at}].readyExpr");
    match expression.flaw() {
        Some(flaw) => refused(cx, holder, &field, (&expression.text, expression.span, flaw)),
        None => expression.is_never_true().then(|| never(cx, holder, field, (dependency, expression))),
    }
}

fn health(cx: &Context<'_>, holder: &Holder<'_>, at: usize, entry: &HealthCheckExpression) -> Vec<Finding> {
    let field = |name: &str| format!("spec.healthCheckExprs[{at}].{name}");
    let mut found: Vec<Finding> = entry
        .flaws()
        .filter_map(|(name, text, span, flaw)| refused(cx, holder, &field(name), (text, span, flaw)))
        .collect();
    if entry.lacks_current() {
        found.push(without_current(cx, holder, field("current"), entry.span));
    }
    found
}

fn begin(cx: &Context<'_>, holder: &Holder<'_>, field: String, place: (Span, &str), message: String) -> Finding {
    let mut finding = cx.finding(&RULE, place.0, place.1, message);
    finding.owner = holder.owner.cloned();
    finding.object = Some(holder.object.clone());
    finding.field = field;
    finding
}

fn refused(cx: &Context<'_>, holder: &Holder<'_>, field: &str, of: (&str, Span, &Flaw)) -> Option<Finding> {
    let (text, span, flaw) = of;
    if !flaw.certain {
        return None;
    }
    let at = place(cx, span, text, (flaw.start, flaw.end));
    let message = format!("{} has an expression that Flux refuses: {}", holder.object, flaw.message);
    let mut finding = begin(cx, holder, field.to_owned(), (at, "cannot be read"), message);
    finding.why = format!(
        "{} is Stalled with InvalidCELExpression, and is not tried again before its spec changes: {text}",
        holder.object
    );
    finding.help = "write an expression of CEL, which says == for equal, && for and, || for or, ! for not".to_owned();
    Some(finding)
}

fn without_current(cx: &Context<'_>, holder: &Holder<'_>, field: String, span: Span) -> Finding {
    let message = format!("{} has a health check expression without current", holder.object);
    let mut finding = begin(cx, holder, field, (span, "has no current"), message);
    finding.why = "current is required: without it the API server refuses the whole object".to_owned();
    finding.help = "add current, an expression that is true once the object is healthy".to_owned();
    finding
}

fn never(cx: &Context<'_>, holder: &Holder<'_>, field: String, of: (&Dependency, &ReadyExpression)) -> Finding {
    let (dependency, expression) = of;
    let message =
        format!("{} waits for ever: its readyExpr is not true of a Ready {} either", holder.object, dependency.name);
    let mut finding = begin(cx, holder, field, (expression.span, "is never true"), message);
    (finding.severity, finding.confidence) = (Severity::Warning, Confidence::Likely);
    finding.why = format!(
        "an expression that is false, or that asks for a field that is not there, means that the dependency is not Ready: {}",
        expression.text
    );
    finding.help = "ask for dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True'), \
                    or remove readyExpr for the check that is built in"
        .to_owned();
    finding
}
