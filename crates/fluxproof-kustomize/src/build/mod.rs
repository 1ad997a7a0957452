//! Building a folder: the resources that a kustomization lists, then its operators in kustomize's order
//! (`api/krusty`, `api/internal/target`).

mod bases;
mod builder;
mod finish;
mod level;
mod load;
mod order;
mod resources;

pub(crate) use bases::Bases;
pub(crate) use builder::{Accumulator, Builder, Level, Wrap};

use crate::kustomization::{NAMES, accept};
use crate::{Doubt, Resource, Workspace};
use fluxproof_yaml::{FileId, Problem, RepoPath, Sources, Span, Value, to_yaml};

/// Something that lies outside the sources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct External {
    /// Its url.
    pub url: String,
    /// The entry that names it.
    pub span: Span,
}

/// In which order a build gives its resources, where its kustomization does not say so itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// As they were added: what Flux has.
    #[default]
    Fifo,
    /// By kind: what `kustomize build` has by default.
    Legacy,
}

/// Which files a kustomization may read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restriction {
    /// Those in or below its folder: what `kustomize build` has by default.
    #[default]
    RootOnly,
    /// Any: what Flux has.
    None,
}

/// What the definitions of an `openapi` file are to those that kustomize has built in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Definitions {
    /// They take their place: what `kustomize build` does.
    #[default]
    Alone,
    /// They are added: Flux reads those of kustomize before each build.
    Added,
}

/// How a build is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Options {
    /// The order of what it gives.
    pub order: Order,
    /// What it may read.
    pub restriction: Restriction,
    /// What an `openapi` file does.
    pub definitions: Definitions,
}

impl Options {
    /// As `kustomize build` on a command line.
    #[must_use]
    pub fn kustomize() -> Self {
        Self { order: Order::Legacy, ..Self::default() }
    }

    /// As kustomize-controller (`fluxcd/pkg/kustomize`).
    #[must_use]
    pub fn flux() -> Self {
        Self { order: Order::Fifo, restriction: Restriction::None, definitions: Definitions::Added }
    }
}

/// What a build gave.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The resources, in order.
    pub resources: Vec<Resource>,
    /// What kustomize would refuse: with one of these it builds nothing at all.
    pub problems: Vec<Problem>,
    /// The whole text that kustomize would end with, for the first of the problems.
    pub error: Option<String>,
    /// What a person should know though the build does not fail: fields that are dropped, variables that are not set.
    pub notes: Vec<Problem>,
    /// Remote bases and files: what they hold is missing here.
    pub external: Vec<External>,
    /// What may add or remove resources and is not known here.
    pub doubts: Vec<Doubt>,
}

impl Build {
    /// What `kustomize build` prints.
    ///
    /// # Errors
    /// What kustomize would print instead, without its `Error: `.
    pub fn to_yaml(&self) -> Result<String, String> {
        match (&self.error, self.problems.first()) {
            (Some(error), _) => return Err(error.clone()),
            (None, Some(problem)) => return Err(problem.message.clone()),
            (None, None) => {}
        }
        self.objects().map_err(|problem| problem.message)
    }

    /// The objects as YAML, whatever the build has for problems.
    ///
    /// # Errors
    /// The first object that kustomize could not print.
    pub fn objects(&self) -> Result<String, Problem> {
        let mut all = String::new();
        for resource in &self.resources {
            if !all.is_empty() {
                all.push_str("---\n");
            }
            all.push_str(&to_yaml(&resource.value)?);
        }
        Ok(all)
    }
}

/// The kustomization file of a folder, by kustomize's three names.
#[must_use]
pub fn kustomization_file(sources: &Sources, folder: &RepoPath) -> Option<FileId> {
    NAMES.iter().find_map(|name| sources.find(&folder.join_clamped(name)))
}

/// Builds a folder that has a kustomization file.
#[must_use]
pub fn build(workspace: &Workspace<'_>, root: &RepoPath, options: Options) -> Build {
    let sources = workspace.sources();
    let first = sources.in_folder(root).next().unwrap_or(FileId(0));
    let span = kustomization_file(sources, root).map_or(Span::new(first, 0, 0), |file| Span::new(file, 0, 0));
    let mut builder = Builder::new(workspace, options);
    let kustomization = match builder.kustomization(root, span) {
        Ok(kustomization) => Some(kustomization),
        Err(problem) => {
            builder.fail(problem);
            None
        }
    };
    builder.root(root, kustomization)
}

/// Builds a folder with a kustomization that lies in no file, or differs from the one in the folder.
#[must_use]
pub fn build_with(workspace: &Workspace<'_>, root: &RepoPath, kustomization: &Value, options: Options) -> Build {
    let mut builder = Builder::new(workspace, options);
    let mut accepted = Some(kustomization);
    for problem in accept(kustomization) {
        builder.fail(problem);
        accepted = None;
    }
    builder.root(root, accepted)
}
