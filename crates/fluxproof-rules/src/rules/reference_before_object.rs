//! A Secret, ConfigMap or ServiceAccount that is read before it is there.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, Owner};
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    name: "reference-before-object",
    summary: "a Secret, ConfigMap or account is read before it is there",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/reference-before-object.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let named = |f: &Failed<'_>| matches!(f.0.need, Need::Object(_)) && f.1.kind != BrokenKind::Unsatisfiable;
    let mut seen = BTreeSet::new();
    for failure in order::failed(cx).filter(named) {
        // A release that reads ten keys of one Secret needs it once.
        if seen.insert((failure.0.owner, &failure.0.need)) {
            out.extend(finding(cx, failure));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>) -> Option<Finding> {
    let (requirement, broken) = failure;
    let Need::Object(object) = &requirement.need else { return None };
    let (brings, span) = cx.provider(requirement.provider?)?;
    let reader = &requirement.object;
    let mut finding = order::finding(cx, &RULE, &[failure], "is read at the start")?;
    finding.cause = Some(format!("{}/{} {}", object.kind, object.name, broken.kind.name()));
    finding.message = format!("{reader} reads {object} before it is there");
    finding.why = match (broken.kind, requirement.owner) {
        (BrokenKind::Deadlock, _) => {
            format!("{brings} brings it, and cannot before {reader} has read it: on an empty cluster it never comes")
        }
        (_, Owner::Release(_)) => format!(
            "{brings} brings it, and nothing makes {reader} wait for that: it fails, and tries again after a second, two, four"
        ),
        _ => format!("{brings} brings it, and nothing makes {reader} wait for that: it fails, {}", order::cost(broken)),
    };
    // helm-controller looks again after 750 ms and then less and less often: this heals soon.
    if broken.kind != BrokenKind::Deadlock && matches!(requirement.owner, Owner::Release(_)) {
        finding.severity = Severity::Info;
    }
    finding.help = format!("bring {object} from a Kustomization that comes before (spec.dependsOn)");
    order::relate(&mut finding, span, format!("{brings} brings {object}"));
    Some(finding)
}
