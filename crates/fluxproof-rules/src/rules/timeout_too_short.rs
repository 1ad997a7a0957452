//! A Kustomization that gives up waiting before what it waits for may be done.

use crate::{Confidence, Context, Finding, Rule, Severity, order};
use fluxproof_delivery::{Need, Requirement, duration};

pub(crate) static RULE: Rule = Rule {
    name: "timeout-too-short",
    summary: "a Kustomization waits for less time than the HelmRelease in it may take",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/timeout-too-short.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(order::failed(cx).filter_map(|(requirement, _)| finding(cx, requirement)));
}

fn finding(cx: &Context<'_>, requirement: &Requirement) -> Option<Finding> {
    let Need::Time { of, takes, waits } = &requirement.need else { return None };
    let owner = cx.owner(requirement.owner);
    let (takes, waits) = (duration(*takes), duration(*waits));
    let message = format!("{owner} waits {waits}, and {of} may take {takes}");
    let why = format!(
        "when the install takes longer than {waits}, {owner} fails though nothing is wrong, and all that depends on it \
         waits for its next try"
    );
    let help = format!("set spec.timeout of {owner} above {takes} (the default is its interval less 30s)");
    let finding = cx.finding(&RULE, requirement.span?, "too short", message);
    let finding = finding.rated(Severity::Warning, Confidence::Likely).because(why).mend(help);
    Some(finding.of(owner, owner.clone(), "spec.timeout"))
}
