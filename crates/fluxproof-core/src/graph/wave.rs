//! Waves: how many guarantees lie, at the least, between the bootstrap and the start of each object.
//!
//! An object starts (its apply, its install) and is Ready. Who depends on it starts one wave after it is Ready; what it
//! applies starts one wave after it starts. So this is the longest path over both kinds of events.

use super::model::{Edge, Relation, is_root_source};
use fluxproof_delivery::Delivery;

/// One guarantee between two events.
#[derive(Clone, Copy)]
pub(crate) struct Arc {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) relation: Relation,
    weight: usize,
}

/// The order of the events, and the waves.
pub(crate) struct Waves {
    /// For each node the wave in which it starts.
    pub(crate) starts: Vec<usize>,
    /// The events, each after all that precede it, but for cycles.
    pub(crate) order: Vec<usize>,
    /// For each event the arcs that lead to it; those that close a cycle are left out.
    pub(crate) before: Vec<Vec<Arc>>,
}

/// The event that a node starts.
pub(crate) const fn start(node: usize) -> usize {
    2 * node
}

/// The event that a node is Ready.
pub(crate) const fn ready(node: usize) -> usize {
    2 * node + 1
}

/// Works the waves out. What is missing stands right before who needs it.
pub(crate) fn waves(delivery: &Delivery, nodes: usize, edges: &[Edge]) -> Waves {
    let arcs = edges.iter().filter_map(|edge| arc(delivery, edge));
    let own = (0..nodes).map(|n| Arc { from: start(n), to: ready(n), relation: Relation::Applies, weight: 0 });
    let all: Vec<Arc> = own.chain(arcs).collect();
    let (order, before) = sorted(2 * nodes, &all);
    let mut at = vec![0; 2 * nodes];
    for event in &order {
        at[*event] = before[*event].iter().map(|arc| at[arc.from] + arc.weight).max().unwrap_or(0);
    }
    let mut starts: Vec<usize> = (0..nodes).map(|node| at[start(node)]).collect();
    let known = delivery.kustomizations.len() + delivery.releases.len() + delivery.sources.len();
    for edge in edges.iter().filter(|edge| edge.from >= known) {
        starts[edge.from] = starts[edge.to].saturating_sub(1);
    }
    Waves { starts, order, before }
}

fn arc(delivery: &Delivery, edge: &Edge) -> Option<Arc> {
    let bootstrap = |node| is_root_source(delivery, node);
    let (from, to, weight) = match edge.relation {
        Relation::Applies if bootstrap(edge.to) => return None,
        Relation::Applies => (start(edge.from), start(edge.to), 1),
        Relation::Source => (ready(edge.from), start(edge.to), usize::from(!bootstrap(edge.from))),
        Relation::DependsOn => (ready(edge.from), start(edge.to), 1),
        Relation::Wait | Relation::HealthChecks => (ready(edge.from), ready(edge.to), 0),
        Relation::Provides | Relation::Missing => return None,
    };
    (from != to).then_some(Arc { from, to, relation: edge.relation, weight })
}

/// Kahn's order. Where only cycles are left, the first event that something leads to from outside is freed.
fn sorted(events: usize, arcs: &[Arc]) -> (Vec<usize>, Vec<Vec<Arc>>) {
    let (mut after, mut open) = (vec![Vec::new(); events], vec![0_usize; events]);
    for arc in arcs {
        after[arc.from].push(*arc);
        open[arc.to] += 1;
    }
    let (mut order, mut before) = (Vec::with_capacity(events), vec![Vec::new(); events]);
    let mut done = vec![false; events];
    let mut free: std::collections::BTreeSet<usize> = (0..events).filter(|event| open[*event] == 0).collect();
    while let Some(event) = free.pop_first().or_else(|| freed(&done, &before)) {
        done[event] = true;
        order.push(event);
        for arc in after[event].iter().filter(|arc| !done[arc.to]) {
            open[arc.to] -= 1;
            before[arc.to].push(*arc);
            if open[arc.to] == 0 {
                free.insert(arc.to);
            }
        }
    }
    (order, before)
}

fn freed(done: &[bool], before: &[Vec<Arc>]) -> Option<usize> {
    let left = || (0..done.len()).filter(|event| !done[*event]);
    left().find(|event| !before[*event].is_empty()).or_else(|| left().next())
}
