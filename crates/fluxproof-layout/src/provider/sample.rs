//! A minimal valid section of each provider.

use super::annotation::annotations;
use super::{given, rows};
use crate::quote;
use serde_json::Value as Json;

const TABLE: &str = include_str!("../../data/provider-samples.tsv");

fn column(provider: &str, number: usize) -> Option<&'static str> {
    rows(TABLE).find(|row| row.first() == Some(&provider))?.get(number).copied()
}

/// What people call a provider: `AWS`, `1Password Connect`.
#[must_use]
pub fn title(provider: &str) -> &'static str {
    column(provider, 1).unwrap_or_default()
}

/// What a provider is, in a sentence.
#[must_use]
pub fn description(provider: &str) -> &'static str {
    column(provider, 2).unwrap_or_default()
}

/// A valid section of a provider with just what a store needs; empty for a provider that there is not.
#[must_use]
pub fn sample(provider: &str) -> Json {
    let json = column(provider, 3).unwrap_or("{}");
    serde_json::from_str(json).unwrap_or_default()
}

/// What to write at a path, which the schema has, where nothing is: as the sample has it, or a form shows it.
pub(crate) fn hint(provider: &str, path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    let sample = sample(provider);
    let own = path.split('.').try_fold(&sample, |at, key| given(at.get(0).unwrap_or(at), key)).map(flow);
    let like = own.or_else(|| annotations(provider).iter().find(|words| words.path == path)?.example.map(quote::yaml));
    match like.filter(|like| like.len() < 80) {
        Some(like) => format!("write it, as {name}: {like}"),
        None if name == "name" => "write the name of an object of the cluster".to_owned(),
        None => "write it".to_owned(),
    }
}

/// A value in one line.
fn flow(value: &Json) -> String {
    match value {
        Json::String(text) => quote::yaml(text),
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(map) => {
            let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}
