//! patches, patchesStrategicMerge and patchesJson6902.

use crate::Workspace;
use crate::build::items;
use crate::merge::merge;
use crate::resource::Resource;
use crate::select::{self, Match};
use fluxproof_yaml::{Budget, Data, Entry, FileId, Problem, RepoPath, Span, Table, Value, parse};
use std::sync::Arc;

/// A patch that was read, and what it is.
enum Patch {
    Merge(Value),
    Json(Vec<Value>),
}

/// Applies the patches of a kustomization to the resources since `from`.
pub(crate) fn apply(
    workspace: &Workspace<'_>,
    folder: &RepoPath,
    kustomization: &Value,
    resources: &mut Vec<Resource>,
    from: usize,
    problems: &mut Vec<Problem>,
) {
    let mut at = At { workspace, folder, problems };
    for item in items(kustomization, "patchesStrategicMerge") {
        let text = item.as_str().unwrap_or_default();
        let patches = if text.contains('\n') { at.inline(item) } else { at.file(item) };
        patches.into_iter().for_each(|value| at.patch(&Patch::Merge(value), None, resources, from, item.span));
    }
    for key in ["patches", "patchesJson6902"] {
        for item in items(kustomization, key) {
            at.item(item, resources, from);
        }
    }
}

struct At<'a, 's> {
    workspace: &'a Workspace<'s>,
    folder: &'a RepoPath,
    problems: &'a mut Vec<Problem>,
}

impl At<'_, '_> {
    fn item(&mut self, item: &Value, resources: &mut Vec<Resource>, from: usize) {
        let texts = match (item.get("patch"), item.get("path")) {
            (Some(patch), _) => self.inline(patch),
            (None, Some(path)) => self.file(path),
            _ => Vec::new(),
        };
        for value in texts {
            let patch = match value.data {
                Data::Seq(operations) => Patch::Json(operations),
                _ => Patch::Merge(value),
            };
            self.patch(&patch, item.get("target"), resources, from, item.span);
        }
    }

    /// A patch inside the kustomization: its nodes have the span of the text that holds it.
    fn inline(&mut self, text: &Value) -> Vec<Value> {
        let file = text.span.file;
        let Some(source) = text.as_str() else { return vec![text.clone()] };
        let mut values = read(file, source);
        values.iter_mut().for_each(|value| respan(value, text.span, 64));
        values
    }

    fn file(&mut self, path: &Value) -> Vec<Value> {
        let found =
            path.as_str().and_then(|text| self.folder.join(text).ok()).and_then(|p| self.workspace.sources().find(&p));
        let Some(file) = found else {
            let text = path.as_str().unwrap_or_default();
            self.problems.push(Problem::new(
                path.span,
                format!("trouble configuring builtin PatchTransformer: '{text}' does not exist"),
            ));
            return Vec::new();
        };
        self.workspace.documents(file).to_vec()
    }

    fn patch(&mut self, patch: &Patch, target: Option<&Value>, resources: &mut Vec<Resource>, from: usize, span: Span) {
        let mut gone = Vec::new();
        for (index, resource) in resources.iter_mut().enumerate().skip(from) {
            let matched = match (target, patch) {
                (Some(target), _) => select::target(resource, target),
                (None, Patch::Merge(value)) => same_object(resource, value),
                (None, Patch::Json(_)) => Match::No,
            };
            match matched {
                Match::No => {}
                Match::Unknown => resource.doubt(span, &self.doubt("the target of a patch")),
                Match::Yes if deletes(patch) => gone.push(index),
                Match::Yes => self.one(patch, resource, span),
            }
        }
        gone.into_iter().rev().for_each(|index| drop(resources.remove(index)));
    }

    fn one(&mut self, patch: &Patch, resource: &mut Resource, span: Span) {
        let known = match patch {
            Patch::Merge(value) => {
                let builtin = !resource.group().contains('.') || resource.group().ends_with(".k8s.io");
                merge(&mut resource.value, &without_identity(value), builtin)
            }
            Patch::Json(operations) => {
                operations.iter().all(|operation| json(&mut resource.value, operation).is_some())
            }
        };
        if !known {
            resource.doubt(span, &self.doubt("a patch"));
        }
    }

    fn doubt(&self, what: &str) -> String {
        format!("{what} of {}/kustomization.yaml is not modelled", self.folder)
    }
}

fn read(file: FileId, text: &str) -> Vec<Value> {
    let parsed = parse(file, text);
    let roots = parsed.documents.iter().filter_map(|document| document.root());
    roots
        .filter_map(|root| root.to_value(Table::GoYaml3, &mut Budget::default()).ok())
        .filter(|v| !v.is_null())
        .collect()
}

/// Gives every node the span of the text that the patch stands in.
fn respan(value: &mut Value, span: Span, depth: usize) {
    value.span = span;
    if depth == 0 {
        return;
    }
    match &mut value.data {
        Data::Seq(items) => items.iter_mut().for_each(|item| respan(item, span, depth - 1)),
        Data::Map(entries) => {
            for entry in entries {
                entry.key_span = span;
                respan(&mut entry.value, span, depth - 1);
            }
        }
        _ => {}
    }
}

fn deletes(patch: &Patch) -> bool {
    matches!(patch, Patch::Merge(value) if value.str_at(&["$patch"]) == Some("delete"))
}

fn same_object(resource: &Resource, patch: &Value) -> Match {
    let group = |version: Option<&str>| {
        version.unwrap_or("").split_once('/').map_or(String::new(), |(group, _)| group.to_owned())
    };
    let same = patch.str_at(&["kind"]) == Some(resource.kind())
        && patch.str_at(&["metadata", "name"]) == Some(resource.name())
        && group(patch.str_at(&["apiVersion"])) == resource.group()
        && patch.str_at(&["metadata", "namespace"]).is_none_or(|namespace| resource.namespace() == Some(namespace));
    if same { Match::Yes } else { Match::No }
}

/// A patch without the fields that only say which object it is for.
fn without_identity(patch: &Value) -> Value {
    let mut patch = patch.clone();
    if let Some(metadata) = patch.get_mut("metadata").and_then(Value::entries_mut) {
        metadata.retain(|entry| !matches!(&*entry.key, "name" | "namespace"));
    }
    if let Some(entries) = patch.entries_mut() {
        entries.retain(|entry| !matches!(&*entry.key, "apiVersion" | "kind"));
    }
    patch
}

/// One operation of RFC 6902; none where it does not fit the object.
fn json(root: &mut Value, operation: &Value) -> Option<()> {
    let path = pointer(operation.str_at(&["path"])?);
    let (last, parents) = path.split_last()?;
    match operation.str_at(&["op"])? {
        "remove" => remove(descend(root, parents)?, last),
        "add" => put(descend(root, parents)?, last, operation.get("value")?.clone(), true),
        "replace" => put(descend(root, parents)?, last, operation.get("value")?.clone(), false),
        "test" => Some(()),
        _ => None,
    }
}

fn pointer(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

fn descend<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    let mut value = value;
    for part in path {
        value = match &mut value.data {
            Data::Map(entries) => &mut entries.iter_mut().find(|entry| &*entry.key == part.as_str())?.value,
            Data::Seq(items) => items.get_mut(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

fn remove(parent: &mut Value, key: &str) -> Option<()> {
    match &mut parent.data {
        Data::Map(entries) => {
            let at = entries.iter().position(|entry| &*entry.key == key)?;
            entries.remove(at);
        }
        Data::Seq(items) => {
            let at = key.parse::<usize>().ok().filter(|at| *at < items.len())?;
            items.remove(at);
        }
        _ => return None,
    }
    Some(())
}

fn put(parent: &mut Value, key: &str, value: Value, insert: bool) -> Option<()> {
    match &mut parent.data {
        Data::Map(entries) => match entries.iter_mut().find(|entry| &*entry.key == key) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry { key: Arc::from(key), key_span: value.span, value }),
        },
        Data::Seq(items) if key == "-" => items.push(value),
        Data::Seq(items) if insert => {
            let at = key.parse::<usize>().ok().filter(|at| *at <= items.len())?;
            items.insert(at, value);
        }
        Data::Seq(items) => *items.get_mut(key.parse::<usize>().ok()?)? = value,
        _ => return None,
    }
    Some(())
}
