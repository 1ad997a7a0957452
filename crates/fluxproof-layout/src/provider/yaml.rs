//! A section as YAML.

use crate::quote;
use serde_json::{Map, Value as Json};
use std::fmt::Write;

/// A value in block style, each line indented by so many spaces. No text in it can leave its scalar. In a file that Flux
/// substitutes variables in, `${` is written so that it arrives.
#[must_use]
pub fn yaml(value: &Json, indent: usize, substituted: bool) -> String {
    let quote = if substituted { quote::yaml_substituted } else { quote::yaml };
    let mut writer = Writer { out: String::new(), quote };
    match value {
        Json::Object(map) if !map.is_empty() => writer.object(map, indent, false),
        Json::Array(items) if !items.is_empty() => writer.list(items, indent),
        scalar => {
            let scalar = writer.scalar(scalar);
            let _ = writeln!(writer.out, "{:indent$}{scalar}", "");
        }
    }
    writer.out
}

struct Writer {
    out: String,
    quote: fn(&str) -> String,
}

impl Writer {
    /// The first key stands behind a dash where the object is in a list.
    fn object(&mut self, map: &Map<String, Json>, indent: usize, in_list: bool) {
        for (place, (key, value)) in map.iter().enumerate() {
            let spaces = if in_list && place == 0 { 0 } else { indent };
            let key = (self.quote)(key);
            let _ = write!(self.out, "{:spaces$}{key}:", "");
            self.value(value, indent + 2);
        }
    }

    fn value(&mut self, value: &Json, indent: usize) {
        match value {
            Json::Object(map) if !map.is_empty() => {
                self.out.push('\n');
                self.object(map, indent, false);
            }
            Json::Array(items) if !items.is_empty() => {
                self.out.push('\n');
                self.list(items, indent);
            }
            scalar => {
                let scalar = self.scalar(scalar);
                let _ = writeln!(self.out, " {scalar}");
            }
        }
    }

    fn list(&mut self, items: &[Json], indent: usize) {
        for item in items {
            let _ = write!(self.out, "{:indent$}-", "");
            match item {
                Json::Object(map) if !map.is_empty() => {
                    self.out.push(' ');
                    self.object(map, indent + 2, true);
                }
                item => self.value(item, indent + 2),
            }
        }
    }

    fn scalar(&self, value: &Json) -> String {
        match value {
            Json::String(text) => (self.quote)(text),
            other => other.to_string(),
        }
    }
}
