//! The kustomization that Flux makes for a folder without one (pkg/kustomize `kustomize_generator.go`).

use fluxproof_kustomize::{Workspace, kustomization_file};
use fluxproof_yaml::{Entry, FileId, Problem, RepoPath, Sources, Span, Value};
use std::collections::BTreeMap;

/// A kustomization that lists every YAML file below a folder, in the order of a walk. A folder with a kustomization of
/// its own is listed as a whole. Files that are no Kubernetes YAML are problems and not listed.
pub(crate) fn kustomization(workspace: &Workspace<'_>, folder: &RepoPath) -> (Value, Vec<Problem>) {
    let sources = workspace.sources();
    let mut listed: BTreeMap<Vec<String>, FileId> = BTreeMap::new();
    let mut problems = Vec::new();
    for file in sources.in_folder(folder) {
        let path = sources.path(file);
        match owning_folder(sources, folder, path) {
            Some((inner, file)) => drop(listed.insert(below(folder, &inner), file)),
            None if is_manifest(path) => match not_kubernetes(workspace, file) {
                Some(problem) => problems.push(problem),
                None => drop(listed.insert(below(folder, path), file)),
            },
            None => {}
        }
    }
    (value(folder, sources, listed), problems)
}

/// The outermost folder below `folder` that holds the file and has a kustomization of its own.
fn owning_folder(sources: &Sources, folder: &RepoPath, path: &RepoPath) -> Option<(RepoPath, FileId)> {
    let above = |path: &RepoPath| Some(path.parent()).filter(|parent| parent != folder && parent.is_in(folder));
    let folders = std::iter::successors(above(path), above);
    folders.filter_map(|inner| kustomization_file(sources, &inner).map(|file| (inner, file))).last()
}

fn below(folder: &RepoPath, path: &RepoPath) -> Vec<String> {
    path.parts().skip(folder.parts().count()).map(str::to_owned).collect()
}

fn is_manifest(path: &RepoPath) -> bool {
    path.name().ends_with(".yaml") || path.name().ends_with(".yml")
}

/// Why a file fails the whole build, if it does: every YAML file must hold Kubernetes objects.
fn not_kubernetes(workspace: &Workspace<'_>, file: FileId) -> Option<Problem> {
    let path = workspace.sources().path(file);
    if workspace.sources().file(file).is_some_and(|file| file.unread.is_some()) {
        return None;
    }
    let (span, why) = match workspace.problems(file).first() {
        Some(problem) => (problem.span, problem.message.clone()),
        None => workspace.documents(file).iter().find_map(|document| Some((document.span, missing(document)?)))?,
    };
    let problem = Problem::new(span, format!("failed to decode Kubernetes YAML from {path}: {why}"));
    let note = "the folder has no kustomization.yaml, so Flux applies every YAML file below it";
    Some(problem.note(note).help("add a kustomization.yaml that lists what is to be applied"))
}

fn missing(document: &Value) -> Option<String> {
    let absent = |path: &[&str]| document.at(path).is_none_or(Value::is_null);
    let what = [("kind", &["kind"][..]), ("metadata.name", &["metadata", "name"])];
    what.into_iter().find(|(_, path)| absent(path)).map(|(name, _)| format!("missing {name} in object"))
}

/// The kustomization as a value. Its entries point at the files they name: nobody wrote them.
fn value(folder: &RepoPath, sources: &Sources, listed: BTreeMap<Vec<String>, FileId>) -> Value {
    let first = listed.values().next().copied().or_else(|| sources.in_folder(folder).next());
    let start = Span::new(first.unwrap_or(FileId(0)), 0, 0);
    let item = |(parts, file): (Vec<String>, FileId)| Value::string(Span::new(file, 0, 0), parts.join("/"));
    let items = Value::seq(start, listed.into_iter().map(item).collect::<Vec<_>>());
    let entry = Entry::new("resources".into(), start, items);
    Value::map(start, [entry])
}
