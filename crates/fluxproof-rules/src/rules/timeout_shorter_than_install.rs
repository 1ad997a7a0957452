//! A wait that ends before what it waits for may.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{Need, duration};
use fluxproof_yaml::Span;
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    name: "timeout-shorter-than-install",
    summary: "a Kustomization waits for a HelmRelease for less time than its install may take",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/timeout-shorter-than-install.md"),
    check,
};

/// One finding for each place that sets a time: a patch may set it for forty Kustomizations.
fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut by_place: BTreeMap<Option<Span>, Vec<Failed<'_>>> = BTreeMap::new();
    for failure in order::failed(cx).filter(|f| matches!(f.0.need, Need::Time { .. })) {
        by_place.entry(failure.0.span).or_default().push(failure);
    }
    out.extend(by_place.values().filter_map(|group| finding(cx, group)));
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (first, others) = group.split_first()?;
    let Need::Time { of, takes, waits } = &first.0.need else { return None };
    let owner = cx.owner(first.0.owner);
    let mut finding = order::finding(cx, &RULE, group, "is how long it waits")?;
    let more = match others.len() {
        0 => String::new(),
        1 => ", and another one is in the same case".to_owned(),
        count => format!(", and {count} others are in the same case"),
    };
    finding.message = format!("{owner} waits {} for {of}, which may take {}{more}", duration(*waits), duration(*takes));
    finding.why = format!("a slow install fails {owner} though nothing is wrong, {}", order::cost(first.1));
    finding.help =
        format!("set spec.timeout of the Kustomization above {}, or the HelmRelease's below", duration(*takes));
    finding.field = format!("spec.timeout {of}");
    Some(finding)
}
