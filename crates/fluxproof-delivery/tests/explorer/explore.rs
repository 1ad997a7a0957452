//! Every schedule of the controllers on a small fresh cluster, by a search over its states.
//!
//! The steps are those of kustomize-controller and helm-controller: a check of what is depended on; CRDs and Namespaces
//! applied and waited for; one dry run of all the rest, and nothing applied before it passes; the wait. A release applies
//! `crds/`, maps all templates to their kinds, makes its namespace, is stored, makes its objects, and waits. A webhook
//! serves some time after its objects are made. Nothing here comes from the code under test.

use crate::cluster::{Check, Cluster, Dependency, Expression, Object, Retries, Space};
use std::collections::{BTreeMap, BTreeSet};

/// A Flux object: a Kustomization (0 is the root, the others come one later) or a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Actor {
    Kustomization(usize),
    Release(usize),
}

/// What is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    Namespace(usize),
    Definition(usize),
    Webhook(usize),
}

/// How far a Flux object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Absent,
    /// It is there, and waits: for its turn, for what it depends on, for the next try.
    Idle,
    /// CRDs and Namespaces of a Kustomization, or `crds/` of a release, are applied and established.
    Staged,
    /// All is applied.
    Applied,
    Ready,
    /// An install has failed, and what it has made is there until it is uninstalled.
    Failed,
    /// It is not tried again.
    Stalled,
}

/// The most Flux objects of one kind.
const MOST: usize = 8;

/// A state of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    kustomizations: [Phase; MOST],
    releases: [Phase; MOST],
    /// How many further installs a release may try.
    left: [u8; MOST],
    namespaces: u8,
    definitions: u8,
    /// Releases whose webhook is configured, has pods, and serves.
    configured: u8,
    pods: u8,
    serving: u8,
}

/// What was seen over all schedules.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Needs that were asked for, by whom.
    pub(crate) asked: BTreeSet<(Actor, Need)>,
    /// Needs that were asked for and not met.
    pub(crate) failed: BTreeSet<(Actor, Need)>,
    /// Needs for which a release was given up.
    pub(crate) stalled: BTreeSet<(Actor, Need)>,
    /// Needs that are met in some state.
    pub(crate) met: BTreeSet<Need>,
    /// Who has passed its dry run, or has made its objects.
    pub(crate) passed: BTreeSet<Actor>,
    /// Who started.
    pub(crate) started: BTreeSet<Actor>,
    /// Who is Ready in some schedule.
    pub(crate) ready: BTreeSet<Actor>,
    /// Who is Ready in every fair schedule.
    pub(crate) always_ready: BTreeSet<Actor>,
    /// Who is Stalled in some schedule.
    pub(crate) given_up: BTreeSet<Actor>,
    pub(crate) states: usize,
}

/// Walks through every schedule; none where there are more states than that.
pub(crate) fn explore(cluster: &Cluster, most_states: usize) -> Option<Seen> {
    let mut explorer = Explorer { cluster, seen: Seen::default() };
    let first = explorer.first();
    let mut numbers: BTreeMap<State, usize> = BTreeMap::from([(first, 0)]);
    let (mut states, mut before) = (vec![first], vec![Vec::new()]);
    let mut at = 0;
    while at < states.len() {
        if states.len() > most_states {
            return None;
        }
        let state = states[at];
        explorer.look(&state);
        for next in explorer.steps(&state) {
            let number = *numbers.entry(next).or_insert(states.len());
            if number == states.len() {
                states.push(next);
                before.push(Vec::new());
            }
            before[number].push(at);
        }
        at += 1;
    }
    explorer.settle(&states, &before);
    explorer.seen.states = states.len();
    Some(explorer.seen)
}

struct Explorer<'a> {
    cluster: &'a Cluster,
    seen: Seen,
}

impl Explorer<'_> {
    /// Only the root is there.
    fn first(&self) -> State {
        let mut state = State {
            kustomizations: [Phase::Absent; MOST],
            releases: [Phase::Absent; MOST],
            left: [0; MOST],
            namespaces: 0,
            definitions: 0,
            configured: 0,
            pods: 0,
            serving: 0,
        };
        state.kustomizations[0] = Phase::Idle;
        (state.namespaces, state.definitions) = self.outside();
        for (index, release) in self.cluster.releases.iter().enumerate() {
            state.left[index] = if let Retries::Few(count) = release.retries { count } else { 0 };
        }
        state
    }

    /// What nobody brings is there before: the model assumes no less.
    fn outside(&self) -> (u8, u8) {
        let (mut namespaces, mut definitions) = (u8::MAX, u8::MAX);
        for object in self.cluster.kustomizations.iter().flat_map(|node| &node.objects) {
            match object {
                Object::Namespace(space) => namespaces &= !bit(space.0),
                Object::Definition(definition) => definitions &= !bit(*definition),
                Object::Custom(..) | Object::Settings(_) => {}
            }
        }
        for release in &self.cluster.releases {
            let chart = &release.chart;
            let made = release.target.filter(|_| release.create_namespace);
            chart.spaces.iter().copied().chain(made).for_each(|space| namespaces &= !bit(space.0));
            chart.folder.iter().chain(&chart.templates).for_each(|definition| definitions &= !bit(*definition));
        }
        (namespaces, definitions)
    }

    fn actors(&self) -> impl Iterator<Item = Actor> + use<> {
        let kustomizations = (0..=self.cluster.kustomizations.len()).map(Actor::Kustomization);
        kustomizations.chain((0..self.cluster.releases.len()).map(Actor::Release))
    }

    fn look(&mut self, state: &State) {
        for index in 0..MOST {
            if state.namespaces & bit(index) != 0 {
                self.seen.met.insert(Need::Namespace(index));
            }
            if state.definitions & bit(index) != 0 {
                self.seen.met.insert(Need::Definition(index));
            }
        }
        for (index, release) in self.cluster.releases.iter().enumerate() {
            if state.serving & bit(index) != 0 {
                self.seen.met.extend(release.chart.admits.iter().map(|kind| Need::Webhook(*kind)));
            }
        }
    }

    /// Every state that some controller can bring about.
    fn steps(&mut self, state: &State) -> Vec<State> {
        let mut next = Vec::new();
        for index in 0..=self.cluster.kustomizations.len() {
            next.extend(self.kustomization(state, index));
        }
        for index in 0..self.cluster.releases.len() {
            next.extend(self.release(state, index));
            next.extend(serve(state, index));
        }
        next.retain(|other| other != state);
        next
    }

    fn kustomization(&mut self, state: &State, index: usize) -> Option<State> {
        let mut next = *state;
        next.kustomizations[index] = match state.kustomizations[index] {
            Phase::Absent | Phase::Ready | Phase::Failed | Phase::Stalled => return None,
            Phase::Idle => return self.start(state, index),
            Phase::Staged => return Some(self.dry_run(state, index)),
            Phase::Applied if !self.is_healthy(state, index) => return None,
            Phase::Applied => Phase::Ready,
        };
        Some(next)
    }

    fn start(&mut self, state: &State, index: usize) -> Option<State> {
        let mut next = *state;
        if index > 0 {
            let node = &self.cluster.kustomizations[index - 1];
            if node.suspend {
                return None;
            }
            if is_refused(&node.depends_on) {
                next.kustomizations[index] = Phase::Stalled;
                return Some(next);
            }
            if !node.depends_on.iter().all(|d| passes(state.kustomizations.get(d.on + 1), d, true)) {
                return None;
            }
            for object in &node.objects {
                match object {
                    Object::Namespace(space) => next.namespaces |= bit(space.0),
                    Object::Definition(definition) => next.definitions |= bit(*definition),
                    _ => {}
                }
            }
        }
        self.seen.started.insert(Actor::Kustomization(index));
        next.kustomizations[index] = Phase::Staged;
        Some(next)
    }

    /// One dry run of everything: what is missing fails it, and nothing is applied.
    fn dry_run(&mut self, state: &State, index: usize) -> State {
        let mut next = *state;
        let actor = Actor::Kustomization(index);
        if !self.are_met(state, actor, &self.needs(index)) {
            next.kustomizations[index] = Phase::Idle;
            return next;
        }
        self.seen.passed.insert(actor);
        next.kustomizations[index] = Phase::Applied;
        for (child, node) in self.cluster.kustomizations.iter().enumerate() {
            if node.parent.map_or(0, |parent| parent + 1) == index {
                wake(&mut next.kustomizations[child + 1]);
            }
        }
        for (child, release) in self.cluster.releases.iter().enumerate() {
            if release.owner + 1 == index {
                wake(&mut next.releases[child]);
            }
        }
        next
    }

    /// What the objects of a Kustomization need, beside what its first stage has made.
    fn needs(&self, index: usize) -> Vec<Need> {
        let Some(node) = index.checked_sub(1).map(|at| &self.cluster.kustomizations[at]) else { return Vec::new() };
        let mut needs = Vec::new();
        for object in &node.objects {
            match object {
                Object::Custom(definition, space) => {
                    needs.extend([Need::Definition(*definition), Need::Webhook(*definition)]);
                    needs.extend(space.map(|space| Need::Namespace(space.0)));
                }
                Object::Settings(space) => needs.push(Need::Namespace(space.0)),
                Object::Namespace(_) | Object::Definition(_) => {}
            }
        }
        let releases = self.cluster.releases.iter().filter(|release| release.owner + 1 == index);
        needs.extend(releases.filter_map(|release| release.space).map(|space| Need::Namespace(space.0)));
        needs
    }

    /// Whether all are met; each that is not is a failure.
    fn are_met(&mut self, state: &State, actor: Actor, needs: &[Need]) -> bool {
        let mut all = true;
        for need in needs {
            let met = self.is_met(state, *need);
            self.seen.asked.insert((actor, *need));
            if !met {
                self.seen.failed.insert((actor, *need));
            }
            all &= met;
        }
        all
    }

    /// A webhook that is not configured refuses nothing; one that is configured and does not serve refuses everything.
    fn is_met(&self, state: &State, need: Need) -> bool {
        match need {
            Need::Namespace(space) => state.namespaces & bit(space) != 0,
            Need::Definition(definition) => state.definitions & bit(definition) != 0,
            Need::Webhook(definition) => self.cluster.releases.iter().enumerate().all(|(index, release)| {
                let refuses = state.configured & bit(index) != 0 && state.serving & bit(index) == 0;
                !refuses || !release.chart.admits.contains(&definition)
            }),
        }
    }

    fn is_healthy(&self, state: &State, index: usize) -> bool {
        let waits = index.checked_sub(1).map_or(self.cluster.root_waits, |at| self.cluster.kustomizations[at].wait);
        if waits {
            return self.children_are_healthy(state, index);
        }
        let Some(node) = index.checked_sub(1).map(|at| &self.cluster.kustomizations[at]) else { return true };
        node.checks.iter().all(|check| match check {
            Check::Kustomization(other) => state.kustomizations[other + 1] == Phase::Ready,
            Check::Release(other) => self.release_is_healthy(state, *other),
        })
    }

    fn children_are_healthy(&self, state: &State, index: usize) -> bool {
        let of = |parent: Option<usize>| parent.map_or(0, |parent| parent + 1) == index;
        let mut kustomizations = self.cluster.kustomizations.iter().enumerate().filter(|(_, node)| of(node.parent));
        let mut releases = self.cluster.releases.iter().enumerate().filter(|(_, r)| r.owner + 1 == index);
        kustomizations.all(|(child, _)| state.kustomizations[child + 1] == Phase::Ready)
            && releases.all(|(child, _)| self.release_is_healthy(state, child))
    }

    /// A fresh HelmRelease that is suspended has no conditions, and counts as healthy once it is there.
    fn release_is_healthy(&self, state: &State, index: usize) -> bool {
        match self.cluster.releases[index].suspend {
            true => state.releases[index] != Phase::Absent,
            false => state.releases[index] == Phase::Ready,
        }
    }

    fn release(&mut self, state: &State, index: usize) -> Option<State> {
        let release = &self.cluster.releases[index];
        let mut next = *state;
        match state.releases[index] {
            Phase::Absent | Phase::Ready | Phase::Stalled => return None,
            _ if release.suspend => return None,
            Phase::Idle if is_refused(&release.depends_on) => next.releases[index] = Phase::Stalled,
            Phase::Idle => {
                if !release.depends_on.iter().all(|d| passes(state.releases.get(d.on), d, false)) {
                    return None;
                }
                self.seen.started.insert(Actor::Release(index));
                release.chart.folder.iter().for_each(|definition| next.definitions |= bit(*definition));
                next.releases[index] = Phase::Staged;
            }
            Phase::Staged => return Some(self.install(state, index)),
            Phase::Failed => return Some(self.uninstall(next, index)),
            Phase::Applied => {
                let serves = release.chart.admits.is_empty() || state.serving & bit(index) != 0;
                if !release.disable_wait && !serves {
                    return None;
                }
                next.releases[index] = Phase::Ready;
            }
        }
        Some(next)
    }

    /// The templates are mapped to their kinds; then the release is stored, and its objects are made.
    fn install(&mut self, state: &State, index: usize) -> State {
        let release = &self.cluster.releases[index];
        let (actor, mut next) = (Actor::Release(index), *state);
        let kinds: Vec<Need> = release.chart.customs.iter().map(|kind| Need::Definition(*kind)).collect();
        if !self.are_met(state, actor, &kinds) {
            next.releases[index] = Phase::Idle;
            return next;
        }
        let space = release.target.or(release.space);
        if let Some(target) = release.target.filter(|_| release.create_namespace) {
            next.namespaces |= bit(target.0);
        }
        release.chart.spaces.iter().for_each(|space| next.namespaces |= bit(space.0));
        release.chart.templates.iter().for_each(|definition| next.definitions |= bit(*definition));
        let mut needs: Vec<Need> = space.map(|space| Need::Namespace(space.0)).into_iter().collect();
        let is_there = self.are_met(&next, actor, &needs);
        needs.clear();
        needs.extend(release.chart.customs.iter().map(|kind| Need::Webhook(*kind)));
        // Helm makes webhooks before what it knows no order for: a chart's own custom resources meet its own webhook.
        if !release.chart.admits.is_empty() {
            next.configured |= bit(index);
            next.pods |= if is_there { bit(index) } else { 0 };
        }
        let admitted = self.are_met(&next, actor, &needs);
        next.releases[index] = Phase::Applied;
        if is_there && admitted {
            self.seen.passed.insert(actor);
            return next;
        }
        self.remediate(next, index, space)
    }

    fn remediate(&mut self, mut next: State, index: usize, space: Option<Space>) -> State {
        let release = &self.cluster.releases[index];
        next.releases[index] = Phase::Idle;
        match release.retries {
            Retries::OnFailure => return next,
            Retries::Endless => {}
            Retries::Never | Retries::Few(_) if next.left[index] == 0 => {
                next.releases[index] = Phase::Stalled;
                let space = space.map(|space| Need::Namespace(space.0)).filter(|need| !self.is_met(&next, *need));
                let hooks = release.chart.customs.iter().map(|kind| Need::Webhook(*kind));
                let unmet: Vec<Need> = hooks.filter(|need| !self.is_met(&next, *need)).chain(space).collect();
                self.seen.stalled.extend(unmet.into_iter().map(|need| (Actor::Release(index), need)));
                return next;
            }
            Retries::Never | Retries::Few(_) => next.left[index] -= 1,
        }
        next.releases[index] = Phase::Failed;
        next
    }

    /// What the templates of a release made is gone, `crds/` and its namespace stay.
    fn uninstall(&self, mut next: State, index: usize) -> State {
        let release = &self.cluster.releases[index];
        next.releases[index] = Phase::Idle;
        release.chart.templates.iter().for_each(|definition| next.definitions &= !bit(*definition));
        release.chart.spaces.iter().for_each(|space| next.namespaces &= !bit(space.0));
        for set in [&mut next.configured, &mut next.pods, &mut next.serving] {
            *set &= !bit(index);
        }
        next
    }

    /// Who is Ready in every fair schedule: from wherever the cluster is, it can still become so.
    fn settle(&mut self, states: &[State], before: &[Vec<usize>]) {
        for actor in self.actors().collect::<Vec<_>>() {
            let phase = |state: &State| match actor {
                Actor::Kustomization(index) => state.kustomizations[index],
                Actor::Release(index) => state.releases[index],
            };
            let ready: Vec<usize> = (0..states.len()).filter(|at| phase(&states[*at]) == Phase::Ready).collect();
            if !ready.is_empty() {
                self.seen.ready.insert(actor);
            }
            if reaching(ready, before) == states.len() {
                self.seen.always_ready.insert(actor);
            }
            if states.iter().any(|state| phase(state) == Phase::Stalled) {
                self.seen.given_up.insert(actor);
            }
        }
    }
}

fn bit(index: usize) -> u8 {
    1 << index
}

fn wake(phase: &mut Phase) {
    if *phase == Phase::Absent {
        *phase = Phase::Idle;
    }
}

/// A webhook begins to serve some time after its pods are made.
fn serve(state: &State, index: usize) -> Option<State> {
    let due = state.pods & bit(index) != 0 && state.serving & bit(index) == 0;
    due.then(|| State { serving: state.serving | bit(index), ..*state })
}

/// An expression that cannot be read stalls the dependent.
fn is_refused(depends_on: &[Dependency]) -> bool {
    depends_on.iter().any(|dependency| dependency.expression == Expression::Broken)
}

fn passes(phase: Option<&Phase>, dependency: &Dependency, of_kustomization: bool) -> bool {
    let ready = phase == Some(&Phase::Ready);
    match dependency.expression {
        Expression::Absent | Expression::Ready => ready,
        // A HelmRelease has no such field.
        Expression::Once => ready && of_kustomization,
        Expression::Always => phase.is_some_and(|phase| *phase != Phase::Absent),
        Expression::Never | Expression::Broken => false,
    }
}

/// How many states have a way to one of these.
fn reaching(goals: Vec<usize>, before: &[Vec<usize>]) -> usize {
    let mut reached = vec![false; before.len()];
    let mut open = goals;
    open.iter().for_each(|at| reached[*at] = true);
    let mut count = open.len();
    while let Some(at) = open.pop() {
        for previous in before[at].iter().filter(|previous| !std::mem::replace(&mut reached[**previous], true)) {
            count += 1;
            open.push(*previous);
        }
    }
    count
}
