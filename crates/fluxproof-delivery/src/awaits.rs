//! What a Kustomization waits for before it is Ready: what it applies (`wait`), or what its health checks name.

use crate::expand::{Expansion, same_name};
use crate::model::{KustomizationNode, ObjectRef, Owner};

/// What each Kustomization waits for.
pub(crate) struct Awaited {
    /// For each Kustomization the Flux objects that must be Ready before it is.
    pub(crate) flux: Vec<Vec<Owner>>,
}

impl Awaited {
    /// Whether a Kustomization waits until an object is Ready that it applies.
    pub(crate) fn holds(node: &KustomizationNode, object: &ObjectRef) -> bool {
        node.wait || node.health_checks.iter().any(|check| same_name(check, object))
    }
}

/// Finds it out.
///
/// A fresh HelmRelease that is suspended has no condition and counts as Current: a wait passes over it. A fresh
/// Kustomization that is suspended keeps its observedGeneration at -1 and holds the wait up (cli-utils kstatus).
pub(crate) fn awaited(expansion: &Expansion<'_>) -> Awaited {
    let applied = applied(expansion);
    let of = |(node, applied): (&KustomizationNode, Vec<Owner>)| {
        let all = if node.wait { applied } else { checked(node, expansion) };
        all.into_iter().filter(|owner| !passed_over(expansion, *owner)).collect()
    };
    Awaited { flux: expansion.kustomizations.iter().zip(applied).map(of).collect() }
}

fn passed_over(expansion: &Expansion<'_>, owner: Owner) -> bool {
    matches!(owner, Owner::Release(index) if expansion.releases[index].suspend)
}

/// The Flux objects that each Kustomization applies.
fn applied(expansion: &Expansion<'_>) -> Vec<Vec<Owner>> {
    let mut applied = vec![Vec::new(); expansion.kustomizations.len()];
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        if let Some(parent) = node.parent {
            applied[parent].push(Owner::Kustomization(index));
        }
    }
    for (index, release) in expansion.releases.iter().enumerate() {
        applied[release.owner].push(Owner::Release(index));
    }
    applied
}

/// The Flux objects that the health checks of a Kustomization name.
fn checked(node: &KustomizationNode, expansion: &Expansion<'_>) -> Vec<Owner> {
    node.health_checks.iter().filter_map(|check| flux_object(expansion, node.universe, check)).collect()
}

/// The Kustomization or HelmRelease of this name in a cluster.
pub(crate) fn flux_object(expansion: &Expansion<'_>, home: usize, object: &ObjectRef) -> Option<Owner> {
    let kustomization = expansion.find_kustomization(home, object).map(Owner::Kustomization);
    kustomization.or_else(|| expansion.find_release(home, object).map(Owner::Release))
}
