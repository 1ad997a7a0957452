//! The words of the model: objects, what applies them, requirements and their verdicts.

use crate::cel::{HealthCheckExpression, ReadyExpression};
use crate::chart::ChartContent;
use crate::fate::Fates;
use crate::provide::Provided;
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{Problem, RepoPath, Span, Value};
use std::fmt;
use std::sync::Arc;

/// The identity of an object as a reader writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectRef {
    /// `external-secrets.io/v1`; `v1` for the core group.
    pub api_version: String,
    /// `ClusterSecretStore`
    pub kind: String,
    /// The namespace; absent for cluster-scoped objects.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectRef {
    /// The identity of a built resource.
    #[must_use]
    pub fn of(resource: &Resource) -> Self {
        Self {
            api_version: resource.api_version().to_owned(),
            kind: resource.kind().to_owned(),
            namespace: resource.namespace().map(str::to_owned),
            name: resource.name().to_owned(),
        }
    }

    /// The API group: `external-secrets.io`; `""` for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The version inside the group: `v1`.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.rsplit('/').next().unwrap_or("")
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}

/// What `deliver` found: one delivery a cluster, and what is not part of any.
#[derive(Debug, Default)]
pub struct Deliveries {
    /// One for each entry, by the path of the entry.
    pub clusters: Vec<Delivery>,
    /// Flux Kustomizations that nothing applies: listed, not analysed.
    pub orphans: Vec<Orphan>,
    /// YAML that could not be read and that no build needs.
    pub unread: Vec<Problem>,
    /// How many files there are.
    pub files: usize,
}

impl Deliveries {
    /// Where the problems are that the build of some cluster has met, so that a finding says them.
    pub fn spans_in_builds(&self) -> impl Iterator<Item = Span> {
        self.clusters.iter().flat_map(|cluster| &cluster.problems).map(|(_, met)| met.span)
    }
}

/// A Flux object that no entry reaches.
#[derive(Debug, Clone)]
pub struct Orphan {
    /// Which.
    pub object: ObjectRef,
    /// Where.
    pub span: Span,
}

/// One cluster: what Flux applies there, in which order, and what that proves.
#[derive(Debug)]
pub struct Delivery {
    /// The last part of the entry's path, or the whole where two would be the same.
    pub name: String,
    /// The folder that the first Kustomization applies.
    pub entry: RepoPath,
    /// The version of Flux that the configuration says, or whose components lie in the repository.
    pub flux: Option<String>,
    /// The folder that is the root of its source: paths of Kustomizations begin there.
    pub within: RepoPath,
    /// Why this is taken for an entry.
    pub reason: Reason,
    /// The clusters that its Kustomizations reach by `kubeConfig`. The first one is its own.
    pub universes: Vec<String>,
    /// The Flux Kustomizations; the first is the entry's own.
    pub kustomizations: Vec<KustomizationNode>,
    /// The HelmReleases.
    pub releases: Vec<ReleaseNode>,
    /// The sources.
    pub sources: Vec<SourceNode>,
    /// What they bring: definitions, webhooks, namespaces, Secrets.
    pub provided: Vec<Provided>,
    /// Every requirement, in the order of the certificate.
    pub requirements: Vec<Requirement>,
    /// What becomes of each Flux object.
    pub fates: Fates,
    /// For each Kustomization the Flux objects that must be Ready before it is: by `wait`, or by `healthChecks`.
    pub awaited: Vec<Vec<Owner>>,
    /// What the builds could not read or find; each with its Kustomization.
    pub problems: Vec<(usize, Problem)>,
}

impl Delivery {
    /// The cluster that somebody brings things to, as an index of `universes`.
    #[must_use]
    pub fn universe(&self, provider: Provider) -> usize {
        match provider {
            Provider::Kustomization(index) => self.kustomizations[index].universe,
            Provider::Release(index) => self.releases[index].universe,
            Provider::Bootstrap => 0,
        }
    }

    /// How many objects the Kustomizations apply.
    #[must_use]
    pub fn resources(&self) -> usize {
        self.kustomizations.iter().map(|node| node.resources().len()).sum()
    }
}

/// Why a folder is taken for the entry of a cluster, the strongest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The config or an option names it.
    Named,
    /// It holds the Kustomization that applies it, as `flux bootstrap` writes that (pkg/manifestgen/sync/sync.go).
    AppliesItself,
    /// The sync of a FluxInstance names it, or the values of the flux-instance chart.
    FluxInstance,
    /// A Terraform file names it.
    Terraform,
    /// It holds Kustomizations that nothing in the repository applies: somebody must, from outside.
    Outside,
}

impl Reason {
    /// The word of the wire format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::AppliesItself => "applies-itself",
            Self::FluxInstance => "flux-instance",
            Self::Terraform => "terraform",
            Self::Outside => "outside",
        }
    }

    /// The reason in words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Named => "it is named as an entry",
            Self::AppliesItself => "it holds the Kustomization that applies it",
            Self::FluxInstance => "a FluxInstance syncs it",
            Self::Terraform => "a Terraform file names it",
            Self::Outside => "nothing in the repository applies its Kustomizations",
        }
    }
}

/// Where the content of a Kustomization comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A folder of this repository.
    Here(RepoPath),
    /// A folder that this repository does not have: `spec.path` with its span.
    Missing(RepoPath, Span),
    /// The CRDs of External Secrets, from its own repository at this tag and path.
    ExternalSecretsCrds {
        /// `v2.9.0`
        tag: String,
        /// `./config/crds/bases`
        path: String,
    },
    /// CRDs of a public Git repository, from this tag and path.
    KnownCrds {
        /// Its url in normal form: `github.com/kubernetes-sigs/gateway-api`.
        url: String,
        /// `v1.2.0`
        tag: String,
        /// `./config/crd`
        path: String,
    },
    /// Something outside this repository that no table knows: why.
    Outside(String),
}

/// What applies objects, as the cluster sees it: a Flux Kustomization, or a ResourceSet (each of its steps) whose objects
/// this repository shows.
#[derive(Debug)]
pub struct KustomizationNode {
    /// Which.
    pub object: ObjectRef,
    /// The resource; for an entry that only the bootstrap writes, absent.
    pub resource: Option<Resource>,
    /// Where: the document, or the start of the entry's first file.
    pub span: Option<Span>,
    /// The Kustomization that applies it (an index), absent for the entry.
    pub parent: Option<usize>,
    /// The source it names, as an index of `Delivery::sources`; absent where there is none of that name.
    pub source: Option<usize>,
    /// Where its objects come from.
    pub content: Content,
    /// What its content is built to, shared with all that are built to the same.
    pub build: Arc<Build>,
    /// Whether the list of its resources may lack some (remote bases, unknown operators, unknown sources).
    pub open: Option<String>,
    /// Its `dependsOn`.
    pub depends_on: Vec<Dependency>,
    /// `spec.wait`
    pub wait: bool,
    /// `spec.healthChecks`: kind, namespace, name.
    pub health_checks: Vec<ObjectRef>,
    /// `spec.healthCheckExprs`
    pub health_check_exprs: Vec<HealthCheckExpression>,
    /// Seconds until a failure is looked at again: `retryInterval`, or `interval`; absent where it cannot be read.
    pub retry_seconds: Option<u64>,
    /// Whether `retryInterval` is set.
    pub has_retry_interval: bool,
    /// Seconds that its health checks may take: `timeout`, or `interval` less 30 s; at least 30 s
    /// (kustomization_types.go, GetTimeout). Absent where it cannot be read.
    pub timeout_seconds: Option<u64>,
    /// `spec.prune`
    pub prune: bool,
    /// `spec.suspend`
    pub suspend: bool,
    /// Why its fields may be others than what the file says.
    pub doubt: Option<String>,
    /// The cluster that it lives in, as an index of `Delivery::universes`. What it depends on is there too.
    pub home: usize,
    /// The cluster that its objects are applied to, as an index of `Delivery::universes`: another one with `kubeConfig`.
    pub universe: usize,
    /// What must be Ready before this one begins, beside its `dependsOn`: the step before of the same ResourceSet, and the
    /// Flux objects that a ResourceSet depends on to be ready.
    pub after: Vec<Owner>,
    /// What else a ResourceSet's `dependsOn` names: objects of any kind.
    pub awaits: Vec<WaitsFor>,
}

/// An object of any kind that a ResourceSet depends on (docs/api/v1/resourceset.md).
#[derive(Debug, Clone)]
pub struct WaitsFor {
    /// Which; without a namespace it is looked for without one.
    pub object: ObjectRef,
    /// Whether it must be ready; else it is enough that it exists.
    pub ready: bool,
    /// Whether a `readyExpr` says what ready means.
    pub by_expression: bool,
    /// Where the entry stands.
    pub span: Span,
}

impl WaitsFor {
    /// Whether it is waited for until it is ready by itself.
    pub(crate) fn asks_for_ready(&self) -> bool {
        self.ready && !self.by_expression
    }
}

impl KustomizationNode {
    /// What it applies.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.build.resources
    }
}

/// An entry of `dependsOn`.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The namespace, with its default filled in.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Where the entry stands.
    pub span: Span,
    /// `readyExpr`, where it is set.
    pub ready_expr: Option<ReadyExpression>,
    /// The index of what it names, where that exists.
    pub target: Option<usize>,
}

/// A HelmRelease as the cluster sees it.
#[derive(Debug)]
pub struct ReleaseNode {
    /// Which.
    pub object: ObjectRef,
    /// The resource.
    pub resource: Resource,
    /// The Kustomization that applies it.
    pub owner: usize,
    /// The chart's name, where it can be known.
    pub chart: Option<String>,
    /// The chart's version as written.
    pub version: Option<String>,
    /// Where `chart.spec.version` (or the OCIRepository's tag) stands.
    pub version_span: Option<Span>,
    /// The url of the chart's repository, where it can be known.
    pub repository_url: Option<String>,
    /// The source it names, as an index of `Delivery::sources`.
    pub source: Option<usize>,
    /// What its chart brings with its values, where the chart could be read.
    pub content: Option<Arc<ChartContent>>,
    /// Inline `values`.
    pub values: Option<Value>,
    /// Whether `valuesFrom` may add values that are not known.
    pub more_values: bool,
    /// The namespace of the release.
    pub target_namespace: String,
    /// The name of the release.
    pub release_name: String,
    /// Its `dependsOn`.
    pub depends_on: Vec<Dependency>,
    /// What helm-controller does after an install that failed.
    pub retries: Retries,
    /// Seconds that an install may take: `timeout`, 5 minutes by default. Absent where it cannot be read.
    pub timeout_seconds: Option<u64>,
    /// `install.disableWait` (or `upgrade`'s), with its span.
    pub disable_wait: Option<Span>,
    /// `spec.healthCheckExprs`
    pub health_check_exprs: Vec<HealthCheckExpression>,
    /// Whether `install.createNamespace` works: it is set and there is a `targetNamespace`.
    pub creates_namespace: bool,
    /// `spec.suspend`
    pub suspend: bool,
    /// Why its fields may be others than what the file says.
    pub doubt: Option<String>,
    /// The cluster that it lives in, as an index of `Delivery::universes`.
    pub home: usize,
    /// The cluster that its chart is installed in, as an index of `Delivery::universes`: another one with `kubeConfig`.
    pub universe: usize,
}

impl ReleaseNode {
    /// Whether a failed install is uninstalled before the next try: by a remediation with retries, not by `RetryOnFailure`.
    pub(crate) fn is_uninstalled_on_failure(&self) -> bool {
        let strategy = self.resource.value.str_at(&["spec", "install", "strategy", "name"]);
        self.retries != Retries::Never && strategy != Some("RetryOnFailure")
    }
}

/// What helm-controller does after an install that has left a release behind (helm-controller atomic_release.go).
///
/// A failure before that (a missing kind, a chart that does not come) is always tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retries {
    /// Nothing: the HelmRelease is Stalled.
    Never,
    /// So many further installs, each about 12 s after the last; then the HelmRelease is Stalled.
    Few(u64),
    /// It goes on for ever, so many seconds after each failure.
    Always(u64),
}

/// A source: GitRepository, OCIRepository, Bucket, HelmRepository, HelmChart, ExternalArtifact.
#[derive(Debug)]
pub struct SourceNode {
    /// Which.
    pub object: ObjectRef,
    /// The resource; absent for the source that the bootstrap writes.
    pub resource: Option<Resource>,
    /// The Kustomization that applies it; absent where the bootstrap does.
    pub owner: Option<usize>,
    /// Its url.
    pub url: Option<String>,
    /// `ref.tag` (or `ref.semver`, `ref.branch`) as written.
    pub reference: Option<String>,
    /// Whether it is this very repository, or made of it.
    pub here: bool,
    /// The cluster that it lives in, as an index of `Delivery::universes`.
    pub home: usize,
}

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
