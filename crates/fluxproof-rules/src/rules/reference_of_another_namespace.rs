//! A Secret, ConfigMap or account that is looked for in one namespace and brought to another.

use crate::order;
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Before, Need, ObjectRef, Provided, Requirement, Verdict, What};
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    name: "reference-of-another-namespace",
    summary: "a Secret, ConfigMap or account is named that is brought to another namespace only",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/reference-of-another-namespace.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for requirement in &cx.delivery.requirements {
        let Need::Object(object) = &requirement.need else { continue };
        let missed = is_missed(requirement) && !is_copied(cx, requirement.universe, object);
        if missed && seen.insert((requirement.owner, &requirement.need)) {
            out.extend(elsewhere(cx, requirement, object).and_then(|thing| finding(cx, requirement, object, thing)));
        }
    }
}

/// Whether nothing in the repository brings what a Flux object reads before it begins.
fn is_missed(requirement: &Requirement) -> bool {
    let unknown = matches!(&requirement.verdict, Verdict::Assumed(assumed) if assumed.why == NOBODY);
    unknown && requirement.before == Before::Start && requirement.object.kind != "ResourceSet"
}

/// The words of the model for what nothing brings.
const NOBODY: &str = "nothing in this repository brings it";

/// Whether the one that there is may be copied to other namespaces: by an annotation for a program that does so.
fn is_copied(cx: &Context<'_>, universe: usize, object: &ObjectRef) -> bool {
    let nodes = cx.delivery.kustomizations.iter().filter(|node| node.universe == universe);
    let same = nodes.flat_map(|node| node.resources()).filter(|r| r.kind() == object.kind && r.name() == object.name);
    let copies = |key: &str| COPIERS.iter().any(|copier| key.contains(copier));
    let mut annotations = same.flat_map(|r| r.at(&["metadata", "annotations"]).map_or(&[][..], |all| all.entries()));
    annotations.any(|entry| copies(&entry.key))
}

/// What copies Secrets and ConfigMaps from namespace to namespace, by a word in its annotations.
const COPIERS: [&str; 4] = ["reflector", "replicat", "kubed", "kyverno"];

/// The only thing of that name, in another namespace of the same cluster.
fn elsewhere<'a>(cx: &Context<'a>, requirement: &Requirement, object: &ObjectRef) -> Option<&'a Provided> {
    let is_it = |thing: &&Provided| {
        let named = matches!(&thing.what, What::Object(kind, namespace, name)
            if *kind == object.kind && *name == object.name && Some(namespace) != object.namespace.as_ref());
        named && cx.delivery.universe(thing.by) == requirement.universe
    };
    let mut all = cx.delivery.provided.iter().filter(is_it);
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn finding(cx: &Context<'_>, requirement: &Requirement, object: &ObjectRef, thing: &Provided) -> Option<Finding> {
    let What::Object(_, namespace, _) = &thing.what else { return None };
    let (brings, span) = cx.provider(thing.by)?;
    let (reader, owner) = (&requirement.object, cx.owner(requirement.owner));
    let message = format!("{reader} looks for {object}, and only {namespace} has one of that name");
    let why = format!(
        "such a reference has no namespace of its own: it is looked for where {reader} is; {brings} brings it to {namespace}"
    );
    let help =
        format!("bring it to {} too, or move {reader} to {namespace}", object.namespace.as_deref().unwrap_or_default());
    let finding = cx.finding(&RULE, requirement.span?, "is in another namespace", message).because(why).mend(help);
    let mut finding =
        finding.rated(Severity::Warning, Confidence::Likely).of(owner, reader.clone(), object.to_string());
    order::relate(&mut finding, thing.span.or(span), format!("{brings} brings it to {namespace}"));
    Some(finding)
}
