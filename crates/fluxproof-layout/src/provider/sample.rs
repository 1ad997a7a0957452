//! A minimal valid section of each provider.

use super::rows;
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
