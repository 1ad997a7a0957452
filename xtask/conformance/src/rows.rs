//! Rows of a `cases.jsonl`: variable substitution, and the hash of generated names.

use crate::tally::Tally;
use fluxproof_delivery::substitute;
use fluxproof_kustomize::name_hash;
use fluxproof_yaml::{Budget, FileId, RepoPath, Sources, Table, Value, parse};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// A row of either kind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    test: String,
    params: Option<BTreeMap<String, String>>,
    #[serde(default)]
    input: String,
    #[serde(default)]
    output: String,
    want_err: Option<String>,
    cm_yaml: Option<String>,
    secret_yaml: Option<String>,
    res: Option<String>,
    hash: Option<String>,
    expect: Option<String>,
}

/// Runs the rows of a file.
pub(crate) fn run(path: &Path, word: &str, tally: &mut Tally) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    for (number, line) in (1..).zip(text.lines()) {
        match serde_json::from_str::<Row>(line) {
            Ok(row) if !row.test.contains(word) => {}
            Ok(row) if row.params.is_some() => count(tally, "envsubst", number, &row.test, substituted(&row)),
            Ok(row) => count(tally, "hash", number, &row.test, hashed(&row)),
            Err(error) => count(tally, "unreadable", number, line, Err(error.to_string())),
        }
    }
}

fn count(tally: &mut Tally, tier: &str, number: usize, name: &str, outcome: Result<(), String>) {
    tally.count(tier, &format!("row {number}, {name}"), outcome);
}

fn substituted(row: &Row) -> Result<(), String> {
    let strict = row.test.contains("Strict");
    let params = row.params.clone().unwrap_or_default();
    match (substitute(&row.input, &params, strict), &row.want_err) {
        (Ok(text), None) if text == row.output => Ok(()),
        (Err(_), Some(_)) => Ok(()),
        (found, _) => Err(format!("  {}\n  -{}\n  +{found:?}", row.input, row.output)),
    }
}

fn hashed(row: &Row) -> Result<(), String> {
    let text = [&row.cm_yaml, &row.secret_yaml, &row.res].into_iter().find_map(Option::as_ref);
    let text = text.ok_or("a row without an object")?;
    let path = RepoPath::new("object.yaml").map_err(|error| error.to_string())?;
    let found = name_hash(&Sources::from_texts([(path, text.as_str())]), &value(text)?);
    let expected = match (&row.hash, &row.expect) {
        (Some(hash), _) => hash.clone(),
        (None, Some(text)) => encoded(text),
        (None, None) => return Err("a row without an answer".to_owned()),
    };
    if found == expected { Ok(()) } else { Err(format!("  -{expected}\n  +{found}")) }
}

/// kustomize's spelling of the first ten digits of a digest (`api/hasher`).
fn encoded(text: &str) -> String {
    let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let letter = |digit: char| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    digest.chars().take(10).map(letter).collect()
}

fn value(text: &str) -> Result<Value, String> {
    let parsed = parse(FileId(0), text);
    let root = parsed.documents.first().and_then(|document| document.root()).ok_or("an empty document")?;
    root.to_value(Table::GoYaml3, &mut Budget::default()).map_err(|problem| problem.message)
}
