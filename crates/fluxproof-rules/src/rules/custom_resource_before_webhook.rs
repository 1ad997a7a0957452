//! A custom resource that nothing orders after the webhook that must admit it.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, ObjectRef, Provider};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    name: "custom-resource-before-webhook",
    summary: "a custom resource may be applied before the webhook that admits it serves",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/custom-resource-before-webhook.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    // Where the CRD is missing for the same reason, one finding says both.
    let definitions: Vec<Failed<'_>> = order::failed(cx).filter(order::is_definition_race).collect();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, (requirement, _)) in definitions.iter().enumerate() {
        by_name.entry(requirement.object.to_string()).or_default().push(index);
    }
    let without_crd = |f: &Failed<'_>| {
        let named = by_name.get(&f.0.object.to_string()).map_or(&[][..], Vec::as_slice);
        !named.iter().any(|index| same_cause(&definitions[*index], f))
    };
    let races = order::failed(cx).filter(|f| order::is_webhook_race(f) && f.1.not_awaited.is_none() && without_crd(f));
    out.extend(order::by_cause(races).iter().filter_map(|group| finding(cx, group)));
}

/// Whether the CRD is missing for the same reason.
fn same_cause(a: &Failed<'_>, b: &Failed<'_>) -> bool {
    a.0.owner == b.0.owner && a.0.provider == b.0.provider && a.0.object == b.0.object
}

fn finding(cx: &Context<'_>, group: &[Failed<'_>]) -> Option<Finding> {
    let (requirement, broken) = *group.first()?;
    let provider = requirement.provider?;
    let (brings, span) = cx.provider(provider)?;
    let owner = cx.owner(requirement.owner);
    if let Need::Conversion { kind, version, .. } = &requirement.need {
        return unconverted(cx, group, kind, version);
    }
    let mut finding = order::finding(cx, &RULE, group, "is admitted by a webhook")?;
    finding.message = format!("{} {} applied before the webhook serves", order::objects(group), order::verb(group));
    finding.why = format!(
        "{brings} installs the webhook with failurePolicy Fail, and nothing makes {owner} wait until it answers: \
         the dry run is refused, nothing of {owner} is applied, {}",
        order::cost(broken)
    );
    finding.cause = Some(brings.to_string());
    finding.help = help(cx, provider, owner)?;
    order::relate(&mut finding, span, format!("{brings} installs the webhook"));
    Some(finding)
}

/// An object of another version than the one that is stored.
fn unconverted(cx: &Context<'_>, group: &[Failed<'_>], kind: &str, version: &str) -> Option<Finding> {
    let (requirement, broken) = *group.first()?;
    let provider = requirement.provider?;
    let (brings, span) = cx.provider(provider)?;
    let owner = cx.owner(requirement.owner);
    let mut finding = order::finding(cx, &RULE, group, "is converted by a webhook")?;
    finding.message = format!(
        "{} {} applied before anything converts {kind} from {version}",
        order::objects(group),
        order::verb(group)
    );
    let converts = format!(
        "the CRD of {kind} stores another version than {version}, and {brings} brings the Service that converts"
    );
    (finding.why, finding.help) = match broken.kind {
        BrokenKind::Deadlock => (
            format!("{converts}; that comes only after {owner}, whose dry run fails without it, for ever"),
            format!(
                "write {kind} in the stored version, or apply it from a Kustomization of its own that depends on {brings}"
            ),
        ),
        _ => (
            format!(
                "{converts}; nothing makes {owner} wait until it answers: the dry run fails, nothing of {owner} is applied, {}",
                order::cost(broken)
            ),
            help(cx, provider, owner)?,
        ),
    };
    order::relate(&mut finding, span, format!("{brings} brings the Service"));
    Some(finding)
}

fn help(cx: &Context<'_>, provider: Provider, owner: &ObjectRef) -> Option<String> {
    let index = cx.kustomization_of(provider)?;
    let target = &cx.delivery.kustomizations[index];
    if target.parent.is_none()
        || cx.delivery.kustomizations.iter().any(|k| k.parent == Some(index) && k.object == *owner)
    {
        return Some(format!(
            "move the HelmRelease into a Kustomization of its own with spec.wait: true, and let {owner} depend on that"
        ));
    }
    Some(format!("let {owner} depend on {} (spec.dependsOn), and let that one wait (spec.wait: true)", target.object))
}
