//! Fields of the config from the command line.

use super::show;
use crate::command::options::{Args, did_you_mean};
use crate::command::types::{Inputs, Outcome};
use fluxproof_layout::{Field, Kind, fields, put, read};
use fluxproof_yaml::{Budget, Document, FileId, Table, parse, to_json};
use serde_json::{Map, Value as Json, json};

/// The values of a config by name.
pub(super) type Values = Map<String, Json>;

/// The option of a field: `--vault-auth-app-role-secret` for `vault.auth.appRole.secret`.
pub(crate) fn flag(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        match c {
            '.' => out.push('-'),
            _ if c.is_ascii_uppercase() => {
                out.push('-');
                out.push(c.to_ascii_lowercase());
            }
            _ => out.push(c),
        }
    }
    out
}

/// The fields that have an option: all but lists of sections, which are written in a config.
pub(crate) fn flags() -> impl Iterator<Item = &'static Field> {
    fields().iter().filter(|field| field.kind != Kind::Items)
}

/// What the value of a field's option is called.
pub(crate) fn called(field: &Field) -> &'static str {
    match field.kind {
        Kind::Url | Kind::OciUrl => "URL",
        Kind::Choice => "CHOICE",
        Kind::Duration => "DURATION",
        Kind::Version => "VERSION",
        Kind::Switch => "true|false",
        Kind::Count => "NUMBER",
        Kind::Texts | Kind::Map | Kind::Items | Kind::Provider => "YAML",
        _ => "TEXT",
    }
}

/// The config with what the command line says of it.
pub(super) fn config(args: &Args, inputs: &Inputs) -> Result<Vec<u8>, Outcome> {
    let given = inputs.config.as_deref();
    if args.settings.is_empty() {
        return Ok(given.unwrap_or(fluxproof_layout::default_config().as_bytes()).to_vec());
    }
    // Mistakes of the file are said at their places, before anything is put into it.
    read(given.unwrap_or_default()).map_err(|problems| show::refused(args, &problems))?;
    let mut values = values(given.unwrap_or_default());
    for (path, text) in &args.settings {
        let value = value(path, text).map_err(|message| Outcome::refuse(2, &message))?;
        put(&mut values, path, value);
    }
    Ok(Json::Object(values).to_string().into_bytes())
}

/// A config that can be read, as values.
fn values(config: &[u8]) -> Values {
    let parsed = parse(FileId(0), &String::from_utf8_lossy(config));
    let root = parsed.documents.iter().find_map(Document::root);
    let value = root.and_then(|root| root.to_value(Table::GoYaml3, &mut Budget::default()).ok());
    let text = value.and_then(|value| to_json(&value).ok()).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// A value as it is typed, by the kind of its field.
pub(super) fn value(path: &str, text: &str) -> Result<Json, String> {
    let known = fields().iter().find(|field| field.path == path);
    let Some(field) = known else {
        let near = did_you_mean(path, fields().iter().map(|field| field.path), "; see fluxproof generate --help");
        return Err(format!("there is no field '{path}'{near}"));
    };
    Ok(match field.kind {
        Kind::Switch => match text {
            "true" | "yes" | "y" | "on" => json!(true),
            "false" | "no" | "n" | "off" => json!(false),
            _ => return Err(format!("{path} is true or false, not '{text}'")),
        },
        Kind::Count => json!(text.parse::<u32>().map_err(|_| format!("{path} is a number, not '{text}'"))?),
        Kind::Texts | Kind::Map | Kind::Items | Kind::Provider => structure(path, text)?,
        _ => json!(text),
    })
}

/// YAML in one line; `a, b` for a list of texts.
fn structure(path: &str, text: &str) -> Result<Json, String> {
    let bracketed = text.trim_start().starts_with(['[', '{']);
    let source = if bracketed { text.to_owned() } else { format!("[{text}]") };
    let wrapped = format!("v: {source}");
    match values(wrapped.as_bytes()).remove("v") {
        Some(value) if !value.is_null() => Ok(value),
        _ => Err(format!("{path}: '{text}' is no YAML; write [a, b] or {{a: b}}")),
    }
}
