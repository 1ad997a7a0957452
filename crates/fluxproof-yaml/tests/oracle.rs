//! serde_yaml as a second opinion: what it writes of a random document, we read as the same.
//!
//! Two differences are by design and kept out of the strategy: texts that begin like numbers (Go reads `017` and `1_000` as
//! integers, serde_yaml as texts, and so writes them without quotes), and the key `<<`, which Go merges.

use fluxproof_yaml::{Budget, FileId, Table, Value, View, parse};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    "[a-zA-ZäöüÄ #:'\"\\\\\\[\\]{}&*!|>%@`,?~=\n\t-]{0,16}".prop_filter("a text, not a number or a merge key", |text| {
        !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+')) && text != "<<"
    })
}

fn document() -> impl Strategy<Value = serde_yaml::Value> {
    let leaf = prop_oneof![
        Just(serde_yaml::Value::Null),
        any::<bool>().prop_map(serde_yaml::Value::Bool),
        any::<i64>().prop_map(|number| serde_yaml::Value::Number(number.into())),
        text().prop_map(serde_yaml::Value::String),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_yaml::Value::Sequence),
            prop::collection::btree_map(text(), inner, 0..6).prop_map(|map| {
                let entries = map.into_iter().map(|(key, value)| (serde_yaml::Value::String(key), value));
                serde_yaml::Value::Mapping(entries.collect())
            }),
        ]
    })
}

/// Whether ours says the same as theirs.
fn same(ours: &Value, theirs: &serde_yaml::Value) -> bool {
    match (ours.view(), theirs) {
        (View::Null, serde_yaml::Value::Null) => true,
        (View::Bool(a), serde_yaml::Value::Bool(b)) => a == *b,
        (View::Int(a), serde_yaml::Value::Number(b)) => Some(a) == b.as_i64(),
        (View::Str(a), serde_yaml::Value::String(b)) => a == b,
        (View::Seq(a), serde_yaml::Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (View::Map(a), serde_yaml::Value::Mapping(b)) => {
            let entry =
                |entry: &fluxproof_yaml::Entry| b.get(&*entry.key).is_some_and(|value| same(&entry.value, value));
            a.len() == b.len() && a.iter().all(entry)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_serde_yaml_writes_we_read_the_same(theirs in document()) {
        let text = serde_yaml::to_string(&theirs).unwrap_or_default();
        let parsed = parse(FileId(0), &text);
        prop_assert!(parsed.problems.is_empty(), "{text}\n{:?}", parsed.problems);
        let ours = parsed.documents.first().and_then(|document| document.root()).map(|root| root.to_value(Table::GoYaml3, &mut Budget::default()));
        match ours {
            Some(Ok(ours)) => prop_assert!(same(&ours, &theirs), "{text}\n{ours:?}"),
            Some(Err(problem)) => prop_assert!(false, "{text}\n{problem:?}"),
            None => prop_assert!(theirs.is_null() , "{text}"),
        }
    }

    #[test]
    fn any_bytes_end_in_documents_and_problems_with_spans_inside(text in "\\PC{0,200}|[ -~\n\t:&*{}\\[\\]'\"|>#-]{0,200}") {
        let parsed = parse(FileId(0), &text);
        for problem in &parsed.problems {
            prop_assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some(), "{problem:?}");
        }
        for document in &parsed.documents {
            let value = document.root().map(|root| root.to_value(Table::GoYaml2, &mut Budget::default()));
            if let Some(Ok(value)) = value {
                prop_assert!(text.get(value.span.start as usize..value.span.end as usize).is_some(), "{value:?}");
            }
        }
    }
}
