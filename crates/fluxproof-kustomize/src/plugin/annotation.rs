//! The annotations that are kustomize's own: what they say of an object that is read, and that they are gone in the end
//! (`internal/utils/annotations.go`, `Resource.RemoveBuildAnnotations`).

use crate::Resource;
use crate::generate::{is_string, not_a_string};
use crate::model::{Behavior, Previous};
use crate::tree::remove;
use fluxproof_yaml::{Data, EcoString, Entry, Problem, Type, Value};

/// What begins the names of most.
const INTERNAL: &str = "internal.config.kubernetes.io/";

/// Those behind [`INTERNAL`].
const BUILD: [&str; 16] = [
    "previousKinds",
    "previousNames",
    "prefixes",
    "suffixes",
    "previousNamespaces",
    "allowNameChange",
    "allowKindChange",
    "refBy",
    "generatorBehavior",
    "needsHashSuffix",
    "path",
    "index",
    "seqindent",
    "id",
    "annotations-migration-resource-id",
    "helm-generated",
];

/// Those with other names.
const LEGACY: [&str; 3] = ["config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id"];

/// Takes over what the annotations of an object say, as if kustomize had written them.
pub(crate) fn recall(resource: &mut Resource) {
    let annotations = resource.at(&["metadata", "annotations"]).map_or(&[][..], Value::entries);
    if !annotations.iter().any(|entry| entry.key.starts_with(INTERNAL)) {
        return;
    }
    let text = |name: &str| resource.annotation(&format!("{INTERNAL}{name}"));
    let list = |name: &str| text(name).map_or_else(Vec::new, |text| text.split(',').map(EcoString::from).collect());
    let ids = list("previousNames").into_iter().zip(list("previousNamespaces")).zip(list("previousKinds"));
    let previous = ids.map(|((name, namespace), kind)| Previous { name, namespace, kind }).collect();
    let (prefixes, suffixes) = (list("prefixes"), list("suffixes"));
    let behavior = text("generatorBehavior").map_or(Behavior::Unspecified, Behavior::named);
    let needs_hash = text("needsHashSuffix") == Some("enabled");
    let is_generated = text("generatorBehavior").is_some() || needs_hash;
    resource.previous = previous;
    resource.is_generated = is_generated;
    (resource.prefixes, resource.suffixes) = (prefixes.into(), suffixes.into());
    (resource.behavior, resource.needs_hash) = (behavior, needs_hash);
}

/// Removes kustomize's own annotations, and `more`; all others become strings. An empty mapping goes where
/// `drops_empty` says so.
pub(crate) fn clean(resource: &mut Resource, more: &[&str], drops_empty: bool) -> Result<(), Problem> {
    let Some(annotations) = resource.at(&["metadata", "annotations"]) else {
        add_metadata(resource);
        return Ok(());
    };
    let goes = |entry: &Entry| is_build(&entry.key) || more.contains(&entry.key.as_str());
    let stays = |entry: &&Entry| !goes(entry);
    let is_empty = annotations.entries().iter().filter(stays).count() == 0;
    if is_empty && (drops_empty || !annotations.entries().is_empty()) {
        resource.value.get_mut("metadata").map(|metadata| remove(metadata, "annotations"));
        return Ok(());
    }
    if let Some(entry) = annotations.entries().iter().find(|entry| !is_string(entry)) {
        return Err(not_a_string(entry));
    }
    if annotations.entries().iter().all(|entry| !goes(entry) && is_text(&entry.value)) {
        return Ok(());
    }
    let place = resource.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    if let Some(entries) = place.and_then(Value::entries_mut) {
        entries.retain(|entry| !goes(entry));
        entries.make_mut().iter_mut().for_each(|entry| make_string(&mut entry.value));
    }
    Ok(())
}

/// Setting annotations makes the mapping that holds them; only a kind that ends in `List` may have had none.
fn add_metadata(resource: &mut Resource) {
    if resource.at(&["metadata"]).is_some() {
        return;
    }
    let metadata = Value::map(resource.span, []);
    if let Some(entries) = resource.value.entries_mut() {
        entries.push(Entry::new("metadata".into(), resource.span, metadata));
    }
}

fn is_build(key: &str) -> bool {
    key.strip_prefix(INTERNAL).is_some_and(|name| BUILD.contains(&name)) || LEGACY.contains(&key)
}

fn is_text(value: &Value) -> bool {
    matches!(value.data, Data::Scalar(_, Type::Str))
}

/// The text stays as it is written; what is no scalar has none.
fn make_string(value: &mut Value) {
    let text = value.scalar_text().cloned().unwrap_or_default();
    value.data = Data::Scalar(text, Type::Str);
}
