//! Nodes and edges, read off a delivery.

use super::time::{Times, times};
use super::wave::{Waves, waves};
use crate::report::certificate;
use fluxproof_delivery::{Delivery, Need, ObjectRef, Owner, Provider, Requirement, Verdict};
use fluxproof_yaml::Span;
use std::collections::{BTreeMap, BTreeSet};

/// From which node, to which, and how.
type Tie = (usize, usize, Relation);

/// A Flux object, or one that is named and not there.
pub(crate) struct Node {
    pub(crate) object: ObjectRef,
    /// How many objects it applies.
    pub(crate) resources: usize,
    /// What becomes of it: `ready`, `late`, `stalled`, `suspended`, `never`; `missing` for what is not there.
    pub(crate) fate: &'static str,
    /// How many of its requirements are broken.
    pub(crate) broken: usize,
    pub(crate) span: Option<Span>,
}

/// What an edge rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    Applies,
    Source,
    DependsOn,
    Wait,
    HealthChecks,
    Provides,
    /// What should precede, and does not.
    Missing,
}

impl Relation {
    /// The word of every format.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::Source => "sourceRef",
            Self::DependsOn => "dependsOn",
            Self::Wait => "wait",
            Self::HealthChecks => "healthChecks",
            Self::Provides => "provides",
            Self::Missing => "missing",
        }
    }
}

/// `from` precedes `to`, or should.
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) relation: Relation,
    /// What is provided or missing; empty where the relation says all.
    pub(crate) what: String,
    pub(crate) span: Option<Span>,
}

impl Edge {
    /// What stands at the edge.
    pub(crate) fn label(&self) -> String {
        if self.what.is_empty() {
            self.relation.name().to_owned()
        } else {
            format!("{} {}", self.relation.name(), self.what)
        }
    }
}

/// The picture of a cluster.
pub(crate) struct Graph<'d> {
    pub(crate) delivery: &'d Delivery,
    /// The Kustomizations, the HelmReleases, the sources, and then what is missing.
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) waves: Waves,
    pub(crate) times: Times,
}

impl<'d> Graph<'d> {
    /// The graph of a delivery.
    pub(crate) fn of(delivery: &'d Delivery) -> Self {
        let mut drawing = Drawing { delivery, nodes: nodes(delivery), edges: Vec::new() };
        drawing.kustomizations();
        drawing.releases();
        drawing.sources();
        drawing.requirements();
        let Drawing { nodes, edges, .. } = drawing;
        let waves = waves(delivery, nodes.len(), &edges);
        let times = times(delivery, &waves);
        Self { delivery, nodes, edges, waves, times }
    }

    /// The edges that a drawing shows: not the readiness of what a Kustomization applies itself, nor
    /// what all hang on, nor what a `dependsOn` beside it says already.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (usize, &Edge)> {
        let applies = self.edges.iter().filter(|edge| edge.relation == Relation::Applies);
        let applied: BTreeSet<(usize, usize)> = applies.map(|edge| (edge.from, edge.to)).collect();
        let depends = self.edges.iter().filter(|edge| edge.relation == Relation::DependsOn);
        let ordered: BTreeSet<(usize, usize)> = depends.map(|edge| (edge.from, edge.to)).collect();
        let shown = move |edge: &Edge| match edge.relation {
            Relation::Provides => !ordered.contains(&(edge.from, edge.to)) && edge.from != edge.to,
            Relation::Wait | Relation::HealthChecks => !applied.contains(&(edge.to, edge.from)),
            Relation::Source => edge.to == 0 || !is_root_source(self.delivery, edge.from),
            _ => edge.from != edge.to,
        };
        self.edges.iter().enumerate().filter(move |(_, edge)| shown(edge))
    }
}

/// Whether a node is the source that the bootstrap writes for the entry.
pub(crate) fn is_root_source(delivery: &Delivery, node: usize) -> bool {
    let source = delivery.kustomizations.first().and_then(|entry| entry.source);
    source.is_some_and(|source| node == delivery.kustomizations.len() + delivery.releases.len() + source)
}

struct Drawing<'d> {
    delivery: &'d Delivery,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Drawing<'_> {
    fn at(&self, owner: Owner) -> usize {
        index(self.delivery, owner)
    }

    fn source(&self, source: usize) -> usize {
        self.delivery.kustomizations.len() + self.delivery.releases.len() + source
    }

    fn add(&mut self, from: usize, to: usize, relation: Relation, span: Option<Span>) {
        self.edges.push(Edge { from, to, relation, what: String::new(), span });
    }

    fn kustomizations(&mut self) {
        for (to, node) in self.delivery.kustomizations.iter().enumerate() {
            node.parent.into_iter().for_each(|parent| self.add(parent, to, Relation::Applies, node.span));
            node.source.into_iter().for_each(|s| self.add(self.source(s), to, Relation::Source, node.span));
            for dependency in &node.depends_on {
                dependency.target.into_iter().for_each(|d| self.add(d, to, Relation::DependsOn, Some(dependency.span)));
            }
            let relation = if node.wait { Relation::Wait } else { Relation::HealthChecks };
            for other in self.delivery.awaited.get(to).into_iter().flatten() {
                self.add(self.at(*other), to, relation, node.span);
            }
        }
    }

    fn releases(&mut self) {
        for (index, release) in self.delivery.releases.iter().enumerate() {
            let (to, span) = (self.at(Owner::Release(index)), Some(release.resource.span));
            self.add(release.owner, to, Relation::Applies, span);
            release.source.into_iter().for_each(|s| self.add(self.source(s), to, Relation::Source, span));
            for dependency in &release.depends_on {
                let from = dependency.target.map(|d| self.at(Owner::Release(d)));
                from.into_iter().for_each(|d| self.add(d, to, Relation::DependsOn, Some(dependency.span)));
            }
        }
    }

    fn sources(&mut self) {
        for (index, source) in self.delivery.sources.iter().enumerate() {
            let span = source.resource.as_ref().map(|resource| resource.span);
            source.owner.into_iter().for_each(|owner| self.add(owner, self.source(index), Relation::Applies, span));
        }
    }

    /// What one Flux object brings that another needs; where no order is guaranteed, the edge is missing.
    fn requirements(&mut self) {
        let mut brought: BTreeMap<Tie, (Vec<String>, Option<Span>)> = BTreeMap::new();
        let mut absent: BTreeMap<ObjectRef, usize> = BTreeMap::new();
        for requirement in &self.delivery.requirements {
            let to = self.at(requirement.owner);
            let broken = matches!(requirement.verdict, Verdict::Broken(_));
            self.nodes[to].broken += usize::from(broken);
            let Some((from, what)) = self.needed(requirement, broken, &mut absent).filter(|(from, _)| *from != to)
            else {
                continue;
            };
            let relation = if broken { Relation::Missing } else { Relation::Provides };
            let entry = brought.entry((from, to, relation)).or_insert_with(|| (Vec::new(), requirement.span));
            if !entry.0.contains(&what) {
                entry.0.push(what);
            }
        }
        for ((from, to, relation), (whats, span)) in brought {
            self.edges.push(Edge { from, to, relation, what: listed(&whats), span });
        }
    }

    fn needed(
        &mut self,
        requirement: &Requirement,
        broken: bool,
        absent: &mut BTreeMap<ObjectRef, usize>,
    ) -> Option<(usize, String)> {
        let what = match &requirement.need {
            Need::Definition { kind, .. } => format!("CRD {kind}"),
            Need::Conversion { kind, .. } => format!("conversion of {kind}"),
            Need::Webhook(_) => format!("webhook of {}", requirement.object.kind),
            _ if broken => certificate::needs(requirement),
            _ => return None,
        };
        match (requirement.provider, &requirement.need) {
            (Some(Provider::Kustomization(k)), _) => Some((k, what)),
            (Some(Provider::Release(h)), _) => Some((self.at(Owner::Release(h)), what)),
            (None, Need::Dependency(object) | Need::Source(object) | Need::Lockstep(object)) if broken => {
                Some((self.known(object).unwrap_or_else(|| self.missing(object, absent)), what))
            }
            _ => None,
        }
    }

    fn known(&self, object: &ObjectRef) -> Option<usize> {
        let same = |o: &ObjectRef| o.kind == object.kind && o.namespace == object.namespace && o.name == object.name;
        self.nodes.iter().position(|node| same(&node.object) && node.fate != MISSING)
    }

    fn missing(&mut self, object: &ObjectRef, absent: &mut BTreeMap<ObjectRef, usize>) -> usize {
        *absent.entry(object.clone()).or_insert_with(|| {
            self.nodes.push(Node { object: object.clone(), resources: 0, fate: MISSING, broken: 0, span: None });
            self.nodes.len() - 1
        })
    }
}

/// The fate of what is named and not there.
const MISSING: &str = "missing";

/// `a, b and 3 more`
fn listed(words: &[String]) -> String {
    let shown = words.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(", ");
    if words.len() > 2 { format!("{shown} and {} more", words.len() - 2) } else { shown }
}

/// The node of a Kustomization or HelmRelease.
pub(crate) fn index(delivery: &Delivery, owner: Owner) -> usize {
    match owner {
        Owner::Kustomization(k) => k,
        Owner::Release(h) => delivery.kustomizations.len() + h,
    }
}

fn nodes(delivery: &Delivery) -> Vec<Node> {
    let fate = |owner| delivery.fates.of(owner).name();
    let node =
        |object: &ObjectRef, resources, fate, span| Node { object: object.clone(), resources, fate, broken: 0, span };
    let mut all = Vec::new();
    for (k, one) in delivery.kustomizations.iter().enumerate() {
        all.push(node(&one.object, one.resources().len(), fate(Owner::Kustomization(k)), one.span));
    }
    for (h, one) in delivery.releases.iter().enumerate() {
        all.push(node(&one.object, 0, fate(Owner::Release(h)), Some(one.resource.span)));
    }
    for one in &delivery.sources {
        all.push(node(&one.object, 0, "ready", one.resource.as_ref().map(|resource| resource.span)));
    }
    all
}
