//! An object that nothing orders after its namespace.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need};

pub(crate) static RULE: Rule = Rule {
    name: "object-before-namespace",
    summary: "an object may be applied before its namespace is there",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/object-before-namespace.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx) {
        if let Need::Namespace(name) = &failure.0.need {
            out.extend(finding(cx, failure, name));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, name: &str) -> Option<Finding> {
    let (requirement, broken) = failure;
    let (brings, span) = cx.provider(requirement.provider?)?;
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "needs this namespace")?;
    finding.message = format!("{} is applied before Namespace {name} is there", requirement.object);
    finding.why = if broken.kind == BrokenKind::Deadlock {
        format!(
            "{brings} creates it, and cannot do so before {owner} is applied: on an empty cluster neither ever comes"
        )
    } else {
        format!(
            "{brings} brings it, and nothing makes {owner} wait for that: it fails with \"namespaces not found\", {}",
            order::cost(broken)
        )
    };
    finding.cause = Some(format!("{name} {}", broken.kind.name()));
    finding.help = format!("put a Namespace {name} beside its objects, or let {owner} depend on what brings it");
    order::relate(&mut finding, span, format!("{brings} brings Namespace {name}"));
    Some(finding)
}
