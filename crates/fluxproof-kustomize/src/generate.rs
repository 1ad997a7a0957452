//! configMapGenerator and secretGenerator: the objects they make, under the names that other objects refer to.
//!
//! The hash that kustomize appends to the name is appended to every reference as well, so order and references are those
//! of the plain name. Contents are kept where they are literals.

use crate::Workspace;
use crate::build::items;
use crate::resource::{Resource, set, string};
use fluxproof_yaml::{Data, FileId, RepoPath, Value};

pub(crate) fn resources(workspace: &Workspace<'_>, folder: &RepoPath, kustomization: &Value) -> Vec<Resource> {
    let mut all = Vec::new();
    for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        all.extend(items(kustomization, key).iter().filter_map(|item| generated(workspace, folder, item, kind)));
    }
    all
}

fn generated(workspace: &Workspace<'_>, folder: &RepoPath, item: &Value, kind: &str) -> Option<Resource> {
    let name = item.get("name")?;
    let mut value = Value { span: item.span, data: Data::Map(Vec::new()) };
    set(&mut value, "apiVersion", string("v1", item.span));
    set(&mut value, "kind", string(kind, item.span));
    let mut metadata = Value { span: item.span, data: Data::Map(Vec::new()) };
    set(&mut metadata, "name", name.clone());
    if let Some(namespace) = item.get("namespace") {
        set(&mut metadata, "namespace", namespace.clone());
    }
    set(&mut value, "metadata", metadata);
    if kind == "ConfigMap" {
        set(&mut value, "data", data(workspace, folder, item));
    }
    Some(Resource::new(value, item.span.file))
}

/// The data of a ConfigMap: literals, and the lines of env files. (A Secret's data is not kept: nothing needs it.)
fn data(workspace: &Workspace<'_>, folder: &RepoPath, item: &Value) -> Value {
    let mut data = Value { span: item.span, data: Data::Map(Vec::new()) };
    for literal in items(item, "literals") {
        add_line(&mut data, literal.as_str().unwrap_or_default(), literal);
    }
    for file in items(item, "envs") {
        for line in env_lines(workspace, folder, file) {
            add_line(&mut data, line, file);
        }
    }
    data
}

fn env_lines<'w>(workspace: &Workspace<'w>, folder: &RepoPath, file: &Value) -> Vec<&'w str> {
    let path = file.as_str().and_then(|text| folder.join(text).ok());
    let id: Option<FileId> = path.and_then(|path| workspace.sources().find(&path));
    let lines = id.map_or("", |id| workspace.sources().text(id)).lines();
    lines.filter(|line| !line.trim_start().starts_with('#')).collect()
}

fn add_line(data: &mut Value, line: &str, at: &Value) {
    if let Some((key, value)) = line.split_once('=') {
        set(data, key.trim(), string(value.trim_matches(['"', '\'']), at.span));
    }
}
