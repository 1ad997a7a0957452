//! What fails for certain, as the model has found it.

use crate::order;
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Fault, FaultKind, Need, ObjectRef, Requirement};

/// The faults of a kind, each with the requirement that it breaks.
pub(crate) fn of<'a>(cx: &Context<'a>, kind: FaultKind) -> impl Iterator<Item = (&'a Requirement, &'a Fault)> {
    order::failed(cx).filter_map(move |(requirement, _)| match &requirement.need {
        Need::Valid(fault) if fault.kind == kind => Some((requirement, fault)),
        _ => None,
    })
}

/// Begins a finding about a fault.
pub(crate) fn finding(
    cx: &Context<'_>,
    rule: &Rule,
    (requirement, fault): (&Requirement, &Fault),
    label: &str,
    message: String,
) -> Option<Finding> {
    let mut finding = cx.finding(rule, requirement.span?, label, message);
    let owner: &ObjectRef = cx.owner(requirement.owner);
    finding.why = format!("the dry run fails and nothing of {owner} is applied: \"{}\"", fault.error);
    (finding.owner, finding.object) = (Some(owner.clone()), Some(requirement.object.clone()));
    if fault.likely {
        (finding.severity, finding.confidence) = (Severity::Warning, Confidence::Likely);
    }
    Some(finding)
}
