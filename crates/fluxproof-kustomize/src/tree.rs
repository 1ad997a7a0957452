//! Small edits of values that remember who made them.

use fluxproof_yaml::{EcoString, Entry, FileId, Span, Value};

/// The place of a value that is made only to be read or printed.
pub(crate) const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// Who writes: the operator's name in the words of kustomize's users, and the text that asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) by: &'static str,
    pub(crate) at: Span,
}

impl Writer {
    pub(crate) fn new(by: &'static str, at: Span) -> Self {
        Self { by, at }
    }

    /// Puts a value where one is, and remembers that.
    pub(crate) fn put(self, place: &mut Value, new: Value) {
        place.replace(new, self.by, self.at);
    }

    /// `text` in the place of `old`, as kustomize sets scalars: a string stays one, other scalars have no quotes and are
    /// read anew (`kyaml/yaml.FieldSetter` keeps the style and no tag).
    pub(crate) fn retyped(self, old: &Value, text: impl Into<EcoString>) -> Value {
        let new = match old.as_str() {
            Some(_) => Value::string(self.at, text),
            None => Value::plain(self.at, text),
        };
        self.over(old, new)
    }

    /// `new` in the place of `old`, which is remembered.
    pub(crate) fn over(self, old: &Value, new: Value) -> Value {
        let mut place = old.clone();
        self.put(&mut place, new);
        place
    }

    /// Sets a key of a mapping: the value where the key is, a new entry at the end where it is not. Others are left
    /// alone.
    pub(crate) fn set(self, map: &mut Value, key: &str, value: Value) {
        match map.get_mut(key) {
            Some(place) => self.put(place, value),
            None => self.push(map, key, value),
        }
    }

    /// Adds an entry at the end of a mapping, which does not have the key.
    pub(crate) fn push(self, map: &mut Value, key: &str, value: Value) {
        if let Some(entries) = map.entries_mut() {
            let value = if value.change.is_some() { value } else { value.written(self.by, self.at) };
            entries.push(Entry { key: key.into(), key_span: self.at, value });
        }
    }

    /// The value under a key, made an empty mapping where there is none or null. Absent where `map` is no mapping.
    pub(crate) fn child<'v>(self, map: &'v mut Value, key: &str) -> Option<&'v mut Value> {
        if map.get(key).is_none_or(Value::is_null) {
            self.set(map, key, Value::map(self.at, []));
        }
        map.get_mut(key)
    }
}

/// Removes a key of a mapping and says whether it was there.
pub(crate) fn remove(map: &mut Value, key: &str) -> bool {
    if map.get(key).is_none() {
        return false;
    }
    if let Some(entries) = map.entries_mut() {
        entries.retain(|entry| entry.key != key);
    }
    true
}
