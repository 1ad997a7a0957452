//! What the rules about order share: broken requirements, grouped so that one cause is one finding.

use crate::{Confidence, Context, Finding, Label, Rule, Severity};
use fluxproof_delivery::{Broken, BrokenKind, Need, ObjectRef, Owner, Provider, Requirement, Verdict, duration};
use std::collections::BTreeMap;

/// A requirement that fails and how.
pub(crate) type Failed<'a> = (&'a Requirement, &'a Broken);

/// Every requirement that fails.
pub(crate) fn failed<'a>(cx: &Context<'a>) -> impl Iterator<Item = Failed<'a>> {
    cx.delivery.requirements.iter().filter_map(|requirement| match &requirement.verdict {
        Verdict::Broken(broken) => Some((requirement, broken)),
        _ => None,
    })
}

/// Who applies, who brings, and what is not awaited.
type Cause = (Owner, Option<Provider>, Option<usize>);

/// Groups failures by who applies, who brings, and what is not awaited: one cause, one finding.
pub(crate) fn by_cause<'a>(failures: impl Iterator<Item = Failed<'a>>) -> Vec<Vec<Failed<'a>>> {
    let mut groups: Vec<Vec<Failed<'a>>> = Vec::new();
    let mut known: BTreeMap<Cause, usize> = BTreeMap::new();
    for failure in failures {
        let key = (failure.0.owner, failure.0.provider, failure.1.not_awaited);
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(failure),
            None => groups.push(vec![failure]),
        }
    }
    groups
}

/// Whether a failure is a race for a CRD.
pub(crate) fn is_definition_race(failure: &Failed<'_>) -> bool {
    matches!(failure.0.need, Need::Definition { .. }) && is_race(failure.1)
}

/// Whether a failure is a race for a webhook, or for what converts between versions; the latter may also be a lock.
pub(crate) fn is_webhook_race(failure: &Failed<'_>) -> bool {
    match failure.0.need {
        Need::Webhook(_) => is_race(failure.1),
        Need::Conversion { .. } => is_race(failure.1) || failure.1.kind == BrokenKind::Deadlock,
        _ => false,
    }
}

/// Whether a failure is a race, healing or not.
pub(crate) fn is_race(broken: &Broken) -> bool {
    matches!(broken.kind, BrokenKind::SelfHealingRace | BrokenKind::StickyRace)
}

/// `ClusterSecretStore/vault`, or `ClusterSecretStore/vault and 3 more objects`.
pub(crate) fn objects(group: &[Failed<'_>]) -> String {
    let mut names: Vec<&ObjectRef> = group.iter().map(|(requirement, _)| &requirement.object).collect();
    names.dedup();
    match names.len() {
        0 | 1 => group.first().map(|(r, _)| r.object.to_string()).unwrap_or_default(),
        2 => format!("{} and one more object", names[0]),
        count => format!("{} and {} more objects", names[0], count - 1),
    }
}

/// `is` for one object, `are` for several.
pub(crate) fn verb(group: &[Failed<'_>]) -> &'static str {
    let first = &group[0].0.object;
    if group.iter().all(|(requirement, _)| requirement.object == *first) { "is" } else { "are" }
}

/// A finding about a group of failures with one cause, without message, why and help.
pub(crate) fn finding(cx: &Context<'_>, rule: &Rule, group: &[Failed<'_>], label: &str) -> Option<Finding> {
    let (requirement, broken) = group.first()?;
    let mut finding = cx.finding(rule, requirement.span?, label, "");
    finding.verdict = Some(broken.kind);
    finding.owner = Some(cx.owner(requirement.owner).clone());
    finding.object = Some(requirement.object.clone());
    finding.trace.clone_from(&broken.trace);
    finding.delay_seconds = broken.delay_seconds;
    if broken.likely {
        (finding.confidence, finding.severity) = (Confidence::Likely, Severity::Warning);
    }
    Some(finding)
}

/// Adds a further place, where it is one.
pub(crate) fn relate(finding: &mut Finding, span: Option<fluxproof_yaml::Span>, message: impl Into<String>) {
    if let Some(span) = span {
        finding.related.push(Label { span, message: message.into() });
    }
}

/// What a lost round costs, as a clause.
pub(crate) fn cost(broken: &Broken) -> String {
    match (broken.kind, broken.delay_seconds) {
        (BrokenKind::StickyRace, _) => "and it stays failed, because it has no retries".to_owned(),
        (_, Some(seconds)) => format!("and Flux tries again only {} later", duration(seconds)),
        _ => "and Flux tries again later".to_owned(),
    }
}

/// What would lock a Kustomization if it waited for all that it applies: something that it applies and that needs what
/// comes only after it, and who brings that.
pub(crate) fn locked_by_wait<'a>(cx: &Context<'a>, index: usize) -> Option<(&'a ObjectRef, &'a ObjectRef)> {
    let nodes = &cx.delivery.kustomizations;
    let locks = |(requirement, _): Failed<'a>| {
        let inside = match requirement.owner {
            Owner::Kustomization(k) => nodes[k].parent == Some(index),
            Owner::Release(h) => cx.delivery.releases[h].owner == index,
        };
        let late = cx.kustomization_of(requirement.provider?).filter(|late| inside && comes_after(cx, *late, index))?;
        let owner = match requirement.owner {
            Owner::Kustomization(k) => &nodes[k].object,
            Owner::Release(h) => &cx.delivery.releases[h].object,
        };
        Some((owner, &nodes[late].object))
    };
    failed(cx).find_map(locks)
}

/// Whether a Kustomization comes after another by what it, or what applies it, depends on.
fn comes_after(cx: &Context<'_>, late: usize, index: usize) -> bool {
    let (mut seen, mut open) = (vec![late], vec![late]);
    while let Some(at) = open.pop() {
        let node = &cx.delivery.kustomizations[at];
        let depends: Vec<usize> = node.depends_on.iter().filter_map(|dependency| dependency.target).collect();
        if depends.contains(&index) {
            return true;
        }
        for next in depends.into_iter().chain(node.parent) {
            if !seen.contains(&next) {
                seen.push(next);
                open.push(next);
            }
        }
    }
    false
}
