//! What fails for certain, whatever else there is: a folder that does not build, an object that the API server refuses.

mod build;
mod flux;
mod health;
mod schema;
mod sops;
mod types;

use crate::expand::Expansion;
use crate::model::{Before, Fault, FaultKind, Group, KustomizationNode, Need, ObjectRef, Owner};
use crate::require::Wanted;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Span;
use schema::Schemas;

/// Adds every fault of a cluster as a need that is not met.
pub(crate) fn needs(expansion: &Expansion<'_>, out: &mut Vec<Wanted>) {
    let schemas = Schemas::of(expansion);
    build::faults(expansion, out);
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        health::faults(index, node, out);
        for resource in node.resources().iter().filter(|resource| resource.doubts.is_empty()) {
            let flux = flux::fault(resource, expansion.flux.as_deref());
            let all =
                [sops::fault(node, resource), types::fault(resource), schemas.fault(node.universe, resource), flux];
            out.extend(all.into_iter().flatten().map(|(fault, span)| of_object(index, resource, fault, span)));
        }
    }
}

fn of_object(index: usize, resource: &Resource, fault: Fault, span: Span) -> Wanted {
    let (owner, object) = (Owner::Kustomization(index), ObjectRef::of(resource));
    wanted(owner, object, fault, span, Before::Apply)
}

fn of_kustomization(index: usize, node: &KustomizationNode, fault: Fault, span: Span, before: Before) -> Wanted {
    wanted(Owner::Kustomization(index), node.object.clone(), fault, span, before)
}

fn wanted(owner: Owner, object: ObjectRef, fault: Fault, span: Span, before: Before) -> Wanted {
    Wanted { owner, object, need: Need::Valid(fault), group: Group::Content, span: Some(span), before, universe: 0 }
}

/// What the API server says of an object that does not fit its schema, at a field: `.data.port: expected string, …`.
fn typed(resource: &Resource, kind: FaultKind, what: &str) -> Fault {
    let object = ObjectRef::of(resource);
    let name = object.namespace.iter().chain([&object.name]).cloned().collect::<Vec<_>>().join("/");
    let identity = format!("{name}; {}, Kind={}", gvk(resource), resource.kind());
    Fault {
        kind,
        what: format!("the API server takes {object}"),
        error: format!("{object} dry-run failed: failed to create typed patch object ({identity}): {what}"),
        likely: false,
    }
}

/// The group and version as this message has them: `/v1` for the core group.
fn gvk(resource: &Resource) -> String {
    if resource.group().is_empty() { format!("/{}", resource.version()) } else { resource.api_version().to_owned() }
}
