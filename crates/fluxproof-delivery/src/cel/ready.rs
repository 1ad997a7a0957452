//! `readyExpr`: what a dependency must be like for its dependent to go on.
//!
//! It replaces the check for Ready, and is compiled with the variables `self` and `dep`; what does not compile stalls the
//! dependent for ever (kustomize-controller and helm-controller, checkDependencies).

use super::value::Value;
use super::{Expression, Flaw, Truth};
use fluxproof_yaml::Span;

/// The `readyExpr` of an entry of `dependsOn`.
#[derive(Debug, Clone)]
pub struct ReadyExpression {
    /// The expression as written.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    expression: Expression,
    of_release: bool,
}

/// What is certain of a dependency once the expression is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Implies {
    /// Its Ready condition is true.
    Ready,
    /// It was Ready once, perhaps not now.
    ReadyOnce,
    /// Nothing: the expression is true although the dependency is in this state.
    Nothing(&'static str),
    /// That depends on what is not known here.
    Unknown,
}

/// What else the expression asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pins {
    /// Only the state of the dependency.
    Nothing,
    /// The revision that the dependency has applied.
    Revision,
    /// What the two objects say in their specs, labels or annotations.
    Values,
}

/// When the dependency was Ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ready {
    Never,
    Once,
    Now,
}

/// A state that a dependency goes through.
struct State {
    name: &'static str,
    ready: Ready,
    status: Value,
}

impl ReadyExpression {
    /// Reads the expression of a dependency of a HelmRelease or of a Kustomization.
    pub(crate) fn read(text: &str, span: Span, of_release: bool) -> Self {
        Self { text: text.to_owned(), span, expression: Expression::compile(text, &["self", "dep"]), of_release }
    }

    /// Why the controllers refuse it, or why it is not looked at.
    #[must_use]
    pub fn flaw(&self) -> Option<&Flaw> {
        self.expression.flaw()
    }

    /// What is certain of the dependency once the expression is true.
    #[must_use]
    pub fn implies(&self) -> Implies {
        let states = self.states(&Value::Unknown);
        let truths: Vec<(&State, Truth)> = states.iter().map(|state| (state, self.truth(state, 1))).collect();
        let of = |ready: Ready| truths.iter().filter(move |(state, _)| state.ready == ready);
        if let Some((state, _)) = of(Ready::Never).find(|(_, truth)| *truth == Truth::True) {
            return Implies::Nothing(state.name);
        }
        if of(Ready::Never).any(|(_, truth)| *truth == Truth::Unknown) {
            return Implies::Unknown;
        }
        match of(Ready::Once).all(|(_, truth)| truth.never_true()) {
            true => Implies::Ready,
            false => Implies::ReadyOnce,
        }
    }

    /// Whether it is not true of a Ready dependency either, so that the dependent waits for ever.
    #[must_use]
    pub fn is_never_true(&self) -> bool {
        self.flaw().is_none_or(|flaw| flaw.certain) && self.now(&Value::Unknown).never_true()
    }

    /// Whether it is false while the dependency has not yet looked at its newest spec; none where that is not known.
    #[must_use]
    pub fn looks_at_generation(&self) -> Option<bool> {
        let states = self.states(&Value::Unknown);
        let ready = states.iter().find(|state| state.ready == Ready::Now)?;
        match (self.truth(ready, 1), self.truth(ready, 2)) {
            (Truth::True, Truth::True) => Some(false),
            (Truth::True, Truth::False | Truth::Error) => Some(true),
            _ => None,
        }
    }

    /// What else it asks for.
    #[must_use]
    pub fn pins(&self) -> Pins {
        match (self.now(&revision()), self.now(&Value::Unknown)) {
            (Truth::Unknown, _) => Pins::Values,
            (_, Truth::Unknown) => Pins::Revision,
            _ => Pins::Nothing,
        }
    }

    /// What it says of a dependency without any status.
    #[must_use]
    pub fn without_status(&self) -> Truth {
        self.states(&Value::Unknown).first().map_or(Truth::Unknown, |state| self.truth(state, 1))
    }

    fn now(&self, revision: &Value) -> Truth {
        let states = self.states(revision);
        states.iter().find(|state| state.ready == Ready::Now).map_or(Truth::Unknown, |state| self.truth(state, 1))
    }

    fn states(&self, revision: &Value) -> Vec<State> {
        if self.of_release { release_states(revision) } else { kustomization_states(revision) }
    }

    fn truth(&self, state: &State, generation: i64) -> Truth {
        let metadata = Value::open([("generation", Value::Int(generation))]);
        let kind = Value::text(if self.of_release { "HelmRelease" } else { "Kustomization" });
        let mut dependency = Value::map([("kind", kind), ("apiVersion", Value::Unknown), ("metadata", metadata)]);
        if let Value::Map(fields) = &mut dependency {
            fields.known.insert("spec".to_owned(), Value::open([]));
            fields.known.extend((state.status != Value::Null).then(|| ("status".to_owned(), state.status.clone())));
        }
        self.expression.truth(&Value::map([("self", dependent()), ("dep", dependency)]))
    }
}

/// The dependent, of which only the shape is known.
fn dependent() -> Value {
    let fields = ["metadata", "spec", "status"].map(|name| (name, Value::open([])));
    Value::open(fields)
}

/// Some revision, as kustomize-controller writes it.
fn revision() -> Value {
    Value::text("main@sha1:0000000000000000000000000000000000000000")
}

fn condition(kind: &str, status: &str, reason: &str) -> Value {
    Value::map([
        ("type", Value::text(kind)),
        ("status", Value::text(status)),
        ("reason", Value::text(reason)),
        ("observedGeneration", Value::Int(1)),
        ("message", Value::Unknown),
        ("lastTransitionTime", Value::Unknown),
    ])
}

fn status(observed: i64, conditions: Vec<Value>, more: &[(&str, Value)]) -> Value {
    let mut status =
        Value::map([("observedGeneration", Value::Int(observed)), ("conditions", Value::List(conditions))]);
    if let Value::Map(fields) = &mut status {
        fields.known.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    status
}

/// Before a controller has looked at an object; the CRDs of Flux set `observedGeneration: -1`.
fn fresh() -> [State; 2] {
    let never = |name, status| State { name, ready: Ready::Never, status };
    [
        never("it has no status", Value::Null),
        never("its controller has not looked at it", Value::map([("observedGeneration", Value::Int(-1))])),
    ]
}

/// The states of a Kustomization (kustomize-controller api/v1): `lastAppliedRevision` is written after the health checks,
/// `inventory` before them.
fn kustomization_states(revision: &Value) -> Vec<State> {
    let reconciling = || condition("Reconciling", "True", "Progressing");
    let ready = |status, reason| condition("Ready", status, reason);
    let attempted = [("lastAttemptedRevision", revision.clone())];
    let waiting = [attempted[0].clone(), ("inventory", Value::open([])), ("history", Value::Unknown)];
    let applied =
        [attempted[0].clone(), waiting[1].clone(), waiting[2].clone(), ("lastAppliedRevision", revision.clone())];
    let state = |name, when, status| State { name, ready: when, status };
    let unhealthy = || condition("Healthy", "False", "HealthCheckFailed");
    let mut all = Vec::from(fresh());
    all.extend([
        state(
            "it waits for a dependency",
            Ready::Never,
            status(-1, vec![reconciling(), ready("False", "DependencyNotReady")], &[]),
        ),
        state(
            "its Ready condition is Unknown",
            Ready::Never,
            status(1, vec![reconciling(), ready("Unknown", "Progressing")], &attempted),
        ),
        state("its build has failed", Ready::Never, status(1, vec![ready("False", "BuildFailed")], &attempted)),
        state(
            "it waits for what it has applied",
            Ready::Never,
            status(1, vec![reconciling(), ready("Unknown", "Progressing")], &waiting),
        ),
        state(
            "its health checks have failed",
            Ready::Never,
            status(1, vec![ready("False", "HealthCheckFailed"), unhealthy()], &waiting),
        ),
        state(
            "it is applied again",
            Ready::Once,
            status(1, vec![reconciling(), ready("Unknown", "Progressing")], &applied),
        ),
        state(
            "its last apply has failed",
            Ready::Once,
            status(1, vec![ready("False", "ReconciliationFailed")], &applied),
        ),
        state("it is Ready", Ready::Now, status(1, vec![ready("True", "ReconciliationSucceeded")], &applied)),
    ]);
    all
}

/// The states of a HelmRelease (helm-controller api/v2): the history has a release as soon as Helm has stored it.
fn release_states(revision: &Value) -> Vec<State> {
    let ready = |status, reason| condition("Ready", status, reason);
    let reconciling = || condition("Reconciling", "True", "Progressing");
    let released = |status, reason| condition("Released", status, reason);
    let attempted = [("lastAttemptedRevision", revision.clone()), ("lastAttemptedGeneration", Value::Int(1))];
    let stored = |status| {
        [attempted[0].clone(), attempted[1].clone(), ("history", Value::List(vec![release(status, revision)]))]
    };
    let state = |name, when, status| State { name, ready: when, status };
    let mut all = Vec::from(fresh());
    all.extend([
        state(
            "it waits for a dependency",
            Ready::Never,
            status(-1, vec![reconciling(), ready("False", "DependencyNotReady")], &[]),
        ),
        state("its chart is not there", Ready::Never, status(1, vec![ready("False", "SourceNotReady")], &[])),
        state(
            "it is being installed",
            Ready::Never,
            status(1, vec![reconciling(), ready("Unknown", "Progressing")], &stored("pending-install")),
        ),
        state(
            "its install has failed",
            Ready::Never,
            status(1, vec![ready("False", "InstallFailed"), released("False", "InstallFailed")], &stored("failed")),
        ),
        state(
            "it is being upgraded",
            Ready::Once,
            status(
                1,
                vec![reconciling(), ready("Unknown", "Progressing"), released("True", "InstallSucceeded")],
                &stored("deployed"),
            ),
        ),
        state(
            "its upgrade has failed",
            Ready::Once,
            status(1, vec![ready("False", "UpgradeFailed"), released("False", "UpgradeFailed")], &stored("failed")),
        ),
        state(
            "it is Ready",
            Ready::Now,
            status(
                1,
                vec![ready("True", "InstallSucceeded"), released("True", "InstallSucceeded")],
                &stored("deployed"),
            ),
        ),
    ]);
    all
}

fn release(status: &str, revision: &Value) -> Value {
    Value::open([("status", Value::text(status)), ("version", Value::Int(1)), ("chartVersion", revision.clone())])
}
