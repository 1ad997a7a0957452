//! What becomes of each Flux object on a fresh cluster, from the verdicts of all that it needs.
//!
//! A requirement tells of one thing that one object needs. An object fails with the first of them that fails, and takes
//! with it what it applies, what depends on it and what waits for it.

use crate::expand::Expansion;
use crate::model::{Before, BrokenKind, Owner, Requirement, Verdict};

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

/// The fate of every Flux object of a cluster.
#[derive(Debug, Clone, Default)]
pub struct Fates {
    applied: Vec<Outlook>,
    ready: Vec<Outlook>,
    releases: usize,
}

impl Fates {
    /// What becomes of the object as a whole.
    #[must_use]
    pub fn of(&self, owner: Owner) -> Fate {
        self.ready[self.at(owner)].fate
    }

    /// Whether that hangs on facts outside the repository.
    #[must_use]
    pub fn hangs(&self, owner: Owner) -> bool {
        self.ready[self.at(owner)].hangs
    }

    /// What becomes of its apply; a Kustomization may have applied everything and still never be Ready.
    #[must_use]
    pub fn of_apply(&self, owner: Owner) -> Fate {
        self.applied[self.at(owner)].fate
    }

    fn judge(&mut self, requirements: &[Requirement]) {
        for requirement in requirements {
            let (at, outlook) = (self.at(requirement.owner), Outlook::of(&requirement.verdict));
            if matches!(requirement.before, Before::Start | Before::Apply) {
                self.applied[at] = self.applied[at].max(outlook);
            }
            if requirement.before != Before::Retried {
                self.ready[at] = self.ready[at].max(outlook);
            }
        }
    }

    fn suspend(&mut self, expansion: &Expansion<'_>) {
        let kustomizations = expansion.kustomizations.iter().map(|node| node.suspend).enumerate();
        let releases = expansion.releases.iter().map(|release| release.suspend).enumerate();
        let kustomizations = kustomizations.filter(|(_, asleep)| *asleep).map(|(at, _)| Owner::Kustomization(at));
        let releases = releases.filter(|(_, asleep)| *asleep).map(|(at, _)| Owner::Release(at));
        for at in kustomizations.chain(releases).map(|owner| self.at(owner)).collect::<Vec<_>>() {
            self.applied[at].fate = Fate::Suspended;
            self.ready[at].fate = Fate::Suspended;
        }
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
        applied: vec![Outlook::READY; count],
        ready: vec![Outlook::READY; count],
        releases: expansion.releases.len(),
    };
    fates.judge(requirements);
    fates.suspend(expansion);
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
            let outlook = if edge.by_apply { fates.applied[from] } else { fates.ready[from] };
            if worsen(fates, edge, Outlook { fate: outlook.fate.for_others(), ..outlook }) {
                open.push(edge.to);
            }
        }
    }
}

/// Whether the fate of an edge's end changes. What is suspended stays that.
fn worsen(fates: &mut Fates, edge: &Edge, outlook: Outlook) -> bool {
    let before = (fates.applied[edge.to], fates.ready[edge.to]);
    if before.1.fate == Fate::Suspended {
        return false;
    }
    fates.ready[edge.to] = before.1.max(outlook);
    if edge.holds_apply {
        fates.applied[edge.to] = before.0.max(outlook);
    }
    before != (fates.applied[edge.to], fates.ready[edge.to])
}
