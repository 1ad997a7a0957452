//! A section as YAML.

use super::join;
use crate::quote;
use serde_json::{Map, Value as Json};
use std::fmt::Write;

/// A value in block style, each line indented by so many spaces. No text in it can leave its scalar. In a file that Flux
/// substitutes variables in, `${` is written so that it arrives.
#[must_use]
pub fn yaml(value: &Json, indent: usize, substituted: bool) -> String {
    yaml_with(value, indent, substituted, &|_| None)
}

/// The same with scalars of the caller's own: what `raw` has for a path (`auth.jwt.path`, `data[0].key`) is written there as
/// it is, as the variable that a cluster has its own value of.
#[must_use]
pub fn yaml_with(value: &Json, indent: usize, substituted: bool, raw: &dyn Fn(&str) -> Option<String>) -> String {
    let quote = if substituted { quote::yaml_substituted } else { quote::yaml };
    let mut writer = Writer { out: String::new(), quote, raw };
    match value {
        Json::Object(map) if !map.is_empty() => writer.object(map, "", indent, false),
        Json::Array(items) if !items.is_empty() => writer.list(items, "", indent),
        scalar => {
            let scalar = writer.scalar(scalar, "");
            let _ = writeln!(writer.out, "{:indent$}{scalar}", "");
        }
    }
    writer.out
}

struct Writer<'w> {
    out: String,
    quote: fn(&str) -> String,
    raw: &'w dyn Fn(&str) -> Option<String>,
}

impl Writer<'_> {
    /// The first key stands behind a dash where the object is in a list.
    fn object(&mut self, map: &Map<String, Json>, path: &str, indent: usize, in_list: bool) {
        for (place, (key, value)) in map.iter().enumerate() {
            let spaces = if in_list && place == 0 { 0 } else { indent };
            let quoted = (self.quote)(key);
            let _ = write!(self.out, "{:spaces$}{quoted}:", "");
            self.value(value, &join(path, key), indent + 2);
        }
    }

    fn value(&mut self, value: &Json, path: &str, indent: usize) {
        match value {
            Json::Object(map) if !map.is_empty() => {
                self.out.push('\n');
                self.object(map, path, indent, false);
            }
            Json::Array(items) if !items.is_empty() => {
                self.out.push('\n');
                self.list(items, path, indent);
            }
            scalar => {
                let scalar = self.scalar(scalar, path);
                let _ = writeln!(self.out, " {scalar}");
            }
        }
    }

    fn list(&mut self, items: &[Json], path: &str, indent: usize) {
        for (place, item) in items.iter().enumerate() {
            let path = format!("{path}[{place}]");
            let _ = write!(self.out, "{:indent$}-", "");
            match item {
                Json::Object(map) if !map.is_empty() => {
                    self.out.push(' ');
                    self.object(map, &path, indent + 2, true);
                }
                item => self.value(item, &path, indent + 2),
            }
        }
    }

    fn scalar(&self, value: &Json, path: &str) -> String {
        match ((self.raw)(path), value) {
            (Some(raw), _) => raw,
            (None, Json::String(text)) => (self.quote)(text),
            (None, other) => other.to_string(),
        }
    }
}
