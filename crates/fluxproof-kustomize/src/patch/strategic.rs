//! Applying strategic merge patches to resources (`resource.ApplySmPatch`, `resWrangler.ApplySmPatch`).

use super::merge::{Merge, with_text};
use crate::Resource;
use crate::build::Builder;
use crate::model::shared::follow;
use crate::model::{ResId, ResourceSet};
use crate::spec::Lookup;
use crate::tree::{Writer, remove};
use fluxproof_yaml::{Data, EcoString, Entry, Problem, Sources, Type, Value};

/// What a patch may change of an identity (`types.PatchArgs`).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Allowed {
    pub(super) name: bool,
    pub(super) kind: bool,
}

/// Patches on their way through a set.
pub(super) struct Strategic<'l> {
    pub(super) lookup: &'l Lookup,
    pub(super) sources: &'l Sources,
    pub(super) allowed: Allowed,
    pub(super) by: &'static str,
}

impl Strategic<'_> {
    /// Applies a patch to one resource, which may be empty then.
    pub(super) fn apply(&self, set: &mut ResourceSet, at: usize, patch: &Value) -> Result<(), Problem> {
        let merged = set.update(at, |resource| self.merge(resource, patch));
        if merged.unwrap_or(Ok(true))? {
            return Ok(());
        }
        set.empty(at);
        Ok(())
    }

    /// Applies a patch to one of the resources that a selector or a set finds: one without an `apiVersion` gets an empty
    /// one, because kustomize gives the patch that of the resource.
    pub(super) fn apply_to_many(&self, set: &mut ResourceSet, at: usize, patch: &Value) -> Result<(), Problem> {
        self.apply(set, at, patch)?;
        let is_without = |resource: &Resource| !resource.is_empty() && resource.at(&["apiVersion"]).is_none();
        if set.get(at).is_some_and(is_without) {
            let null = Value::plain(patch.span, "null");
            set.update(at, |resource| Writer::new(self.by, patch.span).push(&mut resource.value, "apiVersion", null));
        }
        Ok(())
    }

    /// Whether something is left of the resource.
    fn merge(&self, resource: &mut Resource, patch: &Value) -> Result<bool, Problem> {
        let (mut value, mut patch) = (resource.value.clone(), patch.clone());
        if (self.allowed.name || self.allowed.kind) && patch.get("metadata").is_some() {
            // kustomize notes what is allowed among the annotations of the patch.
            patch.get_mut("metadata").into_iter().for_each(|metadata| make_strings(metadata, "annotations"));
        }
        let merge = Merge { lookup: self.lookup, sources: self.sources, by: self.by };
        let merged = merge.apply(&mut value, &mut patch).map_err(|problem| with_text(problem, self.sources));
        if !merged? || value.entries().is_empty() {
            return Ok(false);
        }
        if self.allowed.name || self.allowed.kind {
            resource.remember();
        }
        if !self.allowed.kind {
            restore(&mut value, resource.value.entry("kind"));
        }
        self.restore_metadata(&mut value, &resource.value);
        resource.value = value;
        follow(resource);
        Ok(true)
    }

    /// The namespace comes back always, the name unless it may change. One that was not there goes.
    fn restore_metadata(&self, value: &mut Value, before: &Value) {
        let metadata = before.entry("metadata");
        let kept = |name: &str| {
            let entry = metadata.and_then(|metadata| metadata.value.entry(name));
            let is_empty = |value: &Value| value.is_null() || value.scalar_text().is_none_or(EcoString::is_empty);
            entry.filter(|entry| !is_empty(&entry.value))
        };
        let fields = [("name", !self.allowed.name), ("namespace", true)];
        let changed = |(name, restores): &(&'static str, bool)| {
            let now = value.get("metadata").and_then(|metadata| metadata.get(name));
            *restores && now != kept(name).map(|entry| &entry.value)
        };
        let changed: Vec<(&'static str, bool)> = fields.into_iter().filter(changed).collect();
        if changed.is_empty() {
            return;
        }
        if let Some(metadata) = metadata.filter(|_| value.get("metadata").is_none_or(|metadata| !metadata.is_map())) {
            let empty = Value::map(metadata.value.span, []);
            restore(value, Some(&Entry { value: empty, ..metadata.clone() }));
        }
        let Some(metadata) = value.get_mut("metadata") else { return };
        for (name, _) in changed {
            match kept(name) {
                Some(before) => restore(metadata, Some(before)),
                None => drop(remove(metadata, name)),
            }
        }
    }
}

/// Puts a field back as it was.
fn restore(map: &mut Value, before: Option<&Entry>) {
    let Some(before) = before else { return };
    if map.get(&before.key) == Some(&before.value) {
        return;
    }
    if let Some(place) = map.get_mut(&before.key) {
        *place = before.value.clone();
    } else if let Some(entries) = map.entries_mut() {
        entries.push(before.clone());
    }
}

/// A patch as it is for resources that a selector or a set finds: of their version, its labels and annotations strings
/// (`CopyMergeMetaDataFieldsFrom`), also those that are to be removed.
pub(super) fn for_many(patch: &Value) -> Value {
    let mut patch = patch.clone();
    remove(&mut patch, "apiVersion");
    if patch.get("metadata").is_some_and(Value::is_map)
        && let Some(metadata) = patch.get_mut("metadata")
    {
        make_strings(metadata, "labels");
        make_strings(metadata, "annotations");
    }
    patch
}

fn make_strings(metadata: &mut Value, field: &str) {
    let Some(map) = metadata.get(field) else { return };
    if map.entries().is_empty() {
        remove(metadata, field);
        return;
    }
    let Some(entries) = metadata.get_mut(field).and_then(Value::entries_mut) else { return };
    for entry in entries.make_mut().iter_mut().filter(|entry| entry.value.as_str().is_none()) {
        let text = entry.value.scalar_text().cloned().unwrap_or_default();
        entry.value.data = Data::Scalar(text, Type::Str);
    }
}

/// The identity that a patch names.
pub(super) fn id_of(patch: &Value) -> ResId {
    let text = |path: &[&str]| patch.at(path).and_then(Value::scalar_text).map_or("", EcoString::as_str);
    let gvk = crate::model::Gvk::new(text(&["apiVersion"]), text(&["kind"]));
    ResId { gvk, name: text(&["metadata", "name"]).into(), namespace: text(&["metadata", "namespace"]).into() }
}

/// The one resource that has, or had, the identity that a patch names (`GetById`).
fn target(set: &ResourceSet, patch: &Value) -> Result<usize, Problem> {
    let id = id_of(patch);
    let there = |at: &&usize| set.get(**at).is_some_and(|resource| !resource.is_empty());
    let found = set.find_any(&id);
    let mut found = found.iter().filter(there);
    let what = match (found.next(), found.next()) {
        (Some(at), None) => return Ok(*at),
        (None, _) => "no matches",
        _ => "multiple matches",
    };
    let message = format!("{what} for Id {id}; failed to find unique target for patch {id}");
    let place = patch.at(&["metadata", "name"]).unwrap_or(patch);
    Err(Problem::new(place.span, message))
}

/// The same in a build that lacks what comes over the network: none where the one may be among that.
pub(super) fn target_of(builder: &Builder<'_, '_>, set: &ResourceSet, patch: &Value) -> Result<Option<usize>, Problem> {
    match target(set, patch) {
        Err(_) if builder.lacks_some() && set.find_any(&id_of(patch)).is_empty() => Ok(None),
        found => found.map(Some),
    }
}
