//! A Secret, ConfigMap or ServiceAccount that is read before it is there.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, ObjectRef};

pub(crate) static RULE: Rule = Rule {
    name: "reference-before-object",
    summary: "a Secret, ConfigMap or account is read before it is there",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/reference-before-object.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx).filter(|f| f.1.kind != BrokenKind::Unsatisfiable) {
        if let Need::Object(object) = &failure.0.need {
            out.extend(finding(cx, failure, object));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, object: &ObjectRef) -> Option<Finding> {
    let (requirement, broken) = failure;
    let (brings, span) = cx.provider(requirement.provider?)?;
    let reader = &requirement.object;
    let mut finding = order::finding(cx, &RULE, &[failure], "is read at the start")?;
    finding.message = format!("{reader} reads {object} before it is there");
    finding.why = if broken.kind == BrokenKind::Deadlock {
        format!("{brings} brings it, and cannot before {reader} has read it: on an empty cluster it never comes")
    } else {
        format!("{brings} brings it, and nothing makes {reader} wait for that: it fails, {}", order::cost(broken))
    };
    finding.help = format!("bring {object} from a Kustomization that comes before (spec.dependsOn)");
    order::relate(&mut finding, span, format!("{brings} brings {object}"));
    Some(finding)
}
