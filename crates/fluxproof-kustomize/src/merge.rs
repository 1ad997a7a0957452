//! Strategic merge where it is certain: mappings, scalars, and lists of the few fields whose merge keys are `name`.

use crate::resource::set;
use fluxproof_yaml::{Data, Entry, Value};

/// The deepest mapping that is merged: a bound for hostile trees.
const MAX_DEPTH: usize = 128;

/// Lists that Kubernetes merges by `name` (its API types' patchMergeKey).
const BY_NAME: &[&str] = &["containers", "initContainers", "env", "volumes", "imagePullSecrets"];

/// Merges a patch into a target. Returns false where the patch holds something that is not modelled.
#[must_use]
pub(crate) fn merge(target: &mut Value, patch: &Value, builtin: bool) -> bool {
    merge_at(target, patch, builtin, MAX_DEPTH)
}

fn merge_at(target: &mut Value, patch: &Value, builtin: bool, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    let mut known = true;
    for entry in patch.entries() {
        known &= merge_entry(target, entry, builtin, depth);
    }
    known
}

fn merge_entry(target: &mut Value, entry: &Entry, builtin: bool, depth: usize) -> bool {
    let key = &*entry.key;
    if key.starts_with('$') {
        return false;
    }
    if entry.value.is_null() {
        target.entries_mut().into_iter().for_each(|entries| entries.retain(|old| &*old.key != key));
        return true;
    }
    match (&entry.value.data, target.get_mut(key)) {
        (Data::Map(_), Some(old)) if entry.value.str_at(&["$patch"]) == Some("replace") => replace(old, &entry.value),
        (Data::Map(_), Some(old)) if !old.entries().is_empty() => merge_at(old, &entry.value, builtin, depth - 1),
        (Data::Seq(items), Some(old)) if builtin && !old.items().is_empty() => {
            BY_NAME.contains(&key) && merge_by_name(old, items, depth)
        }
        _ => {
            set(target, key, entry.value.clone());
            true
        }
    }
}

fn replace(old: &mut Value, new: &Value) -> bool {
    *old = new.clone();
    old.entries_mut().into_iter().for_each(|entries| entries.retain(|entry| &*entry.key != "$patch"));
    true
}

fn merge_by_name(old: &mut Value, items: &[Value], depth: usize) -> bool {
    let Data::Seq(list) = &mut old.data else { return false };
    let mut known = true;
    for item in items {
        let name = item.str_at(&["name"]);
        match list.iter_mut().find(|o| name.is_some() && o.str_at(&["name"]) == name) {
            Some(found) => known &= merge_at(found, item, true, depth - 1),
            None => list.push(item.clone()),
        }
    }
    known
}
