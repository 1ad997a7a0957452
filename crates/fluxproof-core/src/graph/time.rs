//! How long a bootstrap takes: for each event a time that it cannot undercut and one that it does not exceed unless
//! something fails, from the intervals and timeouts that the repository declares.
//!
//! At the least: work takes no time, but an install takes a second, and who finds a dependency not Ready looks again
//! after 30 s (`--requeue-dependency` of kustomize-controller and helm-controller). At the most: every wait and every
//! install takes its whole timeout, the stage of definitions its 60 s (pkg/ssa manager_apply.go), every look at a source
//! or a dependency comes 30 s late, and a race that heals is lost once.

use super::model::{Relation, index};
use super::wave::{Waves, ready, start};
use fluxproof_delivery::{Delivery, Fate, KustomizationNode, Owner, Verdict, seconds};

/// `--requeue-dependency`
const LOOK: u64 = 30;
/// pkg/ssa DefaultApplyOptions: how long CRDs and Namespaces are waited for.
const STAGE: u64 = 60;

/// Seconds after the bootstrap.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) least: u64,
    /// Absent where there is no bound: it never comes, may stay failed, or its timeout is not known.
    pub(crate) most: Option<u64>,
}

/// One object of the critical path, and what leads to it.
pub(crate) struct Link {
    pub(crate) node: usize,
    pub(crate) because: &'static str,
    pub(crate) ready: Span,
}

/// The times of a bootstrap.
pub(crate) struct Times {
    /// For each node when it is Ready.
    pub(crate) ready: Vec<Span>,
    /// The chain that the whole waits for at the longest.
    pub(crate) critical: Vec<Link>,
    /// How long the whole takes.
    pub(crate) whole: Span,
    /// How many Flux objects have no upper bound.
    pub(crate) unbounded: usize,
}

type Came = Option<(usize, Relation)>;

/// Works the times out, event by event.
pub(crate) fn times(delivery: &Delivery, waves: &Waves) -> Times {
    let mut at = vec![Span { least: 0, most: Some(0) }; waves.before.len()];
    let mut came: Vec<Came> = vec![None; at.len()];
    let costs = costs(delivery, at.len() / 2);
    for event in &waves.order {
        let node = event / 2;
        let (span, from) =
            if event % 2 == 0 { begins(delivery, waves, &at, node) } else { ends(delivery, waves, &at, node) };
        let late = if event % 2 == 0 { costs[node] } else { Some(0) };
        at[*event] = Span { most: span.most.zip(late).map(|(most, late)| most.saturating_add(late)), ..span };
        came[*event] = from;
    }
    let spans: Vec<Span> = (0..at.len() / 2).map(|node| at[ready(node)]).collect();
    let flux = &spans[..known(delivery).min(spans.len())];
    let whole = Span {
        least: flux.iter().map(|span| span.least).max().unwrap_or(0),
        most: flux.iter().filter_map(|span| span.most).max(),
    };
    let unbounded = flux.iter().filter(|span| span.most.is_none()).count();
    let critical = critical(flux, &at, &came);
    Times { critical, whole, unbounded, ready: spans }
}

fn known(delivery: &Delivery) -> usize {
    delivery.kustomizations.len() + delivery.releases.len() + delivery.sources.len()
}

/// When an object starts: it is there, its source and all that it depends on are Ready.
fn begins(delivery: &Delivery, waves: &Waves, at: &[Span], node: usize) -> (Span, Came) {
    let before = &waves.before[start(node)];
    let applied = before.iter().filter(|arc| arc.relation == Relation::Applies);
    let there = applied.map(|arc| at[arc.from].least).max().unwrap_or(0);
    let mut span = Span { least: there, most: Some(0) };
    let mut came = None;
    for arc in before {
        let from = at[arc.from];
        let delay = if arc.relation == Relation::Applies { stage(delivery, arc.from / 2) } else { LOOK };
        if arc.relation == Relation::DependsOn {
            span.least = span.least.max(looked(there, from.least));
        } else {
            span.least = span.least.max(from.least);
        }
        let most = from.most.map(|most| most.saturating_add(delay));
        if later(most, span.most) || came.is_none() {
            came = Some((arc.from, arc.relation));
        }
        span.most = most.zip(span.most).map(|(a, b)| a.max(b));
    }
    (span, came)
}

/// Whether one bound is later than another; no bound is the latest.
fn later(one: Option<u64>, other: Option<u64>) -> bool {
    one.unwrap_or(u64::MAX) > other.unwrap_or(u64::MAX)
}

/// The first look at or after `least` of who is there since `there`.
fn looked(there: u64, least: u64) -> u64 {
    there + least.saturating_sub(there).div_ceil(LOOK) * LOOK
}

fn stage(delivery: &Delivery, node: usize) -> u64 {
    delivery.kustomizations.get(node).filter(|node| defines(node)).map_or(0, |_| STAGE)
}

fn defines(node: &KustomizationNode) -> bool {
    node.resources().iter().any(|r| matches!(r.kind(), "CustomResourceDefinition" | "Namespace" | "ClusterRole"))
}

/// When an object is Ready.
fn ends(delivery: &Delivery, waves: &Waves, at: &[Span], node: usize) -> (Span, Came) {
    let from = at[start(node)];
    let (least, takes) = takes(delivery, node);
    let mut span = Span { least: from.least + least, most: from.most.zip(takes).map(|(a, b)| a.saturating_add(b)) };
    for arc in waves.before[ready(node)].iter().filter(|arc| arc.from != start(node)) {
        span.least = span.least.max(at[arc.from].least);
    }
    (span, Some((start(node), Relation::Wait)))
}

/// From the start to Ready: at the least, and at the most.
fn takes(delivery: &Delivery, node: usize) -> (u64, Option<u64>) {
    if let Some(one) = delivery.kustomizations.get(node) {
        let waits = one.wait || !one.health_checks.is_empty();
        let stage = stage(delivery, node);
        return (0, if waits { one.timeout_seconds.map(|timeout| timeout + stage) } else { Some(stage) });
    }
    let node = node - delivery.kustomizations.len();
    if let Some(release) = delivery.releases.get(node) {
        return (1, release.timeout_seconds);
    }
    let source = delivery.sources.get(node - delivery.releases.len());
    let timeout = source.and_then(|s| s.resource.as_ref()?.value.str_at(&["spec", "timeout"]));
    (0, timeout.map_or(Some(60), seconds))
}

/// What lost races cost each node at its start; nothing bounds what fails for good.
fn costs(delivery: &Delivery, nodes: usize) -> Vec<Option<u64>> {
    let mut costs = vec![Some(0); nodes];
    for requirement in &delivery.requirements {
        let (at, Verdict::Broken(broken)) = (index(delivery, requirement.owner), &requirement.verdict) else {
            continue;
        };
        let delay = broken.delay_seconds.unwrap_or(0);
        costs[at] = costs[at].map(|cost: u64| cost.max(delay));
    }
    let fails = |owner| !matches!(delivery.fates.of(owner), Fate::Ready | Fate::Late);
    let kustomizations = (0..delivery.kustomizations.len()).map(Owner::Kustomization);
    for owner in kustomizations.chain((0..delivery.releases.len()).map(Owner::Release)).filter(|owner| fails(*owner)) {
        costs[index(delivery, owner)] = None;
    }
    costs
}

/// Back from the last to be Ready, along what each waited for.
fn critical(flux: &[Span], at: &[Span], came: &[Came]) -> Vec<Link> {
    let last = (0..flux.len()).filter(|node| flux[*node].most.is_some());
    let last = last.max_by_key(|node| (flux[*node].most, flux[*node].least, std::cmp::Reverse(*node)));
    let mut links = Vec::new();
    let mut event = last.map(ready);
    while let Some(here) = event.filter(|_| links.len() <= flux.len()) {
        let node = here / 2;
        let entered = came[start(node)];
        links.push(Link { node, because: entered.map_or("", |(_, relation)| relation.name()), ready: at[here] });
        event = entered.map(|(from, _)| from);
    }
    links.reverse();
    links
}
