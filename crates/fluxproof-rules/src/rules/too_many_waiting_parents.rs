//! More Kustomizations that wait for others than there are workers.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{Need, duration};

pub(crate) static RULE: Rule = Rule {
    name: "too-many-waiting-parents",
    summary: "Kustomizations that wait for others leave no worker for them",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/too-many-waiting-parents.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let starved: Vec<Failed<'_>> = order::failed(cx).filter(|f| matches!(f.0.need, Need::Worker(_))).collect();
    out.extend(finding(cx, &starved));
}

/// One finding for all: it is one queue.
fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (first, others) = group.split_first()?;
    let mut finding = order::finding(cx, &RULE, group, "waits for what it applies")?;
    finding.message = format!("{} Kustomizations wait at once for Kustomizations that they apply", group.len());
    let seconds = first.1.delay_seconds.map_or("their timeout".to_owned(), duration);
    finding.why = format!(
        "kustomize-controller has four workers by default, each of these holds one, and what they wait for gets none: the \
         first roll-out stands still for {seconds}"
    );
    finding.help = "take wait from those on which nothing depends, or let them depend on each other".to_owned();
    for (requirement, _) in others {
        order::relate(&mut finding, requirement.span, format!("{} waits too", requirement.object));
    }
    Some(finding)
}
