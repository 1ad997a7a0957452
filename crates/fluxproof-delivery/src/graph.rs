//! Events and what Flux guarantees about their order. petgraph lives only here.
//!
//! An edge from A to B says: B cannot happen before A has. The words of an edge name the guarantee, so that a reader
//! can check each step of a proof (kustomize-controller: kustomization_controller.go, pkg/ssa/manager_apply.go;
//! helm-controller: helmrelease_controller.go).

use crate::expand::{Expansion, same_name};
use crate::model::{Dependency, KustomizationNode, Owner, Provider, ReleaseNode, Step};
use crate::provide::{Provided, What};
use fluxproof_yaml::Span;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, VecDeque};

/// Something that happens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// The source has an artifact: an index of the sources.
    Artifact(usize),
    /// The Flux object is in the cluster.
    Exists(Owner),
    /// The apply (or the install) begins.
    Starts(Owner),
    /// CRDs, Namespaces and ClusterRoles of a Kustomization are applied and waited for.
    Definitions(usize),
    /// All other objects of a Kustomization go through one dry run; nothing is applied before it passes.
    DryRun(usize),
    /// All objects are applied.
    Applied(usize),
    /// The Flux object is Ready.
    Ready(Owner),
    /// The provided thing is there: an index of the provided.
    Brings(usize),
}

#[derive(Debug, Clone)]
struct Guarantee {
    because: &'static str,
    span: Option<Span>,
    /// Why it may not hold.
    doubt: Option<String>,
}

/// The events of one cluster, ordered by guarantees.
pub(crate) struct DeliveryGraph {
    graph: DiGraph<Event, Guarantee>,
    nodes: BTreeMap<Event, NodeIndex>,
    /// For each node, the number of its strongly connected component where that has more than one node.
    cyclic: BTreeMap<Event, usize>,
}

impl DeliveryGraph {
    /// Builds the graph of a cluster.
    pub(crate) fn new(expansion: &Expansion<'_>, provided: &[Provided]) -> Self {
        let mut graph = Self { graph: DiGraph::new(), nodes: BTreeMap::new(), cyclic: BTreeMap::new() };
        for (index, node) in expansion.kustomizations.iter().enumerate() {
            graph.add_kustomization(index, node);
            graph.add_wait(index, expansion);
        }
        for (index, release) in expansion.releases.iter().enumerate() {
            graph.add_release(index, release);
        }
        for (index, source) in expansion.sources.iter().enumerate() {
            if let Some(owner) = source.owner {
                graph.add(Event::DryRun(owner), Event::Artifact(index), "apply", None);
            }
        }
        for (index, thing) in provided.iter().enumerate() {
            graph.add_provided(index, thing, expansion);
        }
        graph.find_cycles();
        graph
    }

    fn node(&mut self, event: Event) -> NodeIndex {
        *self.nodes.entry(event).or_insert_with(|| self.graph.add_node(event))
    }

    fn add(&mut self, from: Event, to: Event, because: &'static str, span: Option<Span>) {
        self.add_doubtful(from, to, because, span, None);
    }

    fn add_doubtful(
        &mut self,
        from: Event,
        to: Event,
        because: &'static str,
        span: Option<Span>,
        doubt: Option<String>,
    ) {
        let (from, to) = (self.node(from), self.node(to));
        self.graph.add_edge(from, to, Guarantee { because, span, doubt });
    }

    fn add_kustomization(&mut self, index: usize, node: &KustomizationNode) {
        let me = Owner::Kustomization(index);
        if let Some(parent) = node.parent {
            self.add(Event::DryRun(parent), Event::Exists(me), "apply", node.span);
            self.add(Event::Exists(me), Event::Applied(parent), "apply", node.span);
        }
        self.add(Event::Exists(me), Event::Starts(me), "reconcile", node.span);
        if let Some(source) = node.source {
            self.add(Event::Artifact(source), Event::Starts(me), "sourceRef", node.span);
        }
        self.add(Event::Starts(me), Event::Definitions(index), "apply stage", node.span);
        self.add(Event::Definitions(index), Event::DryRun(index), "apply stage", node.span);
        self.add(Event::DryRun(index), Event::Applied(index), "apply stage", node.span);
        self.add(Event::Applied(index), Event::Ready(me), "apply", node.span);
        self.add_dependencies(me, &node.depends_on, Owner::Kustomization);
    }

    fn add_dependencies(&mut self, me: Owner, dependencies: &[Dependency], owner: fn(usize) -> Owner) {
        for dependency in dependencies {
            let Some(target) = dependency.target else { continue };
            let doubt = dependency.ready_expr.as_deref().and_then(doubt_of_expression);
            self.add_doubtful(
                Event::Ready(owner(target)),
                Event::Starts(me),
                "dependsOn",
                Some(dependency.span),
                doubt,
            );
        }
    }

    /// `wait` and `healthChecks`: what must be Ready before this Kustomization is.
    fn add_wait(&mut self, index: usize, expansion: &Expansion<'_>) {
        let node = &expansion.kustomizations[index];
        let ready = Event::Ready(Owner::Kustomization(index));
        for (other, child) in expansion.kustomizations.iter().enumerate() {
            let named = node.health_checks.iter().any(|check| same_name(check, &child.object));
            let because = awaited(node.wait && child.parent == Some(index), named && !node.wait);
            if let Some(because) = because {
                self.add(Event::Ready(Owner::Kustomization(other)), ready, because, wait_span(node));
            }
        }
        for (other, release) in expansion.releases.iter().enumerate() {
            let named = node.health_checks.iter().any(|check| same_name(check, &release.object));
            let because = awaited(node.wait && release.owner == index, named && !node.wait);
            if let Some(because) = because {
                self.add(Event::Ready(Owner::Release(other)), ready, because, wait_span(node));
            }
        }
    }

    fn add_release(&mut self, index: usize, release: &ReleaseNode) {
        let me = Owner::Release(index);
        let span = Some(release.resource.span);
        self.add(Event::DryRun(release.owner), Event::Exists(me), "apply", span);
        self.add(Event::Exists(me), Event::Applied(release.owner), "apply", span);
        self.add(Event::Exists(me), Event::Starts(me), "reconcile", span);
        if let Some(source) = release.source {
            self.add(Event::Artifact(source), Event::Starts(me), "sourceRef", span);
        }
        self.add(Event::Starts(me), Event::Ready(me), "helm", span);
        self.add_dependencies(me, &release.depends_on, Owner::Release);
    }

    fn add_provided(&mut self, index: usize, thing: &Provided, expansion: &Expansion<'_>) {
        let brings = Event::Brings(index);
        match thing.by {
            Provider::Kustomization(k) if thing.what.is_definition() => {
                self.add(Event::Starts(Owner::Kustomization(k)), brings, "apply", thing.span);
                self.add(brings, Event::Definitions(k), "apply stage", thing.span);
            }
            Provider::Kustomization(k) => {
                self.add(Event::DryRun(k), brings, "apply", thing.span);
                self.add(brings, Event::Applied(k), "apply", thing.span);
            }
            Provider::Release(h) => {
                let me = Owner::Release(h);
                self.add(Event::Starts(me), brings, "helm", thing.span);
                let waits = expansion.releases[h].disable_wait.is_none() || !matches!(thing.what, What::Webhook { .. });
                if waits {
                    self.add(brings, Event::Ready(me), "helm waits", thing.span);
                }
            }
            Provider::Bootstrap => {}
        }
    }

    fn find_cycles(&mut self) {
        let components = tarjan_scc(&self.graph);
        for (number, component) in components.into_iter().filter(|c| c.len() > 1).enumerate() {
            for node in component {
                self.cyclic.insert(self.graph[node], number);
            }
        }
    }

    /// The cycle that an event is part of, by number.
    pub(crate) fn cycle(&self, event: Event) -> Option<usize> {
        self.cyclic.get(&event).copied()
    }

    /// The shortest chain of guarantees from one event to another, without doubtful ones.
    pub(crate) fn path(&self, from: Event, to: Event, describe: &dyn Fn(Event) -> String) -> Option<Vec<Step>> {
        let edges = self.search(from, to, false)?;
        let mut steps = vec![Step { event: describe(from), because: "", span: None }];
        steps.extend(edges.iter().map(|(event, guarantee)| Step {
            event: describe(*event),
            because: guarantee.because,
            span: guarantee.span,
        }));
        Some(steps)
    }

    /// Whether one event is guaranteed to precede another.
    pub(crate) fn precedes(&self, from: Event, to: Event) -> bool {
        self.search(from, to, false).is_some()
    }

    /// The first doubt of a chain that holds only if doubtful guarantees do.
    pub(crate) fn doubt(&self, from: Event, to: Event) -> Option<String> {
        let edges = self.search(from, to, true)?;
        edges.iter().find_map(|(_, guarantee)| guarantee.doubt.clone())
    }

    fn search(&self, from: Event, to: Event, doubtful: bool) -> Option<Vec<(Event, &Guarantee)>> {
        let (start, goal) = (*self.nodes.get(&from)?, *self.nodes.get(&to)?);
        let mut came: Vec<Option<(NodeIndex, &Guarantee)>> = vec![None; self.graph.node_count()];
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for edge in self.graph.edges(node).filter(|edge| doubtful || edge.weight().doubt.is_none()) {
                let next = edge.target();
                if next != start && came[next.index()].is_none() {
                    came[next.index()] = Some((node, edge.weight()));
                    queue.push_back(next);
                }
            }
            if came[goal.index()].is_some() {
                return Some(self.walk_back(goal, &came));
            }
        }
        None
    }

    fn walk_back<'g>(
        &self,
        goal: NodeIndex,
        came: &[Option<(NodeIndex, &'g Guarantee)>],
    ) -> Vec<(Event, &'g Guarantee)> {
        let mut steps = Vec::new();
        let mut node = goal;
        while let Some((previous, guarantee)) = came[node.index()] {
            steps.push((self.graph[node], guarantee));
            node = previous;
        }
        steps.reverse();
        steps
    }
}

fn awaited(wait: bool, named: bool) -> Option<&'static str> {
    match (wait, named) {
        (true, _) => Some("wait"),
        (_, true) => Some("healthChecks"),
        _ => None,
    }
}

fn wait_span(node: &KustomizationNode) -> Option<Span> {
    let spec = node.resource.as_ref().and_then(|r| r.value.get("spec"));
    let entry = spec.and_then(|s| s.entry("wait").or_else(|| s.entry("healthChecks")));
    entry.map(|e| e.key_span.to(e.value.span)).or(node.span)
}

/// A `readyExpr` replaces the built-in check. Two forms keep its meaning: one that asks for the Ready condition, and one
/// that reads `lastAppliedRevision`, which is written only after the health checks (KCctl.checkDependencies).
fn doubt_of_expression(expression: &str) -> Option<String> {
    let asks_ready = expression.contains("'Ready'") || expression.contains("\"Ready\"");
    let keeps = expression.contains("lastAppliedRevision") || (asks_ready && expression.contains("True"));
    (!keeps).then(|| "its readyExpr replaces the check for Ready".to_owned())
}
