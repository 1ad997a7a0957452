//! The schedule that fails, step by step, with the error that the user sees.
//!
//! Error texts are those of pkg/ssa errors/dry_run.go and of the API server, as real controllers printed them.

use crate::judge::{Judge, controller};
use crate::model::{BrokenKind, Need, Owner, Provider, TraceStep};
use crate::provide::What;
use crate::require::Wanted;
use fluxproof_yaml::Span;

/// A requirement that fails.
pub(crate) struct Failure<'a> {
    pub(crate) judge: &'a Judge<'a>,
    pub(crate) wanted: &'a Wanted,
    pub(crate) kind: BrokenKind,
    /// What would have met it.
    pub(crate) provided: Option<usize>,
    /// The Kustomization that is depended on and does not wait.
    pub(crate) not_awaited: Option<usize>,
}

struct Steps(Vec<TraceStep>);

impl Steps {
    fn add(&mut self, actor: &'static str, event: impl Into<String>, span: Option<Span>) {
        self.failing(actor, event, None, span);
    }

    fn failing(&mut self, actor: &'static str, event: impl Into<String>, error: Option<String>, span: Option<Span>) {
        let at = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.push(TraceStep { at, actor, event: event.into(), error, span });
    }
}

impl Failure<'_> {
    /// The schedule.
    pub(crate) fn trace(&self) -> Vec<TraceStep> {
        let mut steps = Steps(Vec::new());
        match (self.kind, self.provided) {
            (BrokenKind::UpgradeRace, Some(index)) => self.self_lock(index, &mut steps),
            (BrokenKind::UpgradeRace, None) => self.ahead(&mut steps),
            (BrokenKind::Unsatisfiable, Some(index)) => self.asleep(index, &mut steps),
            (BrokenKind::SelfHealingRace, None) => self.late(&mut steps),
            (BrokenKind::Deadlock, Some(index)) => self.deadlock(index, &mut steps),
            (_, Some(index)) => self.race(index, &mut steps),
            (BrokenKind::Deadlock, None) => self.cycle(&mut steps),
            (_, None) => self.nothing(&mut steps),
        }
        steps.0
    }

    /// Whether a dependency is there, but suspended.
    fn is_asleep(&self, target: &crate::ObjectRef) -> bool {
        let found =
            crate::awaits::flux_object(self.judge.expansion, self.judge.expansion.home(self.wanted.owner), target);
        found.is_some_and(|owner| self.judge.asleep(owner).is_some())
    }

    fn owner_name(&self) -> String {
        match self.wanted.owner {
            Owner::Kustomization(k) => self.judge.expansion.kustomizations[k].object.to_string(),
            Owner::Release(h) => self.judge.expansion.releases[h].object.to_string(),
        }
    }

    fn owner_span(&self) -> Option<Span> {
        match self.wanted.owner {
            Owner::Kustomization(k) => self.judge.expansion.kustomizations[k].span,
            Owner::Release(h) => Some(self.judge.expansion.releases[h].resource.span),
        }
    }

    fn again(&self) -> String {
        let seconds = match self.wanted.owner {
            Owner::Kustomization(k) => self.judge.expansion.kustomizations[k].retry_seconds,
            Owner::Release(_) => None,
        };
        seconds.map_or("later".to_owned(), |seconds| format!("{} later", duration(seconds)))
    }

    fn race(&self, index: usize, steps: &mut Steps) {
        self.provider_appears(index, steps);
        if let Some(node) = self.not_awaited.map(|k| &self.judge.expansion.kustomizations[k]) {
            let event = format!("{} is Ready: without wait, Ready means applied", node.object);
            steps.add("kustomize-controller", event, node.span);
        }
        let actor = controller(self.wanted.owner);
        let verb = if actor == "helm-controller" { "installs" } else { "starts" };
        steps.add(actor, format!("{verb} {}", self.owner_name()), self.owner_span());
        self.refusal(index, steps);
        self.provider_arrives(index, steps);
        match self.kind {
            BrokenKind::StickyRace => steps.add(actor, "has no retries left: the release stays failed", None),
            _ => steps.add(actor, format!("tries {} again {}", self.owner_name(), self.again()), None),
        }
    }

    /// The object that will bring what is needed is only just there.
    fn provider_appears(&self, index: usize, steps: &mut Steps) {
        match self.judge.provided[index].by {
            Provider::Release(h) => {
                let release = &self.judge.expansion.releases[h];
                steps.add("kustomize-controller", format!("applies {}", release.object), Some(release.resource.span));
            }
            Provider::Kustomization(k) => {
                let node = &self.judge.expansion.kustomizations[k];
                steps.add("kustomize-controller", format!("applies {} itself", node.object), node.span);
            }
            Provider::Bootstrap => {}
        }
    }

    fn provider_arrives(&self, index: usize, steps: &mut Steps) {
        let thing = &self.judge.provided[index];
        let (actor, span) = match thing.by {
            Provider::Release(h) => ("helm-controller", Some(self.judge.expansion.releases[h].resource.span)),
            _ => ("kustomize-controller", thing.span),
        };
        steps.add(actor, format!("{}, too late", thing.what.event()), span);
    }

    fn refusal(&self, index: usize, steps: &mut Steps) {
        let what = &self.judge.provided[index].what;
        let object = &self.wanted.object;
        let (event, error) = match (self.wanted.owner, what) {
            (Owner::Release(_), What::Definition { .. }) => {
                (format!("does not know the kind of {object}"), mapping_error(object))
            }
            (Owner::Release(_), _) => (format!("refuses {object}"), self.error(what)),
            (Owner::Kustomization(_), _) => (format!("refuses the dry run of {object}"), self.error(what)),
        };
        steps.failing("kube-apiserver", event, Some(error), self.wanted.span);
    }

    fn error(&self, what: &What) -> String {
        let object = &self.wanted.object;
        match what {
            What::Webhook { name, service, .. } => webhook_error(object, name, service),
            What::Conversion { service, .. } => conversion_error(object, service),
            What::Namespace(name) => format!("{object} not found: namespaces \"{name}\" not found"),
            What::Object(kind, namespace, name) => self.object_error(kind, namespace, name),
            _ => format!(
                "{object} dry-run failed: no matches for kind \"{}\" in version \"{}\"",
                object.kind, object.api_version
            ),
        }
    }

    /// What reads a Secret, ConfigMap or ServiceAccount before it is there.
    fn object_error(&self, kind: &str, namespace: &str, name: &str) -> String {
        let plural = format!("{}s", kind.to_lowercase());
        match self.wanted.owner {
            Owner::Kustomization(_) => format!("{plural} \"{name}\" not found"),
            Owner::Release(_) => format!(
                "could not resolve {kind} chart values reference '{namespace}/{name}': {plural} \"{name}\" not found"
            ),
        }
    }

    /// The webhook of an operator that the same apply delivers.
    fn self_lock(&self, index: usize, steps: &mut Steps) {
        let (actor, thing) = (controller(self.wanted.owner), &self.judge.provided[index]);
        steps.add(
            actor,
            format!("applies {}: the webhook comes last, all is well", self.owner_name()),
            self.owner_span(),
        );
        steps.add(
            "kube-apiserver",
            format!("later {} is down (a bad image, a lost node)", service(&thing.what)),
            thing.span,
        );
        steps.add(
            actor,
            format!("applies {} again, with the fix, by a dry run of everything", self.owner_name()),
            None,
        );
        self.refusal(index, steps);
        steps.add(actor, "applies nothing of this stage, the fix neither, for ever", None);
    }

    /// A new revision overtakes another source's.
    fn ahead(&self, steps: &mut Steps) {
        let Need::Lockstep(target) = &self.wanted.need else { return };
        let actor = controller(self.wanted.owner);
        steps.add("source-controller", "fetches a commit that raises both versions", None);
        let event = format!("sees {target} Ready, still at the old revision: it is of another source");
        steps.add(actor, event, self.wanted.span);
        steps.add(actor, format!("upgrades what {} brings", self.owner_name()), self.owner_span());
        steps.add(actor, format!("{target} applies its new revision, too late"), None);
    }

    /// All that would bring it is suspended.
    fn asleep(&self, index: usize, steps: &mut Steps) {
        let provider = self.judge.provided[index].by;
        let event = format!("{} is suspended (or what applies it is): it brings nothing", self.provider_name(provider));
        steps.add(controller_of(provider), event, self.provider_span(provider));
        steps.add(controller(self.wanted.owner), format!("starts {}", self.owner_name()), self.owner_span());
        self.refusal(index, steps);
        steps.add(controller(self.wanted.owner), format!("tries again {}, with the same result", self.again()), None);
    }

    /// What waits for longer than it may.
    fn late(&self, steps: &mut Steps) {
        let actor = controller(self.wanted.owner);
        match &self.wanted.need {
            Need::Time { of, waits, takes } => {
                steps.add(
                    actor,
                    format!("{} waits for {of}, {} at most", self.owner_name(), duration(*waits)),
                    self.wanted.span,
                );
                steps.add("helm-controller", format!("installs {of}, which may take {}", duration(*takes)), None);
                let error = format!("timeout waiting for: [{of} status: 'InProgress']");
                steps.failing(actor, "gives up", Some(error), self.wanted.span);
            }
            Need::Worker(count) => {
                let event =
                    format!("{count} Kustomizations wait, each on a worker of its own, for others that need a worker");
                steps.add(actor, event, self.wanted.span);
                let error = "timeout waiting for: [… status: 'InProgress']".to_owned();
                steps.failing(
                    actor,
                    format!("{} gives up after its timeout", self.owner_name()),
                    Some(error),
                    self.wanted.span,
                );
            }
            _ => return,
        }
        steps.add(actor, format!("tries {} again {}", self.owner_name(), self.again()), None);
    }

    fn deadlock(&self, index: usize, steps: &mut Steps) {
        let provider = self.judge.provided[index].by;
        let same = matches!((provider, self.wanted.owner), (Provider::Release(h), Owner::Kustomization(k)) if self.judge.expansion.releases[h].owner == k);
        let actor = controller(self.wanted.owner);
        let starts = match self.wanted.owner {
            Owner::Release(_) => format!("looks up the kinds of all templates of {}", self.owner_name()),
            Owner::Kustomization(_) => format!("starts {} with a dry run of everything in it", self.owner_name()),
        };
        steps.add(actor, starts, self.owner_span());
        self.refusal(index, steps);
        let name = self.provider_name(provider);
        let own = matches!((provider, self.wanted.owner), (Provider::Release(a), Owner::Release(b)) if a == b);
        let blocked = if own {
            format!("makes nothing of {name}, so that what it would bring never comes")
        } else if same {
            format!("applies nothing of this stage, {name} neither")
        } else {
            format!("{name} waits for {}, which never is Ready", self.owner_name())
        };
        steps.add(if own { actor } else { "kustomize-controller" }, blocked, self.provider_span(provider));
        steps.add(actor, format!("tries again {}, with the same result, for ever", self.again()), None);
    }

    fn provider_name(&self, provider: Provider) -> String {
        match provider {
            Provider::Release(h) => self.judge.expansion.releases[h].object.to_string(),
            Provider::Kustomization(k) => self.judge.expansion.kustomizations[k].object.to_string(),
            Provider::Bootstrap => "the bootstrap".to_owned(),
        }
    }

    fn provider_span(&self, provider: Provider) -> Option<Span> {
        match provider {
            Provider::Release(h) => Some(self.judge.expansion.releases[h].resource.span),
            Provider::Kustomization(k) => self.judge.expansion.kustomizations[k].span,
            Provider::Bootstrap => None,
        }
    }

    fn cycle(&self, steps: &mut Steps) {
        let actor = controller(self.wanted.owner);
        let Need::Dependency(target) = &self.wanted.need else { return };
        steps.add(actor, format!("{} waits for {target}", self.owner_name()), self.wanted.span);
        steps.failing(
            actor,
            format!("{target} waits, in the end, for {}", self.owner_name()),
            Some(format!(
                "dependency '{}/{}' is not ready",
                target.namespace.as_deref().unwrap_or_default(),
                target.name
            )),
            None,
        );
        steps.add(actor, "looks again every 30 seconds, for ever", None);
    }

    /// Whether the dependency exists, so that it is the expression that is at fault.
    fn is_there(&self) -> bool {
        self.judge.dependency_at(self.wanted).is_some_and(|dependency| dependency.target.is_some())
    }

    fn nothing(&self, steps: &mut Steps) {
        let actor = controller(self.wanted.owner);
        let (event, error) = match &self.wanted.need {
            Need::Dependency(o) if self.is_asleep(o) => (
                format!("waits for {o}, which is suspended"),
                format!("dependency '{}/{}' is not ready", o.namespace.as_deref().unwrap_or_default(), o.name),
            ),
            Need::Dependency(o) if self.is_there() => (
                format!("asks whether {o} is Ready: its readyExpr is refused, or never true"),
                format!("dependency '{}/{}' is not ready", o.namespace.as_deref().unwrap_or_default(), o.name),
            ),
            Need::Dependency(o) => (
                format!("looks for {o}"),
                format!("dependency '{}/{}' not found", o.namespace.as_deref().unwrap_or_default(), o.name),
            ),
            Need::Source(o) => (format!("looks for {o}"), format!("Source artifact not found: {}/{}", o.kind, o.name)),
            Need::Path(path) => (
                format!("looks for {path}"),
                format!("kustomization path not found: stat {path}: no such file or directory"),
            ),
            Need::Valid(fault) => (format!("works on {}", self.owner_name()), fault.error.clone()),
            _ => return,
        };
        steps.failing(actor, event, Some(error), self.wanted.span);
        steps.add(actor, format!("tries again {}, with the same result, for ever", self.again()), None);
    }
}

fn service(what: &What) -> &str {
    if let What::Webhook { service, .. } = what { service } else { "its service" }
}

fn controller_of(provider: Provider) -> &'static str {
    if matches!(provider, Provider::Release(_)) { "helm-controller" } else { "kustomize-controller" }
}

/// What helm says where it finds no kind (helm.sh/helm pkg/action/install.go).
fn mapping_error(object: &crate::ObjectRef) -> String {
    let namespace = object.namespace.as_deref().unwrap_or_default();
    format!(
        "unable to build kubernetes objects from release manifest: resource mapping not found for name: \"{}\" namespace: \"{namespace}\" from \"\": no matches for kind \"{}\" in version \"{}\"\nensure CRDs are installed first",
        object.name, object.kind, object.api_version
    )
}

fn webhook_error(object: &crate::ObjectRef, name: &str, service: &str) -> String {
    let (namespace, service) = service.split_once('/').unwrap_or(("", service));
    let path =
        format!("validate-{}-{}-{}", object.group().replace('.', "-"), object.version(), object.kind.to_lowercase());
    format!(
        "{object} dry-run failed (InternalError): Internal error occurred: failed calling webhook \"{name}\": failed to call webhook: \
         Post \"https://{service}.{namespace}.svc:443/{path}?timeout=5s\": no endpoints available for service \"{service}\""
    )
}

/// What the API server says where no version is converted (apiextensions-apiserver conversion/webhook_converter.go).
fn conversion_error(object: &crate::ObjectRef, service: &str) -> String {
    let (namespace, service) = service.split_once('/').unwrap_or(("", service));
    format!(
        "{object} dry-run failed: conversion webhook for {}, Kind={} failed: Post \"https://{service}.{namespace}.svc:443/convert?timeout=30s\": \
         no endpoints available for service \"{service}\"",
        object.api_version, object.kind
    )
}

/// Seconds as Go writes them: `10m`, `1h`, `90s`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    match seconds {
        s if s > 0 && s % 3600 == 0 => format!("{}h", s / 3600),
        s if s > 0 && s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}
