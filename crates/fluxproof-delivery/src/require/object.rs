//! What the objects need that a Kustomization applies: one namespace each, one CRD and one webhook each custom resource.

use super::{Gather, Wanted, store};
use crate::facts::kubernetes;
use crate::model::{Before, Group, KustomizationNode, Need, ObjectRef, Owner};
use crate::read::is_flux_group;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Span;
use std::collections::BTreeSet;

/// Adds the needs of what a Kustomization applies.
pub(super) fn needs(gather: &mut Gather<'_>, index: usize) {
    let node = &gather.expansion.kustomizations[index];
    let mut namespaces = BTreeSet::new();
    for resource in node.resources() {
        let own = node.object.namespace.as_deref().filter(|_| node.universe == node.home);
        let namespace = needs_namespace(resource).filter(|n| Some(*n) != own);
        if let Some(namespace) = namespace.filter(|name| namespaces.insert((*name).to_owned())) {
            let span = resource.value.at(&["metadata", "namespace"]).map_or(resource.span, |value| value.span);
            let need = Need::Namespace(namespace.to_owned());
            gather.all.push(of(index, node, resource, (need, Group::Namespaces, span)));
        }
        // Flux's own CRDs are there before it reads Git, but only in its own cluster.
        if is_custom(resource.group()) || (node.universe != 0 && is_flux_group(resource.group())) {
            of_custom_resource(gather, index, resource);
        }
        store::needs(gather, index, resource);
    }
}

fn of(index: usize, node: &KustomizationNode, resource: &Resource, (need, group, span): (Need, Group, Span)) -> Wanted {
    let (owner, object, universe) = (Owner::Kustomization(index), ObjectRef::of(resource), node.universe);
    Wanted { owner, object, need, group, span: Some(span), before: Before::Apply, universe }
}

fn needs_namespace(resource: &Resource) -> Option<&str> {
    let cluster_scoped = kubernetes::is_cluster_scoped(resource.group(), resource.kind()) == Some(true);
    resource.namespace().filter(|_| !cluster_scoped)
}

/// Whether an object of this group needs a CRD that somebody must bring.
pub(super) fn is_custom(group: &str) -> bool {
    !kubernetes::is_builtin_group(group) && !is_flux_group(group)
}

fn of_custom_resource(gather: &mut Gather<'_>, index: usize, resource: &Resource) {
    let span = resource.value.at(&["apiVersion"]).map_or(resource.span, |value| value.span);
    let (group, kind) = (resource.group().to_owned(), resource.kind().to_owned());
    let webhook = Need::Webhook(format!("{group}/{kind}"));
    let version = resource.version().to_owned();
    let conversion = Need::Conversion { group: group.clone(), kind: kind.clone(), version: version.clone() };
    let need = Need::Definition { group, kind, version };
    let node = &gather.expansion.kustomizations[index];
    gather.all.push(of(index, node, resource, (need, Group::Definitions, span)));
    gather.all.push(of(index, node, resource, (webhook, Group::Webhooks, span)));
    gather.all.push(of(index, node, resource, (conversion, Group::Webhooks, span)));
}
