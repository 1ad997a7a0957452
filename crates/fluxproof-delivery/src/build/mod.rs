//! What kustomize-controller does around kustomize: it makes a kustomization where a folder has none, merges the fields of
//! its own spec into the root, and substitutes variables after the build (fluxcd/pkg `kustomize`).

mod artifact;
mod envsubst;
mod generated;
mod ignore;
mod merge;
mod substitute;
#[cfg(test)]
pub(crate) mod tests;
mod variables;

pub(crate) use artifact::{Artifacts, Cut, Views, below};
pub(crate) use envsubst::fits;
pub use envsubst::substitute;
pub(crate) use ignore::{fits_parts, is_left_out_by_default};
pub use merge::is_dropped_field;
pub use substitute::is_unset_variable;
pub(crate) use variables::{Settings, Variables, base64_text};

use crate::names::Places;
use fluxproof_kustomize::{Build, Options, Workspace, build_with, kustomization_file};
use fluxproof_yaml::{Entry, FileId, Problem, RepoPath, Sources, Span, Value};
use std::cell::RefCell;
use std::sync::Arc;

/// The builds of one artifact. A folder is built once for all Kustomizations, of whichever cluster, that merge the same
/// fields into its root; what a Kustomization substitutes is its own.
pub(crate) struct Builds<'w> {
    workspace: Workspace<'w>,
    made: RefCell<Made>,
}

/// What was built so far: each with the fields that were merged into it, spans and all, for they show in the resources.
#[derive(Default)]
struct Made {
    all: Vec<(Vec<Entry>, Arc<Build>)>,
    by_folder: Places,
}

impl Made {
    fn find(&self, path: &RepoPath, fields: &[Entry]) -> Option<Arc<Build>> {
        let mut of_folder = self.by_folder.get(path.as_str())?.iter().map(|at| &self.all[*at]);
        of_folder.find(|made| made.0 == fields).map(|made| Arc::clone(&made.1))
    }

    fn add(&mut self, path: &RepoPath, fields: Vec<Entry>, build: &Arc<Build>) {
        self.by_folder.entry(path.as_str().to_owned()).or_default().push(self.all.len());
        self.all.push((fields, Arc::clone(build)));
    }
}

impl<'w> Builds<'w> {
    /// Nothing is built yet.
    pub(crate) fn new(workspace: Workspace<'w>) -> Self {
        Self { workspace, made: RefCell::default() }
    }

    /// The files that are built from, as the artifact has them.
    pub(crate) fn sources(&self) -> &'w Sources {
        self.workspace.sources()
    }

    /// Builds the folder of a Flux Kustomization as kustomize-controller does, up to the substitution.
    pub(crate) fn plain(&self, path: &RepoPath, spec: &Value) -> Arc<Build> {
        let fields = merge::fields(spec);
        if let Some(known) = self.made.borrow().find(path, &fields) {
            return known;
        }
        let build = Arc::new(self.make(path, spec));
        self.made.borrow_mut().add(path, fields, &build);
        build
    }

    fn make(&self, path: &RepoPath, spec: &Value) -> Build {
        let (mut kustomization, mut problems) = root(&self.workspace, path);
        let notes = merge::drop_unknown(&mut kustomization);
        problems.extend(merge::spec(&mut kustomization, spec, path, self.sources()));
        let mut build = build_with(&self.workspace, path, &kustomization, Options::flux());
        build.problems.extend(problems);
        build.notes.extend(notes);
        build
    }

    /// Builds the folder of a Flux Kustomization as kustomize-controller does.
    pub(crate) fn whole(&self, path: &RepoPath, spec: &Value, variables: &Variables) -> Arc<Build> {
        let mut build = self.plain(path, spec);
        if variables.change_nothing() && spec.get("commonMetadata").is_none() {
            return build;
        }
        finish(Arc::make_mut(&mut build), spec, variables);
        build
    }
}

/// A text with those of its variables that a `substitute` sets; others stay as they are.
pub(crate) fn substitute_known(text: &str, variables: Option<&Value>) -> String {
    let look_up = |name: &str| match variables.and_then(|all| all.str_at(&[name])) {
        Some(value) => envsubst::Lookup::Value(value),
        None => envsubst::Lookup::Unknown,
    };
    envsubst::expand(text, &look_up).map_or_else(|_| text.to_owned(), |(text, _)| text)
}

/// Substitutes variables and sets `commonMetadata`.
fn finish(build: &mut Build, spec: &Value, variables: &Variables) {
    build.problems.extend(variables.problems.iter().cloned());
    for resource in &mut build.resources {
        let outcome = substitute::resource(resource, variables);
        build.problems.extend(outcome.problems);
        build.notes.extend(outcome.notes);
        merge::common_metadata(resource, spec);
    }
}

/// The root kustomization: the folder's own, or the one that Flux makes.
fn root(workspace: &Workspace<'_>, path: &RepoPath) -> (Value, Vec<Problem>) {
    let Some(file) = kustomization_file(workspace.sources(), path) else {
        return generated::kustomization(workspace, path);
    };
    let problems = workspace.configuration_problems(file).to_vec();
    // An empty file is an empty kustomization: Flux adds to it before kustomize looks.
    let mut kustomization = workspace.configuration(file).cloned().unwrap_or_else(|| empty(file));
    let resources = kustomization.get(&merge::actual_key(&kustomization, "resources"));
    if resources.is_none_or(|list| list.items().is_empty()) {
        merge::keep_from_being_empty(&mut kustomization, Span::new(file, 0, 0));
    }
    (kustomization, problems)
}

fn empty(file: FileId) -> Value {
    Value::map(Span::new(file, 0, 0), [])
}
