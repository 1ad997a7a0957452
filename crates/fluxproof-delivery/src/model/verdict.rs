//! What must precede what, and what comes of it.

use super::ObjectRef;
use fluxproof_yaml::Span;

/// The part of the certificate that a requirement belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Sources and paths.
    Sources,
    /// What the folders hold, where it cannot be built or applied.
    Content,
    /// `dependsOn`.
    Dependencies,
    /// Namespaces.
    Namespaces,
    /// Custom resource definitions.
    Definitions,
    /// Admission webhooks.
    Webhooks,
    /// Secrets, service accounts and what is outside.
    Secrets,
}

impl Group {
    /// The word of the wire format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::Content => "content",
            Self::Dependencies => "dependencies",
            Self::Namespaces => "namespaces",
            Self::Definitions => "definitions",
            Self::Webhooks => "webhooks",
            Self::Secrets => "secrets",
        }
    }
}

/// Who needs something: a Kustomization or a HelmRelease of the delivery, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// `Delivery::kustomizations[i]`
    Kustomization(usize),
    /// `Delivery::releases[i]`
    Release(usize),
}

/// What must have happened before something is applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The source exists and has an artifact: kind, namespace, name.
    Source(ObjectRef),
    /// The folder is in the source.
    Path(String),
    /// The Flux object of this name is Ready: kind, namespace, name.
    Dependency(ObjectRef),
    /// The namespace is there.
    Namespace(String),
    /// The CRD of this group and kind is established and serves this version.
    Definition {
        /// `external-secrets.io`
        group: String,
        /// `ClusterSecretStore`
        kind: String,
        /// `v1`
        version: String,
    },
    /// The admission webhook of this name answers.
    Webhook(String),
    /// What converts objects of this version to the one that is stored answers.
    Conversion {
        /// The group.
        group: String,
        /// The kind.
        kind: String,
        /// The version that the object is written in.
        version: String,
    },
    /// The Secret, ConfigMap, ServiceAccount or store exists.
    Object(ObjectRef),
    /// Nothing stands in the way for certain: the folder builds, the API server takes every object. Such a need is said
    /// only where it is not met.
    Valid(Fault),
    /// A worker of kustomize-controller is free, though so many Kustomizations wait at once. Said only where it is not met.
    Worker(usize),
    /// What it waits for takes no longer than its timeout, in seconds. Said only where it is not met.
    Time {
        /// What it waits for.
        of: ObjectRef,
        /// How long that may take.
        takes: u64,
        /// How long it waits.
        waits: u64,
    },
    /// A new revision of this Kustomization, which is of another source, is applied first.
    Lockstep(ObjectRef),
    /// A fact about the world outside, in words.
    Outside(String),
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A folder that does not build.
    Build,
    /// A health check that cannot be made.
    HealthCheck,
    /// A Secret that nobody decrypts.
    Encrypted,
    /// A value that must be a string and is not.
    Text,
    /// A field that the CRD in the repository does not have, or a value of another type.
    Schema,
    /// A field that a Flux kind does not have.
    FluxField,
}

/// What fails for certain, whatever else there is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// What it is about.
    pub kind: FaultKind,
    /// What would have to hold: `clusters/demo/apps builds`.
    pub what: String,
    /// The error text that the user sees.
    pub error: String,
    /// Whether it rests on a convention.
    pub likely: bool,
}

/// When a need must be met, or else the owner fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Before {
    /// Before the owner does anything: its source, its variables, its keys, its service account.
    Start,
    /// Before the dry run of a Kustomization, or the install of a HelmRelease.
    Apply,
    /// Before the owner is Ready.
    Ready,
    /// Whenever: the object's own controller looks again, and the owner does not wait for it.
    Retried,
}

/// One requirement: `need` of `object` before `owner` applies it.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Who applies the object that needs it.
    pub owner: Owner,
    /// The object that needs it.
    pub object: ObjectRef,
    /// What it needs.
    pub need: Need,
    /// The part of the certificate.
    pub group: Group,
    /// Where the need is written.
    pub span: Option<Span>,
    /// When it must be met.
    pub before: Before,
    /// The cluster where it must be met, as an index of `Delivery::universes`.
    pub universe: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// Who brings what is needed, where somebody does.
    pub provider: Option<Provider>,
}

/// Who brings what is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// A Kustomization applies it.
    Kustomization(usize),
    /// A HelmRelease installs it.
    Release(usize),
    /// The cluster or Flux's own bootstrap has it.
    Bootstrap,
}

/// What is known about a requirement.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It holds: the chain of guarantees.
    Proven(Vec<Step>),
    /// It does not hold.
    Broken(Broken),
    /// It holds if a fact outside this repository does.
    Assumed(Assumption),
}

impl Verdict {
    /// The word of the wire format.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Proven(_) => "proven",
            Self::Assumed(_) => "assumed",
            Self::Broken(broken) => broken.kind.name(),
        }
    }
}

/// One step of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What has happened.
    pub event: String,
    /// The guarantee that it rests on: `dependsOn`, `wait`, `apply stage`, `helm waits`.
    pub because: &'static str,
    /// Where that is written.
    pub span: Option<Span>,
}

/// How a requirement fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrokenKind {
    /// What is needed waits for what needs it.
    Deadlock,
    /// Nothing brings it.
    Unsatisfiable,
    /// It may come too late, and then nothing tries again.
    StickyRace,
    /// It may come too late; Flux tries again.
    SelfHealingRace,
    /// The first install is in order, a later revision is not.
    UpgradeRace,
}

impl BrokenKind {
    /// The word of the wire format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Deadlock => "deadlock",
            Self::Unsatisfiable => "unsatisfiable",
            Self::StickyRace => "sticky-race",
            Self::SelfHealingRace => "self-healing-race",
            Self::UpgradeRace => "upgrade-race",
        }
    }
}

/// A requirement that fails, and how.
#[derive(Debug, Clone)]
pub struct Broken {
    /// How.
    pub kind: BrokenKind,
    /// Whether the provider is certain, or only likely by the name of its chart.
    pub likely: bool,
    /// Whether a `dependsOn` leads to the provider's Kustomization, which does not wait for it.
    pub not_awaited: Option<usize>,
    /// The schedule that fails.
    pub trace: Vec<TraceStep>,
    /// What one lost round costs, in seconds, for a race that heals.
    pub delay_seconds: Option<u64>,
}

/// One step of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep {
    /// `T0`, `T1`, ...
    pub at: u32,
    /// `kustomize-controller`
    pub actor: &'static str,
    /// What it does.
    pub event: String,
    /// The error text that the user sees.
    pub error: Option<String>,
    /// Where that is written.
    pub span: Option<Span>,
}

/// A fact that this repository cannot show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumption {
    /// The fact: `Secret vault/vault-ca exists`.
    pub what: String,
    /// Why it is not known.
    pub why: String,
}
