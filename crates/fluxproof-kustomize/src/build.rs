//! Building a folder: the resources that a kustomization lists, then its operators in kustomize's order.

use crate::resource::Id;
use crate::tree::any_string;
use crate::{Doubt, Resource, Workspace, fields};
use fluxproof_yaml::{FileId, Problem, RepoPath, Sources, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How deep kustomizations may nest: a bound for hostile trees.
const MAX_NESTING: usize = 64;

/// How much one build may do: documents read, and pairs of an operator and a resource. Real builds stay below 100,000.
const MAX_STEPS: usize = 3_000_000;

/// Kustomize's three names for its file, in the order it looks for them.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Something that lies outside the sources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct External {
    /// Its url.
    pub url: String,
    /// The entry that names it.
    pub span: Span,
}

/// What a build gave.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The resources, in the order they were added.
    pub resources: Vec<Resource>,
    /// What kustomize would refuse: with one of these it builds nothing at all.
    pub problems: Vec<Problem>,
    /// What a person should know though the build does not fail: fields that are dropped, variables that are not set.
    pub notes: Vec<Problem>,
    /// Remote bases and files: what they hold is missing here.
    pub external: Vec<External>,
    /// Operators that may add or remove resources and are not modelled.
    pub doubts: Vec<Doubt>,
}

/// The kustomization file of a folder, by kustomize's three names.
#[must_use]
pub fn kustomization_file(sources: &Sources, folder: &RepoPath) -> Option<FileId> {
    NAMES.iter().find_map(|name| sources.find(&folder.join_clamped(name)))
}

/// Builds a folder that has a kustomization file.
#[must_use]
pub fn build(workspace: &Workspace<'_>, root: &RepoPath) -> Build {
    let sources = workspace.sources();
    let first = sources.in_folder(root).next().unwrap_or(FileId(0));
    let span = kustomization_file(sources, root).map_or(Span::new(first, 0, 0), |file| Span::new(file, 0, 0));
    let mut builder = Builder::new(workspace);
    let mut set = Accumulator::default();
    if let Some(kustomization) = builder.read(root, span) {
        builder.level(root, kustomization, &mut set);
    }
    builder.finish(set)
}

/// Builds a folder with a kustomization that lies in no file, or differs from the one in the folder.
#[must_use]
pub fn build_with(workspace: &Workspace<'_>, root: &RepoPath, kustomization: &Value) -> Build {
    let mut builder = Builder::new(workspace);
    let mut set = Accumulator::default();
    builder.level(root, kustomization, &mut set);
    builder.finish(set)
}

/// The resources of one level, which have no two of one identity.
#[derive(Default)]
pub(crate) struct Accumulator {
    pub(crate) resources: Vec<Resource>,
    ids: BTreeMap<Id, Span>,
}

impl Accumulator {
    /// Adds a resource, or says why kustomize would not.
    pub(crate) fn append(&mut self, resource: Resource) -> Result<(), Problem> {
        let id = resource.id();
        if let Some(first) = self.ids.get(&id.key()) {
            let message = format!("may not add resource with an already registered id: {id}");
            return Err(Problem::new(resource.name_span(), message).related(*first, "the first one"));
        }
        self.ids.insert(id.key(), resource.name_span());
        self.resources.push(resource);
        Ok(())
    }

    /// Reads the identities again, after operators have changed them.
    fn index(&mut self) {
        self.ids = self.resources.iter().map(|resource| (resource.id().key(), resource.name_span())).collect();
    }
}

/// One kustomization: where it is and what it says.
pub(crate) struct Level<'k> {
    pub(crate) folder: &'k RepoPath,
    pub(crate) kustomization: &'k Value,
    /// What people call it: the path of its file.
    pub(crate) name: String,
}

/// A build under way.
pub(crate) struct Builder<'w, 's> {
    pub(crate) workspace: &'w Workspace<'s>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) external: Vec<External>,
    pub(crate) doubts: Vec<Doubt>,
    /// Whether `configurations` teach kustomize references of custom resources.
    pub(crate) more_references: bool,
    /// The `vars` of the build so far.
    pub(crate) vars: Vec<Doubt>,
    /// The folders being built, the outermost first.
    open: Vec<RepoPath>,
    steps: usize,
}

impl<'w, 's> Builder<'w, 's> {
    fn new(workspace: &'w Workspace<'s>) -> Self {
        Self {
            workspace,
            problems: Vec::new(),
            external: Vec::new(),
            doubts: Vec::new(),
            more_references: false,
            vars: Vec::new(),
            open: Vec::new(),
            steps: 0,
        }
    }

    pub(crate) fn sources(&self) -> &'s Sources {
        self.workspace.sources()
    }

    pub(crate) fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(span, message));
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

    /// Reads the kustomization file of a folder that `entry` names.
    pub(crate) fn read(&mut self, folder: &RepoPath, entry: Span) -> Option<&'w Value> {
        let workspace = self.workspace;
        let sources = workspace.sources();
        let Some(file) = kustomization_file(sources, folder) else {
            let names = "'kustomization.yaml', 'kustomization.yml' or 'Kustomization'";
            self.problem(entry, format!("unable to find one of {names} in directory '{folder}'"));
            return None;
        };
        if NAMES.iter().filter(|name| sources.find(&folder.join_clamped(name)).is_some()).count() > 1 {
            self.problem(Span::new(file, 0, 0), format!("Found multiple kustomization files under: {folder}"));
        }
        let kustomization = workspace.documents(file).first();
        // kustomize reads the first document and tolerates a key that is there twice.
        let start = kustomization.map_or(u32::MAX, |value| value.span.start);
        let problems: Vec<Problem> = self.problems_of(file, entry);
        self.problems.extend(problems.into_iter().filter(|problem| problem.span.start < start));
        if kustomization.is_none_or(|value| value.entries().is_empty()) && workspace.problems_as_yaml(file).is_empty() {
            self.problem(Span::new(file, 0, 0), "kustomization.yaml is empty");
        }
        kustomization
    }

    /// What is wrong with a file that `entry` names. A file that was not read only leaves a doubt.
    pub(crate) fn problems_of(&mut self, file: FileId, entry: Span) -> Vec<Problem> {
        let source = self.sources().file(file);
        if let Some(why) = source.and_then(|source| source.unread.as_deref()) {
            let what = format!("{} is not read: {why}", self.sources().path(file));
            self.doubts.push(Doubt { span: entry, what });
            return Vec::new();
        }
        self.workspace.problems_as_yaml(file).to_vec()
    }

    /// Adds what a kustomization makes to what its parent has so far, unless it is on the way already.
    pub(crate) fn level(&mut self, folder: &RepoPath, kustomization: &Value, set: &mut Accumulator) {
        let name = match kustomization_file(self.sources(), folder) {
            Some(file) => self.sources().path(file).to_string(),
            None => format!("the kustomization of {folder}"),
        };
        let level = Level { folder, kustomization, name };
        if !self.is_kustomization(&level) || !self.spend(100, kustomization.span) {
            return;
        }
        self.open.push(folder.clone());
        self.resources(&level, set);
        self.generate(&level, set);
        self.components(&level, set);
        self.transform(&level, &mut set.resources);
        set.index();
        self.open.pop();
    }

    /// Whether a folder may be built below those that are; says why not.
    pub(crate) fn may_enter(&mut self, folder: &RepoPath, entry: Span) -> bool {
        let visited = self.open.iter().find(|visited| visited.is_in(folder));
        if let Some(visited) = visited {
            let message = format!("cycle detected: candidate root '{folder}' contains visited root '{visited}'");
            self.problem(entry, message);
            return false;
        }
        if self.open.len() >= MAX_NESTING {
            let what = format!("{folder} is not followed: kustomizations nest deeper than {MAX_NESTING}");
            self.doubts.push(Doubt { span: entry, what });
            return false;
        }
        true
    }

    /// Checks fields and type; a file of another type has nothing to build.
    fn is_kustomization(&mut self, level: &Level<'_>) -> bool {
        let value = level.kustomization;
        let (kind, api) = (fields::field(value, "kind"), fields::field(value, "apiVersion"));
        let kind_text = kind.and_then(Value::as_str).unwrap_or("Kustomization");
        let version = if kind_text == "Component" { "v1alpha1" } else { "v1beta1" };
        let wanted = format!("kustomize.config.k8s.io/{version}");
        if let Some(kind) = kind.filter(|_| !matches!(kind_text, "Kustomization" | "Component")) {
            self.problem(kind.span, "kind should be Kustomization or Component");
            return false;
        }
        if let Some(api) = api.filter(|api| api.as_str() != Some(&wanted)) {
            self.problem(api.span, format!("apiVersion for {kind_text} should be {wanted}"));
            return api.as_str().is_some_and(|api| api.starts_with("kustomize.config.k8s.io/"));
        }
        self.problems.extend(fields::refused(value));
        true
    }

    fn doubt_vars(&self, resources: &mut [Resource]) {
        for resource in resources.iter_mut().filter(|_| !self.vars.is_empty()) {
            if any_string(&resource.value, |text| text.contains("$(")) {
                self.vars.iter().for_each(|doubt| resource.doubt(doubt.span, doubt.what.clone()));
            }
        }
    }

    /// What is done once, at the root.
    fn finish(mut self, mut set: Accumulator) -> Build {
        self.follow_references(&mut set.resources);
        self.doubt_vars(&mut set.resources);
        let local = "config.kubernetes.io/local-config";
        set.resources.retain(|resource| resource.annotation(local).is_none_or(|value| value == "false"));
        let (problems, external, doubts) = (self.problems, self.external, self.doubts);
        let mut build = Build { resources: set.resources, problems, notes: Vec::new(), external, doubts };
        once(&mut build.problems);
        once(&mut build.external);
        build.doubts.dedup();
        build
    }
}

/// Keeps the first of equal ones: a base that is used twice has its problems once.
fn once<T: Ord + Clone>(all: &mut Vec<T>) {
    let mut seen = BTreeSet::new();
    all.retain(|one| seen.insert(one.clone()));
}
