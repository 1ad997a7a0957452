//! The verdict of each requirement: a chain of guarantees, a schedule that fails, or a named assumption.

mod expression;
mod flux;
mod needs;
mod outside;
mod set;
mod webhook;

use crate::expand::Expansion;
use crate::facts::kubernetes;
use crate::graph::{DeliveryGraph, Event};
use crate::installed::Installed;
use crate::model::{Assumption, Before, Broken, BrokenKind, Need, ObjectRef, Owner, Provider, Retries, Step, Verdict};
use crate::provide::{Index, Provided, What};
use crate::require::Wanted;
use crate::trace::Failure;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

/// What the judge looks at.
pub(crate) struct Judge<'a> {
    pub(crate) expansion: &'a Expansion<'a>,
    pub(crate) provided: &'a [Provided],
    pub(crate) graph: &'a DeliveryGraph,
    /// Charts that a helmfile of the repository installs before Flux does.
    pub(crate) before: &'a Installed,
    index: Index,
    open: OnceCell<Option<String>>,
    loose: OnceCell<Vec<(Owner, String)>>,
    paths: RefCell<Chains>,
}

/// The chains that were looked for already: many resources of one Kustomization ask for the same.
type Chains = BTreeMap<(Event, Event), Option<Vec<Step>>>;

/// A verdict and who brings what is needed.
pub(crate) type Judged = (Verdict, Option<Provider>);

fn assumed(what: impl Into<String>, why: impl Into<String>) -> Judged {
    (Verdict::Assumed(Assumption { what: what.into(), why: why.into() }), None)
}

fn step(event: impl Into<String>, because: &'static str) -> Step {
    Step { event: event.into(), because, span: None }
}

impl<'a> Judge<'a> {
    /// A judge over one cluster.
    pub(crate) fn new(
        expansion: &'a Expansion<'a>,
        provided: &'a [Provided],
        graph: &'a DeliveryGraph,
        before: &'a Installed,
    ) -> Self {
        let index = Index::of(provided, expansion);
        let (open, loose, paths) = (OnceCell::new(), OnceCell::new(), RefCell::default());
        Self { expansion, provided, graph, before, index, open, loose, paths }
    }

    /// The verdict of one requirement; none where the cluster asks nothing (a kind without a webhook).
    pub(crate) fn judge(&self, wanted: &Wanted) -> Option<Judged> {
        if let Some(asleep) = self.asleep(wanted.owner) {
            return Some(assumed(self.fact(wanted), format!("{asleep} is suspended")));
        }
        if self.is_preinstalled(&wanted.need) {
            let there = Verdict::Proven(vec![step(self.fact(wanted), "preinstalled")]);
            return Some((there, Some(Provider::Bootstrap)));
        }
        if let Some(judged) = self.by_set(wanted) {
            return Some(judged);
        }
        Some(match &wanted.need {
            Need::Source(source) => self.source(wanted, source),
            Need::Path(path) => self.path(wanted, path),
            Need::Dependency(target) => self.dependency(wanted, target),
            Need::Namespace(name) => self.namespace(wanted, name),
            Need::Definition { group, kind, .. } => self.definition(wanted, group, kind),
            Need::Webhook(_) => return self.webhook(wanted),
            Need::Conversion { group, kind, version } => return self.conversion(wanted, group, kind, version),
            Need::Object(object) => self.object(wanted, object),
            Need::Outside(fact) => assumed(fact.clone(), "it is outside this repository"),
            Need::Valid(fault) if fault.likely => self.unmet(wanted, BrokenKind::Unsatisfiable, true),
            Need::Valid(_) => self.unsatisfiable(wanted),
            Need::Worker(_) | Need::Time { .. } => self.unmet(wanted, BrokenKind::SelfHealingRace, true),
            Need::Lockstep(target) => self.lockstep(wanted, target),
        })
    }

    /// What a need asks for, as a fact; with the cluster where that is another one than Flux's own.
    fn fact(&self, wanted: &Wanted) -> String {
        let fact = self.plain_fact(wanted);
        match wanted.universe {
            0 => fact,
            universe => format!("{fact} in {}", self.expansion.universes[universe]),
        }
    }

    fn plain_fact(&self, wanted: &Wanted) -> String {
        match &wanted.need {
            Need::Source(object) | Need::Object(object) => format!("{object} exists"),
            Need::Dependency(object) | Need::Lockstep(object) => format!("{object} is Ready"),
            Need::Path(path) => format!("path {path} exists"),
            Need::Namespace(name) => format!("Namespace {name} exists"),
            Need::Definition { group, kind, .. } => format!("the CRD of {kind} ({group}) is established"),
            Need::Webhook(_) => format!("the webhook for {} serves", wanted.object.kind),
            Need::Conversion { kind, version, .. } => format!("{kind} is converted from {version}"),
            Need::Outside(fact) => fact.clone(),
            Need::Valid(fault) => fault.what.clone(),
            Need::Worker(_) => format!("a worker is free for {}", wanted.object),
            Need::Time { of, .. } => format!("{of} is Ready in time"),
        }
    }

    /// The Flux object that is suspended and holds this one up: itself, or one that applies it.
    pub(crate) fn asleep(&self, owner: Owner) -> Option<&ObjectRef> {
        let mut next = match owner {
            Owner::Release(index) if self.expansion.releases[index].suspend => {
                return Some(&self.expansion.releases[index].object);
            }
            Owner::Release(index) => Some(self.expansion.releases[index].owner),
            Owner::Kustomization(index) => Some(index),
        };
        let mut left = self.expansion.kustomizations.len();
        while let Some(node) = next.map(|index| &self.expansion.kustomizations[index]).filter(|_| left > 0) {
            if node.suspend {
                return Some(&node.object);
            }
            (next, left) = (node.parent, left - 1);
        }
        None
    }

    fn name_of(&self, owner: Owner) -> &ObjectRef {
        match owner {
            Owner::Kustomization(index) => &self.expansion.kustomizations[index].object,
            Owner::Release(index) => &self.expansion.releases[index].object,
        }
    }

    /// What an event is called in a proof.
    pub(crate) fn describe(&self, event: Event) -> String {
        let kustomization = |index: usize| &self.expansion.kustomizations[index].object;
        match event {
            Event::Artifact(index) => format!("{} has an artifact", self.expansion.sources[index].object),
            Event::Exists(owner) => format!("{} is applied", self.name_of(owner)),
            Event::Starts(Owner::Release(index)) => format!("{} is installed", self.name_of(Owner::Release(index))),
            Event::Starts(owner) => format!("{} starts", self.name_of(owner)),
            Event::Definitions(index) => format!("{} has its definitions established", kustomization(index)),
            Event::DryRun(index) => format!("{} makes its dry run", kustomization(index)),
            Event::Settled(index) => format!("{} has applied its ConfigMaps and Secrets", kustomization(index)),
            Event::Applied(index) => format!("{} has applied everything", kustomization(index)),
            Event::Maps(index) => format!("{} maps its templates", self.name_of(Owner::Release(index))),
            Event::Ready(owner) => format!("{} is Ready", self.name_of(owner)),
            Event::Brings(index) => self.provided[index].what.event(),
        }
    }

    fn chain(&self, from: Event, to: Event) -> Option<Vec<Step>> {
        let mut paths = self.paths.borrow_mut();
        paths.entry((from, to)).or_insert_with(|| self.graph.path(from, to, &|event| self.describe(event))).clone()
    }

    /// The event before which a need must be met.
    fn deadline(&self, wanted: &Wanted) -> Event {
        match (wanted.owner, wanted.before) {
            (Owner::Kustomization(index), Before::Apply | Before::Retried) => Event::DryRun(index),
            (owner, Before::Ready) => Event::Ready(owner),
            (Owner::Release(index), Before::Apply | Before::Retried) => Event::Maps(index),
            (owner, _) => Event::Starts(owner),
        }
    }

    fn namespace(&self, wanted: &Wanted, name: &str) -> Judged {
        if self.is_always_there(wanted.universe, name) {
            return (
                Verdict::Proven(vec![step(format!("Namespace {name} is active"), "bootstrap")]),
                Some(Provider::Bootstrap),
            );
        }
        let judged = self.ordered(wanted, self.index.namespaces(wanted.universe, name), || self.fact(wanted));
        match (&judged.0, self.before.namespaces.contains(name)) {
            (Verdict::Broken(_), true) => {
                assumed(self.fact(wanted), "a script of this repository creates it before Flux")
            }
            _ => judged,
        }
    }

    /// Whether a namespace is there before Flux is. Flux's own is only in the cluster where it runs.
    fn is_always_there(&self, universe: usize, name: &str) -> bool {
        let bootstrap = self.expansion.kustomizations[0].object.namespace.as_deref().filter(|_| universe == 0);
        kubernetes::is_builtin_namespace(name) || Some(name) == bootstrap
    }

    /// Whether the owner of the repository says that it is in the cluster before Flux is.
    fn is_preinstalled(&self, need: &Need) -> bool {
        let there = &self.expansion.world.preinstalled;
        match need {
            Need::Object(object) if object.kind == "Namespace" => there.has_namespace(&object.name),
            Need::Object(object) if object.kind == "CustomResourceDefinition" => {
                object.name.split_once('.').is_some_and(|(_, group)| there.crds.iter().any(|known| known == group))
            }
            Need::Namespace(name) => there.has_namespace(name),
            Need::Definition { group, kind, .. } => there.has_crd(group, kind),
            Need::Object(object) => {
                there.has_object(&object.kind, object.namespace.as_deref().unwrap_or_default(), &object.name)
            }
            _ => false,
        }
    }

    fn definition(&self, wanted: &Wanted, group: &str, kind: &str) -> Judged {
        self.ordered(wanted, &self.definitions(wanted.universe, group, kind), || self.fact(wanted))
    }

    fn definitions(&self, universe: usize, group: &str, kind: &str) -> Vec<usize> {
        let of_kind = |what: &What| match what {
            What::Definition { kind: Some(brought), .. } => brought == kind,
            _ => true,
        };
        self.those(self.index.definitions(universe, group), of_kind)
    }

    fn those(&self, candidates: &[usize], are: impl Fn(&What) -> bool) -> Vec<usize> {
        candidates.iter().copied().filter(|index| are(&self.provided[*index].what)).collect()
    }

    /// An object that is named: what reads it fails without it, or its controller looks again until it is there.
    fn object(&self, wanted: &Wanted, object: &ObjectRef) -> Judged {
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let found = self.index.object(wanted.universe, &object.kind, namespace, &object.name);
        if matches!(wanted.before, Before::Start | Before::Apply) {
            let judged = self.ordered(wanted, found, || self.fact(wanted));
            return self.unless_before(wanted, object, found, judged);
        }
        let Some(index) = found.first().copied() else {
            return assumed(self.fact(wanted), "nothing in this repository brings it");
        };
        if wanted.object == *self.name_of(wanted.owner) && wanted.before == Before::Ready {
            return self.checked(wanted, index);
        }
        if self.locks_its_source(wanted, index) {
            return self.locked(wanted, index);
        }
        let (from, to) = (Event::Brings(index), self.deadline(wanted));
        let again =
            if is_source(&wanted.object) { "source-controller tries again" } else { "External Secrets tries again" };
        let retried = || vec![step(self.describe(from), ""), step(format!("{} is valid", wanted.object), again)];
        (Verdict::Proven(self.chain(from, to).unwrap_or_else(retried)), Some(self.provided[index].by))
    }

    /// What a health check names: the check goes on until it is there and ready.
    fn checked(&self, wanted: &Wanted, index: usize) -> Judged {
        let (brings, ready) = (Event::Brings(index), Event::Ready(wanted.owner));
        if let Some(why) = &self.provided[index].maybe {
            return assumed(self.fact(wanted), why.clone());
        }
        let cycle = self.graph.cycle(brings);
        if cycle.is_some() && cycle == self.graph.cycle(ready) {
            return self.locked(wanted, index);
        }
        let steps = vec![step(self.describe(brings), ""), step(self.describe(ready), "healthChecks")];
        (Verdict::Proven(steps), Some(self.provided[index].by))
    }

    /// Whether the credentials of a source come out of what that source delivers.
    fn locks_its_source(&self, wanted: &Wanted, index: usize) -> bool {
        let source = Some(&wanted.object).filter(|object| is_source(object));
        let artifact = source
            .and_then(|object| self.expansion.find_source(self.expansion.home(wanted.owner), object))
            .map(Event::Artifact);
        artifact.is_some_and(|artifact| self.graph.precedes(artifact, Event::Brings(index)))
    }

    /// The verdict of a need that some of the provided things meet: any one in time is enough.
    fn ordered(&self, wanted: &Wanted, candidates: &[usize], fact: impl Fn() -> String) -> Judged {
        let to = self.deadline(wanted);
        let awake: Vec<usize> = candidates.iter().copied().filter(|index| !self.sleeps(*index)).collect();
        if let (Some(asleep), true) = (candidates.first(), awake.is_empty()) {
            return self.without(wanted, *asleep);
        }
        let candidates = awake.as_slice();
        for index in candidates {
            let thing = &self.provided[*index];
            if thing.is_sure()
                && let Some(steps) = self.chain(Event::Brings(*index), to)
            {
                return (Verdict::Proven(steps), Some(thing.by));
            }
        }
        if let Some(judged) = self.by_needs(wanted, candidates) {
            return judged;
        }
        if let Some(why) = self.why_assumed(wanted, candidates, to) {
            return assumed(fact(), why);
        }
        let locked = |index: &&usize| self.locks(wanted, to, Event::Brings(**index));
        match candidates.iter().find(|index| !locked(index)) {
            Some(index) => match self.unseen(to) {
                Some(why) => assumed(fact(), why),
                None => self.race(wanted, *index),
            },
            None => self.locked(wanted, candidates[0]),
        }
    }

    fn sleeps(&self, index: usize) -> bool {
        match self.provided[index].by {
            Provider::Kustomization(k) => self.asleep(Owner::Kustomization(k)).is_some(),
            Provider::Release(h) => self.asleep(Owner::Release(h)).is_some(),
            Provider::Bootstrap => false,
        }
    }

    /// All that would bring it is suspended.
    fn without(&self, wanted: &Wanted, index: usize) -> Judged {
        let by = self.provided[index].by;
        match self.doubt_of(wanted.owner).or_else(|| self.doubt_of_provider(by)) {
            Some(why) => assumed(self.fact(wanted), why),
            None => (self.broken(wanted, BrokenKind::Unsatisfiable, Some(index)), Some(by)),
        }
    }

    fn why_assumed(&self, wanted: &Wanted, candidates: &[usize], to: Event) -> Option<String> {
        if candidates.is_empty() {
            return Some("nothing in this repository brings it".to_owned());
        }
        let maybe = candidates.iter().find_map(|index| self.provided[*index].maybe.clone());
        // What comes only after what needs it is too late, whether or not a doubtful guarantee says the reverse.
        let open = candidates.iter().filter(|index| !self.locks(wanted, to, Event::Brings(**index)));
        let doubted = { open }.find_map(|index| self.graph.doubt(Event::Brings(*index), to));
        let by = candidates.iter().find_map(|index| self.doubt_of_provider(self.provided[*index].by));
        maybe.or(doubted).or(by).or_else(|| self.doubt_of(wanted.owner)).or_else(|| self.before_flux(candidates))
    }

    fn doubt_of_provider(&self, provider: Provider) -> Option<String> {
        match provider {
            Provider::Kustomization(index) => self.doubt_of(Owner::Kustomization(index)),
            Provider::Release(index) => {
                let release = &self.expansion.releases[index];
                self.doubt_of(Owner::Release(index)).or_else(|| self.doubt_of(Owner::Kustomization(release.owner)))
            }
            Provider::Bootstrap => None,
        }
    }

    /// Why the fields of a Flux object may be others than the file says.
    fn doubt_of(&self, owner: Owner) -> Option<String> {
        match owner {
            Owner::Kustomization(index) => self.expansion.kustomizations[index].doubt.clone(),
            Owner::Release(index) => self.expansion.releases[index].doubt.clone(),
        }
    }

    fn unsatisfiable(&self, wanted: &Wanted) -> Judged {
        (self.broken(wanted, BrokenKind::Unsatisfiable, None), None)
    }

    fn locked(&self, wanted: &Wanted, index: usize) -> Judged {
        (self.broken(wanted, BrokenKind::Deadlock, Some(index)), Some(self.provided[index].by))
    }

    fn race(&self, wanted: &Wanted, index: usize) -> Judged {
        let kind = match wanted.owner {
            Owner::Release(h) if is_stored(&wanted.need) && !self.goes_on(h) => BrokenKind::StickyRace,
            _ => BrokenKind::SelfHealingRace,
        };
        (self.broken(wanted, kind, Some(index)), Some(self.provided[index].by))
    }

    fn goes_on(&self, release: usize) -> bool {
        matches!(self.expansion.releases[release].retries, Retries::Always(_))
    }

    fn unmet(&self, wanted: &Wanted, kind: BrokenKind, likely: bool) -> Judged {
        let mut verdict = self.broken(wanted, kind, None);
        if let Verdict::Broken(broken) = &mut verdict {
            broken.likely = likely;
        }
        (verdict, None)
    }

    /// Seconds until a lost race is run again.
    fn delay(&self, wanted: &Wanted, kind: BrokenKind) -> Option<u64> {
        match (kind, wanted.owner, &wanted.need) {
            (BrokenKind::SelfHealingRace, Owner::Kustomization(k), Need::Worker(_)) => {
                self.expansion.kustomizations[k].timeout_seconds
            }
            (BrokenKind::SelfHealingRace, Owner::Kustomization(k), _) => self.expansion.kustomizations[k].retry_seconds,
            (BrokenKind::SelfHealingRace, Owner::Release(h), _) => match self.expansion.releases[h].retries {
                Retries::Always(seconds) => Some(seconds),
                _ => None,
            },
            _ => None,
        }
    }

    fn broken(&self, wanted: &Wanted, kind: BrokenKind, index: Option<usize>) -> Verdict {
        let provider = index.map(|i| self.provided[i].by);
        let not_awaited = provider.and_then(|by| self.not_awaited(by, self.deadline(wanted)));
        let failure = Failure { judge: self, wanted, kind, provided: index, not_awaited };
        Verdict::Broken(Broken {
            kind,
            likely: index.is_some_and(|i| self.provided[i].likely) || kind == BrokenKind::UpgradeRace,
            not_awaited,
            trace: failure.trace(),
            delay_seconds: self.delay(wanted, kind),
        })
    }

    /// The nearest Kustomization above the provider whose Ready leads to the deadline: it is depended on, but waits for
    /// nothing that the provider brings.
    fn not_awaited(&self, provider: Provider, to: Event) -> Option<usize> {
        let mut node = match provider {
            Provider::Release(index) => Some(self.expansion.releases[index].owner),
            Provider::Kustomization(index) => self.expansion.kustomizations[index].parent,
            Provider::Bootstrap => None,
        };
        let mut left = self.expansion.kustomizations.len();
        while let Some(index) = node.filter(|_| left > 0) {
            if self.graph.precedes(Event::Ready(Owner::Kustomization(index)), to) {
                return Some(index);
            }
            node = self.expansion.kustomizations[index].parent;
            left -= 1;
        }
        None
    }
}

/// Whether a failure for want of this leaves a release behind: then remediation decides. A missing kind, value or chart
/// fails before (helm-controller: "unable to build kubernetes objects from release manifest").
fn is_stored(need: &Need) -> bool {
    matches!(need, Need::Namespace(_) | Need::Webhook(_))
}

fn provider_of(owner: Owner) -> Provider {
    match owner {
        Owner::Kustomization(index) => Provider::Kustomization(index),
        Owner::Release(index) => Provider::Release(index),
    }
}

fn is_source(object: &ObjectRef) -> bool {
    object.group() == "source.toolkit.fluxcd.io"
}

/// The controller that works on an owner, for texts.
pub(crate) fn controller(owner: Owner) -> &'static str {
    match owner {
        Owner::Kustomization(_) => "kustomize-controller",
        Owner::Release(_) => "helm-controller",
    }
}
