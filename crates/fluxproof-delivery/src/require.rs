//! What must precede what: the requirements of one cluster, in the order of its certificate.

use crate::chart::{ChartObject, Presence, Stage};
use crate::expand::{Expansion, chart_source};
use crate::facts::kubernetes;
use crate::model::{KustomizationNode, Need, ObjectRef, Owner, ReleaseNode};
use crate::read::{self, SOURCE_API, is_flux_group};
use crate::{Group, store};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Span, Value};
use std::collections::BTreeSet;

/// A requirement before its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) owner: Owner,
    pub(crate) object: ObjectRef,
    pub(crate) need: Need,
    pub(crate) group: Group,
    pub(crate) span: Option<Span>,
}

/// Every requirement of a cluster, by group, then in the order of its Kustomizations.
pub(crate) fn wanted(expansion: &Expansion<'_>) -> Vec<Wanted> {
    let mut all = Vec::new();
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        of_kustomization(index, node, &mut all);
        of_resources(index, node, &mut all);
    }
    for (index, release) in expansion.releases.iter().enumerate() {
        of_release(index, release, &mut all);
        of_chart(index, release, &mut all);
    }
    outside_sources(expansion, &mut all);
    all.sort_by_key(|wanted| wanted.group);
    all
}

fn of_kustomization(index: usize, node: &KustomizationNode, out: &mut Vec<Wanted>) {
    let owner = Owner::Kustomization(index);
    let mut add = |need, group, span| out.push(Wanted { owner, object: node.object.clone(), need, group, span });
    let Some(resource) = &node.resource else { return };
    let namespace = node.object.namespace.as_deref().unwrap_or_default();
    if let Some(value) = resource.value.at(&["spec", "sourceRef"])
        && let Some(source) = read::reference(SOURCE_API, value, namespace, "GitRepository")
    {
        add(Need::Source(source), Group::Sources, Some(value.get("name").map_or(value.span, |name| name.span)));
    }
    let path = resource.value.at(&["spec", "path"]);
    let text = path.and_then(Value::as_str).unwrap_or("./");
    add(Need::Path(text.to_owned()), Group::Sources, Some(path.map_or(resource.span, |value| value.span)));
    for dependency in &node.depends_on {
        let object = ObjectRef {
            name: dependency.name.clone(),
            namespace: Some(dependency.namespace.clone()),
            ..node.object.clone()
        };
        add(Need::Dependency(object), Group::Dependencies, Some(dependency.span));
    }
}

fn of_release(index: usize, release: &ReleaseNode, out: &mut Vec<Wanted>) {
    let owner = Owner::Release(index);
    let mut add = |need, group, span| out.push(Wanted { owner, object: release.object.clone(), need, group, span });
    let spec = release.resource.value.get("spec");
    if let Some(source) = chart_source(release) {
        let value = spec.and_then(|s| s.at(&["chart", "spec", "sourceRef"]).or_else(|| s.get("chartRef")));
        add(Need::Source(source), Group::Sources, value.map(|v| v.get("name").map_or(v.span, |name| name.span)));
    }
    for dependency in &release.depends_on {
        let object = ObjectRef {
            name: dependency.name.clone(),
            namespace: Some(dependency.namespace.clone()),
            ..release.object.clone()
        };
        add(Need::Dependency(object), Group::Dependencies, Some(dependency.span));
    }
    let target = spec.and_then(|s| s.get("targetNamespace"));
    if let (Some(target), false) = (target, release.creates_namespace) {
        add(Need::Namespace(release.target_namespace.clone()), Group::Namespaces, Some(target.span));
    }
}

/// The needs of the custom resources among the templates of a chart. What comes after the install finds its definition
/// there, and what is only possible may not be there at all.
fn of_chart(index: usize, release: &ReleaseNode, out: &mut Vec<Wanted>) {
    let Some(content) = &release.content else { return };
    let span = release.resource.value.at(&["spec", "chart", "spec", "chart"]).map_or(release.resource.span, |v| v.span);
    let sure = |o: &&ChartObject| o.presence == Presence::Certain && o.stage <= Stage::Template;
    for object in content.custom_resources().filter(sure).filter(|o| !is_flux_group(o.group())) {
        let named = object.identity();
        let (group, kind) = (object.group().to_owned(), object.kind.clone());
        let version = object.api_version.rsplit('/').next().unwrap_or_default().to_owned();
        let webhook = Need::Webhook(format!("{group}/{kind}"));
        let needs = [(Need::Definition { group, kind, version }, Group::Definitions), (webhook, Group::Webhooks)];
        let owner = Owner::Release(index);
        let wanted = |(need, group)| Wanted { owner, object: named.clone(), need, group, span: Some(span) };
        out.extend(needs.map(wanted));
    }
}

/// The needs of what a Kustomization applies: one for each namespace, one for each custom resource.
fn of_resources(index: usize, node: &KustomizationNode, out: &mut Vec<Wanted>) {
    let mut namespaces = BTreeSet::new();
    for resource in node.resources() {
        let fallback = node.object.namespace.as_deref();
        let namespace = needs_namespace(resource).filter(|n| Some(*n) != fallback);
        if let Some(namespace) = namespace.filter(|name| namespaces.insert((*name).to_owned())) {
            let span = resource.value.at(&["metadata", "namespace"]).map_or(resource.span, |value| value.span);
            out.push(of_object(index, resource, Need::Namespace(namespace.to_owned()), Group::Namespaces, span));
        }
        if is_custom(resource) {
            of_custom_resource(index, resource, out);
        }
        store::needs(index, resource, out);
    }
}

fn of_object(index: usize, resource: &Resource, need: Need, group: Group, span: Span) -> Wanted {
    Wanted { owner: Owner::Kustomization(index), object: ObjectRef::of(resource), need, group, span: Some(span) }
}

fn needs_namespace(resource: &Resource) -> Option<&str> {
    let cluster_scoped = kubernetes::is_cluster_scoped(resource.group(), resource.kind()) == Some(true);
    resource.namespace().filter(|_| !cluster_scoped)
}

/// Whether an object needs a CRD that somebody must bring.
fn is_custom(resource: &Resource) -> bool {
    !kubernetes::is_builtin_group(resource.group()) && !is_flux_group(resource.group())
}

fn of_custom_resource(index: usize, resource: &Resource, out: &mut Vec<Wanted>) {
    let span = resource.value.at(&["apiVersion"]).map_or(resource.span, |value| value.span);
    let (group, kind) = (resource.group().to_owned(), resource.kind().to_owned());
    let version = resource.version().to_owned();
    let need = Need::Definition { group: group.clone(), kind: kind.clone(), version };
    out.push(of_object(index, resource, need, Group::Definitions, span));
    out.push(of_object(index, resource, Need::Webhook(format!("{group}/{kind}")), Group::Webhooks, span));
}

/// One fact for each source that is not proven by this repository: that it serves what is asked of it.
fn outside_sources(expansion: &Expansion<'_>, out: &mut Vec<Wanted>) {
    let count = expansion.sources.len();
    let kustomizations = first_users(count, expansion.kustomizations.iter().map(|node| node.source));
    let releases = first_users(count, expansion.releases.iter().map(|release| release.source));
    for (index, source) in expansion.sources.iter().enumerate() {
        let owner = kustomizations[index].map(Owner::Kustomization);
        let release = releases[index];
        let Some(owner) = owner.or(release.map(Owner::Release)) else { continue };
        let need = Need::Outside(source_fact(source, release.map(|at| &expansion.releases[at])));
        let span = source.resource.as_ref().map(|r| r.span).or(expansion.kustomizations[0].span);
        out.push(Wanted { owner, object: source.object.clone(), need, group: Group::Sources, span });
    }
}

/// The first user of each source, from the source that each one has.
fn first_users(count: usize, sources: impl Iterator<Item = Option<usize>>) -> Vec<Option<usize>> {
    let mut first = vec![None; count];
    for (user, source) in sources.enumerate() {
        if let Some(source) = source {
            first[source].get_or_insert(user);
        }
    }
    first
}

fn source_fact(source: &crate::SourceNode, release: Option<&ReleaseNode>) -> String {
    let url = source.url.as_deref().unwrap_or("its server");
    match (source.here, &source.reference, release) {
        (true, ..) => format!("{} serves this repository", source.object),
        (_, Some(reference), _) => format!("{url} serves {reference}"),
        (_, None, Some(ReleaseNode { chart: Some(chart), version: Some(version), .. })) => {
            format!("{url} serves chart {chart} {version}")
        }
        _ => format!("{url} answers"),
    }
}
