//! The kustomization that Flux makes for a folder without one (pkg/kustomize kustomize_generator.go, scanManifests).

use fluxproof_kustomize::{Workspace, kustomization_file};
use fluxproof_yaml::{Data, Entry, FileId, Problem, RepoPath, Sources, Span, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Lists every YAML file below a folder; a folder with a kustomization of its own is listed as a whole.
pub(crate) fn kustomization(workspace: &Workspace<'_>, folder: &RepoPath) -> (Option<Value>, Vec<Problem>) {
    let sources = workspace.sources();
    let mut listed: BTreeSet<(String, Span)> = BTreeSet::new();
    let mut problems = Vec::new();
    for file in sources.in_folder(folder) {
        let span = Span::new(file, 0, 0);
        match owning_folder(sources, folder, sources.path(file)) {
            Some(inner) => {
                let file = kustomization_file(sources, &inner).unwrap_or(file);
                listed.insert((relative(folder, &inner), Span::new(file, 0, 0)));
            }
            None if is_manifest(sources, file) => {
                listed.insert((relative(folder, sources.path(file)), span));
                problems.extend(not_kubernetes(workspace, file));
            }
            None => {}
        }
    }
    (Some(value(listed)), problems)
}

/// The outermost folder below `folder` that holds the file and has a kustomization of its own.
fn owning_folder(sources: &Sources, folder: &RepoPath, file: &RepoPath) -> Option<RepoPath> {
    let depth = folder.parts().count();
    let parts: Vec<&str> = file.parts().collect();
    let inner = |end: usize| RepoPath::root().join_clamped(&parts[..end].join("/"));
    (depth + 1..parts.len()).map(inner).find(|inner| kustomization_file(sources, inner).is_some())
}

fn relative(folder: &RepoPath, path: &RepoPath) -> String {
    let skip = folder.parts().count();
    path.parts().skip(skip).collect::<Vec<_>>().join("/")
}

fn is_manifest(sources: &Sources, file: FileId) -> bool {
    let name = sources.path(file).name();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Flux refuses a generated folder that holds YAML which is no Kubernetes object.
fn not_kubernetes(workspace: &Workspace<'_>, file: FileId) -> Option<Problem> {
    let sources = workspace.sources();
    let ignored = sources.ids().any(|id| sources.path(id).name() == ".sourceignore");
    let stranger = workspace
        .documents(file)
        .iter()
        .find(|d| d.str_at(&["kind"]).is_none() || d.str_at(&["apiVersion"]).is_none())?;
    if ignored || sources.path(file).name().starts_with(".sops") {
        return None;
    }
    let mut problem =
        Problem::new(stranger.span, format!("failed to decode Kubernetes YAML from {}", sources.path(file)));
    problem.note = Some("the folder has no kustomization.yaml, so Flux applies every YAML file in it, and this one is no Kubernetes object".to_owned());
    problem.help = Some("add a kustomization.yaml that lists what is to be applied".to_owned());
    Some(problem)
}

fn value(listed: BTreeSet<(String, Span)>) -> Value {
    let start = Span::new(FileId(0), 0, 0);
    let item = |(path, span): (String, Span)| Value { span, data: Data::Str(Arc::from(path)) };
    let items = Value { span: start, data: Data::Seq(listed.into_iter().map(item).collect()) };
    let entry = Entry { key: Arc::from("resources"), key_span: start, value: items };
    Value { span: start, data: Data::Map(vec![entry]) }
}
