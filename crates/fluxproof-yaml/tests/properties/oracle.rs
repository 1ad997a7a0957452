//! serde_yaml as a second reader: where both read a text, both read the same, but for named differences.

use fluxproof_yaml::{Budget, Document, Parsed, Table, Value, View};
use serde::Deserialize;
use serde_yaml::Value as Theirs;

/// Texts that are read differently on purpose: what they have, and why.
const DIFFERENCES: &[(&str, &[&str])] = &[
    ("libyaml follows YAML 1.1: these break lines", &["\u{85}", "\u{2028}", "\u{2029}"]),
    ("a byte order mark inside a text", &["\u{feff}"]),
    ("serde_yaml keeps `<<`, or refuses it when it merges", &["<<"]),
    ("serde_yaml reads tags as enum variants", &["!"]),
];

/// Numbers that Go reads and serde_yaml leaves as strings, or reads otherwise.
fn is_go_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    // 1_000; 017, 0X1F, 00.5; 0b-1; 1. and 1.e3; beyond 64 bits, and 1e400.
    text.contains('_')
        || leading_zero
        || digits.ends_with('.')
        || digits.contains(".e")
        || digits.contains(".E")
        || digits.len() > 18
        || digits.contains(['e', 'E'])
        || text.starts_with("+.")
        || text.contains("nan")
        || text.contains("NaN")
}

pub(crate) fn compare(text: &str, parsed: &Parsed) {
    if !parsed.problems.is_empty() || DIFFERENCES.iter().any(|(_, signs)| signs.iter().any(|sign| text.contains(sign)))
    {
        return;
    }
    let Ok(theirs) = serde_yaml::Deserializer::from_str(text).map(Theirs::deserialize).collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    let Some(ours) = parsed.documents.iter().map(value).collect::<Option<Vec<_>>>() else { return };
    // serde_yaml gives one null for a text without documents.
    if ours.is_empty() && theirs.iter().all(Theirs::is_null) {
        return;
    }
    assert_eq!(ours.len(), theirs.len(), "documents of {text:?}: {theirs:?}");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        if let Some(ours) = ours {
            compare_values(text, ours, theirs);
        } else {
            assert!(theirs.is_null(), "{text:?}: {theirs:?}");
        }
    }
}

/// The value of a document, `Some(None)` for an empty one; `None` for what Go refuses.
fn value(document: &Document) -> Option<Option<Value>> {
    match document.root() {
        None => Some(None),
        Some(root) => root.to_value(Table::GoYaml3, &mut Budget::default()).ok().map(Some),
    }
}

fn compare_values(text: &str, ours: &Value, theirs: &Theirs) {
    let written = &text[ours.span.start as usize..ours.span.end as usize];
    let same = match (ours.view(), theirs) {
        (View::Null, Theirs::Null) => true,
        (View::Bool(ours), Theirs::Bool(theirs)) => ours == *theirs,
        (View::Int(ours), Theirs::Number(theirs)) => theirs.as_i64() == Some(ours),
        (View::Float(ours), Theirs::Number(theirs)) => theirs.as_f64() == Some(ours),
        (View::Str(ours), Theirs::String(theirs)) => ours == theirs,
        (View::Seq(ours), Theirs::Sequence(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "items of {text:?}");
            ours.iter().zip(theirs).for_each(|(ours, theirs)| compare_values(text, ours, theirs));
            true
        }
        (View::Map(entries), Theirs::Mapping(theirs)) => {
            compare_entries(text, entries, theirs);
            true
        }
        _ => false,
    };
    // An alias shows its own text: what it stands for was compared at its anchor.
    assert!(same || is_go_number(written) || written.starts_with('*'), "{text:?}: {ours:?} and {theirs:?}");
}

/// Keys are texts for us; serde_yaml resolves them, which is another comparison.
fn compare_entries(text: &str, ours: &[fluxproof_yaml::Entry], theirs: &serde_yaml::Mapping) {
    let strings: Option<Vec<(&str, &Theirs)>> =
        theirs.iter().map(|(key, value)| Some((key.as_str()?, value))).collect();
    let Some(theirs) = strings else { return };
    assert_eq!(ours.len(), theirs.len(), "entries of {text:?}");
    for (ours, (key, theirs)) in ours.iter().zip(theirs) {
        assert_eq!(&*ours.key, key, "{text:?}");
        compare_values(text, &ours.value, theirs);
    }
}
