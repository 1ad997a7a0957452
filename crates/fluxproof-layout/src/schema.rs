//! The config's description in other languages: JSON Schema for editors, JSON for the playground's form.

use crate::fields::{Field, Kind, fields};
use crate::provider::{self, FormField, json_schema};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (2020-12) of the config, indented.
#[must_use]
pub fn schema() -> String {
    let mut root = Map::new();
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!("fluxproof layout"));
    root.insert(
        "description".to_owned(),
        json!("A Flux layout for External Secrets and its stores. Every field may be left out."),
    );
    root.extend(section(fields()));
    let sections = fields().iter().filter(|field| field.kind == Kind::Provider);
    let definitions: Map<String, Json> = sections.map(|it| (it.path.to_owned(), json_schema(it.path))).collect();
    root.insert("$defs".to_owned(), Json::Object(definitions));
    pretty(&Json::Object(root))
}

/// The fields as JSON, in the order of a form. A provider's section has its own fields below `fields`; in the list of further
/// stores it is named again, without them.
#[must_use]
pub fn fields_json() -> String {
    let form = |field: &Field| {
        let mut form = of_form(field);
        if field.kind == Kind::Provider {
            form.insert("fields".to_owned(), provider::form(field.path).iter().map(FormField::json).collect());
        }
        Json::Object(form)
    };
    pretty(&fields().iter().map(form).collect())
}

fn pretty(json: &Json) -> String {
    format!("{json:#}\n")
}

/// The schema of a section with these fields.
fn section(fields: &[Field]) -> Map<String, Json> {
    let mut section = empty();
    for field in fields {
        put(&mut section, field);
    }
    section
}

fn empty() -> Map<String, Json> {
    let mut section = Map::new();
    section.insert("type".to_owned(), json!(["object", "null"]));
    section.insert("additionalProperties".to_owned(), json!(false));
    section.insert("properties".to_owned(), json!({}));
    section
}

fn put(root: &mut Map<String, Json>, field: &Field) {
    let mut at = root;
    let mut keys = field.path.split('.').peekable();
    while let Some(key) = keys.next() {
        let Some(Json::Object(properties)) = at.get_mut("properties") else { return };
        let fresh = || Json::Object(if keys.peek().is_some() { empty() } else { of_schema(field) });
        let Json::Object(inside) = properties.entry(key).or_insert_with(fresh) else { return };
        at = inside;
    }
}

fn of_schema(field: &Field) -> Map<String, Json> {
    let mut schema = Map::new();
    if field.kind == Kind::Provider {
        schema.insert("$ref".to_owned(), json!(format!("#/$defs/{}", field.path)));
    }
    schema.insert("title".to_owned(), json!(field.label));
    schema.insert("description".to_owned(), json!(field.help));
    schema.insert("type".to_owned(), json!([kind(field.kind), "null"]));
    schema.insert("default".to_owned(), field.default_value());
    match field.kind {
        Kind::Texts => drop(schema.insert("items".to_owned(), json!({"type": "string"}))),
        Kind::Map => drop(schema.insert("additionalProperties".to_owned(), json!({"type": "string"}))),
        Kind::Items => drop(schema.insert("items".to_owned(), Json::Object(section(field.items)))),
        _ => {}
    }
    if field.kind == Kind::Choice {
        let values = field.choices.iter().map(|choice| json!(choice.value)).chain([Json::Null]);
        schema.insert("enum".to_owned(), values.collect());
    }
    if let Some(pattern) = pattern(field.kind) {
        schema.insert("pattern".to_owned(), json!(pattern));
    }
    schema
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Switch => "boolean",
        Kind::Count => "integer",
        Kind::Texts | Kind::Items => "array",
        Kind::Map | Kind::Provider => "object",
        _ => "string",
    }
}

/// What an editor can check. The program itself checks more: hosts, lengths, releases that exist.
fn pattern(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Text => r"^[^\s](.*[^\s])?$",
        Kind::TextOrNothing => r"^([^\s](.*[^\s])?)?$",
        Kind::Url => r"^https?://[^@?#\s]+$",
        Kind::OciUrl => r"^oci://[^@?#\s]+$",
        Kind::Duration => r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
        Kind::Version => r"^[0-9]+\.[0-9]+\.[0-9]+$",
        Kind::Name => r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        Kind::Label => r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        Kind::Key => r"^[-._a-zA-Z0-9]+$",
        Kind::Folder => r"^[a-zA-Z0-9][-._a-zA-Z0-9]*$",
        Kind::Path => r"^[a-zA-Z0-9][-._/a-zA-Z0-9]*$",
        Kind::Certificate => r"^[A-Za-z0-9+/]+={0,2}$",
        Kind::Choice | Kind::Switch | Kind::Count | Kind::Texts | Kind::Map | Kind::Items | Kind::Provider => {
            return None;
        }
    })
}

fn forms(fields: &[Field]) -> Json {
    fields.iter().map(|field| Json::Object(of_form(field))).collect()
}

fn of_form(field: &Field) -> Map<String, Json> {
    let mut form = Map::new();
    form.insert("path".to_owned(), json!(field.path));
    form.insert("label".to_owned(), json!(field.label));
    form.insert("help".to_owned(), json!(field.help));
    form.insert("default".to_owned(), field.default_value());
    form.insert("kind".to_owned(), json!(field.kind.name()));
    let choice = |choice: &crate::Choice| json!({"value": choice.value, "label": choice.label});
    form.insert("choices".to_owned(), field.choices.iter().map(choice).collect());
    form.insert("group".to_owned(), json!(field.group));
    if let Some(when) = field.when {
        form.insert("when".to_owned(), json!({"path": when.path, "is": when.is}));
    }
    if let Some(advice) = field.advice {
        form.insert("advice".to_owned(), json!(advice));
    }
    if !field.items.is_empty() {
        form.insert("items".to_owned(), forms(field.items));
    }
    form
}
