//! A Secret, ConfigMap or account that is looked for in one namespace and brought to another.

use crate::order;
use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Before, Need, ObjectRef, Provided, Requirement, Verdict, What};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    name: "reference-of-another-namespace",
    summary: "a Secret, ConfigMap or account is named that is brought to another namespace only",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/reference-of-another-namespace.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let brought = by_name(cx);
    let mut seen = BTreeSet::new();
    for requirement in cx.delivery.requirements.iter().filter(|requirement| is_missed(requirement)) {
        let Need::Object(object) = &requirement.need else { continue };
        let elsewhere = brought.get(&key(requirement.universe, &object.kind, &object.name));
        // Of several nobody knows which one is meant.
        let [thing] = elsewhere.map_or(&[][..], Vec::as_slice) else { continue };
        if seen.insert((requirement.owner, &requirement.need)) && !is_copied(cx, requirement.universe, object) {
            out.extend(finding(cx, requirement, object, thing));
        }
    }
}

/// The objects that somebody brings, by cluster, kind and name.
type Brought<'a> = BTreeMap<String, Vec<&'a Provided>>;

fn by_name<'a>(cx: &Context<'a>) -> Brought<'a> {
    let mut brought = Brought::new();
    for thing in &cx.delivery.provided {
        if let What::Object(kind, _, name) = &thing.what {
            brought.entry(key(cx.delivery.universe(thing.by), kind, name)).or_default().push(thing);
        }
    }
    brought
}

fn key(universe: usize, kind: &str, name: &str) -> String {
    format!("{universe} {kind}/{name}")
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
