//! Linking names to indices: sources, charts, dependencies.

use super::Expander;
use crate::model::{Dependency, ObjectRef, Owner, ReleaseNode, WaitsFor};
use crate::names::Names;
use crate::read::{self, SOURCE_API};

impl Expander<'_> {
    /// Links names to indices: sources, charts, dependencies.
    pub(super) fn link(&mut self) {
        for index in 0..self.all.kustomizations.len() {
            self.link_kustomization(index);
        }
        for index in 0..self.all.releases.len() {
            self.link_release(index);
            self.link_values(index);
        }
        self.all.beside_entry = self.beside_entry();
    }

    /// What the entry's Kustomization depends on, directly or not, of what lies in its folder.
    fn beside_entry(&self) -> Vec<usize> {
        let sources = self.artifacts.workspace().sources();
        let nodes = &self.all.kustomizations;
        let folder = |index: usize| nodes[index].resource.as_ref().map(|r| sources.path(r.file).parent());
        let (mut beside, mut open) = (Vec::new(), vec![0]);
        while let Some(index) = open.pop() {
            for target in nodes[index].depends_on.iter().filter_map(|dependency| dependency.target) {
                if target != 0 && folder(target) == folder(0) && folder(0).is_some() && !beside.contains(&target) {
                    beside.push(target);
                    open.push(target);
                }
            }
        }
        beside
    }

    fn link_kustomization(&mut self, index: usize) {
        let home = self.all.kustomizations[index].home;
        let source = self.source_of(index).and_then(|wanted| self.all.find_source(home, &wanted));
        let node = &mut self.all.kustomizations[index];
        node.source = source.filter(|_| !super::is_set(node));
        link_dependencies(home, &mut node.depends_on, &self.all.kustomization_names);
        let ready: Vec<Owner> =
            self.all.kustomizations[index].awaits.iter().filter_map(|a| self.ready(home, a)).collect();
        self.all.kustomizations[index].after.extend(ready);
    }

    /// The Flux object that a ResourceSet waits for to be ready; without a namespace there is none of that name.
    fn ready(&self, home: usize, awaited: &WaitsFor) -> Option<Owner> {
        let wanted = Some(&awaited.object).filter(|_| awaited.asks_for_ready())?;
        match wanted.kind.as_str() {
            "HelmRelease" => self.all.find_release(home, wanted).map(Owner::Release),
            _ => self.all.find_kustomization(home, wanted).map(Owner::Kustomization),
        }
    }

    fn link_release(&mut self, index: usize) {
        let release = &self.all.releases[index];
        let home = release.home;
        let source = chart_source(release).and_then(|wanted| self.all.find_source(home, &wanted));
        let found = source.map(|at| (self.all.sources[at].url.clone(), self.all.sources[at].reference.clone()));
        let release = &mut self.all.releases[index];
        release.source = source;
        link_dependencies(home, &mut release.depends_on, &self.all.release_names);
        if let Some((url, reference)) = found {
            name_chart(release, url, reference);
        }
        if let Some(chart) = source.filter(|at| self.all.sources[*at].object.kind == "HelmChart") {
            self.link_helm_chart(index, chart);
        }
    }

    /// A HelmChart names chart and version, and the source of both (helmchart_types.go).
    fn link_helm_chart(&mut self, index: usize, chart: usize) {
        let node = &self.all.sources[chart];
        let Some(spec) = node.resource.as_ref().and_then(|resource| resource.value.get("spec")) else { return };
        let text = |key: &str| spec.str_at(&[key]).map(str::to_owned);
        let (name, version) = (text("chart"), text("version"));
        let namespace = node.object.namespace.as_deref().unwrap_or_default();
        let wanted = spec.get("sourceRef").and_then(|s| read::reference(SOURCE_API, s, namespace, "HelmRepository"));
        let from = wanted.and_then(|wanted| self.all.find_source(node.home, &wanted));
        let url = from.and_then(|at| self.all.sources[at].url.clone());
        let release = &mut self.all.releases[index];
        (release.chart, release.version, release.repository_url) = (name, version, url);
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

fn link_dependencies(home: usize, dependencies: &mut [Dependency], names: &Names) {
    for dependency in dependencies {
        dependency.target = names.of(home, &dependency.namespace, &dependency.name).first().copied();
    }
}
