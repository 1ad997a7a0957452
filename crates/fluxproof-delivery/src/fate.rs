//! What becomes of each Flux object on a fresh cluster, from the verdicts of all that it needs.
//!
//! A requirement tells of one thing that one object needs. An object fails with the first of them that fails, and takes
//! with it what it applies, what depends on it, what waits for it and what needs the things that it would have brought.

use crate::expand::Expansion;
use crate::graph::{DeliveryGraph, Event};
use crate::model::{Before, BrokenKind, Need, Owner, Provider, Requirement, Verdict};
use crate::provide::{Provided, What};

/// What becomes of a Flux object, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Ready at the first try.
    Ready,
    /// It may fail first, and comes up later by itself.
    Late,
    /// It may fail, and then stays failed.
    Stalled,
    /// It is suspended: on a fresh cluster it does nothing.
    Suspended,
    /// It never comes up.
    Never,
}

impl Fate {
    /// The word for people and for the wire format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Late => "late",
            Self::Stalled => "stalled",
            Self::Suspended => "suspended",
            Self::Never => "never",
        }
    }

    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Proven(_) | Verdict::Assumed(_) => Self::Ready,
            Verdict::Broken(broken) => match broken.kind {
                BrokenKind::Deadlock | BrokenKind::Unsatisfiable => Self::Never,
                BrokenKind::StickyRace => Self::Stalled,
                BrokenKind::SelfHealingRace => Self::Late,
                BrokenKind::UpgradeRace => Self::Ready,
            },
        }
    }

    /// What it means for another that waits: whoever comes late is only waited for longer.
    fn for_others(self) -> Self {
        match self {
            Self::Late => Self::Ready,
            Self::Suspended => Self::Never,
            other => other,
        }
    }
}

/// A fate, and whether it hangs on facts outside the repository: then it is what comes if they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Outlook {
    fate: Fate,
    hangs: bool,
}

impl Outlook {
    const READY: Self = Self { fate: Fate::Ready, hangs: false };

    fn of(verdict: &Verdict) -> Self {
        Self { fate: Fate::of(verdict), hangs: matches!(verdict, Verdict::Assumed(_)) }
    }

    fn max(self, other: Self) -> Self {
        Self { fate: self.fate.max(other.fate), hangs: self.hangs || other.hangs }
    }
}

/// How far an object comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// It starts: definitions and namespaces of a Kustomization, and `crds/` of a release, come with that.
    Starts,
    /// It has applied everything.
    Applied,
    /// It is Ready.
    Ready,
}

/// The stages of one object; each takes the worse from the one before it.
type Outlooks = [Outlook; 3];

/// The fate of every Flux object of a cluster.
#[derive(Debug, Clone, Default)]
pub struct Fates {
    all: Vec<Outlooks>,
    releases: usize,
}

impl Fates {
    /// What becomes of the object as a whole.
    #[must_use]
    pub fn of(&self, owner: Owner) -> Fate {
        self.outlook(self.at(owner), Stage::Ready).fate
    }

    /// Whether that hangs on facts outside the repository.
    #[must_use]
    pub fn hangs(&self, owner: Owner) -> bool {
        self.outlook(self.at(owner), Stage::Ready).hangs
    }

    /// What becomes of its apply; a Kustomization may have applied everything and still never be Ready.
    #[must_use]
    pub fn of_apply(&self, owner: Owner) -> Fate {
        self.outlook(self.at(owner), Stage::Applied).fate
    }

    fn outlook(&self, at: usize, stage: Stage) -> Outlook {
        self.all[at][stage as usize]
    }

    /// Whether something changes by that.
    fn worsen(&mut self, at: usize, stage: Stage, outlook: Outlook) -> bool {
        let before = self.all[at];
        self.all[at][stage as usize..].iter_mut().for_each(|later| *later = later.max(outlook));
        before != self.all[at]
    }

    fn judge<'r>(&mut self, requirements: impl Iterator<Item = &'r Requirement>) {
        for requirement in requirements {
            let stage = match requirement.before {
                _ if never_at_home(requirement) => Stage::Ready,
                Before::Start => Stage::Starts,
                Before::Apply => Stage::Applied,
                Before::Ready => Stage::Ready,
                Before::Retried => continue,
            };
            self.worsen(self.at(requirement.owner), stage, Outlook::of(&requirement.verdict));
        }
    }

    fn suspend(&mut self, expansion: &Expansion<'_>) {
        let kustomizations = expansion.kustomizations.iter().map(|node| node.suspend).enumerate();
        let releases = expansion.releases.iter().map(|release| release.suspend).enumerate();
        let kustomizations = kustomizations.filter(|(_, asleep)| *asleep).map(|(at, _)| Owner::Kustomization(at));
        let releases = releases.filter(|(_, asleep)| *asleep).map(|(at, _)| Owner::Release(at));
        for at in kustomizations.chain(releases).map(|owner| self.at(owner)).collect::<Vec<_>>() {
            self.all[at].iter_mut().for_each(|outlook| outlook.fate = Fate::Suspended);
        }
    }

    fn at(&self, owner: Owner) -> usize {
        match owner {
            Owner::Release(index) => index,
            Owner::Kustomization(index) => self.releases + index,
        }
    }
}

/// Works the fates out: what is worse spreads until nothing changes. The locked ones wait for themselves.
pub(crate) fn fates(
    expansion: &Expansion<'_>,
    awaited: &[Vec<Owner>],
    provided: &[Provided],
    requirements: &[Requirement],
    graph: &DeliveryGraph,
) -> Fates {
    let count = expansion.releases.len() + expansion.kustomizations.len();
    let mut fates = Fates { all: vec![[Outlook::READY; 3]; count], releases: expansion.releases.len() };
    fates.judge(requirements.iter().filter(|requirement| webhook_race(requirement).is_none()));
    for owner in graph.locked() {
        fates.worsen(fates.at(owner), Stage::Ready, Outlook { fate: Fate::Never, hangs: false });
    }
    fates.suspend(expansion);
    let mut edges = edges(expansion, awaited, &fates);
    edges.extend(requirements.iter().flat_map(|r| provider_edges(expansion, r, provided, &fates)));
    edges.extend(requirements.iter().filter_map(|r| await_edge(expansion, r, &fates)));
    spread(&mut fates, &edges);
    // A webhook that nobody makes in the end refuses nothing.
    let comes = |fates: &Fates, by| !matches!(fates.of_apply(by), Fate::Never | Fate::Suspended);
    let races: Vec<&Requirement> =
        requirements.iter().filter(|r| webhook_race(r).is_some_and(|by| comes(&fates, by))).collect();
    fates.judge(races.iter().copied());
    let pods = Pods { expansion, provided, requirements, graph };
    let left = |race: &&Requirement| webhook_race(race).is_some_and(|by| pods.never_come(race, by, &fates));
    let left: Vec<&Requirement> = races.into_iter().filter(left).collect();
    for race in left {
        fates.worsen(fates.at(race.owner), Stage::Applied, Outlook { fate: Fate::Stalled, hangs: false });
    }
    spread(&mut fates, &edges);
    fates
}

/// A release that fails for want of its namespace, and is not uninstalled, leaves its webhook behind without pods.
struct Pods<'a> {
    expansion: &'a Expansion<'a>,
    provided: &'a [Provided],
    requirements: &'a [Requirement],
    graph: &'a DeliveryGraph,
}

impl Pods<'_> {
    /// Whether such a webhook refuses its customer for ever: the release is Stalled, or its namespace never comes, or only
    /// after the customer.
    fn never_come(&self, race: &Requirement, by: Owner, fates: &Fates) -> bool {
        let Owner::Release(release) = by else { return false };
        let stays = !self.expansion.releases[release].is_uninstalled_on_failure();
        let homeless = |r: &&Requirement| r.owner == by && matches!(r.need, Need::Namespace(_)) && is_race(r);
        self.requirements.iter().filter(homeless).any(|home| {
            is_sticky(home) || (stays && (fates.of(by) == Fate::Never || self.comes_after(&home.need, race)))
        })
    }

    fn comes_after(&self, need: &Need, race: &Requirement) -> bool {
        let customer = match race.owner {
            Owner::Kustomization(index) => Event::DryRun(index),
            Owner::Release(index) => Event::Maps(index),
        };
        let things = self.provided.iter().enumerate().filter(|(_, thing)| meets(&thing.what, need));
        things.map(|(at, _)| Event::Brings(at)).all(|brings| self.graph.precedes_by_needs(customer, brings))
    }
}

fn is_sticky(requirement: &Requirement) -> bool {
    matches!(&requirement.verdict, Verdict::Broken(broken) if broken.kind == BrokenKind::StickyRace)
}

/// A release whose namespace never comes fails, and may have made what is in no namespace.
fn never_at_home(requirement: &Requirement) -> bool {
    let of_release = matches!((requirement.owner, &requirement.need), (Owner::Release(_), Need::Namespace(_)));
    of_release && Fate::of(&requirement.verdict) == Fate::Never
}

/// Who makes the webhook that a requirement runs a race with.
fn webhook_race(requirement: &Requirement) -> Option<Owner> {
    let race = is_race(requirement) && matches!(requirement.need, Need::Webhook(_));
    requirement.provider.filter(|_| race).and_then(owner_of)
}

fn is_race(requirement: &Requirement) -> bool {
    let Verdict::Broken(broken) = &requirement.verdict else { return false };
    matches!(broken.kind, BrokenKind::SelfHealingRace | BrokenKind::StickyRace)
}

fn owner_of(provider: Provider) -> Option<Owner> {
    match provider {
        Provider::Kustomization(index) => Some(Owner::Kustomization(index)),
        Provider::Release(index) => Some(Owner::Release(index)),
        Provider::Bootstrap => None,
    }
}

/// What an object's fate does to another's.
struct Edge {
    from: (usize, Stage),
    to: (usize, Stage),
    /// Whether it only counts that the one never comes: where it may bring things though it fails.
    only_never: bool,
}

fn edges(expansion: &Expansion<'_>, awaited: &[Vec<Owner>], fates: &Fates) -> Vec<Edge> {
    let mut all = Vec::new();
    let mut add = |from, after, to, holds| {
        all.push(Edge { from: (fates.at(from), after), to: (fates.at(to), holds), only_never: false });
    };
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        let (me, starts) = (Owner::Kustomization(index), Stage::Starts);
        node.parent.into_iter().for_each(|parent| add(Owner::Kustomization(parent), Stage::Applied, me, starts));
        let targets = node.depends_on.iter().filter_map(|d| d.target);
        targets.for_each(|d| add(Owner::Kustomization(d), Stage::Ready, me, starts));
        node.after.iter().for_each(|first| add(*first, Stage::Ready, me, starts));
        awaited[index].iter().for_each(|other| add(*other, Stage::Ready, me, Stage::Ready));
    }
    for (index, release) in expansion.releases.iter().enumerate() {
        let (me, starts) = (Owner::Release(index), Stage::Starts);
        add(Owner::Kustomization(release.owner), Stage::Applied, me, starts);
        let targets = release.depends_on.iter().filter_map(|d| d.target);
        targets.for_each(|d| add(Owner::Release(d), Stage::Ready, me, starts));
    }
    all
}

/// A race with the only one that brings something is never won if that one never starts, or never applies it.
fn provider_edges(
    expansion: &Expansion<'_>,
    requirement: &Requirement,
    provided: &[Provided],
    fates: &Fates,
) -> Vec<Edge> {
    if !is_race(requirement) {
        return Vec::new();
    }
    let here = |thing: &&Provided| expansion.universe(thing.by) == requirement.universe;
    let mut meets = provided.iter().filter(|thing| meets(&thing.what, &requirement.need)).filter(here);
    let only = meets.next().filter(|only| Some(only.by) == requirement.provider);
    let Some((only, by)) = only.and_then(|only| Some((only, owner_of(only.by)?))) else { return Vec::new() };
    if meets.next().is_some() {
        return Vec::new();
    }
    // A release without its namespace fails, and may have made what is in no namespace.
    let homeless = matches!((requirement.owner, &requirement.need), (Owner::Release(_), Need::Namespace(_)));
    let to = (fates.at(requirement.owner), if homeless { Stage::Ready } else { Stage::Applied });
    let is_release = matches!(by, Owner::Release(_));
    let early = only.early || (!is_release && only.what.is_definition());
    let starts = Edge { from: (fates.at(by), Stage::Starts), to, only_never: false };
    let applies = Edge { from: (fates.at(by), Stage::Applied), to, only_never: is_release };
    if early { vec![starts] } else { vec![starts, applies] }
}

/// What a ResourceSet waits for never comes where the one who brings it never applies it.
fn await_edge(expansion: &Expansion<'_>, requirement: &Requirement, fates: &Fates) -> Option<Edge> {
    let Owner::Kustomization(index) = requirement.owner else { return None };
    let waits = expansion.kustomizations[index].awaits.iter().any(|awaited| Some(awaited.span) == requirement.span);
    let by = requirement.provider.filter(|_| waits).and_then(owner_of)?;
    // A Flux object exists once what applies it has applied it; whether it must be Ready is an edge of its own.
    let from = match (&requirement.need, by) {
        (Need::Dependency(_), Owner::Kustomization(k)) => Owner::Kustomization(expansion.kustomizations[k].parent?),
        (Need::Dependency(_), Owner::Release(h)) => Owner::Kustomization(expansion.releases[h].owner),
        _ => by,
    };
    Some(Edge {
        from: (fates.at(from), Stage::Applied),
        to: (fates.at(requirement.owner), Stage::Starts),
        only_never: false,
    })
}

fn meets(what: &What, need: &Need) -> bool {
    match (what, need) {
        (What::Namespace(made), Need::Namespace(needed)) => made == needed,
        (What::Definition { group, kind, .. }, Need::Definition { group: of, kind: needed, .. }) => {
            group == of && kind.as_ref().is_none_or(|kind| kind == needed)
        }
        (What::Api { group, .. }, Need::Definition { group: of, .. }) => group == of,
        (What::Conversion { group, kind, .. }, Need::Conversion { group: of, kind: needed, .. }) => {
            group == of && kind == needed
        }
        _ => false,
    }
}

fn spread(fates: &mut Fates, edges: &[Edge]) {
    let mut by_source: Vec<Vec<usize>> = vec![Vec::new(); fates.all.len()];
    edges.iter().enumerate().for_each(|(index, edge)| by_source[edge.from.0].push(index));
    let mut open: Vec<usize> = (0..fates.all.len()).collect();
    while let Some(from) = open.pop() {
        for edge in by_source[from].iter().map(|index| &edges[*index]) {
            if follow(fates, edge) {
                open.push(edge.to.0);
            }
        }
    }
}

/// Whether the fate of an edge's end changes. What is suspended stays that.
fn follow(fates: &mut Fates, edge: &Edge) -> bool {
    let outlook = fates.outlook(edge.from.0, edge.from.1);
    let (fate, suspended) = (outlook.fate.for_others(), fates.outlook(edge.to.0, Stage::Ready).fate == Fate::Suspended);
    if suspended || (edge.only_never && fate != Fate::Never) {
        return false;
    }
    fates.worsen(edge.to.0, edge.to.1, Outlook { fate, ..outlook })
}
