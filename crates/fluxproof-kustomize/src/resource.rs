//! A built resource: its value, where it comes from, and what may have changed it.

use fluxproof_yaml::{Data, Entry, FileId, Span, Value};
use std::sync::Arc;

/// A change that the build does not model: verdicts about the resource must not be certain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// Where the operator stands.
    pub span: Span,
    /// What it is: `a patch of apps/kustomization.yaml is not modelled`.
    pub what: String,
}

/// One object of a build.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The object; every node has the span of the text that a person would edit.
    pub value: Value,
    /// The file it was read from.
    pub file: FileId,
    /// The document it was read from.
    pub span: Span,
    /// What may have changed it.
    pub doubts: Vec<Doubt>,
}

impl Resource {
    /// A resource as it stands in its file.
    #[must_use]
    pub fn new(value: Value, file: FileId) -> Self {
        let span = value.span;
        Self { value, file, span, doubts: Vec::new() }
    }

    /// `apps/v1`; `""` where there is none.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.value.str_at(&["apiVersion"]).unwrap_or("")
    }

    /// `apps`; `""` for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// `v1`
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version().rsplit('/').next().unwrap_or("")
    }

    /// `Deployment`
    #[must_use]
    pub fn kind(&self) -> &str {
        self.value.str_at(&["kind"]).unwrap_or("")
    }

    /// `metadata.name`
    #[must_use]
    pub fn name(&self) -> &str {
        self.value.str_at(&["metadata", "name"]).unwrap_or("")
    }

    /// `metadata.namespace`, where it is set and not empty.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.value.str_at(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty())
    }

    /// An annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.value.str_at(&["metadata", "annotations", key])
    }

    /// A label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.value.str_at(&["metadata", "labels", key])
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        self.value.at(path)
    }

    /// Where the name stands: the place to point at for the whole object.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.at(&["metadata", "name"]).map_or(self.span, |name| name.span)
    }

    pub(crate) fn doubt(&mut self, span: Span, what: &str) {
        self.doubts.push(Doubt { span, what: what.to_owned() });
    }
}

/// A string value at a place.
pub(crate) fn string(text: &str, span: Span) -> Value {
    Value { span, data: Data::Str(Arc::from(text)) }
}

/// Sets a key of a mapping, made where it is not one.
pub(crate) fn set(map: &mut Value, key: &str, value: Value) {
    if map.entries_mut().is_none() {
        map.data = Data::Map(Vec::new());
    }
    match map.get_mut(key) {
        Some(old) => *old = value,
        None => {
            let entry = Entry { key: Arc::from(key), key_span: value.span, value };
            map.entries_mut().into_iter().for_each(|entries| entries.push(entry.clone()));
        }
    }
}

/// The mapping under a key, made where there is none.
pub(crate) fn child<'v>(map: &'v mut Value, key: &str, span: Span) -> Option<&'v mut Value> {
    if map.get(key).is_none_or(Value::is_null) {
        set(map, key, Value { span, data: Data::Map(Vec::new()) });
    }
    map.get_mut(key)
}
