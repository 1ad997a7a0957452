//! The objects of Flux that a delivery is made of.

use super::{ObjectRef, Owner};
use crate::cel::{HealthCheckExpression, ReadyExpression};
use crate::chart::ChartContent;
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{RepoPath, Span, Value};
use std::sync::Arc;

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
