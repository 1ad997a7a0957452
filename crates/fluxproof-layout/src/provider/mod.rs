//! Every provider of External Secrets: what its section of a store may say, how it is written, and what it needs.
//!
//! The fields are those of External Secrets' own schema (`data/providers.txt`). Beside them stand tables of what the schema
//! does not say: what came later ([`history`]), what the operator refuses ([`rules`]), what a form shows ([`form()`]).

mod annotation;
mod describe;
mod form;
mod history;
mod needs;
#[cfg(test)]
mod page;
mod reference;
mod render;
mod rules;
mod sample;
mod schema;
mod shape;
mod text;
mod ways;
mod words;
mod yaml;

pub use describe::json_schema;
pub use form::{FormChoice, FormField, FormKind, FormWhen, form};
pub use needs::{AccountNeed, ConfigMapNeed, Needs, SecretNeed, needs};
pub use render::render;
pub use sample::{description, sample, title};
pub use yaml::{yaml, yaml_with};

use crate::read::near;
use crate::values::join;
use serde_json::Value as Json;

/// The store that a section belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'s> {
    /// Who may use the store.
    pub kind: StoreKind,
    /// Where the objects are that the section names: the operator's namespace, or the namespace of the SecretStore.
    pub namespace: &'s str,
    /// The release of External Secrets: `2.9.0`.
    pub version: &'s str,
}

/// The kind of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// For every namespace.
    ClusterSecretStore,
    /// For its own namespace.
    SecretStore,
}

/// What is wrong with a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The field, from the section on: `auth.secretRef.name`; empty for the section as a whole.
    pub path: String,
    /// What is wrong: one lowercase sentence without a final period.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Issue {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: help.into() }
    }
}

/// The names of the providers, in the order of the alphabet.
#[must_use]
pub fn providers() -> Vec<&'static str> {
    schema::providers().iter().map(|provider| provider.name).collect()
}

/// Everything that is wrong with the section of a provider, each field once.
#[must_use]
pub fn check(provider: &str, section: &Json, scope: &Scope<'_>) -> Vec<Issue> {
    if let Some(issue) = history::of_provider(provider, scope.version) {
        return vec![issue];
    }
    let Some(schema) = schema::provider(provider) else { return vec![unknown(provider)] };
    let section = if section.is_null() { &Json::Object(serde_json::Map::new()) } else { section };
    let mut issues = shape::check(schema, section, scope.version);
    for issue in reference::check(schema, section, scope).into_iter().chain(rules::check(schema, section, scope)) {
        if !issues.iter().any(|known| known.path == issue.path) {
            issues.push(issue);
        }
    }
    issues
}

fn unknown(provider: &str) -> Issue {
    let message = format!("there is no provider {}", crate::check::shown(provider));
    let help = match near(provider, providers().into_iter()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("the providers are {}", providers().join(", ")),
    };
    Issue::new("", message, help)
}

/// The value of a key; a null counts as left out.
fn given<'v>(value: &'v Json, key: &str) -> Option<&'v Json> {
    value.get(key).filter(|value| !value.is_null())
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [words @ .., last] => format!("{} and {last}", words.join(", ")),
    }
}

/// The lines of a table, without comments.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| line.split('\t').collect())
}
