//! One object that two Kustomizations of a cluster apply.

use crate::many::{self, Placed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{KustomizationNode, ObjectRef};
use fluxproof_kustomize::Resource;
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    name: "object-with-two-owners",
    summary: "two Kustomizations of one cluster apply the same object",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/object-with-two-owners.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut shared = Vec::new();
    for (index, node) in cx.delivery.kustomizations.iter().enumerate().filter(|(_, node)| is_known(node)) {
        for resource in node.resources().iter().filter(|resource| is_owned(resource)) {
            let owner = *first.entry(identity(node, resource)).or_insert(index);
            if owner != index {
                shared.push(((owner, index), (ObjectRef::of(resource), resource.name_span())));
            }
        }
    }
    // Two owners have one cause, however many objects they share; and so has one file, however many owners take it in.
    let pairs = many::by(shared).into_iter().map(|(pair, objects)| (objects[0].1, (pair, objects)));
    out.extend(many::by(pairs).iter().filter_map(|(_, sharers)| finding(cx, sharers)));
}

/// Two owners and the objects that they share.
type Shared = ((usize, usize), Vec<Placed>);

fn is_known(node: &KustomizationNode) -> bool {
    node.doubt.is_none() && !node.suspend && node.open.is_none()
}

/// Whether a Kustomization takes an object for its own: not where an annotation says that it only brings or adds to it.
fn is_owned(resource: &Resource) -> bool {
    let says = |key: &str| resource.annotation(&format!("kustomize.toolkit.fluxcd.io/{key}"));
    resource.doubts.is_empty() && says("ssa").is_none() && says("reconcile") != Some("disabled")
}

/// An object of a cluster; a kubeConfig names another one.
fn identity(node: &KustomizationNode, resource: &Resource) -> String {
    format!("{}@{}/{}", node.universe, resource.group(), ObjectRef::of(resource))
}

fn finding(cx: &Context<'_>, sharers: &[Shared]) -> Option<Finding> {
    let ((a, b), objects) = sharers.first()?;
    let (object, span) = objects.first()?;
    let (a, b) = (&cx.delivery.kustomizations[*a], &cx.delivery.kustomizations[*b]);
    let what = many::verb(objects, "is", "are");
    let more = match sharers.len() {
        1 => String::new(),
        count => format!(", and {} more pairs of Kustomizations share what stands here", count - 1),
    };
    let message = format!("{} {what} applied by {} and by {}{more}", many::names(objects), a.object, b.object);
    let why = "each takes the object over from the other at every reconciliation, with its own content; and when the one that \
               has it last no longer brings it, it deletes it, though the other still wants it";
    let help = "bring it from a Kustomization of its own that these depend on, or from one of them only; one that only adds to \
                it can do so with the annotation kustomize.toolkit.fluxcd.io/ssa: Merge";
    let mut finding = cx.finding(&RULE, *span, "has two owners", message).because(why).mend(help);
    for owner in [a, b] {
        if let Some(place) = owner.span {
            finding = finding.with(place, format!("{} applies it", owner.object));
        }
    }
    Some(finding.of(&b.object, object.clone(), "metadata.name"))
}
