//! A custom resource that its CRD in this repository does not take.

use crate::{Context, Finding, Rule, Severity, faults};
use fluxproof_delivery::facts::flux;
use fluxproof_delivery::{Fault, FaultKind, Requirement};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-resource-field",
    summary: "a custom resource has a field, or a type of value, that its CRD does not have",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-resource-field.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    // Flux's own kinds have a rule with more to say.
    let is_flux = |r: &Requirement| !flux::served(r.object.group(), &r.object.kind).is_empty();
    let refused = faults::of(cx, FaultKind::Schema).filter(|(requirement, _)| !is_flux(requirement));
    out.extend(refused.filter_map(|fault| finding(cx, fault)));
}

fn finding(cx: &Context<'_>, fault: (&Requirement, &Fault)) -> Option<Finding> {
    let object = &fault.0.object;
    let message = format!("{object} does not fit the CRD of {} in this repository", object.kind);
    let mut finding = faults::finding(cx, &RULE, fault, "not in the CRD", message)?;
    finding.help = "mend the field, or bring the CRD of the version that has it first".to_owned();
    finding.field = fault.1.error.rsplit("): ").next().unwrap_or_default().to_owned();
    Some(finding)
}
