//! An owned tree: aliases expanded, merge keys merged, scalars typed, every key and value with its span, and for what a
//! program wrote into it who did.
//!
//! Strings, lists and mappings are shared and copied on write: a clone costs a count, and a change copies the spine
//! from the root down to what changed, nothing beside it.

use crate::expand::no_string;
use crate::scalar::{self, Scalar, Table};
use crate::{Problem, Span, Style};
use ecow::{EcoString, EcoVec};
use std::sync::Arc;

/// A value, where a person would edit it, and what wrote it there.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The text of this value (of the alias where it came through one).
    pub span: Span,
    /// What it is.
    pub data: Data,
    /// Who wrote it over what stood there before; `None` for what the text itself says.
    pub change: Option<Arc<Change>>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// A scalar: its text after unfolding and unescaping, and what it means.
    Scalar(EcoString, Type),
    /// A sequence.
    Seq(EcoVec<Value>),
    /// A mapping, in the order of the text.
    Map(EcoVec<Entry>),
}

/// What the text of a scalar means in the table that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool,
    /// An integer, or one too large for 64 bits.
    Int,
    /// Another number.
    Float,
    /// A string.
    Str,
    /// A date that yaml.v3 takes for one; a string to everybody else.
    Timestamp,
}

impl Type {
    /// The short tag that yaml.v3 gives such a scalar (`Node.ShortTag`).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Str => "!!str",
            Self::Timestamp => "!!timestamp",
        }
    }
}

/// One entry of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, as text (`1:` is `"1"`).
    pub key: EcoString,
    /// What the text of the key means to yaml.v3 below the top of an object, where it matters; else a string.
    pub key_type: Type,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

impl Entry {
    /// An entry whose key is a string.
    #[must_use]
    pub fn new(key: EcoString, key_span: Span, value: Value) -> Self {
        Self { key, key_type: Type::Str, key_span, value }
    }
}

/// A change that a program made: kustomize's `images`, a patch, a generator.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The name of what changed it, in the words of its users (`images`, `patches`, `namespace`).
    pub by: &'static str,
    /// The text that asked for the change.
    pub at: Span,
    /// What stood there before; `None` where nothing did.
    pub before: Option<Before>,
}

/// The origin of a value that was replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// Its text.
    pub span: Span,
    /// What had written it.
    pub change: Option<Arc<Change>>,
}

/// A value to match on, scalars resolved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum View<'v> {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is not an integer, or too large for one.
    Float(f64),
    /// A string, or a date.
    Str(&'v str),
    /// A sequence.
    Seq(&'v [Value]),
    /// A mapping.
    Map(&'v [Entry]),
}

/// Making values.
impl Value {
    /// A value that a text says.
    #[must_use]
    pub fn new(span: Span, data: Data) -> Self {
        Self { span, data, change: None }
    }

    /// Nothing.
    #[must_use]
    pub fn null(span: Span) -> Self {
        Self::new(span, Data::Scalar(EcoString::new(), Type::Null))
    }

    /// A string.
    #[must_use]
    pub fn string(span: Span, text: impl Into<EcoString>) -> Self {
        Self::new(span, Data::Scalar(text.into(), Type::Str))
    }

    /// What a text without quotes says to kustomize (yaml.v3): a string, a number, a boolean or nothing.
    #[must_use]
    pub fn plain(span: Span, text: impl Into<EcoString>) -> Self {
        let text = text.into();
        let kind = scalar::type_of(Table::GoYaml3, &text, Style::Plain, None);
        Self::new(span, Data::Scalar(text, kind))
    }

    /// A sequence.
    #[must_use]
    pub fn seq(span: Span, items: impl Into<EcoVec<Value>>) -> Self {
        Self::new(span, Data::Seq(items.into()))
    }

    /// A mapping.
    #[must_use]
    pub fn map(span: Span, entries: impl Into<EcoVec<Entry>>) -> Self {
        Self::new(span, Data::Map(entries.into()))
    }

    /// This value as written by `by`, where nothing stood before.
    #[must_use]
    pub fn written(mut self, by: &'static str, at: Span) -> Self {
        self.change = Some(Arc::new(Change { by, at, before: None }));
        self
    }

    /// Puts `new` here and remembers what stood here before.
    pub fn replace(&mut self, new: Value, by: &'static str, at: Span) {
        let before = Some(Before { span: self.span, change: self.change.take() });
        *self = Value { change: Some(Arc::new(Change { by, at, before })), ..new };
    }
}

/// Reading values.
impl Value {
    /// This value to match on.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        match &self.data {
            Data::Seq(items) => View::Seq(items),
            Data::Map(entries) => View::Map(entries),
            Data::Scalar(text, kind) => match scalar::of_type(text, *kind) {
                Scalar::Null => View::Null,
                Scalar::Bool(value) => View::Bool(value),
                Scalar::Int(value) => View::Int(value),
                Scalar::Float(value) => View::Float(value),
                Scalar::Str(text) => View::Str(text),
            },
        }
    }

    /// The value of `key`, where this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, where this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
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

    /// The text, where this is a string or a date.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(text, Type::Str | Type::Timestamp) => Some(text),
            _ => None,
        }
    }

    /// The boolean, where this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.view() {
            View::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The integer, where this is one that 64 bits hold.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self.view() {
            View::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a scalar of any type, as it is written.
    #[must_use]
    pub fn scalar_text(&self) -> Option<&EcoString> {
        match &self.data {
            Data::Scalar(text, _) => Some(text),
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

    /// Why kustomize could not make JSON of this: a key in it that is no string.
    #[must_use]
    pub fn key_problem(&self) -> Option<Problem> {
        match &self.data {
            Data::Scalar(..) => None,
            Data::Seq(items) => items.iter().find_map(Self::key_problem),
            Data::Map(entries) => entries.iter().find_map(|entry| match entry.key_type {
                Type::Str => entry.value.key_problem(),
                _ => Some(no_string(entry.key_span)),
            }),
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Scalar(_, Type::Null))
    }

    /// Whether this is a mapping.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.data, Data::Map(_))
    }

    /// Whether this is a sequence.
    #[must_use]
    pub fn is_seq(&self) -> bool {
        matches!(self.data, Data::Seq(_))
    }
}

/// Changing values.
impl Value {
    /// The items to change, where this is a sequence.
    pub fn items_mut(&mut self) -> Option<&mut EcoVec<Value>> {
        match &mut self.data {
            Data::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The entries to change, where this is a mapping.
    pub fn entries_mut(&mut self) -> Option<&mut EcoVec<Entry>> {
        match &mut self.data {
            Data::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of `key` to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let entries = self.entries_mut()?;
        let at = entries.iter().position(|entry| entry.key == key)?;
        entries.make_mut().get_mut(at).map(|entry| &mut entry.value)
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
        assert_eq!(items[0].as_int(), Some(1));
        assert!(value.items().is_empty() && items[0].entries().is_empty());
        if let Some(flag) = value.get_mut("e") {
            *flag = Value::null(flag.span);
        }
        assert_eq!(value.get("e").map(Value::is_null), Some(true));
    }

    #[test]
    fn a_clone_is_shared_until_one_of_the_two_changes() {
        let first = value("a: {b: 1}\nc: [x]\n");
        let mut second = first.clone();
        let a = second.get_mut("a").and_then(|a| a.get_mut("b")).expect("b");
        *a = Value::string(a.span, "2");
        assert_eq!(first.at(&["a", "b"]).and_then(Value::as_int), Some(1));
        assert_eq!(second.str_at(&["a", "b"]), Some("2"));
        let place = |value: &Value| value.get("c").map(|c| c.items().as_ptr());
        assert_eq!(place(&first), place(&second));
    }

    #[test]
    fn a_plain_text_has_the_type_it_would_have_in_a_file() {
        let span = Span::new(FileId(0), 0, 0);
        let view = |text: &str| matches!(Value::plain(span, text).view(), View::Int(12) | View::Str("12a"));
        assert!(view("12") && view("12a") && Value::plain(span, "~").is_null());
    }

    #[test]
    fn what_was_replaced_is_remembered() {
        let mut image = value("nginx:1.0");
        let (first, second) = (image.span, Span::new(FileId(1), 4, 9));
        image.replace(Value::string(second, "nginx:2.0"), "images", second);
        image.replace(Value::string(second, "nginx:3.0"), "patches", second);
        let change = image.change.as_deref().expect("a change");
        let before = change.before.as_ref().expect("a before");
        let images = before.change.as_deref().expect("images");
        assert_eq!((change.by, images.by), ("patches", "images"));
        assert_eq!(images.before.as_ref().map(|before| before.span), Some(first));
    }
}
