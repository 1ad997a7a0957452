//! The config as values: what was written, and the default of everything else. What a field means stands in
//! [`crate::fields`], and nowhere else.

use crate::fields::{Field, fields};
use serde_json::{Map, Value as Json};

/// What to generate: a value for every field of [`fields`]. `Layout::default()` is the default layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    values: Map<String, Json>,
    crds: Vec<(String, String)>,
}

impl Default for Layout {
    fn default() -> Self {
        Self::of(Map::new())
    }
}

impl Layout {
    /// The layout of what was written: what it leaves out, or leaves empty, has its default.
    #[must_use]
    pub fn of(mut written: Map<String, Json>) -> Self {
        complete(fields(), &mut written);
        Self { values: written, crds: Vec::new() }
    }

    /// Gives the CRDs that are to lie in the tree, name and text of each file: those of External Secrets' config/crds/bases, or
    /// its deploy/crds/bundle.yaml. What is no YAML, and a kustomization, is left out.
    #[must_use]
    pub fn with_crds(mut self, files: Vec<(String, String)>) -> Self {
        self.crds = files.into_iter().filter(|(name, _)| is_bundle(name)).collect();
        fluxproof_order::sort_by(&mut self.crds, |a, b| a.0.cmp(&b.0));
        self
    }

    /// The CRDs that are to lie in the tree.
    pub(crate) fn crds(&self) -> &[(String, String)] {
        &self.crds
    }

    /// The whole of it as one section.
    #[must_use]
    pub fn root(&self) -> Section<'_> {
        Section { values: &self.values, place: String::new() }
    }

    /// Sets the value at a path of keys: `vault.server`. A `null` is the default.
    pub fn set(&mut self, path: &str, value: impl Into<Json>) {
        put(&mut self.values, path, value.into());
        complete(fields(), &mut self.values);
    }

    /// What differs from the defaults, in the order of the fields.
    #[must_use]
    pub fn differences(&self) -> Map<String, Json> {
        differences(fields(), &self.values)
    }
}

/// A part of the config: all of it, or an item of a list.
#[derive(Debug, Clone)]
pub struct Section<'l> {
    values: &'l Map<String, Json>,
    place: String,
}

impl<'l> Section<'l> {
    /// The value at a path within the section.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&'l Json> {
        get(self.values, path).filter(|value| !value.is_null())
    }

    /// The text at a path; empty where there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> &'l str {
        self.get(path).and_then(Json::as_str).unwrap_or_default()
    }

    /// Whether the text at a path is this one.
    #[must_use]
    pub fn is(&self, path: &str, text: &str) -> bool {
        self.text(path) == text
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn flag(&self, path: &str) -> bool {
        self.get(path).and_then(Json::as_bool).unwrap_or_default()
    }

    /// The texts of a list.
    #[must_use]
    pub fn texts(&self, path: &str) -> Vec<&'l str> {
        self.list(path).iter().filter_map(Json::as_str).collect()
    }

    /// The sections of a list.
    #[must_use]
    pub fn items(&self, path: &str) -> Vec<Section<'l>> {
        let section = |(index, value): (usize, &'l Json)| {
            Some(Section { values: value.as_object()?, place: format!("{}[{index}]", self.at(path)) })
        };
        self.list(path).iter().enumerate().filter_map(section).collect()
    }

    /// The values of the section, every default among them.
    #[must_use]
    pub fn values(&self) -> &'l Map<String, Json> {
        self.values
    }

    /// The path of a field of this section from the root of the config: `stores[0].name`.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        join(&self.place, path)
    }

    fn list(&self, path: &str) -> &'l [Json] {
        self.get(path).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Whether a file of CRDs may be copied under its name.
fn is_bundle(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    plain && yaml && !name.starts_with('.') && !name.starts_with("kustomization.")
}

/// Two paths as one.
pub(crate) fn join(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

/// The value at a path of keys, as it was written.
#[must_use]
pub fn get<'v>(values: &'v Map<String, Json>, path: &str) -> Option<&'v Json> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let value = values.get(first)?;
    rest.map_or(Some(value), |rest| get(value.as_object()?, rest))
}

fn get_mut<'v>(values: &'v mut Map<String, Json>, path: &str) -> Option<&'v mut Json> {
    match path.split_once('.') {
        Some((first, rest)) => get_mut(values.get_mut(first)?.as_object_mut()?, rest),
        None => values.get_mut(path),
    }
}

/// Puts a value at a path, and makes the sections that lead to it.
pub fn put(values: &mut Map<String, Json>, path: &str, value: Json) {
    let Some((first, rest)) = path.split_once('.') else {
        values.insert(path.to_owned(), value);
        return;
    };
    let inside = values.entry(first).or_insert(Json::Null);
    if !inside.is_object() {
        *inside = Json::Object(Map::new());
    }
    if let Json::Object(inside) = inside {
        put(inside, rest, value);
    }
}

/// Gives every field that has no value its default.
fn complete(fields: &[Field], values: &mut Map<String, Json>) {
    for field in fields {
        match get(values, field.path) {
            None | Some(Json::Null) => put(values, field.path, field.default_value()),
            Some(_) if !field.items.is_empty() => complete_items(field, values),
            Some(_) => {}
        }
    }
}

fn complete_items(field: &Field, values: &mut Map<String, Json>) {
    let list = get_mut(values, field.path).and_then(Json::as_array_mut);
    for item in list.into_iter().flatten().filter_map(Json::as_object_mut) {
        complete(field.items, item);
    }
}

fn differences(fields: &[Field], values: &Map<String, Json>) -> Map<String, Json> {
    let mut out = Map::new();
    for field in fields {
        match get(values, field.path) {
            Some(Json::Array(items)) if !field.items.is_empty() && !items.is_empty() => {
                let items = items.iter().filter_map(Json::as_object).map(|item| differences(field.items, item));
                put(&mut out, field.path, items.map(Json::Object).collect());
            }
            Some(value) if *value != field.default_value() => put(&mut out, field.path, value.clone()),
            _ => {}
        }
    }
    out
}
