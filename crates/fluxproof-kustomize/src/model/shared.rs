//! Labels and annotations that stand in several places of an object and are one.
//!
//! kustomize puts one and the same node (`filtersutil.SetEntry`) under a label's key wherever it was missing, so what
//! writes over it later in one place, an overlay's `labels` or a patch, writes over it in all of them. Nodes are one here
//! whose changes begin with the same change.

use super::Resource;
use fluxproof_yaml::{Change, Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What puts one node in several places.
const SHARING: [&str; 4] = ["labels", "commonLabels", "annotations", "commonAnnotations"];

/// What tells groups of nodes apart: where their first change is in memory. It orders nothing that can be seen.
type Root = *const Change;

/// The newest node of a group, how often it was changed, and whether others of its group differ.
struct Newest {
    value: Value,
    changes: usize,
    differs: bool,
}

/// Lets the nodes that are one with a changed one be what that has become.
pub(crate) fn follow(resource: &mut Resource) {
    if !resource.shares {
        return;
    }
    let mut groups = BTreeMap::new();
    collect(&resource.value, &mut groups);
    groups.retain(|_, newest| newest.differs);
    if !groups.is_empty() {
        rewrite(&mut resource.value, &groups);
    }
}

/// Makes each node one of its own: what a JSON patch does to an object.
pub(crate) fn part(resource: &mut Resource) {
    if std::mem::take(&mut resource.shares) {
        separate(&mut resource.value);
    }
}

fn collect(value: &Value, groups: &mut BTreeMap<Root, Newest>) {
    match &value.data {
        Data::Scalar(..) => {
            if let Some((root, changes)) = root(value) {
                join(groups, root, value, changes);
            }
        }
        Data::Seq(items) => items.iter().for_each(|item| collect(item, groups)),
        Data::Map(entries) => {
            // kustomize walks keys in their order; of two changes the later one counts.
            let mut sorted: Vec<_> = entries.iter().collect();
            fluxproof_order::sort_by(&mut sorted, |a, b| a.key.cmp(&b.key));
            sorted.into_iter().for_each(|entry| collect(&entry.value, groups));
        }
    }
}

fn join(groups: &mut BTreeMap<Root, Newest>, root: Root, value: &Value, changes: usize) {
    let first = || Newest { value: value.clone(), changes, differs: false };
    let newest = groups.entry(root).or_insert_with(first);
    newest.differs |= !is_same(&newest.value, value);
    if changes >= newest.changes {
        (newest.value, newest.changes) = (value.clone(), changes);
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    let same = |one: &Arc<Change>, other: &Arc<Change>| Arc::ptr_eq(one, other);
    one.change.as_ref().zip(other.change.as_ref()).is_some_and(|(one, other)| same(one, other))
}

/// The first change of a node, where it is one that puts nodes in several places, and how many changes there are.
fn root(value: &Value) -> Option<(Root, usize)> {
    let mut change = value.change.as_ref()?;
    let mut changes = 1;
    while let Some(before) = change.before.as_ref().and_then(|before| before.change.as_ref()) {
        change = before;
        changes += 1;
    }
    (SHARING.contains(&change.by) && change.before.is_none()).then_some((Arc::as_ptr(change), changes))
}

fn rewrite(value: &mut Value, groups: &BTreeMap<Root, Newest>) {
    if !is_stale_inside(value, groups) {
        return;
    }
    match &mut value.data {
        Data::Scalar(..) => {
            if let Some(newest) = root(value).and_then(|(root, _)| groups.get(&root)) {
                *value = newest.value.clone();
            }
        }
        Data::Seq(items) => items.make_mut().iter_mut().for_each(|item| rewrite(item, groups)),
        Data::Map(entries) => entries.make_mut().iter_mut().for_each(|entry| rewrite(&mut entry.value, groups)),
    }
}

fn is_stale_inside(value: &Value, groups: &BTreeMap<Root, Newest>) -> bool {
    match &value.data {
        Data::Scalar(..) => root(value).is_some_and(|(root, _)| groups.contains_key(&root)),
        Data::Seq(items) => items.iter().any(|item| is_stale_inside(item, groups)),
        Data::Map(entries) => entries.iter().any(|entry| is_stale_inside(&entry.value, groups)),
    }
}

fn separate(value: &mut Value) {
    match &mut value.data {
        Data::Scalar(..) => {
            if let (Some(_), Some(change)) = (root(value), &mut value.change) {
                *change = alone(change);
            }
        }
        Data::Seq(items) => items.make_mut().iter_mut().for_each(separate),
        Data::Map(entries) => entries.make_mut().iter_mut().for_each(|entry| separate(&mut entry.value)),
    }
}

/// The same changes, shared with no other node.
fn alone(change: &Change) -> Arc<Change> {
    let mut change = change.clone();
    if let Some(before) = change.before.as_mut().and_then(|before| before.change.as_mut()) {
        *before = alone(before);
    }
    Arc::new(change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Entry, FileId, Span};

    fn at(start: u32) -> Span {
        Span::new(FileId(0), start, start)
    }

    fn entry(key: &str, value: Value) -> Entry {
        Entry::new(key.into(), at(0), value)
    }

    fn resource() -> Resource {
        let label = Value::string(at(1), "x").written("commonLabels", at(1));
        let own = Value::string(at(2), "x");
        let map = Value::map(at(0), [entry("a", label.clone()), entry("b", label), entry("c", own)]);
        let mut resource = Resource::new(map, FileId(0));
        resource.shares = true;
        resource
    }

    fn texts(resource: &Resource) -> Vec<&str> {
        resource.value.entries().iter().filter_map(|entry| entry.value.as_str()).collect()
    }

    fn change(resource: &mut Resource, key: &str) {
        resource.value.get_mut(key).expect("a value").replace(Value::string(at(9), "z"), "patches", at(9));
        follow(resource);
    }

    #[test]
    fn what_was_written_at_once_changes_at_once() {
        let mut resource = resource();
        change(&mut resource, "c");
        assert_eq!(texts(&resource), ["x", "x", "z"]);
        change(&mut resource, "b");
        assert_eq!(texts(&resource), ["z", "z", "z"]);
        let by = |key: &str| resource.at(&[key]).and_then(|value| value.change.as_deref()).map(|change| change.by);
        assert_eq!(by("a"), Some("patches"));
    }

    #[test]
    fn nodes_that_were_parted_change_alone() {
        let mut resource = resource();
        part(&mut resource);
        resource.shares = true;
        change(&mut resource, "a");
        assert_eq!(texts(&resource), ["z", "x", "x"]);
    }
}
