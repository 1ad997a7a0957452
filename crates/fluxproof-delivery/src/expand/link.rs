//! Linking names to indices: sources, charts, dependencies.

use super::Expander;
use crate::model::{Dependency, ObjectRef, ReleaseNode};
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
        }
    }

    fn link_kustomization(&mut self, index: usize) {
        let home = self.all.kustomizations[index].home;
        let source = self.source_of(index).and_then(|wanted| self.all.find_source(home, &wanted));
        let node = &mut self.all.kustomizations[index];
        node.source = source;
        link_dependencies(home, &mut node.depends_on, &self.all.kustomization_names);
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
