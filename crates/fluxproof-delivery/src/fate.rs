//! What becomes of each Flux object on a fresh cluster, from the verdicts of all that it needs.
//!
//! A requirement tells of one thing that one object needs. An object fails with the first of them that fails, and takes
//! with it what it applies, what depends on it and what waits for it.

use crate::expand::Expansion;
use crate::model::{BrokenKind, Owner, Requirement, Verdict};

/// What becomes of a Flux object, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Ready at the first try.
    Ready,
    /// It may fail first, and comes up later by itself.
    Late,
    /// It hangs on facts outside this repository.
    Unknown,
    /// It may fail, and then stays failed.
    Stalled,
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
            Self::Unknown => "unknown",
            Self::Stalled => "stalled",
            Self::Never => "never",
        }
    }

    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Proven(_) => Self::Ready,
            Verdict::Assumed(_) => Self::Unknown,
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
        if self == Self::Late { Self::Ready } else { self }
    }
}

/// The fate of every Flux object of a cluster.
#[derive(Debug, Clone, Default)]
pub struct Fates {
    applied: Vec<Fate>,
    ready: Vec<Fate>,
    releases: usize,
}

impl Fates {
    /// What becomes of the object as a whole.
    #[must_use]
    pub fn of(&self, owner: Owner) -> Fate {
        self.ready[self.at(owner)]
    }

    /// What becomes of its apply; a Kustomization may have applied everything and still never be Ready.
    #[must_use]
    pub fn of_apply(&self, owner: Owner) -> Fate {
        self.applied[self.at(owner)]
    }

    fn at(&self, owner: Owner) -> usize {
        match owner {
            Owner::Release(index) => index,
            Owner::Kustomization(index) => self.releases + index,
        }
    }
}

/// Works the fates out: what is worse spreads until nothing changes.
pub(crate) fn fates(expansion: &Expansion<'_>, awaited: &[Vec<Owner>], requirements: &[Requirement]) -> Fates {
    let count = expansion.releases.len() + expansion.kustomizations.len();
    let mut fates = Fates {
        applied: vec![Fate::Ready; count],
        ready: vec![Fate::Ready; count],
        releases: expansion.releases.len(),
    };
    for requirement in requirements.iter().filter(|r| r.need.fails_its_owner()) {
        let at = fates.at(requirement.owner);
        fates.applied[at] = fates.applied[at].max(Fate::of(&requirement.verdict));
    }
    fates.ready.clone_from(&fates.applied);
    let edges = edges(expansion, awaited, &fates);
    spread(&mut fates, &edges);
    fates
}

/// What an object's fate does to another's.
struct Edge {
    from: usize,
    to: usize,
    /// Whether the apply of `from` is enough (`parent`), or it must be Ready.
    by_apply: bool,
    /// Whether it holds the apply of `to` up, or only its readiness.
    holds_apply: bool,
}

fn edges(expansion: &Expansion<'_>, awaited: &[Vec<Owner>], fates: &Fates) -> Vec<Edge> {
    let mut all = Vec::new();
    let mut add = |from, to, by_apply, holds_apply| {
        all.push(Edge { from: fates.at(from), to: fates.at(to), by_apply, holds_apply });
    };
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        let me = Owner::Kustomization(index);
        node.parent.into_iter().for_each(|parent| add(Owner::Kustomization(parent), me, true, true));
        node.depends_on.iter().filter_map(|d| d.target).for_each(|d| add(Owner::Kustomization(d), me, false, true));
        awaited[index].iter().for_each(|other| add(*other, me, false, false));
    }
    for (index, release) in expansion.releases.iter().enumerate() {
        let me = Owner::Release(index);
        add(Owner::Kustomization(release.owner), me, true, true);
        release.depends_on.iter().filter_map(|d| d.target).for_each(|d| add(Owner::Release(d), me, false, true));
    }
    all
}

fn spread(fates: &mut Fates, edges: &[Edge]) {
    let mut by_source: Vec<Vec<usize>> = vec![Vec::new(); fates.ready.len()];
    edges.iter().enumerate().for_each(|(index, edge)| by_source[edge.from].push(index));
    let mut open: Vec<usize> = (0..fates.ready.len()).collect();
    while let Some(from) = open.pop() {
        for edge in by_source[from].iter().map(|index| &edges[*index]) {
            let fate = if edge.by_apply { fates.applied[from] } else { fates.ready[from] }.for_others();
            if worsen(fates, edge, fate) {
                open.push(edge.to);
            }
        }
    }
}

fn worsen(fates: &mut Fates, edge: &Edge, fate: Fate) -> bool {
    let worse = fate > fates.ready[edge.to] || (edge.holds_apply && fate > fates.applied[edge.to]);
    fates.ready[edge.to] = fates.ready[edge.to].max(fate);
    if edge.holds_apply {
        fates.applied[edge.to] = fates.applied[edge.to].max(fate);
    }
    worse
}
