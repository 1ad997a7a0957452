//! What a ResourceSet waits for: it begins once that is there, and looks again every five seconds.

use super::Gather;
use crate::awaits::flux_object;
use crate::model::{Before, Group, Need, Owner};
use crate::read::{FluxKind, flux_kind};

/// Adds a need for each entry of `dependsOn` of a ResourceSet.
pub(super) fn needs(gather: &mut Gather<'_>, index: usize) {
    let expansion = gather.expansion;
    let node = &expansion.kustomizations[index];
    for awaited in &node.awaits {
        let object = awaited.object.clone();
        let applies = matches!(
            flux_kind(object.group(), &object.kind),
            FluxKind::Kustomization | FluxKind::HelmRelease | FluxKind::ResourceSet
        );
        let (need, group) = match applies || flux_object(expansion, node.home, &object).is_some() {
            true => (Need::Dependency(object), Group::Dependencies),
            false => (Need::Object(object), Group::Dependencies),
        };
        gather.of_owner(Owner::Kustomization(index), need, group, Some(awaited.span), Before::Start);
    }
}
