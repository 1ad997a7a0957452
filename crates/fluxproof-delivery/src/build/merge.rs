//! The fields of a Flux Kustomization that become fields of the root kustomization.

use fluxproof_kustomize::Resource;
use fluxproof_yaml::{EcoString, Entry, Problem, RepoPath, Sources, Span, Value, to_json};

/// Drops what kustomize does not know. Flux reads the root without strictness, so that a typo has no effect at all.
pub(crate) fn drop_unknown(kustomization: &mut Value) -> Vec<Problem> {
    fluxproof_kustomize::drop_unknown(kustomization).iter().map(dropped).collect()
}

/// Whether a note of a build says that a field was dropped.
#[must_use]
pub fn is_dropped_field(note: &Problem) -> bool {
    note.message.starts_with(DROPPED)
}

const DROPPED: &str = "the unknown field ";

fn dropped(entry: &Entry) -> Problem {
    let problem = Problem::new(entry.key_span, format!("{DROPPED}\"{}\" has no effect", entry.key));
    problem.note("Flux drops what kustomize does not know at spec.path; kustomize itself refuses it")
}

/// What Flux does to a kustomization without `resources`, so that kustomize does not call it empty.
pub(crate) fn keep_from_being_empty(kustomization: &mut Value, at: Span) {
    let value = Value::seq(at, [Value::string(at, "originAnnotations")]);
    set(kustomization, "buildMetadata", Entry::new("buildMetadata".into(), at, value));
}

/// The fields of a spec that [`spec`] reads.
const MERGED: [&str; 10] = [
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "components",
    "images",
    "ignoreMissingComponents",
    "buildMetadata",
];

/// What of a Flux Kustomization's spec makes the build of its folder another one.
pub(crate) fn fields(spec: &Value) -> Vec<Entry> {
    spec.entries().iter().filter(|entry| MERGED.contains(&&*entry.key)).cloned().collect()
}

/// Merges the fields of a spec into the root, in the order of `GenerateManifest`.
pub(crate) fn spec(kustomization: &mut Value, spec: &Value, folder: &RepoPath, sources: &Sources) -> Vec<Problem> {
    for (from, to) in [("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")] {
        if let Some(entry) = spec.entry(from).filter(|entry| entry.value.as_str().is_some()) {
            set(kustomization, to, entry.clone());
        }
    }
    append(kustomization, "patches", spec.entry("patches").map(|list| each(list, inline)));
    let (components, problems) = components(spec, folder, sources);
    append(kustomization, "components", components);
    append(kustomization, "patchesStrategicMerge", spec.entry("patchesStrategicMerge").map(|list| each(list, text)));
    append(kustomization, "patchesJson6902", spec.entry("patchesJson6902").map(|list| each(list, with_text)));
    for image in spec.get("images").map_or(&[][..], Value::items) {
        add_image(kustomization, image);
    }
    if let Some(entry) = spec.entry("buildMetadata").filter(|entry| !entry.value.items().is_empty()) {
        set(kustomization, "buildMetadata", entry.clone());
    }
    problems
}

/// The patches of a spec have no `path` and no `options`.
fn inline(patch: &Value) -> Value {
    let own = |entry: &&Entry| matches!(entry.key.as_str(), "patch" | "target");
    Value::map(patch.span, patch.entries().iter().filter(own).cloned().collect::<Vec<_>>())
}

/// A patch whose list of operations is the text that kustomize wants.
fn with_text(patch: &Value) -> Value {
    let mut patch = inline(patch);
    if let Some(operations) = patch.get_mut("patch") {
        *operations = text(operations);
    }
    patch
}

/// An object as the text that kustomize wants.
fn text(value: &Value) -> Value {
    Value::string(value.span, to_json(value).unwrap_or_default())
}

fn each(list: &Entry, change: impl Fn(&Value) -> Value) -> Entry {
    let items: Vec<Value> = list.value.items().iter().map(change).collect();
    Entry { value: Value::seq(list.value.span, items), ..list.clone() }
}

/// The components of a spec that are there, or are not said to be ignored where they are not.
fn components(spec: &Value, folder: &RepoPath, sources: &Sources) -> (Option<Entry>, Vec<Problem>) {
    let Some(listed) = spec.entry("components") else { return (None, Vec::new()) };
    let ignores_missing = spec.get("ignoreMissingComponents").and_then(Value::as_bool).unwrap_or(false);
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for item in listed.value.items() {
        match bad_component(item) {
            Some(problem) => problems.push(problem),
            None if ignores_missing && is_missing(item, folder, sources) => {}
            None => items.push(item.clone()),
        }
    }
    (Some(Entry { value: Value::seq(listed.value.span, items), ..listed.clone() }), problems)
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
pub(crate) fn actual_key(map: &Value, key: &str) -> EcoString {
    let found = map.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
    found.map_or_else(|| key.into(), |entry| entry.key.clone())
}

fn set(map: &mut Value, key: &str, mut entry: Entry) {
    entry.key = actual_key(map, key);
    let Some(entries) = map.entries_mut() else { return };
    entries.retain(|old| old.key != entry.key);
    entries.push(entry);
}

/// Adds the items of a list to the one that is there.
fn append(map: &mut Value, key: &str, list: Option<Entry>) {
    let Some(list) = list.filter(|list| !list.value.items().is_empty()) else { return };
    match map.get_mut(&actual_key(map, key)).and_then(Value::items_mut) {
        Some(old) => old.extend(list.value.items().iter().cloned()),
        None => set(map, key, list),
    }
}

/// An image of the spec changes the fields that it sets of the one of the same name; tag and digest are one.
fn add_image(kustomization: &mut Value, image: &Value) {
    let name = actual_key(kustomization, "images");
    let same = |other: &Value| other.str_at(&["name"]) == image.str_at(&["name"]);
    let images = kustomization.get_mut(&name).and_then(Value::items_mut);
    let Some((images, at)) = images.and_then(|images| images.iter().position(same).map(|at| (images, at))) else {
        let entry = Entry::new(name, image.span, Value::seq(image.span, [image.clone()]));
        return append(kustomization, "images", Some(entry));
    };
    let other = &mut images.make_mut()[at];
    let is_set = |field: &str| image.str_at(&[field]).is_some_and(|text| !text.is_empty());
    if is_set("newName") {
        take_over(other, image, &["newName"]);
    }
    if is_set("newTag") || is_set("digest") {
        take_over(other, image, &["newTag", "digest"]);
    }
}

/// Replaces fields by those of another mapping, which may not have them.
fn take_over(map: &mut Value, other: &Value, fields: &[&str]) {
    let Some(entries) = map.entries_mut() else { return };
    entries.retain(|entry| !fields.iter().any(|field| entry.key.eq_ignore_ascii_case(field)));
    entries.extend(other.entries().iter().filter(|entry| fields.contains(&entry.key.as_str())).cloned());
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
        let map = Value::map(entry.value.span, []);
        set(metadata, field, Entry::new(field.into(), entry.key_span, map));
    }
    let Some(entries) = metadata.get_mut(field).and_then(Value::entries_mut) else { return };
    entries.retain(|old| old.key != entry.key);
    entries.push(entry.clone());
}
