//! The words of the model: objects, what applies them, requirements and their verdicts.

mod node;
mod verdict;

use crate::fate::Fates;
use crate::provide::Provided;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Problem, RepoPath, Span};
use std::fmt;

pub use node::*;
pub use verdict::*;

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
