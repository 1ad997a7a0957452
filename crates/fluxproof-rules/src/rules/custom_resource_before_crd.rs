//! A custom resource that nothing orders after its CRD.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "custom-resource-before-crd",
    summary: "a custom resource may be applied before its CRD is established",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/custom-resource-before-crd.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let races = order::failed(cx).filter(|f| order::is_definition_race(f) && f.1.not_awaited.is_none());
    out.extend(order::by_cause(races).iter().filter_map(|group| finding(cx, group)));
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (requirement, broken) = *group.first()?;
    let provider = requirement.provider?;
    let (brings, span) = cx.provider(provider)?;
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, group, "needs its CRD")?;
    finding.cause = Some(brings.to_string());
    finding.message = format!("{} {} applied before the CRD is established", order::objects(group), order::verb(group));
    finding.why = format!(
        "{brings} brings the CRD, and nothing makes {owner} wait for it: the dry run fails, nothing of {owner} is applied, {}",
        order::cost(broken)
    );
    let target = cx.kustomization_of(provider).map(|index| &cx.delivery.kustomizations[index].object)?;
    finding.help = format!("let {owner} depend on {target} (spec.dependsOn), and let that one wait (spec.wait: true)");
    order::relate(&mut finding, span, format!("{brings} brings the CRD"));
    Some(finding)
}
