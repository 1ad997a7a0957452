//! What kustomize prints, value by value; all of it is what kustomize v5.8.1 prints for the object.

use super::to_yaml;
use crate::{Budget, FileId, Table, Value, parse};

fn value(text: &str) -> Value {
    let parsed = parse(FileId(0), text);
    assert!(parsed.problems.is_empty(), "{text}: {:?}", parsed.problems);
    let root = parsed.documents[0].root().expect("a root");
    root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value")
}

/// Each value behind a key, as kustomize prints it there.
fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let printed = to_yaml(&value(&format!("a: {text}\n"))).expect("text");
        assert_eq!(printed, format!("a:{expected}\n"), "{text}");
    }
}

#[test]
fn numbers_are_said_as_go_says_them() {
    check(&[
        ("0777", " 511"),
        ("0o17", " 15"),
        ("0x1F", " 31"),
        ("0b11", " 3"),
        ("1_000", " 1000"),
        ("1.0", " 1"),
        ("-0", " 0"),
        ("-0.0", " 0"),
        ("1e3", " 1000"),
        ("1e20", " 1e+20"),
        ("1e21", " 1e+21"),
        (".5", " 0.5"),
        ("5.", " 5"),
        ("0.00001", " 1e-05"),
        ("1e-7", " 1e-07"),
        ("123456.5", " 123456.5"),
        ("1234567.5", " 1.2345675e+06"),
        ("18446744073709551615", " 18446744073709551615"),
        ("0xFFFFFFFFFFFFFFFF", " 18446744073709551615"),
        ("18446744073709551616", " 1.8446744073709552e+19"),
        ("-12345678901234567890", " -1.2345678901234567e+19"),
        ("12345678901234567890.0", " 12345678901234567000"),
        ("!!float 3", " 3"),
        ("True", " true"),
        ("~", " null"),
    ]);
}
