//! Kustomization by Kustomization, what the controllers of one cluster apply.

use crate::build::{Builds, Settings, Variables};
use crate::chart::Charts;
use crate::entry::Entry;
use crate::facts::Facts;
use crate::model::{Content, Dependency, KustomizationNode, ObjectRef, Owner, ReleaseNode, SourceNode};
use crate::names::Names;
use crate::read::{self, FluxKind, SOURCE_API, flux_kind};
use crate::world::World;
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{FileId, Problem, RepoPath, Span, Value};
use std::sync::Arc;

/// The most Kustomizations that one cluster may have: a bound for hostile trees.
const MAX_KUSTOMIZATIONS: usize = 10_000;

/// What one cluster has, before anything is said of its order.
pub(crate) struct Expansion<'a> {
    builds: &'a Builds<'a>,
    facts: &'a Facts,
    world: &'a World,
    pub(crate) kustomizations: Vec<KustomizationNode>,
    pub(crate) releases: Vec<ReleaseNode>,
    pub(crate) sources: Vec<SourceNode>,
    pub(crate) problems: Vec<(usize, Problem)>,
    here: ObjectRef,
    settings: Settings,
    kustomization_names: Names,
    release_names: Names,
    source_names: Names,
}

/// Expands an entry into all that it reaches.
pub(crate) fn expand<'a>(builds: &'a Builds<'a>, facts: &'a Facts, world: &'a World, entry: &Entry) -> Expansion<'a> {
    let preview = preview(builds, entry);
    let root = root_node(builds, entry, &preview.resources);
    let here = here_source(entry, &root, &preview.resources);
    let mut all = Expansion {
        builds,
        facts,
        world,
        kustomizations: Vec::new(),
        releases: Vec::new(),
        sources: Vec::new(),
        problems: Vec::new(),
        here,
        settings: Settings::of(world.flux.as_deref()),
        kustomization_names: Names::default(),
        release_names: Names::default(),
        source_names: Names::default(),
    };
    all.add_kustomization(root);
    all.add_source(bootstrap_source(&all.here));
    let mut next = 0;
    while next < all.kustomizations.len() && next < MAX_KUSTOMIZATIONS {
        all.build(next);
        next += 1;
    }
    all.link();
    all
}

fn null(span: Span) -> Value {
    Value::null(span)
}

/// What the entry's folder holds, where its own Kustomization does not say which source and namespace are Flux's.
fn preview(builds: &Builds<'_>, entry: &Entry) -> Arc<Build> {
    if entry.root.as_ref().is_some_and(|root| root.at(&["spec", "sourceRef"]).is_some()) {
        return Arc::default();
    }
    builds.plain(&entry.folder, &null(Span::new(FileId(0), 0, 0)))
}

fn root_node(builds: &Builds<'_>, entry: &Entry, preview: &[Resource]) -> KustomizationNode {
    match &entry.root {
        Some(resource) => read::kustomization(resource, None, "flux-system"),
        None => implied_root(builds, entry, preview),
    }
}

/// The one namespace of the Kustomizations that an entry holds: where somebody has installed Flux.
fn flux_namespace(preview: &[Resource]) -> String {
    let of_flux = preview.iter().filter(|r| flux_kind(r.group(), r.kind()) == FluxKind::Kustomization);
    let mut namespaces: Vec<&str> = of_flux.filter_map(Resource::namespace).collect();
    namespaces.dedup();
    let only = if let [only] = namespaces[..] { only } else { "flux-system" };
    only.to_owned()
}

/// The Kustomization that `flux bootstrap --path` writes: interval 10m, prune, no wait (pkg/manifestgen/sync/sync.go).
fn implied_root(builds: &Builds<'_>, entry: &Entry, preview: &[Resource]) -> KustomizationNode {
    let folder = &entry.folder;
    KustomizationNode {
        object: ObjectRef {
            api_version: "kustomize.toolkit.fluxcd.io/v1".to_owned(),
            kind: "Kustomization".to_owned(),
            namespace: Some(flux_namespace(preview)),
            name: "flux-system".to_owned(),
        },
        resource: None,
        span: entry.span.or_else(|| first_span(builds, folder)),
        parent: None,
        source: None,
        content: Content::Here(folder.clone()),
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
    }
}

fn first_span(builds: &Builds<'_>, folder: &RepoPath) -> Option<Span> {
    builds.workspace().sources().in_folder(folder).next().map(|id| Span::new(id, 0, 0))
}

/// The source that stands for this repository: the root's own, or the one that the Kustomizations below name.
fn here_source(entry: &Entry, root: &KustomizationNode, preview: &[Resource]) -> ObjectRef {
    let namespace = root.object.namespace.as_deref().unwrap_or("flux-system");
    let own = entry.root.as_ref().and_then(|r| r.value.at(&["spec", "sourceRef"]));
    own.and_then(|value| read::reference(SOURCE_API, value, namespace, "GitRepository"))
        .or_else(|| referenced_source(preview))
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

/// The source of most Kustomizations of the entry's folder that the folder itself does not define.
fn referenced_source(preview: &[Resource]) -> Option<ObjectRef> {
    let of_kind = |kind| preview.iter().filter(move |r| flux_kind(r.group(), r.kind()) == kind);
    let defined: Vec<(&str, &str)> = of_kind(FluxKind::Source).map(|r| (r.kind(), r.name())).collect();
    let wanted = of_kind(FluxKind::Kustomization).filter_map(|r| {
        let namespace = r.namespace().unwrap_or("flux-system");
        read::reference(SOURCE_API, r.value.at(&["spec", "sourceRef"])?, namespace, "GitRepository")
    });
    let missing: Vec<ObjectRef> = wanted.filter(|o| !defined.contains(&(o.kind.as_str(), o.name.as_str()))).collect();
    let repository = |o: &&ObjectRef| o.kind != "ExternalArtifact";
    missing.iter().find(|o| o.name == "flux-system").or_else(|| missing.iter().find(repository)).cloned()
}

fn bootstrap_source(here: &ObjectRef) -> SourceNode {
    SourceNode { object: here.clone(), resource: None, owner: None, url: None, reference: None, here: true }
}

impl Expansion<'_> {
    /// Decides where the content of a Kustomization is, and builds it where that is here.
    fn build(&mut self, index: usize) {
        let Some(resource) = self.kustomizations[index].resource.clone() else {
            if let Content::Here(folder) = self.kustomizations[index].content.clone() {
                self.build_folder(index, &folder, &null(Span::new(FileId(0), 0, 0)));
            }
            return;
        };
        let content = self.content(&resource, &self.kustomizations[index]);
        if let Content::Here(folder) = &content {
            let spec = resource.value.get("spec").cloned().unwrap_or_else(|| null(resource.span));
            self.build_folder(index, folder, &spec);
        }
        self.kustomizations[index].content = content;
    }

    fn content(&self, resource: &Resource, node: &KustomizationNode) -> Content {
        let path_value = resource.value.at(&["spec", "path"]);
        let path = path_value.and_then(Value::as_str).unwrap_or("");
        let namespace = node.object.namespace.as_deref().unwrap_or("flux-system");
        let source = resource.value.at(&["spec", "sourceRef"]);
        let Some(source) = source.and_then(|s| read::reference(SOURCE_API, s, namespace, "GitRepository")) else {
            return Content::Outside("it names no source".to_owned());
        };
        let root = self.world.source(&source).cloned();
        let Some(root) = root.or_else(|| self.is_here(&source).then(RepoPath::root)) else {
            return self.outside(&source, path);
        };
        if path.contains("${") {
            return Content::Outside(format!("its path {path} holds a variable"));
        }
        let folder = root.join_clamped(path);
        match self.builds.workspace().sources().has_folder(&folder) {
            true => Content::Here(folder),
            false => Content::Missing(folder, path_value.map_or(resource.span, |value| value.span)),
        }
    }

    fn add_kustomization(&mut self, node: KustomizationNode) {
        self.kustomization_names.add(&node.object, self.kustomizations.len());
        self.kustomizations.push(node);
    }

    fn add_release(&mut self, node: ReleaseNode) {
        self.release_names.add(&node.object, self.releases.len());
        self.releases.push(node);
    }

    fn add_source(&mut self, node: SourceNode) {
        self.source_names.add(&node.object, self.sources.len());
        self.sources.push(node);
    }

    /// What is known of charts and sources.
    pub(crate) fn facts(&self) -> &Facts {
        self.facts
    }

    /// The identity of a Flux object.
    pub(crate) fn object(&self, owner: Owner) -> &ObjectRef {
        match owner {
            Owner::Kustomization(index) => &self.kustomizations[index].object,
            Owner::Release(index) => &self.releases[index].object,
        }
    }

    /// The Kustomization of this name.
    pub(crate) fn find_kustomization(&self, wanted: &ObjectRef) -> Option<usize> {
        self.kustomization_names.find(wanted, |index| same_name(&self.kustomizations[index].object, wanted))
    }

    /// The HelmRelease of this name.
    pub(crate) fn find_release(&self, wanted: &ObjectRef) -> Option<usize> {
        self.release_names.find(wanted, |index| same_name(&self.releases[index].object, wanted))
    }

    /// The source of this name.
    pub(crate) fn find_source(&self, wanted: &ObjectRef) -> Option<usize> {
        self.source_names.find(wanted, |index| same_name(&self.sources[index].object, wanted))
    }

    fn is_here(&self, source: &ObjectRef) -> bool {
        same_name(source, &self.here)
    }

    /// What a source outside this repository is known to hold.
    fn outside(&self, source: &ObjectRef, path: &str) -> Content {
        let found = self.find_source(source).map(|index| &self.sources[index]);
        let (url, tag) = found.map_or((None, None), |s| (s.url.as_deref(), s.reference.clone()));
        match (url, tag) {
            (Some(url), Some(tag)) if self.facts.is_external_secrets_repository(url) => {
                Content::ExternalSecretsCrds { tag, path: path.to_owned() }
            }
            _ => Content::Outside(format!("{source} is not this repository")),
        }
    }

    fn build_folder(&mut self, index: usize, folder: &RepoPath, spec: &Value) {
        let namespace = self.kustomizations[index].object.namespace.clone().unwrap_or_default();
        let variables = Variables::of(spec, &namespace, &self.settings);
        let build = self.builds.whole(folder, spec, &variables);
        self.problems.extend(build.problems.iter().map(|problem| (index, problem.clone())));
        let open = build.external.first().map(|e| format!("{} is not in this repository", e.url));
        self.kustomizations[index].open = open.or_else(|| build.doubts.first().map(|d| d.what.clone()));
        for resource in &build.resources {
            self.take(index, resource, &namespace);
        }
        self.settings.add(&build);
        self.kustomizations[index].build = build;
    }

    /// Sorts one applied resource into the model.
    fn take(&mut self, owner: usize, resource: &Resource, namespace: &str) {
        match flux_kind(resource.group(), resource.kind()) {
            FluxKind::Kustomization => self.take_kustomization(owner, resource, namespace),
            FluxKind::HelmRelease => self.take_release(owner, resource, namespace),
            FluxKind::Source => self.take_source(owner, resource, namespace),
            FluxKind::Maker => {
                let open = format!("{} makes objects that only the cluster knows", ObjectRef::of(resource));
                self.kustomizations[owner].open.get_or_insert(open);
            }
            FluxKind::Other => {}
        }
    }

    fn take_kustomization(&mut self, owner: usize, resource: &Resource, namespace: &str) {
        let node = read::kustomization(resource, Some(owner), namespace);
        match self.find_kustomization(&node.object) {
            Some(0) if self.kustomizations[0].resource.is_none() => self.adopt_root(node),
            Some(_) => {}
            None => self.add_kustomization(node),
        }
    }

    /// The entry's Kustomization is in the repository after all, under the bootstrap's usual name.
    fn adopt_root(&mut self, node: KustomizationNode) {
        let root = &mut self.kustomizations[0];
        root.span = node.span;
        root.wait = node.wait;
        root.health_checks = node.health_checks;
        root.health_check_exprs = node.health_check_exprs;
        root.retry_seconds = node.retry_seconds;
        root.timeout_seconds = node.timeout_seconds;
    }

    fn take_release(&mut self, owner: usize, resource: &Resource, namespace: &str) {
        let node = read::release(resource, owner, namespace);
        if self.find_release(&node.object).is_none() {
            self.add_release(node);
        }
    }

    fn take_source(&mut self, owner: usize, resource: &Resource, namespace: &str) {
        let mut node = read::source(resource, owner, namespace);
        match self.find_source(&node.object) {
            Some(at) if self.sources[at].resource.is_none() => {
                (node.here, node.owner) = (self.sources[at].here, self.sources[at].owner);
                self.sources[at] = node;
            }
            Some(_) => {}
            None => self.add_source(node),
        }
    }

    /// Reads the charts of the releases, where they lie somewhere that is known.
    pub(crate) fn read_charts(&mut self, charts: &Charts<'_>) {
        for release in &mut self.releases {
            release.content = charts.of(release, &self.sources).map(Arc::new);
        }
    }

    /// Links names to indices: sources, charts, dependencies.
    fn link(&mut self) {
        for index in 0..self.kustomizations.len() {
            self.link_kustomization(index);
        }
        for index in 0..self.releases.len() {
            self.link_release(index);
        }
    }

    fn link_kustomization(&mut self, index: usize) {
        let node = &self.kustomizations[index];
        let namespace = node.object.namespace.clone().unwrap_or_default();
        let source = node.resource.as_ref().and_then(|r| r.value.at(&["spec", "sourceRef"]));
        let source = source.and_then(|s| read::reference(SOURCE_API, s, &namespace, "GitRepository"));
        let source = if node.resource.is_some() { source } else { Some(self.here.clone()) };
        let source = source.and_then(|wanted| self.find_source(&wanted));
        let node = &mut self.kustomizations[index];
        node.source = source;
        link_dependencies(&mut node.depends_on, &self.kustomization_names);
        self.late_content(index);
    }

    /// A source that is applied after the Kustomizations that name it is known only now.
    fn late_content(&mut self, index: usize) {
        let Content::Outside(_) = &self.kustomizations[index].content else { return };
        let Some(resource) = self.kustomizations[index].resource.clone() else { return };
        let content = self.content(&resource, &self.kustomizations[index]);
        self.kustomizations[index].content = content;
    }

    fn link_release(&mut self, index: usize) {
        let release = &self.releases[index];
        let source = chart_source(release).and_then(|wanted| self.find_source(&wanted));
        let found = source.map(|at| (self.sources[at].url.clone(), self.sources[at].reference.clone()));
        let release = &mut self.releases[index];
        release.source = source;
        link_dependencies(&mut release.depends_on, &self.release_names);
        if let Some((url, reference)) = found {
            name_chart(release, url, reference);
        }
    }
}

/// The source that a HelmRelease names, in `chart.spec.sourceRef` or `chartRef`.
pub(crate) fn chart_source(release: &ReleaseNode) -> Option<ObjectRef> {
    let spec = release.resource.value.get("spec")?;
    let namespace = release.object.namespace.as_deref().unwrap_or_default();
    let value = spec.at(&["chart", "spec", "sourceRef"]).or_else(|| spec.get("chartRef"))?;
    read::reference(SOURCE_API, value, namespace, "HelmRepository")
}

/// A chart that comes as an OCI artifact has its name and version in the source.
fn name_chart(release: &mut ReleaseNode, url: Option<String>, reference: Option<String>) {
    if release.chart.is_none() && release.resource.value.at(&["spec", "chartRef"]).is_some() {
        release.chart = url.as_deref().and_then(|u| u.trim_end_matches('/').rsplit('/').next()).map(str::to_owned);
        release.version = reference;
    }
    release.repository_url = url;
}

fn link_dependencies(dependencies: &mut [Dependency], names: &Names) {
    for dependency in dependencies {
        dependency.target = names.of(&dependency.namespace, &dependency.name).first().copied();
    }
}

/// Whether two references name one object; versions do not count.
pub(crate) fn same_name(a: &ObjectRef, b: &ObjectRef) -> bool {
    a.kind == b.kind && a.name == b.name && a.namespace == b.namespace
}
