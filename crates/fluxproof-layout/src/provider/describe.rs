//! A provider in other languages: JSON Schema for editors, JSON for a form.

use super::annotation::{Annotation, annotations};
use super::form::{FormChoice, FormField};
use super::join;
use super::schema::{Field, Limit, Shape, provider};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (2020-12) of a provider's section; one that takes anything for a provider that there is not.
#[must_use]
pub fn json_schema(provider_name: &str) -> Json {
    let Some(provider) = provider(provider_name) else { return json!({}) };
    let mut out = of_field(provider, "", &annotations(provider_name));
    out.insert("title".to_owned(), json!(super::title(provider_name)));
    out.insert("description".to_owned(), json!(super::description(provider_name)));
    Json::Object(out)
}

fn of_field(field: &Field, path: &str, words: &[Annotation]) -> Map<String, Json> {
    let mut out = of_shape(&field.shape, path, words);
    if let Some(own) = words.iter().find(|own| own.path == path) {
        out.insert("title".to_owned(), json!(own.label));
        out.insert("description".to_owned(), json!(own.help));
    }
    if let Some(default) = field.default {
        let typed = serde_json::from_str(default).ok().filter(|_| matches!(field.shape, Shape::Flag | Shape::Integer));
        out.insert("default".to_owned(), typed.unwrap_or_else(|| json!(default)));
    }
    field.limits.iter().for_each(|limit| limit_to(&mut out, limit));
    out
}

fn of_shape(shape: &Shape, path: &str, words: &[Annotation]) -> Map<String, Json> {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!([kind(shape), "null"]));
    match shape {
        Shape::Object(_, fields) => out.extend(of_object(fields, path, words)),
        Shape::Map(item) => {
            out.insert("additionalProperties".to_owned(), Json::Object(of_shape(item, path, words)));
        }
        Shape::List(item) => {
            out.insert("items".to_owned(), Json::Object(of_shape(item, &format!("{path}[]"), words)));
        }
        Shape::Text(choices) if !choices.is_empty() => {
            let values = choices.iter().map(|choice| json!(choice)).chain([Json::Null]);
            out.insert("enum".to_owned(), values.collect());
        }
        Shape::Text(_) | Shape::Bytes | Shape::Flag | Shape::Integer => {}
    }
    out
}

fn of_object(fields: &[Field], path: &str, words: &[Annotation]) -> Map<String, Json> {
    let mut out = Map::new();
    let of = |field: &Field| Json::Object(of_field(field, &join(path, field.name), words));
    let required = fields.iter().filter(|field| field.required && field.default.is_none());
    out.insert("required".to_owned(), required.map(|field| json!(field.name)).collect());
    let properties = fields.iter().map(|field| (field.name.to_owned(), of(field))).collect();
    out.insert("properties".to_owned(), Json::Object(properties));
    out.insert("additionalProperties".to_owned(), json!(false));
    out
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object(..) | Shape::Map(_) => "object",
        Shape::Text(_) | Shape::Bytes => "string",
        Shape::Flag => "boolean",
        Shape::Integer => "integer",
        Shape::List(_) => "array",
    }
}

/// What an editor can check; the program checks the rest.
fn limit_to(out: &mut Map<String, Json>, limit: &Limit) {
    let (key, value) = match limit {
        Limit::Form("name") => ("pattern", json!("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")),
        Limit::Form("label") => ("pattern", json!("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")),
        Limit::Form("key") => ("pattern", json!("^[-._a-zA-Z0-9]+$")),
        Limit::Filled => ("minLength", json!(1)),
        Limit::Least(least) => ("minimum", json!(least)),
        Limit::One(of) => ("oneOf", of.iter().map(|name| json!({"required": [name]})).collect()),
        _ => return,
    };
    out.insert(key.to_owned(), value);
}

impl FormField {
    /// The field as JSON; what does not apply is left out.
    #[must_use]
    pub fn json(&self) -> Json {
        let mut out = Map::new();
        let mut put = |key: &str, value: Json| drop(out.insert(key.to_owned(), value));
        put("path", json!(self.path));
        put("label", json!(self.label));
        put("help", json!(self.help));
        put("kind", json!(self.kind.name()));
        put("required", json!(self.required));
        put("advanced", json!(self.advanced));
        put("default", json!(self.default));
        put("example", json!(self.example));
        put("choices", self.choices.iter().map(FormChoice::json).collect());
        if let Some(when) = &self.when {
            put("when", json!({"path": when.path, "is": when.is}));
        }
        Json::Object(out)
    }
}

impl FormChoice {
    fn json(&self) -> Json {
        json!({"value": self.value, "label": self.label, "help": self.help})
    }
}
