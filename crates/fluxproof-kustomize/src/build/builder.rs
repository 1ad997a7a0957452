//! A build under way: what it has found wrong, and where it is.

use super::{Build, External, Options};
use crate::model::ResourceSet;
use crate::reference::vars::Vars;
use crate::spec::{Config, Schema};
use crate::{Doubt, Workspace};
use fluxproof_yaml::{FileId, Problem, RepoPath, Sources, Span, Value};
use std::sync::Arc;

/// How much one build may do: documents read, and pairs of an operator and a resource. Real builds stay far below.
const MAX_STEPS: usize = 100_000_000;

/// One kustomization: where it is and what it says.
#[derive(Clone, Copy)]
pub(crate) struct Level<'k> {
    pub(crate) folder: &'k RepoPath,
    pub(crate) kustomization: &'k Value,
}

/// What a kustomization and those below it have made so far (`ResAccumulator`).
#[derive(Debug, Clone, Default)]
pub(crate) struct Accumulator {
    pub(crate) set: ResourceSet,
    /// Where operators look; what a child's `configurations` add flows up.
    pub(crate) config: Arc<Config>,
    /// The `vars`, by name.
    pub(crate) vars: Vars,
}

/// What is put around the text of an error on its way up, as kustomize does it.
#[derive(Debug, Clone)]
pub(crate) enum Wrap {
    /// `{text}: error`
    Prefix(String),
    /// `{text}: "error"`
    Quoted(String),
}

impl Wrap {
    fn around(&self, inner: &str) -> String {
        match self {
            Self::Prefix(text) => format!("{text}: {inner}"),
            Self::Quoted(text) => format!("{text}: {inner:?}"),
        }
    }
}

/// A build under way.
pub(crate) struct Builder<'w, 's> {
    pub(crate) workspace: &'w Workspace<'s>,
    pub(crate) options: Options,
    pub(crate) external: Vec<External>,
    pub(crate) doubts: Vec<Doubt>,
    pub(crate) notes: Vec<Problem>,
    /// The `openapi` of the build: the first one that is met stays.
    pub(crate) schema: Schema,
    /// Whether resources are to remember where they come from (`buildMetadata`).
    pub(crate) origins: bool,
    /// Where the kustomization that is worked on lies, seen from the root of the build.
    pub(crate) origin: String,
    pub(super) problems: Vec<Problem>,
    pub(super) error: Option<String>,
    wraps: Vec<Wrap>,
    /// The folders being built, the outermost first.
    pub(super) open: Vec<RepoPath>,
    /// Every folder that was entered.
    pub(super) entered: Vec<RepoPath>,
    steps: usize,
}

impl<'w, 's> Builder<'w, 's> {
    pub(super) fn new(workspace: &'w Workspace<'s>, options: Options) -> Self {
        Self {
            workspace,
            options,
            external: Vec::new(),
            doubts: Vec::new(),
            notes: Vec::new(),
            schema: Schema::default(),
            origins: false,
            origin: String::new(),
            problems: Vec::new(),
            error: None,
            wraps: Vec::new(),
            open: Vec::new(),
            entered: Vec::new(),
            steps: 0,
        }
    }

    pub(crate) fn sources(&self) -> &'s Sources {
        self.workspace.sources()
    }

    /// Records what kustomize would end with here. The build goes on with what is left.
    pub(crate) fn fail(&mut self, problem: Problem) {
        let text = problem.message.clone();
        self.fail_as(problem, text);
    }

    /// Records a failure for which kustomize has another text than the one for people.
    pub(crate) fn fail_as(&mut self, problem: Problem, text: String) {
        self.rewrap(Some(&text));
        self.problems.push(problem);
    }

    /// Records a failure where there is one.
    pub(crate) fn check(&mut self, result: Result<(), Problem>) {
        if let Err(problem) = result {
            self.fail(problem);
        }
    }

    /// Does something whose errors are wrapped.
    pub(crate) fn wrapped<R>(&mut self, wrap: Wrap, work: impl FnOnce(&mut Self) -> R) -> R {
        self.wraps.push(wrap);
        let result = work(self);
        self.wraps.pop();
        result
    }

    /// Takes an error text over that was made without the wraps of here.
    pub(super) fn rewrap(&mut self, error: Option<&String>) {
        if self.error.is_none() {
            self.error = error.map(|text| self.wraps.iter().rev().fold(text.clone(), |text, wrap| wrap.around(&text)));
        }
    }

    /// Counts work and says whether the build may go on; what it leaves out then is said once.
    pub(crate) fn spend(&mut self, steps: usize, span: Span) -> bool {
        let before = self.steps;
        self.steps = self.steps.saturating_add(steps.max(1));
        if before <= MAX_STEPS && self.steps > MAX_STEPS {
            let what = format!("the build is larger than {MAX_STEPS} steps and is not followed to its end");
            self.doubts.push(Doubt { span, what });
        }
        self.steps <= MAX_STEPS
    }

    /// Whether objects may be missing here that the network brings.
    pub(crate) fn lacks_some(&self) -> bool {
        !self.external.is_empty()
    }

    /// Records that a file was not read, where that is so, and says it.
    pub(super) fn doubt_unread(&mut self, file: FileId, entry: Span) -> bool {
        let why = self.sources().file(file).and_then(|file| file.unread.as_deref());
        let path = self.sources().path(file);
        let doubt =
            why.map(
                |why| if why.is_empty() { format!("{path} is not read") } else { format!("{path} is not read: {why}") },
            );
        let is_unread = doubt.is_some();
        self.doubts.extend(doubt.map(|what| Doubt { span: entry, what }));
        is_unread
    }

    /// Builds the root and does what is done once.
    pub(super) fn root(mut self, folder: &RepoPath, kustomization: Option<&Value>) -> Build {
        let mut accumulator = Accumulator::default();
        if let Some(kustomization) = kustomization {
            let level = Level { folder, kustomization };
            self.set_schema(level);
            self.origins = !crate::kustomization::is_empty(kustomization, "buildMetadata");
            self.level(level, &mut accumulator);
            self.finish(level, &mut accumulator);
        }
        let mut build = Build {
            resources: accumulator.set.into_resources(),
            problems: self.problems,
            error: self.error,
            notes: self.notes,
            external: self.external,
            doubts: self.doubts,
        };
        once(&mut build.problems);
        once(&mut build.notes);
        once(&mut build.external);
        build.doubts.dedup();
        build
    }
}

/// Keeps the first of equal ones: a base that is used twice has its problems once.
fn once<T: Ord + Clone>(all: &mut Vec<T>) {
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|one| seen.insert(one.clone()));
}
