//! What kustomize-controller does around kustomize: it makes a kustomization where a folder has none, merges the fields of
//! its own spec into the root, and substitutes variables after the build (fluxcd/pkg `kustomize`).

mod envsubst;
mod generated;
mod ignore;
mod merge;
mod substitute;
#[cfg(test)]
mod tests;
mod variables;

pub use envsubst::substitute;
pub(crate) use variables::Variables;

use fluxproof_kustomize::{Build, Options, Workspace, build_with, kustomization_file};
use fluxproof_yaml::{FileId, Problem, RepoPath, Span, Value};

/// Builds the folder of a Flux Kustomization as kustomize-controller does.
pub(crate) fn flux_build(workspace: &Workspace<'_>, path: &RepoPath, spec: &Value, variables: &Variables) -> Build {
    let (mut kustomization, mut problems) = root(workspace, path);
    let notes = merge::drop_unknown(&mut kustomization);
    problems.extend(merge::spec(&mut kustomization, spec, path, workspace.sources()));
    let mut build = build_with(workspace, path, &kustomization, Options::flux());
    build.problems.extend(problems);
    build.problems.extend(variables.problems.iter().cloned());
    build.notes.extend(notes);
    for resource in &mut build.resources {
        let outcome = substitute::resource(resource, variables);
        build.problems.extend(outcome.problems);
        build.notes.extend(outcome.notes);
        merge::common_metadata(resource, spec);
    }
    build
}

/// The root kustomization: the folder's own, or the one that Flux makes.
fn root(workspace: &Workspace<'_>, path: &RepoPath) -> (Value, Vec<Problem>) {
    let Some(file) = kustomization_file(workspace.sources(), path) else {
        return generated::kustomization(workspace, path);
    };
    let problems = workspace.configuration_problems(file).to_vec();
    // An empty file is an empty kustomization: Flux adds to it before kustomize looks.
    let mut kustomization = workspace.configuration(file).cloned().unwrap_or_else(|| empty(file));
    if resources(&kustomization).is_none_or(|list| list.items().is_empty()) {
        merge::keep_from_being_empty(&mut kustomization, Span::new(file, 0, 0));
    }
    (kustomization, problems)
}

fn resources(kustomization: &Value) -> Option<&Value> {
    let entry = kustomization.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case("resources"));
    entry.map(|entry| &entry.value)
}

fn empty(file: FileId) -> Value {
    Value::map(Span::new(file, 0, 0), [])
}
