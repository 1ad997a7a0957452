//! Sorting what a Kustomization applies into the model.

use super::Expander;
use crate::model::KustomizationNode;
use crate::read::{self, FluxKind, flux_kind};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Value;

impl Expander<'_> {
    /// Sorts one applied resource into the model.
    pub(super) fn take(&mut self, owner: usize, resource: &Resource) {
        match flux_kind(resource.group(), resource.kind()) {
            FluxKind::Kustomization => self.take_kustomization(owner, resource),
            FluxKind::HelmRelease => self.take_release(owner, resource),
            FluxKind::Source => self.take_source(owner, resource),
            FluxKind::ResourceSet => self.take_set(owner, resource),
            FluxKind::ArtifactGenerator => self.take_generator(owner, resource),
            FluxKind::Other => {}
        }
    }

    fn namespace(&self, owner: usize) -> String {
        self.all.kustomizations[owner].object.namespace.clone().unwrap_or_default()
    }

    fn take_kustomization(&mut self, owner: usize, resource: &Resource) {
        let mut node = read::kustomization(resource, Some(owner), &self.namespace(owner));
        node.home = self.all.kustomizations[owner].universe;
        node.universe = self.universe(node.home, resource);
        if node.doubt.is_none() {
            node.doubt = self.all.kustomizations[owner].doubt.clone();
        }
        match self.all.find_kustomization(node.home, &node.object) {
            Some(0) if self.all.kustomizations[0].resource.is_none() => self.adopt_root(node),
            Some(_) => {}
            None => self.add_kustomization(node),
        }
    }

    /// The entry's Kustomization is in the repository after all, under the bootstrap's usual name.
    fn adopt_root(&mut self, node: KustomizationNode) {
        let root = &mut self.all.kustomizations[0];
        root.span = node.span;
        root.wait = node.wait;
        root.health_checks = node.health_checks;
        root.health_check_exprs = node.health_check_exprs;
        root.retry_seconds = node.retry_seconds;
        root.timeout_seconds = node.timeout_seconds;
    }

    fn take_release(&mut self, owner: usize, resource: &Resource) {
        let mut node = read::release(resource, owner, &self.namespace(owner));
        node.home = self.all.kustomizations[owner].universe;
        node.universe = self.universe(node.home, resource);
        if self.all.find_release(node.home, &node.object).is_none() {
            self.add_release(node);
        }
    }

    fn take_source(&mut self, owner: usize, resource: &Resource) {
        let mut node = read::source(resource, owner, &self.namespace(owner));
        node.home = self.all.kustomizations[owner].universe;
        match self.all.find_source(node.home, &node.object) {
            Some(at) if self.all.sources[at].resource.is_none() => {
                (node.here, node.owner) = (self.all.sources[at].here, self.all.sources[at].owner);
                self.all.sources[at] = node;
            }
            Some(_) => {}
            None => self.add_source(node),
        }
    }

    /// The cluster that `spec.kubeConfig` leads to, or the one that the object lives in. One Secret is one cluster.
    fn universe(&mut self, home: usize, resource: &Resource) -> usize {
        let config = resource.value.at(&["spec", "kubeConfig"]).filter(|value| !value.is_null());
        let Some(config) = config else { return home };
        let name = |of: &str| config.at(&[of, "name"]).and_then(Value::as_str);
        let name = name("secretRef").or_else(|| name("configMapRef")).unwrap_or("?");
        let namespace = resource.namespace().unwrap_or_default();
        let behind = if home == 0 { String::new() } else { format!(" of {}", self.all.universes[home]) };
        let universe = format!("the cluster of kubeConfig {namespace}/{name}{behind}");
        let known = self.all.universes.iter().position(|known| *known == universe);
        known.unwrap_or_else(|| {
            self.all.universes.push(universe);
            self.all.universes.len() - 1
        })
    }
}
