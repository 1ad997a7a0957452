//! What a generated object does to one that is there already (`appendReplaceOrMerge` in `api/resmap/reswrangler.go`).

use super::{Behavior, Resource, ResourceSet};
use crate::plugin::ORIGIN;
use crate::tree::remove;
use fluxproof_yaml::{Change, Data, EcoString, Entry, Problem, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl ResourceSet {
    /// Adds a generated object, or lets it replace the one of its identity or merge with it.
    pub(crate) fn absorb(&mut self, new: Resource) -> Result<(), Problem> {
        let id = new.id();
        let found = self.find_any(&id);
        let Some((&at, more)) = found.split_first() else {
            if matches!(new.behavior, Behavior::Merge | Behavior::Replace) {
                return Err(refused(&new, &format!("id {} does not exist; cannot merge or replace", go(&new))));
            }
            return self.append(new);
        };
        if !more.is_empty() {
            let problem = refused(&new, &format!("found multiple objects that could accept merge of {id}"));
            return Err(self.related(&found, problem));
        }
        match new.behavior {
            Behavior::Merge | Behavior::Replace => self.update(at, |old| take_place(old, new)).unwrap_or(Ok(())),
            behavior => {
                let behavior = behavior.word();
                let what = format!("exists; can not use behavior: '{behavior}', behavior must be merge or replace");
                let problem = refused(&new, &format!("id {} {what}", go(&new)));
                Err(self.related(&[at], problem))
            }
        }
    }

    fn related(&self, places: &[usize], problem: Problem) -> Problem {
        places
            .iter()
            .filter_map(|at| self.get(*at))
            .fold(problem, |problem, resource| problem.related(resource.name_span(), "this one"))
    }
}

/// An error with kustomize's words around it; where those show an address in memory, nothing is shown.
fn refused(new: &Resource, what: &str) -> Problem {
    Problem::new(new.name_span(), format!("merging from generator: {what}"))
}

/// An identity as Go's `%#v` shows it.
fn go(resource: &Resource) -> String {
    let id = resource.id();
    let (group, version, kind) = (&id.gvk.group, &id.gvk.version, &id.gvk.kind);
    let scoped = id.gvk.is_cluster_scoped();
    format!(
        "resid.ResId{{Gvk:resid.Gvk{{Group:{group:?}, Version:{version:?}, Kind:{kind:?}, isClusterScoped:{scoped}}}, \
         Name:{:?}, Namespace:{:?}}}",
        id.name, id.namespace
    )
}

/// Puts a generated object where one is: it keeps what the old one was called and remembers, and the metadata that it
/// does not say itself (`CopyMergeMetaDataFieldsFrom`).
fn take_place(old: &mut Resource, mut new: Resource) -> Result<(), Problem> {
    if new.kind() != old.kind() {
        let message = format!("cannot find resource with id {} to replace", new.id());
        return Err(refused(&new, &message).related(old.name_span(), "this one"));
    }
    let merges = new.behavior == Behavior::Merge;
    let own = new.value.change.clone();
    merge_metadata(&mut new.value, &old.value, merges, own.as_ref());
    if merges {
        for key in ["data", "binaryData"] {
            merge_texts(&mut new.value, old.value.get(key), key, data_text, own.as_ref());
        }
        (new.file, new.span) = (old.file, old.span);
        new.doubts.splice(0..0, old.doubts.iter().cloned());
    }
    new.needs_hash &= old.needs_hash;
    new.behavior = old.behavior;
    new.is_generated = old.is_generated;
    new.previous = std::mem::take(&mut old.previous);
    new.prefixes = std::mem::take(&mut old.prefixes);
    new.suffixes = std::mem::take(&mut old.suffixes);
    new.vars = std::mem::take(&mut old.vars);
    new.shares = old.shares;
    *old = new;
    Ok(())
}

/// Labels and annotations of both, name and namespace of the old one; where data are merged, its origin too.
fn merge_metadata(new: &mut Value, old: &Value, merges: bool, own: Option<&Arc<Change>>) {
    let (Some(metadata), Some(old)) = (new.get_mut("metadata"), old.get("metadata")) else { return };
    for key in ["labels", "annotations"] {
        merge_texts(metadata, old.get(key), key, written_text, own);
    }
    let place = metadata.get_mut("annotations").and_then(|annotations| annotations.get_mut(ORIGIN));
    if let (Some(origin), Some(place), true) = (old.at(&["annotations", ORIGIN]), place, merges) {
        *place = origin.clone();
    }
    for key in ["name", "namespace"] {
        remove(metadata, key);
        if let (Some(entry), Some(entries)) = (old.entry(key).filter(|entry| is_set(entry)), metadata.entries_mut()) {
            entries.push(Entry { value: written_text(&entry.value), ..entry.clone() });
        }
    }
}

fn is_set(entry: &Entry) -> bool {
    !entry.value.is_null() && entry.value.scalar_text().is_some_and(|text| !text.is_empty())
}

/// Adds the old entries that the new mapping does not have; all become strings, in the order of their keys.
fn merge_texts(new: &mut Value, old: Option<&Value>, key: &str, text: fn(&Value) -> Value, own: Option<&Arc<Change>>) {
    let Some(like) = new.get(key).or(old).map(|value| Value::map(value.span, [])) else { return };
    let change = new.get(key).and_then(|value| value.change.clone()).or_else(|| own.cloned());
    let mut merged: BTreeMap<EcoString, Entry> = BTreeMap::new();
    for entry in new.get(key).into_iter().chain(old).flat_map(Value::entries) {
        let add = || Entry { value: text(&entry.value), ..entry.clone() };
        merged.entry(entry.key.clone()).or_insert_with(add);
    }
    remove(new, key);
    if let (false, Some(entries)) = (merged.is_empty(), new.entries_mut()) {
        let data = Data::Map(merged.into_values().collect());
        let (key_span, value) = (like.span, Value { data, change, ..like });
        entries.push(Entry::new(key.into(), key_span, value));
    }
}

/// A value of a generated mapping as a string: null is nothing (`GetDataMap`).
fn data_text(value: &Value) -> Value {
    if value.is_null() { string(value, EcoString::new()) } else { written_text(value) }
}

/// A value as a string, as it is written; nothing for a list or mapping (`getMapFromMeta`).
fn written_text(value: &Value) -> Value {
    string(value, value.scalar_text().cloned().unwrap_or_default())
}

fn string(like: &Value, text: EcoString) -> Value {
    Value { change: like.change.clone(), ..Value::string(like.span, text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::documents;
    use fluxproof_yaml::FileId;

    fn read(text: &str, behavior: Behavior) -> Resource {
        let (documents, problems) = documents(FileId(0), text);
        assert!(problems.is_empty(), "{problems:?}");
        Resource { behavior, needs_hash: true, ..Resource::new(documents[0].clone(), FileId(0)) }
    }

    fn shown(value: &Value) -> String {
        let text = |value: &Value| value.as_str().map_or_else(|| shown(value), str::to_owned);
        value.entries().iter().map(|entry| format!("{}={};", entry.key, text(&entry.value))).collect()
    }

    const OLD: &str = "kind: ConfigMap\nmetadata: {name: x-a, namespace: n, labels: {b: 1, l: old}, annotations: {c: ~}}\n\
                       data: {d: 1, n: ~, o: old}\n";
    const NEW: &str =
        "kind: ConfigMap\nmetadata: {name: a, namespace: n, labels: {a: x, l: new}}\ndata: {o: new, e: x}\n";

    fn absorbed(behavior: Behavior) -> (ResourceSet, Result<(), Problem>) {
        let mut old = read(OLD, Behavior::Create);
        let name = old.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")).expect("a name");
        let now = std::mem::replace(name, Value::string(name.span, "a"));
        old.remember();
        *old.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")).expect("a name") = now;
        let mut set = ResourceSet::from(vec![old]);
        let result = set.absorb(read(NEW, behavior));
        (set, result)
    }

    #[test]
    fn merging_keeps_old_data_and_the_name() {
        let (set, result) = absorbed(Behavior::Merge);
        assert_eq!(result, Ok(()));
        let resource = set.get(0).expect("one");
        assert_eq!(
            shown(&resource.value),
            "kind=ConfigMap;metadata=labels=a=x;b=1;l=new;;annotations=c=~;;name=x-a;namespace=n;;data=d=1;e=x;n=;o=new;;"
        );
        assert_eq!((resource.behavior, resource.original_id().name.as_str()), (Behavior::Create, "a"));
        assert_eq!(set.find_any(&read(NEW, Behavior::Create).id()), [0]);
    }

    #[test]
    fn replacing_drops_old_data() {
        let (set, result) = absorbed(Behavior::Replace);
        assert_eq!(result, Ok(()));
        assert_eq!(
            shown(&set.get(0).expect("one").value),
            "kind=ConfigMap;metadata=labels=a=x;b=1;l=new;;annotations=c=~;;name=x-a;namespace=n;;data=o=new;e=x;;"
        );
    }

    #[test]
    fn what_is_there_or_is_not() {
        let (_, result) = absorbed(Behavior::Unspecified);
        let id = "id resid.ResId{Gvk:resid.Gvk{Group:\"\", Version:\"\", Kind:\"ConfigMap\", isClusterScoped:false}, \
                  Name:\"a\", Namespace:\"n\"}";
        let behaviour = "can not use behavior: 'unspecified', behavior must be merge or replace";
        let message = result.expect_err("it exists").message;
        assert_eq!(message, format!("merging from generator: {id} exists; {behaviour}"));
        let missing = ResourceSet::default().absorb(read(NEW, Behavior::Merge)).expect_err("there is none").message;
        assert_eq!(missing, format!("merging from generator: {id} does not exist; cannot merge or replace"));
    }

    #[test]
    fn a_hash_needs_both() {
        let mut set = ResourceSet::from(vec![Resource { needs_hash: false, ..read(NEW, Behavior::Create) }]);
        assert_eq!(set.absorb(read(NEW, Behavior::Merge)), Ok(()));
        assert!(!set.get(0).expect("one").needs_hash);
    }
}
