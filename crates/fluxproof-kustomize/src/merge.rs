//! Strategic merge (kyaml/yaml/merge2): mappings are merged, `null` deletes, lists are replaced or merged by keys.

use crate::merge_keys::{Strategy, strategy};
use crate::tree::{MAX_DEPTH, empty_map, remove, set};
use fluxproof_yaml::{Data, Value};

/// What becomes of the patched value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Stays,
    Goes,
}

/// A merge under way.
pub(crate) struct Merge<'a> {
    api_version: &'a str,
    kind: &'a str,
    /// Where it is: `spec.containers[].env`.
    path: String,
    depth: usize,
    /// Why the outcome is not certain.
    pub(crate) doubt: Option<String>,
}

impl<'a> Merge<'a> {
    /// A merge into an object of a type.
    pub(crate) fn new(api_version: &'a str, kind: &'a str) -> Self {
        Self { api_version, kind, path: String::new(), depth: 0, doubt: None }
    }

    /// Merges a patch into a mapping. An error is what kustomize refuses.
    pub(crate) fn map(&mut self, target: &mut Value, patch: &Value) -> Result<Outcome, String> {
        match directive(patch) {
            Some("delete") => return Ok(Outcome::Goes),
            Some("replace") => {
                *target = without_directive(patch);
                return Ok(Outcome::Stays);
            }
            _ => {}
        }
        if self.depth >= MAX_DEPTH {
            return Err("the patch nests too deep".to_owned());
        }
        if self.depth > 0 && patch.get("apiVersion").is_some() && patch.get("kind").is_some() {
            self.doubt.get_or_insert("an object inside an object".to_owned());
        }
        for entry in patch.entries().iter().filter(|entry| &*entry.key != "$patch") {
            if entry.key.starts_with('$') {
                self.doubt.get_or_insert(format!("the directive {}", entry.key));
            }
            self.entry(target, &entry.key, entry.key_span, &entry.value)?;
        }
        Ok(Outcome::Stays)
    }

    fn entry(
        &mut self,
        target: &mut Value,
        key: &str,
        key_span: fluxproof_yaml::Span,
        patch: &Value,
    ) -> Result<(), String> {
        if patch.is_null() {
            remove(target, key);
            return Ok(());
        }
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        self.depth += 1;
        let outcome = self.value(target, key, key_span, patch);
        self.depth -= 1;
        self.path.truncate(length);
        if outcome? == Outcome::Goes {
            remove(target, key);
        }
        Ok(())
    }

    fn value(
        &mut self,
        target: &mut Value,
        key: &str,
        key_span: fluxproof_yaml::Span,
        patch: &Value,
    ) -> Result<Outcome, String> {
        let old = target.get_mut(key).filter(|old| !old.is_null());
        match (&patch.data, old) {
            (Data::Map(_), Some(old)) if matches!(old.data, Data::Map(_)) => self.map(old, patch),
            (Data::Seq(_), Some(old)) if matches!(old.data, Data::Seq(_)) => self.list(old, patch),
            (data, Some(old)) if kind(data) != kind(&old.data) => {
                Err(format!("wrong node kind: expected {} but got {}", kind(&old.data), kind(data)))
            }
            (Data::Map(_), _) if directive(patch) == Some("delete") => Ok(Outcome::Goes),
            (Data::Map(_), _) => {
                let mut new = empty_map(patch.span);
                self.map(&mut new, patch)?;
                set(target, key, key_span, new);
                Ok(Outcome::Stays)
            }
            _ => {
                set(target, key, key_span, patch.clone());
                Ok(Outcome::Stays)
            }
        }
    }

    fn list(&mut self, old: &mut Value, patch: &Value) -> Result<Outcome, String> {
        let strategy = match strategy(self.api_version, self.kind, &self.path) {
            Strategy::Unknown => {
                self.doubt.get_or_insert(format!("the list {}", self.path));
                Strategy::Replace
            }
            known => known,
        };
        let lone = patch.items().iter().find(|item| item.entries().len() == 1 && directive(item).is_some());
        match (strategy, lone.and_then(directive)) {
            (Strategy::Merge(_), Some("delete")) => return Ok(Outcome::Goes),
            (Strategy::Merge(_), Some("replace")) => *old = without_lone(patch),
            (Strategy::Merge([]), _) => union(old, patch),
            (Strategy::Merge(keys), _) => self.by_keys(old, patch, keys)?,
            (Strategy::Replace | Strategy::Unknown, _) => *old = patch.clone(),
        }
        Ok(Outcome::Stays)
    }

    /// Items of the patch come first, merged with those of the same keys; then what else the list had.
    fn by_keys(&mut self, old: &mut Value, patch: &Value, keys: &[&str]) -> Result<(), String> {
        let Data::Seq(list) = &mut old.data else { return Ok(()) };
        let whole = |item: &Value| keys.iter().all(|key| item.get(key).is_some_and(|value| !value.is_null()));
        if !patch.items().iter().all(whole) || !list.iter().all(whole) {
            self.doubt.get_or_insert(format!("items of {} without {}", self.path, keys.join(" and ")));
        }
        self.path.push_str("[]");
        let mut merged = Vec::with_capacity(list.len());
        for item in patch.items() {
            let same = |other: &Value| {
                keys.iter().all(|key| other.get(key).map(|v| &v.data) == item.get(key).map(|v| &v.data))
            };
            let mut target = match list.iter().position(same) {
                Some(at) => list.remove(at),
                None => empty_map(item.span),
            };
            if directive(item) != Some("delete") && self.map(&mut target, item)? == Outcome::Stays {
                merged.push(target);
            }
        }
        merged.append(list);
        *list = merged;
        self.path.truncate(self.path.len() - 2);
        Ok(())
    }
}

/// What a mapping says of itself by `$patch`.
pub(crate) fn directive(value: &Value) -> Option<&str> {
    value.str_at(&["$patch"])
}

fn without_directive(patch: &Value) -> Value {
    let mut patch = patch.clone();
    remove(&mut patch, "$patch");
    patch
}

fn without_lone(patch: &Value) -> Value {
    let mut patch = patch.clone();
    if let Data::Seq(items) = &mut patch.data {
        items.retain(|item| item.entries().len() != 1 || directive(item).is_none());
    }
    patch
}

fn union(old: &mut Value, patch: &Value) {
    let Data::Seq(list) = &mut old.data else { return };
    let mut all: Vec<Value> = Vec::new();
    for item in patch.items().iter().chain(&*list) {
        if !all.iter().any(|other| other.data == item.data) {
            all.push(item.clone());
        }
    }
    *list = all;
}

fn kind(data: &Data) -> &'static str {
    match data {
        Data::Map(_) => "MappingNode",
        Data::Seq(_) => "SequenceNode",
        _ => "ScalarNode",
    }
}
