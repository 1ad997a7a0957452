//! What the model says of a cluster against what every schedule shows.

use crate::cluster::{Check, Cluster, Dependency, group, kind};
use crate::explore::{Actor, Need, Seen, explore};
use crate::render;
use fluxproof_delivery::{BrokenKind, Deliveries, Delivery, Fate, Owner, Requirement, Verdict, World, deliver};
use std::collections::BTreeSet;

/// The most states that a cluster may have to be looked at.
const MOST_STATES: usize = 20_000;

/// What a comparison has looked at.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) states: usize,
    pub(crate) proven: usize,
    pub(crate) dead: usize,
    pub(crate) healing: usize,
    pub(crate) sticky: usize,
    pub(crate) assumed: usize,
    pub(crate) fates: usize,
}

impl Tally {
    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            states: self.states + other.states,
            proven: self.proven + other.proven,
            dead: self.dead + other.dead,
            healing: self.healing + other.healing,
            sticky: self.sticky + other.sticky,
            assumed: self.assumed + other.assumed,
            fates: self.fates + other.fates,
        }
    }
}

impl Tally {
    /// What must not be missing, or the comparison says nothing.
    pub(crate) fn counts(self) -> [(&'static str, usize); 5] {
        let Self { proven, dead, healing, fates, states, .. } = self;
        [("proofs", proven), ("locks", dead), ("races", healing), ("fates", fates), ("states", states)]
    }
}

/// Compares; the disagreements, in words. None where the cluster has too many states.
pub(crate) fn compare(cluster: &Cluster) -> Option<(Tally, Vec<String>)> {
    let seen = explore(cluster, MOST_STATES)?;
    let sources = render::sources(&render::files(cluster));
    let found = deliver(&sources, &World::default());
    let mut comparison = Comparison { cluster, seen: &seen, said: Vec::new(), tally: Tally::default() };
    comparison.tally.states = seen.states;
    match only(&found) {
        Some(delivery) => comparison.run(delivery),
        None => comparison.say(format!("{} clusters are found, not one", found.clusters.len())),
    }
    Some((comparison.tally, comparison.said))
}

fn only(found: &Deliveries) -> Option<&Delivery> {
    if let [delivery] = &found.clusters[..] { Some(delivery) } else { None }
}

struct Comparison<'a> {
    cluster: &'a Cluster,
    seen: &'a Seen,
    said: Vec<String>,
    tally: Tally,
}

impl Comparison<'_> {
    fn say(&mut self, text: String) {
        self.said.push(text);
    }

    fn run(&mut self, delivery: &Delivery) {
        for requirement in &delivery.requirements {
            self.requirement(delivery, requirement);
        }
        self.fates(delivery);
    }

    fn actor(&self, delivery: &Delivery, owner: Owner) -> Option<Actor> {
        let number = |name: &str, letter: char| name.strip_prefix(letter)?.parse::<usize>().ok();
        match owner {
            Owner::Kustomization(index) => {
                let name = &delivery.kustomizations[index].object.name;
                if name == "flux-system" {
                    return Some(Actor::Kustomization(0));
                }
                let number = number(name, 'k').filter(|number| *number < self.cluster.kustomizations.len())?;
                Some(Actor::Kustomization(number + 1))
            }
            Owner::Release(index) => number(&delivery.releases[index].object.name, 'r').map(Actor::Release),
        }
    }

    fn requirement(&mut self, delivery: &Delivery, requirement: &Requirement) {
        let Some(actor) = self.actor(delivery, requirement.owner) else {
            return self.say(format!("{:?} is nobody", requirement.owner));
        };
        let of = Of { delivery, requirement, actor, need: need(&requirement.need) };
        match (&requirement.verdict, &requirement.need) {
            (_, fluxproof_delivery::Need::Dependency(_)) => self.dependency(&of),
            (Verdict::Assumed(_), _) => self.tally.assumed += usize::from(of.need.is_some()),
            (Verdict::Proven(_), _) => self.proven(&of),
            (Verdict::Broken(broken), _) => match broken.kind {
                BrokenKind::Deadlock | BrokenKind::Unsatisfiable => self.dead(&of),
                BrokenKind::SelfHealingRace => self.race(&of, false),
                BrokenKind::StickyRace => self.race(&of, true),
                BrokenKind::UpgradeRace => {}
            },
        }
    }

    /// One that is proven holds the owner back; one that is dead holds it back for ever.
    fn dependency(&mut self, of: &Of<'_>) {
        let Verdict::Broken(broken) = &of.requirement.verdict else { return };
        self.tally.dead += 1;
        if self.seen.started.contains(&of.actor) {
            self.say(format!("{}: {:?}, yet it starts in some schedule", of.words(), broken.kind));
        }
    }

    fn proven(&mut self, of: &Of<'_>) {
        let Some(need) = of.need else { return };
        self.tally.proven += 1;
        if self.seen.failed.contains(&(of.actor, need)) {
            self.say(format!("{}: proven, yet it fails in some schedule", of.words()));
        }
    }

    fn dead(&mut self, of: &Of<'_>) {
        self.tally.dead += 1;
        if self.seen.passed.contains(&of.actor) {
            self.say(format!("{}: called dead, yet it passes in some schedule", of.words()));
        }
        if self.seen.ready.contains(&of.actor) {
            self.say(format!("{}: called dead, yet it is Ready in some schedule", of.words()));
        }
    }

    fn race(&mut self, of: &Of<'_>, sticky: bool) {
        let Some(need) = of.need else { return };
        self.tally.healing += usize::from(!sticky);
        self.tally.sticky += usize::from(sticky);
        let key = (of.actor, need);
        let refuses = !matches!(need, Need::Webhook(_)) || self.is_brought(of);
        if self.seen.asked.contains(&key) && refuses && !self.is_run_before(of) && !self.seen.failed.contains(&key) {
            self.say(format!("{}: called a race, yet it never fails", of.words()));
        }
        if self.is_brought(of) && self.may_serve(of) && !self.seen.met.contains(&need) {
            self.say(format!("{}: called a race, yet it is never met", of.words()));
        }
        if sticky && self.seen.failed.contains(&key) && !self.seen.stalled.contains(&key) {
            self.say(format!("{}: called sticky, yet nothing is given up for it", of.words()));
        }
        if !sticky && self.seen.stalled.contains(&key) {
            self.say(format!("{}: called healing, yet the release is given up for it", of.words()));
        }
    }

    /// Whether another that comes first runs a race of its own: who follows it cannot lose what the first one has won.
    fn is_run_before(&self, of: &Of<'_>) -> bool {
        let first = before(self.cluster, of.actor);
        self.seen.failed.iter().any(|(actor, _)| first.contains(actor))
    }

    /// Whether the model says that the provider of a need comes in the end.
    fn is_brought(&self, of: &Of<'_>) -> bool {
        let owner = match of.requirement.provider {
            Some(fluxproof_delivery::Provider::Kustomization(index)) => Owner::Kustomization(index),
            Some(fluxproof_delivery::Provider::Release(index)) => Owner::Release(index),
            _ => return false,
        };
        matches!(of.delivery.fates.of_apply(owner), Fate::Ready | Fate::Late)
    }

    /// Whether the model says that what is needed works in the end: the webhook of a release that never is Ready need not, it
    /// goes away again.
    fn may_serve(&self, of: &Of<'_>) -> bool {
        let release = match of.requirement.provider {
            Some(fluxproof_delivery::Provider::Release(index)) => Owner::Release(index),
            _ => return true,
        };
        let ready = matches!(of.delivery.fates.of(release), Fate::Ready | Fate::Late);
        ready || !matches!(of.need, Some(Need::Webhook(_)))
    }

    fn fates(&mut self, delivery: &Delivery) {
        if doubts(self.cluster) {
            return;
        }
        let kustomizations = (0..delivery.kustomizations.len()).map(Owner::Kustomization);
        for owner in kustomizations.chain((0..delivery.releases.len()).map(Owner::Release)) {
            if let Some(actor) = self.actor(delivery, owner) {
                self.fate(actor, delivery.fates.of(owner));
            }
        }
    }

    fn fate(&mut self, actor: Actor, fate: Fate) {
        self.tally.fates += 1;
        let (always, ready) = (self.seen.always_ready.contains(&actor), self.seen.ready.contains(&actor));
        let fails = self.seen.failed.iter().any(|(who, _)| *who == actor);
        let first = before(self.cluster, actor);
        let masked = self.seen.failed.iter().any(|(who, _)| first.contains(who));
        let wrong = match fate {
            Fate::Ready if !always => "not Ready in every fair schedule",
            Fate::Ready if fails => "fails in some schedule",
            Fate::Late if !ready => "never Ready",
            Fate::Late if !fails && !masked => "never fails",
            Fate::Never | Fate::Suspended if ready => "Ready in some schedule",
            Fate::Stalled if always && !masked && !fails => "Ready in every fair schedule",
            _ => return,
        };
        self.say(format!("{actor:?}: its fate is {}, yet it is {wrong}", fate.name()));
    }
}

/// All that must have come before an actor starts, by parents, dependencies and waits.
fn before(cluster: &Cluster, actor: Actor) -> BTreeSet<Actor> {
    let mut seen = BTreeSet::new();
    let mut open = holders(cluster, actor);
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(holders(cluster, next));
            open.extend(awaited(cluster, next));
        }
    }
    seen
}

fn holders(cluster: &Cluster, actor: Actor) -> Vec<Actor> {
    match actor {
        Actor::Kustomization(0) => Vec::new(),
        Actor::Kustomization(index) => {
            let node = &cluster.kustomizations[index - 1];
            let there = |d: &&Dependency| d.on < cluster.kustomizations.len();
            let on = node.depends_on.iter().filter(there).map(|d| Actor::Kustomization(d.on + 1));
            on.chain([Actor::Kustomization(node.parent.map_or(0, |parent| parent + 1))]).collect()
        }
        Actor::Release(index) => {
            let release = &cluster.releases[index];
            let there = |d: &&Dependency| d.on < cluster.releases.len();
            let on = release.depends_on.iter().filter(there).map(|d| Actor::Release(d.on));
            on.chain([Actor::Kustomization(release.owner + 1)]).collect()
        }
    }
}

fn awaited(cluster: &Cluster, actor: Actor) -> Vec<Actor> {
    let Actor::Kustomization(index) = actor else { return Vec::new() };
    let waits = index.checked_sub(1).map_or(cluster.root_waits, |at| cluster.kustomizations[at].wait);
    let nodes = cluster.kustomizations.iter().enumerate();
    let children = nodes.filter(|(_, node)| node.parent.map_or(0, |parent| parent + 1) == index);
    let children = children.map(|(at, _)| Actor::Kustomization(at + 1));
    let releases = cluster.releases.iter().enumerate().filter(|(_, release)| release.owner + 1 == index);
    let all = children.chain(releases.map(|(at, _)| Actor::Release(at)));
    let checks = index.checked_sub(1).map_or(&[][..], |at| &cluster.kustomizations[at].checks);
    let named = checks.iter().map(|check| match check {
        Check::Kustomization(other) => Actor::Kustomization(other + 1),
        Check::Release(other) => Actor::Release(*other),
    });
    if waits { all.collect() } else { named.collect() }
}

/// An expression whose meaning the fates do not look at.
fn doubts(cluster: &Cluster) -> bool {
    use crate::cluster::Expression;
    let kustomizations = cluster.kustomizations.iter().flat_map(|node| &node.depends_on);
    let mut all = kustomizations.chain(cluster.releases.iter().flat_map(|release| &release.depends_on));
    all.any(|dependency| dependency.expression == Expression::Always)
}

/// A requirement and who it is of.
struct Of<'a> {
    delivery: &'a Delivery,
    requirement: &'a Requirement,
    actor: Actor,
    need: Option<Need>,
}

impl Of<'_> {
    fn words(&self) -> String {
        format!("{:?} {} {:?}", self.actor, self.requirement.object, self.requirement.need)
    }
}

fn need(need: &fluxproof_delivery::Need) -> Option<Need> {
    let definition = |wanted: &str| (0..8).find(|index| format!("{}/{}", group(*index), kind(*index)) == wanted);
    match need {
        fluxproof_delivery::Need::Namespace(name) => name.strip_prefix("space-")?.parse().ok().map(Need::Namespace),
        fluxproof_delivery::Need::Definition { group, kind, .. } => {
            definition(&format!("{group}/{kind}")).map(Need::Definition)
        }
        fluxproof_delivery::Need::Webhook(name) => definition(name).map(Need::Webhook),
        _ => None,
    }
}
