//! A `readyExpr` that is true although the dependency never was Ready.

use crate::expression::{Holder, holders};
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Dependency, Implies, ReadyExpression};

pub(crate) static RULE: Rule = Rule {
    name: "ready-expression-ignores-readiness",
    summary: "a readyExpr is true although the dependency never was Ready",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/ready-expression-ignores-readiness.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for holder in holders(cx) {
        out.extend(
            holder
                .ready()
                .filter_map(|(at, dependency, expression)| finding(cx, &holder, at, (dependency, expression))),
        );
    }
}

fn finding(cx: &Context<'_>, holder: &Holder<'_>, at: usize, of: (&Dependency, &ReadyExpression)) -> Option<Finding> {
    let (dependency, expression) = of;
    let Implies::Nothing(state) = expression.implies() else { return None };
    let message =
        format!("{} goes on before {} is Ready: its readyExpr is true while {state}", holder.object, dependency.name);
    let mut finding = cx.finding(&RULE, expression.span, "is true too early", message);
    finding.confidence = Confidence::Likely;
    finding.why = format!(
        "readyExpr replaces the check for the Ready condition, unless the controllers run with the feature gate \
         AdditiveCELDependencyCheck: {}",
        expression.text
    );
    finding.help = "add && dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True') \
                    && dep.metadata.generation == dep.status.observedGeneration"
        .to_owned();
    finding.owner = holder.owner.cloned();
    finding.object = Some(holder.object.clone());
    finding.field = format!("spec.dependsOn[{at}].readyExpr");
    Some(finding)
}
