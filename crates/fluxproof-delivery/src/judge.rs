//! The verdict of each requirement: a chain of guarantees, a schedule that fails, or a named assumption.

use crate::expand::Expansion;
use crate::facts::kubernetes;
use crate::graph::{DeliveryGraph, Event};
use crate::model::{Assumption, Broken, BrokenKind, Content, Need, ObjectRef, Owner, Provider, Step, Verdict};
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
    pub(crate) installed_before: &'a [String],
    index: Index,
    open: OnceCell<Option<String>>,
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
        installed_before: &'a [String],
    ) -> Self {
        let index = Index::of(provided);
        let (open, paths) = (OnceCell::new(), RefCell::default());
        Self { expansion, provided, graph, installed_before, index, open, paths }
    }

    /// The verdict of one requirement; none where the cluster asks nothing (a kind without a webhook).
    pub(crate) fn judge(&self, wanted: &Wanted) -> Option<Judged> {
        Some(match &wanted.need {
            Need::Source(source) => self.source(wanted, source),
            Need::Path(path) => self.path(wanted, path),
            Need::Dependency(target) => self.dependency(wanted, target),
            Need::Namespace(name) => self.namespace(wanted, name),
            Need::Definition { group, kind, .. } => self.definition(wanted, group, kind),
            Need::Webhook(_) => return self.webhook(wanted),
            Need::Object(object) => self.object(wanted, object),
            Need::Outside(fact) => assumed(fact.clone(), "it is outside this repository"),
        })
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

    /// The event before which a need must be met: the dry run of a Kustomization, the templates of a HelmRelease.
    fn deadline(owner: Owner) -> Event {
        match owner {
            Owner::Kustomization(index) => Event::DryRun(index),
            Owner::Release(index) => Event::Maps(index),
        }
    }

    fn source(&self, wanted: &Wanted, source: &ObjectRef) -> Judged {
        if let Some(index) = self.expansion.find_source(source) {
            let waits = step(format!("{} starts", wanted.object), "sourceRef");
            return (Verdict::Proven(vec![step(self.describe(Event::Artifact(index)), ""), waits]), None);
        }
        let doubt = self.doubt_of(wanted.owner);
        if source.kind == "ExternalArtifact" {
            return assumed(format!("{source} exists"), "the cluster makes it from other sources");
        }
        if source.name.contains("${") {
            return assumed(format!("{source} exists"), "its name holds a variable");
        }
        match doubt.or_else(|| self.open()) {
            Some(why) => assumed(format!("{source} exists"), why),
            None => self.unsatisfiable(wanted),
        }
    }

    fn path(&self, wanted: &Wanted, path: &str) -> Judged {
        let Owner::Kustomization(index) = wanted.owner else { return assumed(path, "") };
        let node = &self.expansion.kustomizations[index];
        match &node.content {
            Content::Here(folder) => {
                (Verdict::Proven(vec![step(format!("folder {folder} is in the source"), "")]), None)
            }
            Content::Missing(..) if node.doubt.is_some() => {
                assumed(format!("path {path} exists"), node.doubt.clone().unwrap_or_default())
            }
            Content::Missing(..) => self.unsatisfiable(wanted),
            Content::ExternalSecretsCrds { tag, path } => {
                (Verdict::Proven(vec![step(format!("External Secrets {tag} has its CRDs in {path}"), "")]), None)
            }
            Content::Outside(why) => assumed(format!("{} finds {path} in its source", wanted.object), why.clone()),
        }
    }

    fn dependency(&self, wanted: &Wanted, target: &ObjectRef) -> Judged {
        let (found, owner): (Option<usize>, fn(usize) -> Owner) = match wanted.owner {
            Owner::Kustomization(_) => (self.expansion.find_kustomization(target), Owner::Kustomization),
            Owner::Release(_) => (self.expansion.find_release(target), Owner::Release),
        };
        let Some(found) = found else { return self.unknown_dependency(wanted, target) };
        let (ready, starts) = (Event::Ready(owner(found)), Event::Starts(wanted.owner));
        let cycle = self.graph.cycle(ready);
        if cycle.is_some() && cycle == self.graph.cycle(starts) {
            return (self.broken(wanted, BrokenKind::Deadlock, None), None);
        }
        let steps = vec![step(self.describe(ready), ""), step(self.describe(starts), "dependsOn")];
        (Verdict::Proven(steps), None)
    }

    fn unknown_dependency(&self, wanted: &Wanted, target: &ObjectRef) -> Judged {
        if target.name.contains("${") {
            return assumed(format!("{target} exists"), "its name holds a variable");
        }
        match self.doubt_of(wanted.owner).or_else(|| self.open()) {
            Some(why) => assumed(format!("{target} exists"), why),
            None => self.unsatisfiable(wanted),
        }
    }

    fn namespace(&self, wanted: &Wanted, name: &str) -> Judged {
        let bootstrap = self.expansion.kustomizations[0].object.namespace.as_deref();
        if kubernetes::is_builtin_namespace(name) || Some(name) == bootstrap {
            return (
                Verdict::Proven(vec![step(format!("Namespace {name} is active"), "bootstrap")]),
                Some(Provider::Bootstrap),
            );
        }
        self.ordered(wanted, self.index.namespaces(name), || format!("Namespace {name} exists"))
    }

    fn definition(&self, wanted: &Wanted, group: &str, kind: &str) -> Judged {
        let of_kind = |what: &What| match what {
            What::Definition { kind: Some(brought), .. } => brought == kind,
            _ => true,
        };
        let brings = self.those(self.index.definitions(group), of_kind);
        self.ordered(wanted, &brings, || format!("the CRD of {kind} ({group}) is established"))
    }

    fn webhook(&self, wanted: &Wanted) -> Option<Judged> {
        let admits = |what: &What| what.admits(&wanted.object.kind);
        let serves = self.those(&self.index.webhooks(wanted.object.group()), admits);
        let fact = || format!("the webhook for {} serves", wanted.object.kind);
        (!serves.is_empty()).then(|| self.ordered(wanted, &serves, fact))
    }

    fn those(&self, candidates: &[usize], are: impl Fn(&What) -> bool) -> Vec<usize> {
        candidates.iter().copied().filter(|index| are(&self.provided[*index].what)).collect()
    }

    /// An object that a store names: External Secrets looks again until it is there.
    fn object(&self, wanted: &Wanted, object: &ObjectRef) -> Judged {
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let Some(index) = self.index.object(&object.kind, namespace, &object.name) else {
            return assumed(format!("{object} exists"), "nothing in this repository brings it");
        };
        let (from, to) = (Event::Brings(index), Self::deadline(wanted.owner));
        let retried = || {
            vec![
                step(self.describe(from), ""),
                step(format!("{} is valid", wanted.object), "External Secrets tries again"),
            ]
        };
        (Verdict::Proven(self.chain(from, to).unwrap_or_else(retried)), Some(self.provided[index].by))
    }

    /// The verdict of a need that some of the provided things meet: any one in time is enough.
    fn ordered(&self, wanted: &Wanted, candidates: &[usize], fact: impl Fn() -> String) -> Judged {
        let to = Self::deadline(wanted.owner);
        for index in candidates {
            let thing = &self.provided[*index];
            if thing.maybe.is_none()
                && let Some(steps) = self.chain(Event::Brings(*index), to)
            {
                return (Verdict::Proven(steps), Some(thing.by));
            }
        }
        if let Some(why) = self.why_assumed(wanted, candidates, to) {
            return assumed(fact(), why);
        }
        let locked = |index: &&usize| self.graph.precedes(to, Event::Brings(**index));
        match candidates.iter().find(|index| !locked(index)) {
            Some(index) => self.race(wanted, *index),
            None => self.locked(wanted, candidates[0]),
        }
    }

    fn why_assumed(&self, wanted: &Wanted, candidates: &[usize], to: Event) -> Option<String> {
        if candidates.is_empty() {
            return Some("nothing in this repository brings it".to_owned());
        }
        let maybe = candidates.iter().find_map(|index| self.provided[*index].maybe.clone());
        let doubted = candidates.iter().find_map(|index| self.graph.doubt(Event::Brings(*index), to));
        let by = candidates.iter().find_map(|index| self.doubt_of_provider(self.provided[*index].by));
        maybe.or(doubted).or(by).or_else(|| self.doubt_of(wanted.owner)).or_else(|| self.before_flux(candidates))
    }

    fn before_flux(&self, candidates: &[usize]) -> Option<String> {
        let named = |release: &&crate::ReleaseNode| {
            self.installed_before
                .iter()
                .any(|name| *name == release.object.name || Some(name) == release.chart.as_ref())
        };
        let release = |index: &usize| match self.provided[*index].by {
            Provider::Release(h) => Some(&self.expansion.releases[h]),
            _ => None,
        };
        let found = candidates.iter().filter_map(release).find(named)?;
        Some(format!("a helmfile in this repository installs {} before Flux", found.object.name))
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
        let (doubt, suspend) = match owner {
            Owner::Kustomization(i) => {
                (&self.expansion.kustomizations[i].doubt, self.expansion.kustomizations[i].suspend)
            }
            Owner::Release(i) => (&self.expansion.releases[i].doubt, self.expansion.releases[i].suspend),
        };
        doubt.clone().or_else(|| suspend.then(|| format!("{} is suspended", self.name_of(owner))))
    }

    /// Why the cluster may hold more Flux objects than this repository shows.
    fn open(&self) -> Option<String> {
        self.open.get_or_init(|| self.first_open()).clone()
    }

    fn first_open(&self) -> Option<String> {
        let node = |k: &crate::KustomizationNode| {
            k.open.clone().or_else(|| match &k.content {
                Content::Outside(why) => Some(format!("{} may bring it: {why}", k.object)),
                _ => None,
            })
        };
        self.expansion.kustomizations.iter().find_map(node)
    }

    fn unsatisfiable(&self, wanted: &Wanted) -> Judged {
        (self.broken(wanted, BrokenKind::Unsatisfiable, None), None)
    }

    fn locked(&self, wanted: &Wanted, index: usize) -> Judged {
        (self.broken(wanted, BrokenKind::Deadlock, Some(index)), Some(self.provided[index].by))
    }

    fn race(&self, wanted: &Wanted, index: usize) -> Judged {
        let kind = match wanted.owner {
            Owner::Kustomization(_) => BrokenKind::SelfHealingRace,
            // Nothing is stored before every kind is known: helm-controller tries again, however few its retries are.
            Owner::Release(_) if matches!(wanted.need, Need::Definition { .. }) => BrokenKind::SelfHealingRace,
            Owner::Release(h) if self.retries(h) => BrokenKind::SelfHealingRace,
            Owner::Release(_) => BrokenKind::StickyRace,
        };
        (self.broken(wanted, kind, Some(index)), Some(self.provided[index].by))
    }

    /// Whether a failed install is tried again: `RetryOnFailure` in both, or remediation without end.
    fn retries(&self, index: usize) -> bool {
        let spec = &self.expansion.releases[index].resource.value;
        let strategy = |of| spec.str_at(&["spec", of, "strategy", "name"]) == Some("RetryOnFailure");
        (strategy("install") && strategy("upgrade"))
            || spec.at(&["spec", "install", "remediation", "retries"]).is_some()
    }

    fn broken(&self, wanted: &Wanted, kind: BrokenKind, index: Option<usize>) -> Verdict {
        let provider = index.map(|i| self.provided[i].by);
        let not_awaited = provider.and_then(|by| self.not_awaited(by, Self::deadline(wanted.owner)));
        let failure = Failure { judge: self, wanted, kind, provided: index, not_awaited };
        let delay = match (kind, wanted.owner) {
            (BrokenKind::SelfHealingRace, Owner::Kustomization(k)) => self.expansion.kustomizations[k].retry_seconds,
            _ => None,
        };
        Verdict::Broken(Broken {
            kind,
            likely: index.is_some_and(|i| self.provided[i].likely),
            not_awaited,
            trace: failure.trace(),
            delay_seconds: delay,
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

/// The controller that works on an owner, for texts.
pub(crate) fn controller(owner: Owner) -> &'static str {
    match owner {
        Owner::Kustomization(_) => "kustomize-controller",
        Owner::Release(_) => "helm-controller",
    }
}
