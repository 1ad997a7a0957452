//! What waits for something that is suspended.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need};

pub(crate) static RULE: Rule = Rule {
    name: "waits-for-suspended",
    summary: "something waits for an object that is suspended",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/waits-for-suspended.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let asleep = order::failed(cx).filter(|f| f.1.kind == BrokenKind::Unsatisfiable && f.0.provider.is_some());
    out.extend(order::by_cause(asleep).iter().filter_map(|group| finding(cx, group)));
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (requirement, _) = *group.first()?;
    let (brings, span) = cx.provider(requirement.provider?)?;
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, group, "waits for what is suspended")?;
    finding.message = match requirement.need {
        Need::Dependency(_) => format!("{owner} depends on {brings}, which is suspended"),
        _ => format!("{} {} what {brings} brings, which is suspended", order::objects(group), needs(group)),
    };
    finding.why = "a suspended object applies nothing on a fresh cluster, and is never Ready there".to_owned();
    finding.help = format!("resume {brings}, or remove what waits for it as well");
    finding.severity = Severity::Warning;
    order::relate(&mut finding, span, format!("{brings} is suspended, or what applies it is"));
    Some(finding)
}

fn needs(group: &[Failed<'_>]) -> &'static str {
    if order::verb(group) == "is" { "needs" } else { "need" }
}
