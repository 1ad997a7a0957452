//! An owned tree: aliases expanded, merge keys merged, scalars resolved, every key and value with its span.

use crate::Span;
use std::sync::Arc;

/// A value and where a person would edit it.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The text of this value (of the alias where it came through one).
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a value is, as the API server sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean of the table that was asked.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is not an integer, or too large for one.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A sequence.
    Seq(Vec<Value>),
    /// A mapping, in the order of the text.
    Map(Vec<Entry>),
}

/// One entry of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, as text (`1:` is `"1"`).
    pub key: Arc<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

impl Value {
    /// The value of `key`, where this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, where this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.key == key)
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The string at the end of a path of keys, where it is one.
    #[must_use]
    pub fn str_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }

    /// The text, where this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, where this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items; none where this is not a sequence.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        match &self.data {
            Data::Seq(items) => items,
            _ => &[],
        }
    }

    /// The entries; none where this is not a mapping.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entries to change, where this is a mapping.
    pub fn entries_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.data {
            Data::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of `key` to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries_mut()?.iter_mut().find(|entry| &*entry.key == key).map(|entry| &mut entry.value)
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, FileId, Table, parse};

    fn value(text: &str) -> Value {
        let parsed = parse(FileId(0), text);
        let root = parsed.documents[0].root().expect("a root");
        root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value")
    }

    #[test]
    fn lookups_find_what_is_there_and_nothing_else() {
        let mut value = value("a: {b: {c: x}, d: [1, ~]}\ne: true\n");
        assert_eq!(value.str_at(&["a", "b", "c"]), Some("x"));
        assert_eq!(value.str_at(&["a", "d", "c"]), None);
        assert_eq!(value.at(&[]), Some(&value));
        assert_eq!((value.get("e").and_then(Value::as_bool), value.as_bool()), (Some(true), None));
        let items = value.at(&["a", "d"]).map(Value::items).expect("items");
        assert!(items.len() == 2 && items[1].is_null() && !items[0].is_null());
        assert!(value.items().is_empty() && items[0].entries().is_empty());
        if let Some(flag) = value.get_mut("e") {
            flag.data = Data::Null;
        }
        assert_eq!(value.get("e").map(Value::is_null), Some(true));
    }
}
