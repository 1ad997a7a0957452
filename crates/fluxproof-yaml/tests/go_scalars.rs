//! Plain scalars as go-yaml v2 and v3 answer them: `data/go-scalars.tsv` was written by those libraries.
#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use fluxproof_yaml::{FileId, Scalar, Table, parse};

const ANSWERS: &str = include_str!("data/go-scalars.tsv");

/// A scalar in the words of the table. Floats are compared as numbers.
fn is_answer(scalar: Scalar<'_>, text: &str, answer: &str) -> bool {
    match (scalar, answer.split_once(' ')) {
        (Scalar::Null, None) => answer == "null",
        (Scalar::Str(found), None) => answer == "str" && found == text,
        (Scalar::Bool(found), Some(("bool", value))) => value == found.to_string(),
        (Scalar::Int(found), Some(("int", value))) => value == found.to_string(),
        (Scalar::Float(found), Some(("float", value))) => {
            let value: f64 = value.parse().expect("a float of Go");
            found == value || (found.is_nan() && value.is_nan())
        }
        _ => false,
    }
}

#[test]
fn every_scalar_is_what_go_makes_of_it() {
    let mut wrong = Vec::new();
    let lines: Vec<&str> = ANSWERS.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() > 800, "only {} scalars", lines.len());
    for line in lines {
        let [text, old, new] = line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let source = format!("- {text}\n");
        let parsed = parse(FileId(0), &source);
        let item = parsed.documents.first().and_then(|d| d.root()?.items().next());
        let item = item.unwrap_or_else(|| unreachable!("{text} is not read: {:?}", parsed.problems));
        for (table, answer) in [(Table::GoYaml2, old), (Table::GoYaml3, new)] {
            let found = item.scalar(table);
            if !is_answer(found, text, answer) {
                wrong.push(format!("{text}: {table:?} answers {answer}, we {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
