//! Values that the chart of External Secrets does not read.

use super::eso::EsoVersion;
use super::table::{column, rows};
use fluxproof_yaml::{Data, Span, Value};

const VALUES: &str = include_str!("../../../../data/eso-values.tsv");

/// The deepest value that is looked at; the deepest that the chart reads is 7.
const MAX_DEPTH: usize = 16;

/// Keys below which anything goes: subcharts and what all charts share.
const FREE: &[&str] = &["global", "bitwarden-sdk-server"];

/// What the guide of External Secrets and others mean by a key that the chart does not have.
const MEANT: &[(&str, &str)] =
    &[("crds.create", "installCRDs"), ("crds.install", "installCRDs"), ("crds.enabled", "installCRDs")];

/// A value that the chart does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// `crds.create`
    pub path: String,
    /// Where its key stands.
    pub key_span: Span,
    /// What was meant, where that can be guessed.
    pub suggestion: Option<String>,
}

/// The values that a release of the chart does not read.
#[must_use]
pub fn unknown_values(version: EsoVersion, values: &Value) -> Vec<UnknownValue> {
    let holds = |row: &Vec<&'static str>| version.is_in(column(row, 2), column(row, 3));
    let known: Vec<(&str, &str)> = rows(VALUES).filter(holds).map(|row| (column(&row, 0), column(&row, 1))).collect();
    let mut unknown = Vec::new();
    if !known.is_empty() {
        look(values, "", &known, MAX_DEPTH, &mut unknown);
    }
    unknown
}

fn look(value: &Value, prefix: &str, known: &[(&str, &str)], depth: usize, out: &mut Vec<UnknownValue>) {
    for entry in value.entries() {
        let path = if prefix.is_empty() { entry.key.to_string() } else { format!("{prefix}.{}", entry.key) };
        let below = format!("{path}.");
        let leaf = known.iter().find(|(key, _)| *key == path);
        let inner = known.iter().any(|(key, _)| key.starts_with(&below));
        if FREE.contains(&path.as_str()) || leaf.is_some() && !inner {
            continue;
        }
        match inner {
            true if matches!(entry.value.data, Data::Map(_)) && depth > 0 => {
                look(&entry.value, &path, known, depth - 1, out)
            }
            true => {}
            false => out.push(UnknownValue { suggestion: suggestion(&path, known), path, key_span: entry.key_span }),
        }
    }
}

/// What people mean, else the nearest key with the same parent.
fn suggestion(path: &str, known: &[(&str, &str)]) -> Option<String> {
    if let Some((_, meant)) = MEANT.iter().find(|(wrong, _)| *wrong == path) {
        return Some((*meant).to_owned());
    }
    let depth = path.split('.').count();
    let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
    let heads = known.iter().map(|(key, _)| key.splitn(depth + 1, '.').take(depth).collect::<Vec<_>>().join("."));
    let beside = heads.filter(|key| key.rsplit_once('.').map_or("", |(p, _)| p) == parent);
    let near = beside.map(|key| (distance(&key.to_lowercase(), &path.to_lowercase()), key)).min();
    near.filter(|(distance, _)| *distance <= 2).map(|(_, key)| key)
}

/// The number of single-character changes between two names.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
