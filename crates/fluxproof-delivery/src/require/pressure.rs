//! What takes too long: a wait that ends before what it waits for may, and workers that all wait.

use super::Gather;
use crate::model::{Before, Group, KustomizationNode, Need, Owner};
use std::collections::BTreeSet;

/// The workers of kustomize-controller (`--concurrent`): as many Kustomizations reconcile at once.
const WORKERS: usize = 4;

/// Adds the needs of a cluster that are about time.
pub(super) fn needs(gather: &mut Gather<'_>) {
    timeouts(gather);
    workers(gather);
}

/// A Kustomization that waits for a HelmRelease should wait as long as the release may take.
fn timeouts(gather: &mut Gather<'_>) {
    for index in 0..gather.expansion.kustomizations.len() {
        let node = &gather.expansion.kustomizations[index];
        for other in &gather.awaited.flux[index] {
            let (Owner::Release(release), Some(waits)) = (other, node.timeout_seconds) else { continue };
            let release = &gather.expansion.releases[*release];
            let takes = release.timeout_seconds.filter(|takes| *takes > waits);
            let Some(takes) = takes.filter(|_| node.doubt.is_none() && release.doubt.is_none()) else { continue };
            let need = Need::Time { of: release.object.clone(), takes, waits };
            gather.of_owner(Owner::Kustomization(index), need, Group::Dependencies, span(node), Before::Ready);
        }
    }
}

fn span(node: &KustomizationNode) -> Option<fluxproof_yaml::Span> {
    let at = |path: &[&str]| node.resource.as_ref().and_then(|r| r.value.at(path)).map(|value| value.span);
    at(&["spec", "timeout"]).or_else(|| at(&["spec", "interval"])).or(node.span)
}

/// Four that wait at once for Kustomizations that they apply leave no worker for these: all wait until their timeout
/// (fluxcd/flux2#5601). Only those count that nothing orders one after the other.
fn workers(gather: &mut Gather<'_>) {
    let waiting: Vec<usize> =
        (0..gather.expansion.kustomizations.len()).filter(|at| holds_worker(gather, *at)).collect();
    if waiting.len() < WORKERS {
        return;
    }
    let after: BTreeSet<usize> =
        fluxproof_order::gather(waiting.iter().copied().filter(|at| follows(gather, *at, &waiting)));
    let first: Vec<usize> = waiting.into_iter().filter(|at| !after.contains(at)).collect();
    if first.len() < WORKERS {
        return;
    }
    for index in &first {
        let span = gather.expansion.kustomizations[*index].span;
        let need = Need::Worker(first.len());
        gather.of_owner(Owner::Kustomization(*index), need, Group::Dependencies, span, Before::Ready);
    }
}

/// Whether it waits for a Kustomization that starts only after it.
fn holds_worker(gather: &Gather<'_>, index: usize) -> bool {
    let applies = |owner: &Owner| matches!(owner, Owner::Kustomization(other) if gather.expansion.kustomizations[*other].parent == Some(index));
    let node = &gather.expansion.kustomizations[index];
    node.doubt.is_none() && !node.suspend && gather.awaited.flux[index].iter().any(applies)
}

/// Whether it starts only after another one that waits, by dependsOn or because that one applies it.
fn follows(gather: &Gather<'_>, index: usize, waiting: &[usize]) -> bool {
    let kustomizations = &gather.expansion.kustomizations;
    let mut seen = BTreeSet::new();
    let mut open = vec![index];
    while let Some(at) = open.pop() {
        let node = &kustomizations[at];
        open.extend(node.depends_on.iter().filter_map(|d| d.target).filter(|target| seen.insert(*target)));
    }
    waiting.iter().any(|other| *other != index && seen.contains(other))
}
