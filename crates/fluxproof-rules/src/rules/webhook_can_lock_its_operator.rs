//! A custom resource in the apply that brings the webhook for it.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, Owner};

pub(crate) static RULE: Rule = Rule {
    name: "webhook-can-lock-its-operator",
    summary: "a webhook that is down can refuse the apply that would mend it",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/webhook-can-lock-its-operator.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let is_lock = |f: &Failed<'_>| f.1.kind == BrokenKind::UpgradeRace && matches!(f.0.need, Need::Webhook(_));
    // Where the CRD never comes, there is nothing to lock.
    let deadlocked: Vec<Owner> =
        order::failed(cx).filter(|f| f.1.kind == BrokenKind::Deadlock).map(|f| f.0.owner).collect();
    let locks = order::failed(cx).filter(|f| is_lock(f) && !deadlocked.contains(&f.0.owner));
    out.extend(order::by_cause(locks).iter().filter_map(|group| finding(cx, group)));
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (requirement, _) = *group.first()?;
    let (brings, span) = cx.provider(requirement.provider?)?;
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, group, "is admitted by a webhook")?;
    finding.message =
        format!("{} {} applied together with the webhook for it", order::objects(group), order::verb(group));
    finding.why = format!(
        "the first install passes; later, while that webhook is down, the dry run of {owner} is refused as a whole, the fix for \
         the webhook with it"
    );
    finding.help = format!("apply it from a Kustomization of its own that depends on {owner}");
    order::relate(&mut finding, span, format!("{brings} brings the webhook"));
    Some(finding)
}
