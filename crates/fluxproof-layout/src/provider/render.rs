//! A section as it stands in a store.

use super::schema::{Field, Selector, Shape, provider};
use super::{Scope, StoreKind};
use serde_json::{Map, Value as Json};

/// A section with its keys in the order in which they were given. What the schema demands and has a default for is written out, and so
/// are the namespaces that a ClusterSecretStore needs; those of a SecretStore are left out. What the schema does not know
/// is not there.
#[must_use]
pub fn render(provider_name: &str, section: &Json, scope: &Scope<'_>) -> Json {
    let section = if section.is_null() { &Json::Object(Map::new()) } else { section };
    match provider(provider_name) {
        Some(provider) => value(&provider.shape, section, scope).unwrap_or_default(),
        None => section.clone(),
    }
}

fn value(shape: &Shape, given: &Json, scope: &Scope<'_>) -> Option<Json> {
    Some(match (shape, given) {
        (_, Json::Null) => return None,
        (Shape::Object(selector, fields), Json::Object(map)) => object(*selector, fields, map, scope),
        (Shape::List(item), Json::Array(items)) => items.iter().filter_map(|it| value(item, it, scope)).collect(),
        (_, given) => given.clone(),
    })
}

fn object(selector: Option<Selector>, fields: &[Field], given: &Map<String, Json>, scope: &Scope<'_>) -> Json {
    let mut out = Map::new();
    for field in in_order(fields, given) {
        let own = given.get(field.name).and_then(|given| value(&field.shape, given, scope));
        let own = match (selector, field.name) {
            (Some(_), "namespace") => namespace(own, scope),
            _ => own.or_else(|| default(field)),
        };
        own.into_iter().for_each(|own| drop(out.insert(field.name.to_owned(), own)));
    }
    Json::Object(out)
}

/// The fields as they were given, and behind them those that are left out; a namespace that is filled in follows its name.
fn in_order<'f>(fields: &'f [Field], given: &Map<String, Json>) -> Vec<&'f Field> {
    let known = |key: &str| fields.iter().find(|field| field.name == key);
    let mut ordered: Vec<&Field> = given.keys().filter_map(|key| known(key)).collect();
    let place = ordered.iter().position(|field| field.name == "name");
    if let (Some(place), Some(namespace), false) = (place, known("namespace"), given.contains_key("namespace")) {
        ordered.insert(place + 1, namespace);
    }
    let left: Vec<&Field> = fields.iter().filter(|field| !ordered.iter().any(|one| one.name == field.name)).collect();
    ordered.extend(left);
    ordered
}

fn namespace(own: Option<Json>, scope: &Scope<'_>) -> Option<Json> {
    match scope.kind {
        StoreKind::ClusterSecretStore => Some(own.unwrap_or_else(|| Json::from(scope.namespace))),
        StoreKind::SecretStore => own.filter(|own| own != scope.namespace),
    }
}

/// The value that the API server would fill into a field that must be there.
fn default(field: &Field) -> Option<Json> {
    let default = field.default.filter(|_| field.required)?;
    Some(match field.shape {
        Shape::Integer => Json::from(default.parse::<i64>().ok()?),
        Shape::Flag => Json::Bool(default == "true"),
        _ => Json::from(default),
    })
}
