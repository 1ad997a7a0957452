//! The Kustomization and the source that a cluster begins with.

use super::{NOWHERE, null};
use crate::build::{Artifacts, Cut};
use crate::entry::Entry;
use crate::facts::normal_url;
use crate::model::{Content, KustomizationNode, ObjectRef, SourceNode};
use crate::read::{self, FluxKind, SOURCE_API, flux_kind};
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{RepoPath, Span, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The source that is this repository.
#[derive(Debug)]
pub(super) struct Here {
    pub(super) object: ObjectRef,
    /// Its url in normal form, where it is known.
    pub(super) url: Option<String>,
    /// Its branch or tag, where it is known.
    pub(super) reference: Option<String>,
    pub(super) cut: Cut,
}

/// What the expansion of an entry begins with.
pub(super) struct Begin {
    pub(super) node: KustomizationNode,
    pub(super) source: SourceNode,
    pub(super) here: Here,
    /// The version of Flux that the entry installs.
    pub(super) flux: Option<String>,
}

pub(super) fn begin(artifacts: &Artifacts<'_>, entry: &Entry) -> Begin {
    let preview = preview(artifacts, entry);
    let node = match &entry.root {
        Some(resource) => read::kustomization(resource, None, "flux-system"),
        None => implied_root(artifacts, entry, &preview.resources),
    };
    let object = here_source(artifacts, entry, &node, &preview.resources);
    let resource = preview.resources.iter().find(|r| is_source(r, &object, &node));
    let sync = entry.sync.as_ref();
    let own = |path: &[&str]| resource.and_then(|r| r.value.str_at(path)).map(str::to_owned);
    let url = own(&["spec", "url"]).or_else(|| sync.and_then(|sync| sync.url.clone()));
    let reference = resource.and_then(read::source_reference).or_else(|| sync.and_then(|sync| sync.reference.clone()));
    let cut = resource.map_or_else(|| Cut::of_folder(&entry.within), |resource| cut(&entry.within, resource));
    let source = SourceNode {
        object: object.clone(),
        resource: None,
        owner: None,
        url: url.clone(),
        reference: reference.clone(),
        here: true,
        home: 0,
    };
    let here = Here { object, url: url.as_deref().map(normal_url), reference, cut };
    let flux = preview.resources.iter().find_map(flux_version);
    Begin { node, source, here, flux }
}

/// What a build says of the folder that `flux bootstrap` has not yet written into an entry (pkg/manifestgen/sync).
pub(super) fn written_by_bootstrap(folder: &RepoPath) -> String {
    format!("{folder}/flux-system: no such file or directory")
}

/// How a source cuts its artifact out of a repository (gitrepository_types.go).
pub(super) fn cut(within: &RepoPath, source: &Resource) -> Cut {
    let ignore = source.value.str_at(&["spec", "ignore"]).unwrap_or_default().to_owned();
    let only = source.value.at(&["spec", "sparseCheckout"]).map_or(&[][..], Value::items);
    let only = only.iter().filter_map(Value::as_str).map(|path| RepoPath::root().join_clamped(path)).collect();
    Cut { root: within.clone(), ignore, only }
}

/// The version of Flux's own components (gotk-components.yaml), or of a FluxInstance that names a minor version.
fn flux_version(resource: &Resource) -> Option<String> {
    let label = |name: &str| resource.value.str_at(&["metadata", "labels", name]);
    let version = match (resource.kind(), label("app.kubernetes.io/part-of")) {
        ("FluxInstance", _) => resource.value.str_at(&["spec", "distribution", "version"]),
        (_, Some("flux")) => label("app.kubernetes.io/version"),
        _ => None,
    }?;
    let minor = version.trim_start_matches('v').split('.').nth(1)?;
    minor.bytes().all(|byte| byte.is_ascii_digit()).then(|| version.to_owned())
}

fn is_source(resource: &Resource, wanted: &ObjectRef, root: &KustomizationNode) -> bool {
    let namespace = resource.namespace().or(root.object.namespace.as_deref());
    flux_kind(resource.group(), resource.kind()) == FluxKind::Source
        && (resource.kind(), resource.name(), namespace)
            == (wanted.kind.as_str(), wanted.name.as_str(), wanted.namespace.as_deref())
}

/// What the entry's folder holds, built without what the source leaves out.
fn preview(artifacts: &Artifacts<'_>, entry: &Entry) -> Arc<Build> {
    let builds = artifacts.of(&Cut::of_folder(&entry.within));
    let spec = entry.root.as_ref().and_then(|root| root.value.get("spec").cloned());
    builds.plain(&entry.folder_within(), &spec.unwrap_or_else(|| null(NOWHERE)))
}

/// The one namespace of the Kustomizations that an entry holds: where somebody has installed Flux.
fn flux_namespace(preview: &[Resource]) -> String {
    let of_flux = preview.iter().filter(|r| flux_kind(r.group(), r.kind()) == FluxKind::Kustomization);
    let mut namespaces: Vec<&str> = of_flux.filter_map(Resource::namespace).collect();
    namespaces.dedup();
    let only = if let [only] = namespaces[..] { only } else { "flux-system" };
    only.to_owned()
}

/// The Kustomization that `flux bootstrap --path` writes (pkg/manifestgen/sync/sync.go), or flux-operator for a
/// FluxInstance: interval 10m, prune, no wait.
fn implied_root(artifacts: &Artifacts<'_>, entry: &Entry, preview: &[Resource]) -> KustomizationNode {
    let (namespace, name) = match &entry.sync {
        Some(sync) => (sync.source.namespace.clone().unwrap_or_default(), sync.source.name.clone()),
        None => (flux_namespace(preview), "flux-system".to_owned()),
    };
    KustomizationNode {
        object: ObjectRef {
            api_version: "kustomize.toolkit.fluxcd.io/v1".to_owned(),
            kind: "Kustomization".to_owned(),
            namespace: Some(namespace),
            name,
        },
        resource: None,
        span: entry.span.or_else(|| first_span(artifacts, &entry.folder)),
        parent: None,
        source: None,
        content: Content::Here(entry.folder.clone()),
        build: Arc::default(),
        open: None,
        depends_on: Vec::new(),
        wait: false,
        health_checks: Vec::new(),
        health_check_exprs: Vec::new(),
        retry_seconds: Some(600),
        has_retry_interval: false,
        timeout_seconds: Some(570),
        prune: true,
        suspend: false,
        doubt: None,
        home: 0,
        universe: 0,
        after: Vec::new(),
        awaits: Vec::new(),
    }
}

fn first_span(artifacts: &Artifacts<'_>, folder: &RepoPath) -> Option<Span> {
    artifacts.workspace().sources().in_folder(folder).next().map(|id| Span::new(id, 0, 0))
}

/// The source that stands for this repository: the root's own, or the one that the Kustomizations below name.
fn here_source(artifacts: &Artifacts<'_>, entry: &Entry, root: &KustomizationNode, preview: &[Resource]) -> ObjectRef {
    let namespace = root.object.namespace.as_deref().unwrap_or("flux-system");
    let own = entry.root.as_ref().and_then(|r| r.value.at(&["spec", "sourceRef"]));
    own.and_then(|value| read::reference(SOURCE_API, value, namespace, "GitRepository"))
        .or_else(|| entry.sync.as_ref().map(|sync| sync.source.clone()))
        .or_else(|| referenced_source(artifacts, entry, preview))
        .unwrap_or_else(|| flux_system_source(namespace))
}

fn flux_system_source(namespace: &str) -> ObjectRef {
    ObjectRef {
        api_version: SOURCE_API.to_owned(),
        kind: "GitRepository".to_owned(),
        namespace: Some(namespace.to_owned()),
        name: "flux-system".to_owned(),
    }
}

/// The source whose paths are here: that of most Kustomizations of the entry's folder. One that the folder does not define
/// goes before one that it does, for the entry comes from somewhere; of those, Flux's usual name goes first.
fn referenced_source(artifacts: &Artifacts<'_>, entry: &Entry, preview: &[Resource]) -> Option<ObjectRef> {
    let of_kind = |kind| preview.iter().filter(move |r| flux_kind(r.group(), r.kind()) == kind);
    let defined: Vec<(&str, &str)> = of_kind(FluxKind::Source).map(|r| (r.kind(), r.name())).collect();
    let builds = artifacts.of(&Cut::of_folder(&entry.within));
    let mut votes: BTreeMap<ObjectRef, usize> = BTreeMap::new();
    for resource in of_kind(FluxKind::Kustomization) {
        let namespace = resource.namespace().unwrap_or("flux-system");
        let Some(source) = resource.value.at(&["spec", "sourceRef"]) else { continue };
        let Some(source) = read::reference(SOURCE_API, source, namespace, "GitRepository") else { continue };
        let path = RepoPath::root().join_clamped(resource.value.str_at(&["spec", "path"]).unwrap_or(""));
        if source.kind != "ExternalArtifact" {
            *votes.entry(source).or_default() += usize::from(builds.sources().has_folder(&path));
        }
    }
    let is_defined = |o: &ObjectRef| defined.contains(&(o.kind.as_str(), o.name.as_str()));
    let rank = |o: &ObjectRef, votes: usize| (!is_defined(o), o.name == "flux-system", votes);
    let found = votes.into_iter().filter(|(o, count)| *count > 0 || !is_defined(o));
    found.max_by(|a, b| rank(&a.0, a.1).cmp(&rank(&b.0, b.1)).then(b.0.cmp(&a.0))).map(|(object, _)| object)
}
