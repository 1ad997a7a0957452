//! What real controllers did: the outcome of each Flux object.

use serde_json::Value;
use std::collections::BTreeMap;

/// The outcome of a Flux object, as the record's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// `ready-first-try`, `ready-after-failure`, `never-ready`, `suspended`, `deleted`
    pub(crate) word: String,
    /// The first error, where there is one.
    pub(crate) error: String,
}

/// The condition of a HelmRelease that somebody has deleted: Ready=False, and no failure.
const UNINSTALLED: &str = "Helm uninstall succeeded";

/// The outcomes that the first commit alone reached, by `Kind/namespace/name`.
pub(crate) fn outcomes(record: &Value) -> BTreeMap<String, Outcome> {
    let first = record.get("outcome_first_commit").or_else(|| record.get("outcome"));
    let objects = first.and_then(Value::as_object).into_iter().flatten();
    objects.map(|(name, value)| (name.clone(), outcome(value))).collect()
}

fn outcome(value: &Value) -> Outcome {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let word = if value.is_string() { text(Some(value)) } else { text(value.get("outcome")) };
    let error = text(value.get("errors").and_then(|errors| errors.get(0)));
    match word == "ready-after-failure" && error.starts_with(UNINSTALLED) {
        true => Outcome { word: "ready-first-try".to_owned(), error },
        false => Outcome { word, error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_commit_counts_and_both_spellings_are_read() {
        let record = serde_json::json!({
            "outcome": { "Kustomization/a/b": { "outcome": "never-ready", "errors": ["boom", "bang"] } },
        });
        let read = outcomes(&record);
        assert_eq!(read["Kustomization/a/b"], Outcome { word: "never-ready".into(), error: "boom".into() });
        let record =
            serde_json::json!({ "outcome": { "x": "deleted" }, "outcome_first_commit": { "x": "never-ready" } });
        assert_eq!(outcomes(&record)["x"].word, "never-ready");
    }
}
