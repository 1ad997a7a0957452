//! What a ResourceSet waits for before it begins: objects of any kind (docs/api/v1/resourceset.md, dependsOn).

use crate::awaits::flux_object;
use crate::expand::Expansion;
use crate::graph::Event;
use crate::model::{KustomizationNode, ObjectRef, WaitsFor};
use crate::provide::{Index, Provided, What};

/// The events that must come before the set begins, each with the entry that asks for it.
pub(crate) fn events<'n>(
    expansion: &Expansion<'_>,
    (provided, index): (&[Provided], &Index),
    node: &'n KustomizationNode,
) -> Vec<(Event, &'n WaitsFor)> {
    let mut all = Vec::new();
    for awaited in &node.awaits {
        let flux = flux_object(expansion, node.home, &awaited.object);
        all.extend(
            flux.map(|owner| {
                (if awaited.asks_for_ready() { Event::Ready(owner) } else { Event::Exists(owner) }, awaited)
            }),
        );
        // Of several that may bring it, none is the one to wait for.
        if let [only] = things(provided, index, node.home, &awaited.object)[..] {
            all.push((Event::Brings(only), awaited));
        }
    }
    all
}

/// The provided things that are this object.
pub(crate) fn things(provided: &[Provided], index: &Index, home: usize, object: &ObjectRef) -> Vec<usize> {
    match (object.group(), object.kind.as_str()) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definitions(provided, index, home, &object.name),
        ("", "Namespace") => index.namespaces(home, &object.name).to_vec(),
        _ => index.object(home, &object.kind, object.namespace.as_deref().unwrap_or_default(), &object.name).to_vec(),
    }
}

/// The CRD of a name `<plural>.<group>`; the plural is guessed from the kind.
fn definitions(provided: &[Provided], index: &Index, home: usize, name: &str) -> Vec<usize> {
    let Some((plural, group)) = name.split_once('.') else { return Vec::new() };
    let is_it = |at: &usize| matches!(&provided[*at].what, What::Definition { kind, .. } if kind.as_deref().is_none_or(|kind| is_plural(plural, kind)));
    index.definitions(home, group).iter().copied().filter(is_it).collect()
}

fn is_plural(plural: &str, kind: &str) -> bool {
    plural == crate::provide::plural(kind) || plural.strip_suffix('s') == Some(&kind.to_lowercase())
}
