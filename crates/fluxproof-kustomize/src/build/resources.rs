//! `resources`, `bases` and `components`: files, folders, and what lies elsewhere.

use super::load::Target;
use super::{Accumulator, Builder, Level, Wrap};
use crate::Resource;
use crate::kustomization::{is_component, items};
use crate::model::ResourceSet;
use crate::plugin::join_paths;
use crate::workspace::{Read, not_a_resource};
use fluxproof_yaml::{FileId, Problem, RepoPath, Sources, Span, Value};

/// kustomize's text for a key that is there twice, which it notices only when it prints the object.
fn duplicate(sources: &Sources, problem: &Problem) -> Option<String> {
    let key = problem.message.strip_prefix("the key `")?.strip_suffix("` is here twice")?;
    let line = |span: Span| sources.line_column(span.file, span.start).line;
    let first = problem.related.first().map_or(0, |related| line(related.span));
    let second = line(problem.span);
    Some(format!("yaml: unmarshal errors:\n  line {second}: mapping key {key:?} already defined at line {first}"))
}

/// Why a document is not taken, and where the resource is that had its identity before.
type Refused = Box<(Problem, Option<usize>)>;

impl<'w> Builder<'w, '_> {
    /// Adds `resources`, then `bases`, its old name.
    pub(super) fn resources(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        let listed = || ["resources", "bases"].into_iter().flat_map(|name| items(level.kustomization, name));
        self.wrapped(Wrap::Prefix("accumulating resources".into()), |builder| {
            listed().for_each(|item| builder.resource(level, item, accumulator));
        });
    }

    /// Adds what an entry leads to: a file, else a folder (`accumulateResources`).
    pub(crate) fn resource(&mut self, level: Level<'_>, item: &Value, accumulator: &mut Accumulator) {
        let from = format!("accumulating resources from '{}'", item.as_str().unwrap_or_default());
        match self.target(level, item) {
            Ok(Target::External) => {}
            Ok(Target::File(file)) => self.resource_file(file, item, accumulator),
            Ok(Target::Folder(folder, why)) => {
                let wrap = Wrap::Prefix(format!("accumulation err='{from}: {why}'"));
                self.wrapped(wrap, |builder| builder.base(&folder, item, accumulator));
            }
            Err(problem) => {
                let why = problem.message.clone();
                let wrap = Wrap::Prefix(format!("accumulation err='{from}: {why}'"));
                self.wrapped(wrap, |builder| builder.fail(problem));
            }
        }
    }

    /// Adds the objects of a file (`accumulateFile`).
    fn resource_file(&mut self, file: FileId, item: &Value, accumulator: &mut Accumulator) {
        let path = item.as_str().unwrap_or_default();
        let Read { documents, problems } = self.workspace.take(file);
        let problems = if self.doubt_unread(file, item.span) { Vec::new() } else { problems };
        for problem in problems {
            let text = match duplicate(self.sources(), &problem) {
                Some(text) => text,
                None => format!("accumulating resources from '{path}': MalformedYAMLError: {}", problem.message),
            };
            self.fail_as(problem, text);
        }
        let first = accumulator.set.len();
        accumulator.set.reserve(documents.len());
        for document in documents {
            if !self.spend(10, item.span) {
                return;
            }
            if let Err(refused) = self.document(document, file, item, accumulator) {
                let (problem, repeated) = *refused;
                let (why, named) = (&problem.message, self.sources().path(file));
                let step = if repeated.is_some_and(|at| at < first) { "merging" } else { "accumulating" };
                let text = format!(
                    "accumulation err='{step} resources from '{path}': {why}': must build at directory: '{named}': \
                     file is not directory"
                );
                self.fail_as(problem, text);
            }
        }
    }

    fn document(
        &mut self,
        document: Value,
        file: FileId,
        item: &Value,
        accumulator: &mut Accumulator,
    ) -> Result<(), Refused> {
        let nothing = not_a_resource(&document);
        let mut resource = Resource::new(document, file);
        let same = |set: &ResourceSet, resource: &Resource| set.find_current(&resource.id()).first().copied();
        if let Some(problem) = nothing {
            let unread = self.sources().file(file).is_some_and(|file| file.unread.is_some());
            return if unread { Ok(()) } else { Err(Box::new((problem, same(&accumulator.set, &resource)))) };
        }
        self.schema.meet(resource.api_version(), resource.kind());
        if self.origins {
            crate::plugin::origin_of_file(self, item, &mut resource);
        }
        let before = same(&accumulator.set, &resource);
        accumulator.set.append(resource).map_err(|problem| Box::new((problem, before)))
    }

    /// Builds a folder and adds what it gives (`accumulateDirectory`).
    fn base(&mut self, folder: &RepoPath, item: &Value, accumulator: &mut Accumulator) {
        if let Err(problem) = self.may_enter(folder, item.span) {
            return self.fail(problem);
        }
        let built = self.built(folder, item);
        self.wrapped(Wrap::Prefix(format!("recursed merging from path '{folder}'")), |builder| {
            for resource in built.set.iter().cloned() {
                let result = accumulator.set.append(resource);
                builder.check(result);
            }
            let merged = accumulator.merge_config(&built.config, item.span);
            builder.check(merged);
            let merged = accumulator.vars.merge(built.vars.iter().cloned());
            builder.check(merged);
        });
    }

    /// Builds a folder from nothing.
    pub(super) fn build_base(&mut self, folder: &RepoPath, item: &Value) -> Accumulator {
        let mut accumulator = Accumulator::default();
        if let Some(kustomization) = self.child(folder, item, false) {
            let wrap = Wrap::Prefix(format!("recursed accumulation of path '{folder}'"));
            let level = Level { folder, kustomization };
            self.wrapped(wrap, |builder| builder.level_below(item, level, &mut accumulator));
        }
        accumulator
    }

    /// Works on a level that an entry of another one leads to.
    fn level_below(&mut self, item: &Value, level: Level<'_>, accumulator: &mut Accumulator) {
        let inner = join_paths(&self.origin, item.as_str().unwrap_or_default());
        let outer = std::mem::replace(&mut self.origin, inner);
        self.level(level, accumulator);
        self.origin = outer;
    }

    /// The kustomization of a folder that is to be a component, or is not to be one; else that is a failure.
    fn child(&mut self, folder: &RepoPath, item: &Value, component: bool) -> Option<&'w Value> {
        let kustomization = match self.kustomization(folder, item.span) {
            Ok(kustomization) => kustomization,
            Err(problem) => {
                let wrap = Wrap::Prefix(format!("couldn't make target for path '{folder}'"));
                self.wrapped(wrap, |builder| builder.fail(problem));
                return None;
            }
        };
        self.set_schema(Level { folder, kustomization });
        let message = match (component, is_component(kustomization)) {
            (false, true) => format!("expected kind != 'Component' for path '{folder}'"),
            (true, false) => format!("expected kind 'Component' for path '{folder}' but got 'Kustomization'"),
            _ => return Some(kustomization),
        };
        self.fail(Problem::new(item.span, message));
        None
    }

    /// Works through `components`, each on all that its parent has (`accumulateComponents`).
    pub(super) fn components(&mut self, level: Level<'_>, accumulator: &mut Accumulator) {
        self.wrapped(Wrap::Prefix("accumulating components".into()), |builder| {
            for item in items(level.kustomization, "components") {
                builder.component(level, item, accumulator);
            }
        });
    }

    fn component(&mut self, level: Level<'_>, item: &Value, accumulator: &mut Accumulator) {
        let folder = self.folder(level, item).and_then(|folder| {
            folder.map_or(Ok(None), |folder| self.may_enter(&folder, item.span).map(|()| Some(folder)))
        });
        match folder {
            Ok(None) => {}
            Ok(Some(folder)) => {
                let wrap = Wrap::Quoted("accumulateDirectory".into());
                self.wrapped(wrap, |builder| builder.component_folder(&folder, item, accumulator));
            }
            Err(problem) => self.wrapped(Wrap::Quoted("loader.New".into()), |builder| builder.fail(problem)),
        }
    }

    fn component_folder(&mut self, folder: &RepoPath, item: &Value, accumulator: &mut Accumulator) {
        if let Some(kustomization) = self.child(folder, item, true) {
            let wrap = Wrap::Prefix(format!("recursed accumulation of path '{folder}'"));
            let level = Level { folder, kustomization };
            self.wrapped(wrap, |builder| builder.level_below(item, level, accumulator));
            let wrap = Wrap::Prefix(format!("recursed merging from path '{folder}'"));
            let merged = accumulator.merge_own_config(item.span);
            self.wrapped(wrap, |builder| builder.check(merged));
        }
    }
}
