//! A wait that ends before what it waits for may.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{Need, ObjectRef, duration};

pub(crate) static RULE: Rule = Rule {
    name: "timeout-shorter-than-install",
    summary: "a Kustomization waits for a HelmRelease for less time than its install may take",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/timeout-shorter-than-install.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx) {
        if let Need::Time { of, takes, waits } = &failure.0.need {
            out.extend(finding(cx, failure, of, (*takes, *waits)));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, of: &ObjectRef, (takes, waits): (u64, u64)) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "is how long it waits")?;
    finding.message = format!("{owner} waits {} for {of}, which may take {}", duration(waits), duration(takes));
    finding.why = format!("a slow install fails {owner} though nothing is wrong, {}", order::cost(failure.1));
    finding.help = format!("set spec.timeout of {owner} above {}, or spec.timeout of {of} below", duration(takes));
    finding.field = format!("spec.timeout {of}");
    Some(finding)
}
