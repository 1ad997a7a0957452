//! The fields of a Flux Kustomization that become fields of the root kustomization.

use fluxproof_kustomize::{Resource, is_field};
use fluxproof_yaml::{Data, Entry, Problem, RepoPath, Sources, Value};
use std::sync::Arc;

/// Drops what kustomize does not know. Flux reads the root without strictness, so that a typo has no effect at all.
pub(crate) fn drop_unknown(kustomization: &mut Value) -> Vec<Problem> {
    let Some(entries) = kustomization.entries_mut() else { return Vec::new() };
    let notes = entries.iter().filter(|entry| !is_field(&entry.key)).map(dropped).collect();
    entries.retain(|entry| is_field(&entry.key));
    notes
}

fn dropped(entry: &Entry) -> Problem {
    let problem = Problem::new(entry.key_span, format!("the unknown field \"{}\" has no effect", entry.key));
    problem.note("Flux drops what kustomize does not know at spec.path; kustomize itself refuses it")
}

/// The fields of a spec that [`spec`] reads.
const MERGED: [&str; 9] = [
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "components",
    "images",
    "ignoreMissingComponents",
];

/// What of a Flux Kustomization's spec makes the build of its folder another one.
pub(crate) fn fields(spec: &Value) -> Vec<Entry> {
    spec.entries().iter().filter(|entry| MERGED.contains(&&*entry.key)).cloned().collect()
}

/// Merges `targetNamespace`, `namePrefix`, `nameSuffix`, `patches` (and their older forms), `components` and `images`.
pub(crate) fn spec(kustomization: &mut Value, spec: &Value, folder: &RepoPath, sources: &Sources) -> Vec<Problem> {
    for (from, to) in [("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")] {
        let set_to = spec.entry(from).filter(|entry| entry.value.as_str().is_some_and(|text| !text.is_empty()));
        if let Some(entry) = set_to {
            set(kustomization, to, entry.clone());
        }
    }
    for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
        append(kustomization, key, spec.entry(key), |_| true);
    }
    for image in spec.get("images").map_or(&[][..], Value::items) {
        add_image(kustomization, image);
    }
    let mut problems = Vec::new();
    let ignores_missing = spec.get("ignoreMissingComponents").and_then(Value::as_bool).unwrap_or(false);
    append(kustomization, "components", spec.entry("components"), |item| {
        let problem = bad_component(item);
        let kept = problem.is_none() && !(ignores_missing && is_missing(item, folder, sources));
        problems.extend(problem);
        kept
    });
    problems
}

/// Components must be relative paths.
fn bad_component(item: &Value) -> Option<Problem> {
    let text = item.as_str().unwrap_or_default();
    let local = !text.is_empty() && !text.starts_with('/') && !text.contains("://") && !text.contains("?ref=");
    (!local).then(|| Problem::new(item.span, format!("component path '{text}' must be local and relative")))
}

fn is_missing(item: &Value, folder: &RepoPath, sources: &Sources) -> bool {
    let path = item.as_str().and_then(|text| folder.join(text).ok());
    path.is_none_or(|path| !sources.has_folder(&path))
}

/// The name of a key as it is in the map, whatever its case.
fn actual_key(map: &Value, key: &str) -> Arc<str> {
    let found = map.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
    found.map_or_else(|| Arc::from(key), |entry| Arc::clone(&entry.key))
}

fn set(map: &mut Value, key: &str, mut entry: Entry) {
    entry.key = actual_key(map, key);
    let Some(entries) = map.entries_mut() else { return };
    entries.retain(|old| old.key != entry.key);
    entries.push(entry);
}

fn append(map: &mut Value, key: &str, entry: Option<&Entry>, mut keeps: impl FnMut(&Value) -> bool) {
    let Some(entry) = entry else { return };
    let items: Vec<Value> = entry.value.items().iter().filter(|item| keeps(item)).cloned().collect();
    if items.is_empty() {
        return;
    }
    let name = actual_key(map, key);
    if let Some(Data::Seq(old)) = map.get_mut(&name).map(|old| &mut old.data) {
        old.extend(items);
        return;
    }
    let value = Value { span: entry.value.span, data: Data::Seq(items) };
    set(map, key, Entry { key: name, key_span: entry.key_span, value });
}

/// An image of the spec replaces the one of the same name as a whole.
fn add_image(kustomization: &mut Value, image: &Value) {
    let name = actual_key(kustomization, "images");
    if let Some(Data::Seq(old)) = kustomization.get_mut(&name).map(|old| &mut old.data) {
        let same = |other: &&mut Value| other.str_at(&["name"]) == image.str_at(&["name"]);
        match old.iter_mut().find(same) {
            Some(other) => *other = image.clone(),
            None => old.push(image.clone()),
        }
        return;
    }
    let value = Value { span: image.span, data: Data::Seq(vec![image.clone()]) };
    set(kustomization, "images", Entry { key: name, key_span: image.span, value });
}

/// `commonMetadata` goes on every object after the build.
pub(crate) fn common_metadata(resource: &mut Resource, spec: &Value) {
    let Some(common) = spec.get("commonMetadata") else { return };
    for field in ["labels", "annotations"] {
        for entry in common.get(field).map_or(&[][..], Value::entries) {
            add_metadata(&mut resource.value, field, entry);
        }
    }
}

fn add_metadata(object: &mut Value, field: &str, entry: &Entry) {
    let Some(metadata) = object.get_mut("metadata") else { return };
    if metadata.get(field).is_none_or(Value::is_null) {
        let map = Value { span: entry.value.span, data: Data::Map(Vec::new()) };
        set(metadata, field, Entry { key: Arc::from(field), key_span: entry.key_span, value: map });
    }
    let Some(entries) = metadata.get_mut(field).and_then(Value::entries_mut) else { return };
    entries.retain(|old| old.key != entry.key);
    entries.push(entry.clone());
}
