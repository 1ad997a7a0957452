//! What health checks name that is no Flux object: workloads of charts, and whatever else is applied.

use crate::awaits::flux_object;
use crate::chart::Stage;
use crate::expand::Expansion;
use crate::model::{KustomizationNode, ObjectRef, Provider, ReleaseNode};
use crate::provide::What;
use fluxproof_kustomize::Resource;
use std::collections::BTreeSet;

/// The objects that some health check names, by cluster, kind, namespace and name.
pub(crate) struct Named(BTreeSet<String>);

impl Named {
    /// Those of all Kustomizations.
    pub(crate) fn of(expansion: &Expansion<'_>) -> Self {
        let nodes = expansion.kustomizations.iter();
        let keys = nodes.flat_map(|node| checks(expansion, node).map(|check| key(node.universe, check)));
        Self(fluxproof_order::gather(keys))
    }

    /// The object of a manifest, where a health check names it.
    pub(crate) fn resource(&self, universe: usize, resource: &Resource) -> Option<What> {
        self.what(universe, &ObjectRef::of(resource))
    }

    /// The objects of a chart that health checks name, and whether each is there for certain.
    pub(crate) fn in_chart(&self, release: &ReleaseNode) -> Vec<(What, bool)> {
        let objects = release.content.iter().flat_map(|content| &content.objects);
        let installed = objects.filter(|object| object.stage != Stage::OtherHook && object.name.is_some());
        let named = installed.filter_map(|object| {
            let certain = object.presence == crate::chart::Presence::Certain;
            Some((self.what(release.universe, &object.identity())?, certain))
        });
        named.collect()
    }

    fn what(&self, universe: usize, object: &ObjectRef) -> Option<What> {
        let namespace = object.namespace.clone().unwrap_or_default();
        let named = self.0.contains(&key(universe, object));
        named.then(|| What::Object(object.kind.clone(), namespace, object.name.clone()))
    }
}

fn key(universe: usize, object: &ObjectRef) -> String {
    format!("{universe} {}/{}/{}", object.kind, object.namespace.as_deref().unwrap_or_default(), object.name)
}

/// The health checks of a Kustomization that name no Flux object of the cluster. With `wait` they are not read.
pub(crate) fn checks<'n>(
    expansion: &'n Expansion<'_>,
    node: &'n KustomizationNode,
) -> impl Iterator<Item = &'n ObjectRef> + 'n {
    let other = |check: &&ObjectRef| {
        !crate::read::is_flux_group(check.group()) && flux_object(expansion, node.universe, check).is_none()
    };
    node.health_checks.iter().filter(|_| !node.wait).filter(other)
}

/// The releases that may bring an object whose charts could not be read in full: those that go to its namespace.
pub(crate) fn may_be_of(expansion: &Expansion<'_>, universe: usize, check: &ObjectRef) -> Vec<Provider> {
    let may = |release: &ReleaseNode| {
        let open =
            release.content.as_ref().is_none_or(|content| !content.open.is_empty() || !content.missing.is_empty());
        open && release.universe == universe && check.namespace.as_deref() == Some(&release.target_namespace)
    };
    let all = expansion.releases.iter().enumerate().filter(|(_, release)| may(release));
    all.map(|(index, _)| Provider::Release(index)).collect()
}
