//! The values of a template, with what is not known among them.

use fluxproof_yaml::{Value, View};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Stands in a text for what is not known of it (a character of Unicode's private use, which YAML takes).
pub(crate) const HOLE: char = '\u{E000}';

/// How deep a value may be written out: `set` can put a map into itself.
const MAX_DEPTH: usize = 40;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Val {
    /// Anything.
    Unknown,
    /// Nothing.
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Another number.
    Float(f64),
    /// A text, with a [`HOLE`] where it is not known.
    Str(Rc<str>),
    /// A list.
    List(Rc<Vec<Val>>),
    /// A map; as in Go, `set` changes it for everybody who holds it.
    Map(Rc<RefCell<Map>>),
    /// `.Files`
    Files,
    /// A method of something, before it has its arguments.
    Method(Rc<str>),
}

/// A map.
#[derive(Debug, Clone, Default)]
pub(crate) struct Map {
    /// What is known of it.
    pub(crate) entries: BTreeMap<String, Val>,
    /// Whether it may have entries that are not known.
    pub(crate) open: bool,
}

/// What a condition makes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    /// The truth of a condition that is known.
    pub(crate) fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(crate) fn value(self) -> Val {
        match self {
            Self::Yes => Val::Bool(true),
            Self::No => Val::Bool(false),
            Self::Unknown => Val::Unknown,
        }
    }
}

impl Val {
    /// A text.
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self::Str(Rc::from(text.as_ref()))
    }

    /// A list.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(items))
    }

    /// A map of these entries.
    pub(crate) fn map(entries: BTreeMap<String, Self>) -> Self {
        Self::Map(Rc::new(RefCell::new(Map { entries, open: false })))
    }

    /// The value of a YAML tree; a text that Flux would have put variables into is not known where they are.
    pub(crate) fn of(value: &Value) -> Self {
        match value.view() {
            View::Null => Self::Nil,
            View::Bool(flag) => Self::Bool(flag),
            View::Int(number) => Self::Int(number),
            View::Float(number) => Self::Float(number),
            View::Str(text) => Self::text(without_variables(text)),
            View::Seq(items) => Self::list(items.iter().map(Self::of).collect()),
            View::Map(entries) => {
                Self::map(fluxproof_order::gather(entries.iter().map(|e| (e.key.to_string(), Self::of(&e.value)))))
            }
        }
    }

    /// The same value in a map of its own, all the way down.
    pub(crate) fn copy(&self) -> Self {
        self.copy_at(0)
    }

    fn copy_at(&self, depth: usize) -> Self {
        match self {
            _ if depth > MAX_DEPTH => Self::Unknown,
            Self::List(items) => Self::list(items.iter().map(|item| item.copy_at(depth + 1)).collect()),
            Self::Map(map) => {
                let map = map.borrow();
                let entries = fluxproof_order::gather(
                    map.entries.iter().map(|(key, value)| (key.clone(), value.copy_at(depth + 1))),
                );
                Self::Map(Rc::new(RefCell::new(Map { entries, open: map.open })))
            }
            other => other.clone(),
        }
    }

    /// The same value where everything may be another that is not set here: maps stay maps.
    pub(crate) fn doubted(&self) -> Self {
        let Self::Map(map) = self else { return Self::Unknown };
        let entries =
            fluxproof_order::gather(map.borrow().entries.iter().map(|(key, value)| (key.clone(), value.doubted())));
        Self::Map(Rc::new(RefCell::new(Map { entries, open: true })))
    }

    /// As a condition takes it: `false`, 0, nothing and what is empty are not true (text/template IsTrue).
    pub(crate) fn truth(&self) -> Truth {
        match self {
            Self::Unknown | Self::Method(_) => Truth::Unknown,
            Self::Nil => Truth::No,
            Self::Bool(flag) => Truth::of(*flag),
            Self::Int(number) => Truth::of(*number != 0),
            Self::Float(number) => Truth::of(*number != 0.0),
            Self::Str(text) if !text.is_empty() && text.chars().all(|c| c == HOLE) => Truth::Unknown,
            Self::Str(text) => Truth::of(!text.is_empty()),
            Self::List(items) => Truth::of(!items.is_empty()),
            Self::Map(map) if map.borrow().entries.is_empty() && map.borrow().open => Truth::Unknown,
            Self::Map(map) => Truth::of(!map.borrow().entries.is_empty()),
            Self::Files => Truth::Yes,
        }
    }

    /// The text, where all of it is known.
    pub(crate) fn known_text(&self) -> Option<&str> {
        match self {
            Self::Str(text) if !text.contains(HOLE) => Some(text),
            _ => None,
        }
    }

    /// A field; unknown where there may be one.
    pub(crate) fn field(&self, name: &str) -> Self {
        match self {
            Self::Map(map) => {
                let map = map.borrow();
                let otherwise = || if map.open { Self::Unknown } else { Self::Nil };
                map.entries.get(name).cloned().unwrap_or_else(otherwise)
            }
            Self::Nil => Self::Nil,
            Self::Files => Self::Method(name.into()),
            _ => Self::Unknown,
        }
    }

    /// As an action prints it.
    pub(crate) fn printed(&self) -> String {
        match self {
            Self::Nil => String::new(),
            Self::Bool(flag) => flag.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Str(text) => text.to_string(),
            _ => HOLE.to_string(),
        }
    }

    /// As `toYaml` writes it, without a line break at its end.
    pub(crate) fn yaml(&self) -> String {
        let mut out = String::new();
        self.write(0, 0, &mut out);
        out.trim_end_matches('\n').to_owned()
    }

    fn write(&self, indent: usize, depth: usize, out: &mut String) {
        match self {
            _ if depth > MAX_DEPTH => line(indent, &HOLE.to_string(), out),
            Self::Map(map) if !map.borrow().entries.is_empty() => {
                let map = map.borrow();
                map.entries.iter().for_each(|(key, value)| value.write_entry(key, indent, depth, out));
                if map.open {
                    line(indent, &HOLE.to_string(), out);
                }
            }
            Self::List(items) if !items.is_empty() => {
                items.iter().for_each(|item| item.write_item(indent, depth, out));
            }
            other => line(indent, &other.scalar(), out),
        }
    }

    fn write_entry(&self, key: &str, indent: usize, depth: usize, out: &mut String) {
        let key = quoted(key);
        if self.is_collection() {
            line(indent, &format!("{key}:"), out);
            let deeper = if matches!(self, Self::List(_)) { indent } else { indent + 2 };
            self.write(deeper, depth + 1, out);
        } else {
            line(indent, &format!("{key}: {}", self.scalar()), out);
        }
    }

    fn write_item(&self, indent: usize, depth: usize, out: &mut String) {
        if !self.is_collection() {
            return line(indent, &format!("- {}", self.scalar()), out);
        }
        let mut inner = String::new();
        self.write(indent + 2, depth + 1, &mut inner);
        out.push_str(&" ".repeat(indent));
        out.push_str("- ");
        out.push_str(inner.trim_start());
    }

    fn is_collection(&self) -> bool {
        match self {
            Self::Map(map) => !map.borrow().entries.is_empty(),
            Self::List(items) => !items.is_empty(),
            _ => false,
        }
    }

    fn scalar(&self) -> String {
        match self {
            Self::Nil => "null".to_owned(),
            Self::Str(text) => quoted(text),
            Self::List(_) => "[]".to_owned(),
            Self::Map(map) if !map.borrow().open => "{}".to_owned(),
            other => other.printed(),
        }
    }

    /// The name of the kind that reflection gives it.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unknown | Self::Method(_) | Self::Files => return None,
            Self::Nil => "invalid",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Float(_) => "float64",
            Self::Str(_) => "string",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
        })
    }
}

fn line(indent: usize, text: &str, out: &mut String) {
    out.push_str(&" ".repeat(indent));
    out.push_str(text);
    out.push('\n');
}

/// A text as a scalar of YAML.
pub(crate) fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == HOLE || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | HOLE))
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain { text.to_owned() } else { double_quoted(text) }
}

/// A text between double quotes.
pub(crate) fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `${x}` is what somebody else fills in: a hole.
fn without_variables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        out.push(HOLE);
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::yaml;

    #[test]
    fn variables_are_holes() {
        let values = Val::of(&yaml("a: ${x}\nb: x-${y}-z\nc: { d: [1, true, null, 1.5] }\n"));
        assert_eq!(values.field("a").truth(), Truth::Unknown);
        assert_eq!(values.field("b").printed(), format!("x-{HOLE}-z"));
        assert_eq!(values.field("b").truth(), Truth::Yes);
        assert_eq!(values.field("c").yaml(), "d:\n- 1\n- true\n- null\n- 1.5");
    }

    #[test]
    fn a_doubted_map_keeps_its_keys_only() {
        let values = Val::of(&yaml("a: { b: true }\n")).doubted();
        assert_eq!(values.field("a").field("b").truth(), Truth::Unknown);
        assert_eq!(values.field("z").truth(), Truth::Unknown);
        assert_eq!(values.field("a").truth(), Truth::Yes);
    }

    #[test]
    fn a_map_within_itself_is_written_to_an_end() {
        let Val::Map(map) = Val::map(BTreeMap::new()) else { panic!("a map") };
        map.borrow_mut().entries.insert("me".to_owned(), Val::Map(map.clone()));
        assert!(Val::Map(map.clone()).yaml().contains(HOLE));
        assert!(matches!(Val::Map(map).copy(), Val::Map(_)));
    }
}
