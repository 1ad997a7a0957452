//! A custom resource that keeps its own operator from being installed.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, Owner, Provider};

pub(crate) static RULE: Rule = Rule {
    name: "custom-resource-beside-its-operator",
    summary: "a custom resource keeps the operator that brings its CRD from being installed",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/custom-resource-beside-its-operator.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let locks =
        order::failed(cx).filter(|(r, b)| b.kind == BrokenKind::Deadlock && matches!(r.need, Need::Definition { .. }));
    out.extend(order::by_cause(locks).iter().filter_map(|group| finding(cx, group)));
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (requirement, _) = *group.first()?;
    let provider = requirement.provider?;
    let (brings, span) = cx.provider(provider)?;
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, group, "needs its CRD")?;
    finding.message =
        format!("{} {} applied together with what brings the CRD", order::objects(group), order::verb(group));
    finding.why = format!(
        "{}: on an empty cluster neither ever comes",
        reason(requirement.owner, provider, cx, &brings.to_string(), &owner.to_string())
    );
    finding.help = format!(
        "move the custom resources into a Kustomization of their own that depends on the one with {brings}, and let that one wait"
    );
    order::relate(&mut finding, span, format!("{brings} brings the CRD"));
    Some(finding)
}

fn reason(owner: Owner, provider: Provider, cx: &Context<'_>, brings: &str, name: &str) -> String {
    if cx.kustomization_of(provider).map(Owner::Kustomization) == Some(owner) {
        return format!(
            "one object that fails the dry run keeps kustomize-controller from applying anything of {name}, {brings} too"
        );
    }
    format!("{brings} comes only after {name}, and {name} cannot be applied before {brings} has brought the CRD")
}
