//! A small cluster, as somebody might write it: what is rendered to files, and what the explorer walks through.

/// A repository with one cluster.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cluster {
    /// Whether the root waits for what it applies.
    pub(crate) root_waits: bool,
    pub(crate) kustomizations: Vec<Kustomization>,
    pub(crate) releases: Vec<Release>,
}

/// A Flux Kustomization.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kustomization {
    /// The one that applies it; the root where there is none. Always one that comes before it.
    pub(crate) parent: Option<usize>,
    pub(crate) depends_on: Vec<Dependency>,
    pub(crate) wait: bool,
    pub(crate) checks: Vec<Check>,
    pub(crate) suspend: bool,
    pub(crate) objects: Vec<Object>,
}

/// An entry of `dependsOn`.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    /// The other one; beyond the last, there is none of that name.
    pub(crate) on: usize,
    pub(crate) expression: Expression,
}

/// A `readyExpr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expression {
    /// None: the check that is built in.
    Absent,
    /// It asks for the Ready condition.
    Ready,
    /// It asks whether the dependency was Ready once.
    Once,
    /// It is always true.
    Always,
    /// It is never true.
    Never,
    /// It cannot be read.
    Broken,
}

/// An entry of `healthChecks`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    Kustomization(usize),
    Release(usize),
}

/// What a Kustomization applies beside Flux objects.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    Namespace(Space),
    Definition(usize),
    Custom(usize, Option<Space>),
    Settings(Space),
}

/// A namespace that somebody must make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Space(pub(crate) usize);

/// A HelmRelease and the chart that lies in the repository for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Release {
    /// The Kustomization that applies it.
    pub(crate) owner: usize,
    /// Its own namespace; `flux-system` where there is none.
    pub(crate) space: Option<Space>,
    pub(crate) target: Option<Space>,
    pub(crate) create_namespace: bool,
    pub(crate) depends_on: Vec<Dependency>,
    pub(crate) disable_wait: bool,
    pub(crate) retries: Retries,
    pub(crate) suspend: bool,
    pub(crate) chart: Chart,
}

/// What becomes of a failed install.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Retries {
    #[default]
    Never,
    /// Uninstalled and installed again, so often.
    Few(u8),
    /// Uninstalled and installed again, without end.
    Endless,
    /// Tried again as it stands (`RetryOnFailure`).
    OnFailure,
}

/// What a chart brings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chart {
    /// CRDs in `crds/`.
    pub(crate) folder: Vec<usize>,
    /// CRDs among the templates.
    pub(crate) templates: Vec<usize>,
    /// Kinds that its webhook admits.
    pub(crate) admits: Vec<usize>,
    /// Custom resources among the templates.
    pub(crate) customs: Vec<usize>,
    /// Namespaces among the templates.
    pub(crate) spaces: Vec<Space>,
}

impl Space {
    pub(crate) fn name(self) -> String {
        format!("space-{}", self.0)
    }
}

/// The API group of a definition.
pub(crate) fn group(definition: usize) -> String {
    format!("group{definition}.example.com")
}

/// The kind of a definition.
pub(crate) fn kind(definition: usize) -> String {
    format!("Kind{definition}")
}

/// The name of a Kustomization.
pub(crate) fn kustomization_name(index: usize) -> String {
    format!("k{index}")
}

/// The name of a HelmRelease.
pub(crate) fn release_name(index: usize) -> String {
    format!("r{index}")
}
