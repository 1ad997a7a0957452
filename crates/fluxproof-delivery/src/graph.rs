//! Events and what Flux guarantees about their order. petgraph lives only here.
//!
//! An edge from A to B says: B cannot happen before A has. The words of an edge name the guarantee, so that a reader
//! can check each step of a proof (kustomize-controller: kustomization_controller.go, pkg/ssa/manager_apply.go;
//! helm-controller: helmrelease_controller.go).

use crate::cel::{Implies, ReadyExpression};
use crate::checked;
use crate::expand::Expansion;
use crate::model::{Dependency, KustomizationNode, Owner, Provider, ReleaseNode, Step};
use crate::provide::{Index, Provided};
use crate::set_awaits;
use fluxproof_yaml::Span;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, EdgeIndex, EdgeReference, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef};
use std::cell::RefCell;
use std::collections::btree_map::Entry;
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
    /// Accounts, ConfigMaps and Secrets are applied: they come before every Flux object (pkg/ssa sort.go, ReconcileOrder).
    Settled(usize),
    /// All objects are applied.
    Applied(usize),
    /// A release maps all of its templates to their kinds before it makes any of them; what lies in `crds/` is there.
    Maps(usize),
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
    /// Whether it is a need: what needs something comes after it, or never.
    need: bool,
}

/// Which guarantees a search follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Along {
    /// Those that hold for certain.
    Sure,
    /// Those, and doubtful ones.
    Doubtful,
    /// Those that hold for certain, and needs.
    Needs,
}

impl Along {
    fn follows(self, guarantee: &Guarantee) -> bool {
        match self {
            Self::Sure => guarantee.doubt.is_none() && !guarantee.need,
            Self::Doubtful => !guarantee.need,
            Self::Needs => guarantee.doubt.is_none(),
        }
    }
}

/// How many searches are kept to be gone on with: a bound for the memory of large clusters.
const MAX_SEARCHES: usize = 64;

/// From where, and along which guarantee, a search first came to a node.
type Came = BTreeMap<NodeIndex, (NodeIndex, EdgeIndex)>;

/// A breadth-first search from one event that rests once its goal is found: the next goal goes on from there.
struct Search {
    start: NodeIndex,
    along: Along,
    came: Came,
    queue: VecDeque<NodeIndex>,
}

impl Search {
    fn new(start: NodeIndex, along: Along) -> Self {
        Self { start, along, came: Came::new(), queue: VecDeque::from([start]) }
    }

    fn reach(&mut self, node: NodeIndex, from: NodeIndex, edge: EdgeIndex) {
        if let Entry::Vacant(vacant) = self.came.entry(node) {
            vacant.insert((from, edge));
            self.queue.push_back(node);
        }
    }
}

/// The events of one cluster, ordered by guarantees.
#[derive(Default)]
pub(crate) struct DeliveryGraph {
    graph: DiGraph<Event, Guarantee>,
    nodes: BTreeMap<Event, NodeIndex>,
    searches: RefCell<Vec<Search>>,
    /// For each node, the number of its strongly connected component where that has more than one node.
    cyclic: BTreeMap<Event, usize>,
}

impl DeliveryGraph {
    /// Builds the graph of a cluster.
    pub(crate) fn new(expansion: &Expansion<'_>, provided: &[Provided], awaited: &[Vec<Owner>]) -> Self {
        let mut graph = Self::default();
        let beside = &expansion.beside_entry;
        for (index, node) in expansion.kustomizations.iter().enumerate() {
            graph.add_kustomization(index, node, beside.contains(&index));
            graph.add_wait(index, node, &awaited[index]);
        }
        for (index, release) in expansion.releases.iter().enumerate() {
            graph.add_release(index, release);
        }
        for (index, source) in expansion.sources.iter().enumerate() {
            let of_those = || beside.iter().any(|k| expansion.kustomizations[*k].source == Some(index));
            if let Some(owner) = source.owner.filter(|_| !of_those()) {
                graph.add(Event::DryRun(owner), Event::Artifact(index), "apply", None);
            }
        }
        for (index, thing) in provided.iter().enumerate() {
            graph.add_provided(index, thing, expansion);
        }
        graph.add_awaits(expansion, provided);
        graph.add_checks(expansion, provided);
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
        self.graph.add_edge(from, to, Guarantee { because, span, doubt, need: false });
    }

    /// What needs something comes after it. Cycles are looked for without these.
    pub(crate) fn add_needs(&mut self, needs: impl IntoIterator<Item = (Event, Event)>) {
        // Searches that rest know nothing of new edges.
        self.searches.borrow_mut().clear();
        for (from, to) in needs {
            let (from, to) = (self.node(from), self.node(to));
            let need = Guarantee { because: "it is needed", span: None, doubt: None, need: true };
            self.graph.add_edge(from, to, need);
        }
    }

    /// The events of a Kustomization; one that was applied beside the entry's does not come out of its parent's apply.
    fn add_kustomization(&mut self, index: usize, node: &KustomizationNode, beside_entry: bool) {
        let me = Owner::Kustomization(index);
        if let Some(parent) = node.parent.filter(|_| !beside_entry) {
            self.add(Event::Settled(parent), Event::Exists(me), "apply order", node.span);
            self.add(Event::Exists(me), Event::Applied(parent), "apply", node.span);
        }
        self.add(Event::Exists(me), Event::Starts(me), "reconcile", node.span);
        if let Some(source) = node.source {
            self.add(Event::Artifact(source), Event::Starts(me), "sourceRef", node.span);
        }
        self.add(Event::Starts(me), Event::Definitions(index), "apply stage", node.span);
        self.add(Event::Definitions(index), Event::DryRun(index), "apply stage", node.span);
        self.add(Event::DryRun(index), Event::Settled(index), "apply stage", node.span);
        self.add(Event::Settled(index), Event::Applied(index), "apply order", node.span);
        self.add(Event::Applied(index), Event::Ready(me), "apply", node.span);
        for first in &node.after {
            let because = if node.awaits.is_empty() { "steps" } else { "dependsOn" };
            self.add(Event::Ready(*first), Event::Starts(me), because, node.span);
        }
        self.add_dependencies(me, &node.depends_on, Owner::Kustomization);
    }

    /// What ResourceSets wait for.
    fn add_awaits(&mut self, expansion: &Expansion<'_>, provided: &[Provided]) {
        let things = Index::of(provided, expansion);
        for (index, node) in expansion.kustomizations.iter().enumerate().filter(|(_, node)| !node.awaits.is_empty()) {
            for (event, awaited) in set_awaits::events(expansion, (provided, &things), node) {
                self.add(event, Event::Starts(Owner::Kustomization(index)), "dependsOn", Some(awaited.span));
            }
        }
    }

    /// What health checks name beside Flux objects must be there, and ready, before the Kustomization is.
    fn add_checks(&mut self, expansion: &Expansion<'_>, provided: &[Provided]) {
        let things = Index::of(provided, expansion);
        for (index, node) in expansion.kustomizations.iter().enumerate() {
            for check in checked::checks(expansion, node) {
                let namespace = check.namespace.as_deref().unwrap_or_default();
                let found = things.object(node.universe, &check.kind, namespace, &check.name);
                match found {
                    [only] => self.add_check(index, node, provided, *only),
                    [] => {
                        let may = checked::may_be_of(expansion, node.universe, check);
                        let doubt =
                            format!("whether {check} is one of its objects, and stands for the rest, is not known");
                        let brought = provided.iter().enumerate().filter(|(_, thing)| may.contains(&thing.by));
                        brought.for_each(|(at, _)| self.add_checked(at, index, node, Some(doubt.clone())));
                    }
                    _ => {}
                }
            }
        }
    }

    /// Helm makes CRDs before all that runs (pkg/release InstallOrder). A workload that has the name of a Service may be the
    /// one behind it.
    fn add_check(&mut self, index: usize, node: &KustomizationNode, provided: &[Provided], only: usize) {
        let (thing, sure) = (&provided[only], provided[only].maybe.is_none());
        let doubt = (!sure).then(|| thing.what.event());
        self.add_checked(only, index, node, doubt);
        let Provider::Release(_) = thing.by else { return };
        for (at, other) in provided.iter().enumerate().filter(|(at, other)| *at != only && other.by == thing.by) {
            match &other.what {
                what if what.is_definition() && sure => {
                    self.add(Event::Brings(at), Event::Brings(only), "helm", thing.span);
                }
                what if what.is_served() => {
                    let doubt = format!("whether {} stands behind the Service is not known", thing.what.name());
                    self.add_checked(at, index, node, Some(doubt));
                }
                _ => {}
            }
        }
    }

    fn add_checked(&mut self, thing: usize, index: usize, node: &KustomizationNode, doubt: Option<String>) {
        let ready = Event::Ready(Owner::Kustomization(index));
        self.add_doubtful(Event::Brings(thing), ready, "healthChecks", wait_span(node), doubt);
    }

    fn add_dependencies(&mut self, me: Owner, dependencies: &[Dependency], owner: fn(usize) -> Owner) {
        for dependency in dependencies {
            let Some(target) = dependency.target else { continue };
            let doubt = dependency.ready_expr.as_ref().and_then(doubt_of_expression);
            if doubt.is_some() {
                // Whatever the expression asks, it is asked of an object that is there.
                self.add(Event::Exists(owner(target)), Event::Starts(me), "dependsOn", Some(dependency.span));
            }
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
    fn add_wait(&mut self, index: usize, node: &KustomizationNode, awaited: &[Owner]) {
        let because = if node.wait { "wait" } else { "healthChecks" };
        for other in awaited {
            self.add(Event::Ready(*other), Event::Ready(Owner::Kustomization(index)), because, wait_span(node));
        }
    }

    fn add_release(&mut self, index: usize, release: &ReleaseNode) {
        let me = Owner::Release(index);
        let span = Some(release.resource.span);
        self.add(Event::Settled(release.owner), Event::Exists(me), "apply order", span);
        self.add(Event::Exists(me), Event::Applied(release.owner), "apply", span);
        self.add(Event::Exists(me), Event::Starts(me), "reconcile", span);
        if let Some(source) = release.source {
            self.add(Event::Artifact(source), Event::Starts(me), "sourceRef", span);
        }
        self.add(Event::Starts(me), Event::Maps(index), "helm", span);
        self.add(Event::Maps(index), Event::Ready(me), "helm", span);
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
                let wait = expansion.kustomizations[k].wait;
                match thing.later {
                    false => self.add(brings, thing.what.applied_by(k), "apply", thing.span),
                    true if wait => self.add(brings, Event::Ready(Owner::Kustomization(k)), "wait", thing.span),
                    true => {}
                }
            }
            Provider::Release(h) => {
                let me = Owner::Release(h);
                if thing.early {
                    self.add(Event::Starts(me), brings, "helm", thing.span);
                    self.add(brings, Event::Maps(h), "helm waits", thing.span);
                    return;
                }
                self.add(Event::Maps(h), brings, "helm", thing.span);
                let waits = expansion.releases[h].disable_wait.is_none() || !thing.what.is_served();
                if waits {
                    self.add(brings, Event::Ready(me), "helm waits", thing.span);
                }
            }
            Provider::Bootstrap => {}
        }
    }

    fn find_cycles(&mut self) {
        let sure = EdgeFiltered::from_fn(&self.graph, |edge| edge.weight().doubt.is_none());
        let components = tarjan_scc(&sure);
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

    /// The Flux objects that wait, in the end, for themselves.
    pub(crate) fn locked(&self) -> Vec<Owner> {
        let ready = |event: &Event| if let Event::Ready(owner) = event { Some(*owner) } else { None };
        self.cyclic.keys().filter_map(ready).collect()
    }

    /// The shortest chain of guarantees from one event to another, without doubtful ones.
    pub(crate) fn path(&self, from: Event, to: Event, describe: &dyn Fn(Event) -> String) -> Option<Vec<Step>> {
        self.path_along(from, to, describe, Along::Sure)
    }

    /// The same, where one event may also follow another because it needs it.
    pub(crate) fn path_by_needs(
        &self,
        from: Event,
        to: Event,
        describe: &dyn Fn(Event) -> String,
    ) -> Option<Vec<Step>> {
        self.path_along(from, to, describe, Along::Needs)
    }

    fn path_along(
        &self,
        from: Event,
        to: Event,
        describe: &dyn Fn(Event) -> String,
        along: Along,
    ) -> Option<Vec<Step>> {
        let edges = self.search(from, to, along)?;
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
        self.search(from, to, Along::Sure).is_some()
    }

    /// The same, where one event may also follow another because it needs it.
    pub(crate) fn precedes_by_needs(&self, from: Event, to: Event) -> bool {
        self.search(from, to, Along::Needs).is_some()
    }

    /// The first doubt of a chain that holds only if doubtful guarantees do.
    pub(crate) fn doubt(&self, from: Event, to: Event) -> Option<String> {
        let edges = self.search(from, to, Along::Doubtful)?;
        edges.iter().find_map(|(_, guarantee)| guarantee.doubt.clone())
    }

    fn search(&self, from: Event, to: Event, along: Along) -> Option<Vec<(Event, &Guarantee)>> {
        let (start, goal) = (*self.nodes.get(&from)?, *self.nodes.get(&to)?);
        if start == goal {
            return None;
        }
        // What is brought mostly leads to one event only: everything that one Kustomization brings shares a search.
        let (start, edge) = self.only_edge(start, along).map_or((start, None), |(next, edge)| (next, Some(edge)));
        let mut steps: Vec<_> = edge.map(|edge| (self.graph[start], edge)).into_iter().collect();
        if start != goal {
            steps.extend(self.shortest(start, goal, along)?);
        }
        Some(steps)
    }

    fn edges(&self, node: NodeIndex, along: Along) -> impl Iterator<Item = EdgeReference<'_, Guarantee>> {
        self.graph.edges(node).filter(move |edge| along.follows(edge.weight()))
    }

    fn only_edge(&self, node: NodeIndex, along: Along) -> Option<(NodeIndex, &Guarantee)> {
        let mut edges = self.edges(node, along);
        let edge = edges.next()?;
        edges.next().is_none().then(|| (edge.target(), edge.weight()))
    }

    fn shortest(&self, start: NodeIndex, goal: NodeIndex, along: Along) -> Option<Vec<(Event, &Guarantee)>> {
        let mut searches = self.searches.borrow_mut();
        let known = searches.iter().position(|search| (search.start, search.along) == (start, along));
        if known.is_none() && searches.len() >= MAX_SEARCHES {
            searches.clear();
        }
        let at = known.unwrap_or(searches.len());
        if at == searches.len() {
            searches.push(Search::new(start, along));
        }
        let search = &mut searches[at];
        while !search.came.contains_key(&goal) {
            let node = search.queue.pop_front()?;
            for edge in self.edges(node, along).filter(|edge| edge.target() != start) {
                search.reach(edge.target(), node, edge.id());
            }
        }
        Some(self.walk_back(goal, &search.came))
    }

    fn walk_back(&self, goal: NodeIndex, came: &Came) -> Vec<(Event, &Guarantee)> {
        let mut steps = Vec::new();
        let mut node = goal;
        while let Some((previous, edge)) = came.get(&node) {
            steps.push((self.graph[node], &self.graph[*edge]));
            node = *previous;
        }
        steps.reverse();
        steps
    }
}

fn wait_span(node: &KustomizationNode) -> Option<Span> {
    let spec = node.resource.as_ref().and_then(|r| r.value.get("spec"));
    let entry = spec.and_then(|s| s.entry("wait").or_else(|| s.entry("healthChecks")));
    entry.map(|e| e.key_span.to(e.value.span)).or(node.span)
}

/// A `readyExpr` replaces the built-in check; it keeps its meaning for the first roll-out where it is true only of a
/// dependency that is or was Ready.
fn doubt_of_expression(expression: &ReadyExpression) -> Option<String> {
    match expression.implies() {
        Implies::Ready | Implies::ReadyOnce => None,
        Implies::Nothing(state) => {
            Some(format!("its readyExpr replaces the check for Ready, and is true while {state}"))
        }
        Implies::Unknown => Some("its readyExpr replaces the check for Ready".to_owned()),
    }
}

#[cfg(test)]
mod tests;
