//! Flux objects of an expansion by their names.

use super::content::Origin;
use super::{Expander, Expansion, Progress};
use crate::chart::Charts;
use crate::facts::Facts;
use crate::model::{KustomizationNode, ObjectRef, Owner, Provider, ReleaseNode, SourceNode};
use std::sync::Arc;

impl<'a> Expander<'a> {
    pub(super) fn add_kustomization(&mut self, node: KustomizationNode) {
        self.all.kustomization_names.add(node.home, &node.object, self.all.kustomizations.len());
        self.all.kustomizations.push(node);
        self.progress.push(Progress::Found);
    }

    pub(super) fn add_release(&mut self, node: ReleaseNode) {
        self.all.release_names.add(node.home, &node.object, self.all.releases.len());
        self.all.releases.push(node);
    }

    pub(super) fn add_source(&mut self, node: SourceNode) {
        let origin = self.origin(&node);
        self.add_source_of(node, origin);
    }

    pub(super) fn add_source_of(&mut self, mut node: SourceNode, origin: Origin<'a>) {
        node.here = !matches!(origin, Origin::Outside(_));
        self.all.source_names.add(node.home, &node.object, self.all.sources.len());
        self.all.sources.push(node);
        self.origins.push(origin);
    }
}

impl Expansion<'_> {
    /// What is known of charts and sources.
    pub(crate) fn facts(&self) -> &Facts {
        self.facts
    }

    /// Reads the charts of the releases, where they lie somewhere that is known.
    pub(crate) fn read_charts(&mut self, charts: &Charts<'_>) {
        for release in &mut self.releases {
            release.content = charts.of(release, &self.sources).map(Arc::new);
        }
    }

    /// The identity of a Flux object.
    pub(crate) fn object(&self, owner: Owner) -> &ObjectRef {
        match owner {
            Owner::Kustomization(index) => &self.kustomizations[index].object,
            Owner::Release(index) => &self.releases[index].object,
        }
    }

    /// The cluster that a Flux object lives in.
    pub(crate) fn home(&self, owner: Owner) -> usize {
        match owner {
            Owner::Kustomization(index) => self.kustomizations[index].home,
            Owner::Release(index) => self.releases[index].home,
        }
    }

    /// The cluster that somebody brings things to.
    pub(crate) fn universe(&self, provider: Provider) -> usize {
        match provider {
            Provider::Kustomization(index) => self.kustomizations[index].universe,
            Provider::Release(index) => self.releases[index].universe,
            Provider::Bootstrap => 0,
        }
    }

    /// The Kustomization of this name in a cluster.
    pub(crate) fn find_kustomization(&self, home: usize, wanted: &ObjectRef) -> Option<usize> {
        self.kustomization_names.find(home, wanted, |index| same_name(&self.kustomizations[index].object, wanted))
    }

    /// The HelmRelease of this name in a cluster.
    pub(crate) fn find_release(&self, home: usize, wanted: &ObjectRef) -> Option<usize> {
        self.release_names.find(home, wanted, |index| same_name(&self.releases[index].object, wanted))
    }

    /// The source of this name in a cluster.
    pub(crate) fn find_source(&self, home: usize, wanted: &ObjectRef) -> Option<usize> {
        self.source_names.find(home, wanted, |index| same_name(&self.sources[index].object, wanted))
    }
}

/// Whether two references name one object; versions do not count.
pub(crate) fn same_name(a: &ObjectRef, b: &ObjectRef) -> bool {
    a.kind == b.kind && a.name == b.name && a.namespace == b.namespace
}
