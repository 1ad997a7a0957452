//! Custom resources against the schema of a CRD that lies in the repository.
//!
//! A server-side apply refuses a field that the schema does not have, and a value of another type (structured-merge-diff
//! typed). Only these two are looked at: all else the API server decides.

use super::typed;
use crate::expand::Expansion;
use crate::model::{Fault, FaultKind};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Span, Value, View};
use std::collections::BTreeMap;

/// How deep a schema is followed.
const MAX_DEPTH: usize = 64;

/// The schemas of CRDs, by the cluster they are applied to and `group/version/kind`; none where two CRDs of one kind differ.
pub(crate) struct Schemas<'a>(BTreeMap<String, Option<&'a Value>>);

impl<'a> Schemas<'a> {
    /// Reads the CRDs that the Kustomizations apply.
    pub(crate) fn of(expansion: &'a Expansion<'_>) -> Self {
        let mut all = Self(BTreeMap::new());
        for node in &expansion.kustomizations {
            let crds = node.resources().iter().filter(|r| r.kind() == "CustomResourceDefinition");
            crds.for_each(|crd| all.add(node.universe, crd));
        }
        all
    }

    fn add(&mut self, universe: usize, crd: &'a Resource) {
        let text = |path: &[&str]| crd.at(path).and_then(Value::as_str).unwrap_or_default();
        let (group, kind) = (text(&["spec", "group"]), text(&["spec", "names", "kind"]));
        for version in crd.at(&["spec", "versions"]).map_or(&[][..], Value::items) {
            let name = version.str_at(&["name"]).unwrap_or_default();
            let schema = version.at(&["schema", "openAPIV3Schema"]);
            let known = self.0.entry(format!("{universe} {group}/{name}/{kind}")).or_insert(schema);
            if *known != schema {
                *known = None;
            }
        }
    }

    /// What of a custom resource the API server refuses first.
    pub(super) fn fault(&self, universe: usize, resource: &Resource) -> Option<(Fault, Span)> {
        let key = format!("{universe} {}/{}/{}", resource.group(), resource.version(), resource.kind());
        let schema = (*self.0.get(&key)?)?;
        let own = |key: &str| !matches!(key, "apiVersion" | "kind" | "metadata");
        let entries = resource.value.entries().iter().filter(|entry| own(&entry.key));
        let root =
            |entry: &fluxproof_yaml::Entry| field(&entry.value, entry.key_span, schema, &entry.key, "", MAX_DEPTH);
        let (what, span) = { entries }.find_map(root)?;
        Some((typed(resource, FaultKind::Schema, &what), span))
    }
}

type Refused = (String, Span);

fn is_true(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool) == Some(true)
}

/// A field of an object: it must be declared, and fit.
fn field(value: &Value, key_span: Span, schema: &Value, key: &str, path: &str, depth: usize) -> Option<Refused> {
    let path = format!("{path}.{key}");
    let declared = schema.at(&["properties"]).and_then(|properties| properties.get(key));
    let additional = schema.get("additionalProperties");
    match (declared, additional) {
        (Some(schema), _) => value_fits(value, schema, &path, depth.checked_sub(1)?),
        (None, Some(schema)) if schema.is_map() => value_fits(value, schema, &path, depth.checked_sub(1)?),
        (None, Some(_)) => None,
        (None, None) if is_open(schema) => None,
        (None, None) => Some((format!("{path}: field not declared in schema"), key_span)),
    }
}

/// Whether a schema takes fields that it does not list.
fn is_open(schema: &Value) -> bool {
    is_true(schema, "x-kubernetes-preserve-unknown-fields")
        || is_true(schema, "x-kubernetes-embedded-resource")
        || schema.get("properties").is_none()
}

fn value_fits(value: &Value, schema: &Value, path: &str, depth: usize) -> Option<Refused> {
    let wrong = |expected: &str| Some((format!("{path}: expected {expected}"), value.span));
    let either = is_true(schema, "x-kubernetes-int-or-string");
    match (schema.str_at(&["type"]), value.view()) {
        (_, View::Null) => None,
        (Some("object"), View::Map(entries)) => {
            entries.iter().find_map(|entry| field(&entry.value, entry.key_span, schema, &entry.key, path, depth))
        }
        (Some("array"), View::Seq(items)) => items_fit(items, schema, path, depth),
        (Some("object"), _) => wrong("map"),
        (Some("array"), _) => wrong("list"),
        (Some("string"), View::Str(_)) => None,
        (Some("string"), _) if !either => wrong("string"),
        (Some("boolean"), View::Bool(_)) => None,
        (Some("boolean"), _) => wrong("boolean"),
        (Some("integer" | "number"), View::Str(_) | View::Bool(_) | View::Map(_) | View::Seq(_)) if !either => {
            wrong("numeric (int or float)")
        }
        _ => None,
    }
}

fn items_fit(items: &[Value], schema: &Value, path: &str, depth: usize) -> Option<Refused> {
    let schema = schema.get("items")?;
    let depth = depth.checked_sub(1)?;
    items.iter().enumerate().find_map(|(at, item)| value_fits(item, schema, &format!("{path}[{at}]"), depth))
}
