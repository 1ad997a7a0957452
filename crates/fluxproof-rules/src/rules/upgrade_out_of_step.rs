//! An operator whose CRDs come from another source.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{Need, ObjectRef, Owner};

pub(crate) static RULE: Rule = Rule {
    name: "upgrade-out-of-step",
    summary: "an operator may be upgraded before its CRDs, which are of another source",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/upgrade-out-of-step.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx) {
        if let Need::Lockstep(target) = &failure.0.need {
            out.extend(finding(cx, failure, target));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, target: &ObjectRef) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "is of another source")?;
    finding.message = format!("{owner} may be upgraded before {target}, whose CRDs it needs");
    finding.why =
        "between two sources dependsOn compares no revisions: the old revision is Ready, and that is enough".to_owned();
    finding.help = help(cx, failure.0.owner);
    finding.field = "spec.dependsOn".to_owned();
    Some(finding)
}

fn help(cx: &Context<'_>, owner: Owner) -> String {
    let pin = "pin the revision here with readyExpr (dep.status.lastAppliedRevision.startsWith('<tag>@'))";
    let parent = match owner {
        Owner::Kustomization(index) => cx.delivery.kustomizations[index].parent,
        Owner::Release(_) => None,
    };
    match parent.map(|index| &cx.delivery.kustomizations[index].object) {
        Some(parent) => format!("{pin}, and depend on {parent}, which applies this Kustomization, as well"),
        None => pin.to_owned(),
    }
}
