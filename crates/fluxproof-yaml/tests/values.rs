//! Whole documents as kustomize (yaml.v3 in kyaml) and the API server's clients (yaml.v2 in sigs.k8s.io/yaml) read them.
//! The answers are those of kyaml v0.18.1 and sigs.k8s.io/yaml v1.4.0, asked on 2026-11-24.
#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use fluxproof_yaml::{Budget, FileId, Problem, Table, Value, View, parse};
use serde_json::Value as Json;

fn json(value: &Value) -> Json {
    match value.view() {
        View::Null => Json::Null,
        View::Bool(value) => value.into(),
        View::Int(value) => value.into(),
        View::Float(value) => value.into(),
        View::Str(text) => text.into(),
        View::Seq(items) => items.iter().map(json).collect(),
        View::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.to_string(), json(&entry.value))).collect())
        }
    }
}

fn read(text: &str, table: Table) -> Result<Json, Problem> {
    let parsed = parse(FileId(0), text);
    let root = parsed.documents.first().expect(text).root().expect(text);
    root.to_value(table, &mut Budget::default()).map(|value| json(&value))
}

fn expect(text: &str, three: &str, two: &str) {
    for (table, expected) in [(Table::GoYaml3, three), (Table::GoYaml2, two)] {
        let expected: Json = serde_json::from_str(expected).expect(expected);
        assert_eq!(read(text, table), Ok(expected), "{table:?}: {text}");
    }
}

#[test]
fn an_alias_may_be_a_key_with_its_colon_at_once() {
    let both = |text: &str, expected: &str| expect(text, expected, expected);
    both("x: &a key\nz:\n  *a: 1\n  b: *a\n", r#"{"x":"key","z":{"key":1,"b":"key"}}"#);
    both("x: &a key\nz:\n  *a:\n    c: 1\n", r#"{"x":"key","z":{"key":{"c":1}}}"#);
    both("x: &a key\nz: {*a: 1}\n", r#"{"x":"key","z":{"key":1}}"#);
    both("x: &a key\nz:\n- *a: 1\n", r#"{"x":"key","z":[{"key":1}]}"#);
}

#[test]
fn merge_keys_as_each_library_has_them() {
    let both = |text: &str, expected: &str| expect(text, expected, expected);
    both("x: &a {k: 1, l: 2}\nz:\n  <<: *a\n  k: 3", r#"{"x":{"k":1,"l":2},"z":{"k":3,"l":2}}"#);
    both("z:\n  <<: [{k: 1}, {k: 2, l: 3}]\n  m: 1", r#"{"z":{"k":1,"l":3,"m":1}}"#);
    both("x: &b {<<: {q: 1}, k: 2}\nz:\n  <<: *b", r#"{"x":{"k":2,"q":1},"z":{"k":2,"q":1}}"#);
    both("z:\n  '<<': {k: 1}", r#"{"z":{"<<":{"k":1}}}"#);
    both("!!merge '<<': {a: 1}", r#"{"a":1}"#);
    both("!!str <<: {a: 1}", r#"{"<<":{"a":1}}"#);
    both("a: [<<]", r#"{"a":["<<"]}"#);
    // A key before the merge key: yaml.v2 lets the merge key win.
    expect("z:\n  k: 3\n  <<: {k: 1, l: 2}", r#"{"z":{"k":3,"l":2}}"#, r#"{"z":{"k":1,"l":2}}"#);
    expect("<<: {yes: 1}\non: 2", r#"{"yes":1,"on":2}"#, r#"{"true":2}"#);
}

#[test]
fn merge_keys_without_a_mapping_are_refused() {
    for (text, place) in
        [("<<: 3", "3"), ("<<: [{a: 1}, 3]", "3"), ("<<: ~", "~"), ("a: &a [{k: 1}]\nb:\n  <<: *a", "*a")]
    {
        for table in [Table::GoYaml2, Table::GoYaml3] {
            let problem = read(text, table).expect_err(text);
            assert_eq!(&text[problem.span.start as usize..problem.span.end as usize], place);
            assert_eq!(problem.message, "a merge key `<<` has no mapping to merge");
        }
    }
}

#[test]
fn keys_are_texts() {
    expect("{1: a}", r#"{"1":"a"}"#, r#"{"1":"a"}"#);
    expect("{yes: a}", r#"{"yes":"a"}"#, r#"{"true":"a"}"#);
    expect("{017: a, 0x10: b}", r#"{"017":"a","0x10":"b"}"#, r#"{"15":"a","16":"b"}"#);
    expect("{1.50: a, 1e3: b}", r#"{"1.50":"a","1e3":"b"}"#, r#"{"1.5":"a","1000":"b"}"#);
    expect("{1e7: a, 0.00001: b}", r#"{"1e7":"a","0.00001":"b"}"#, r#"{"1e+07":"a","1e-05":"b"}"#);
    expect("{'yes': a, !!str on: b}", r#"{"yes":"a","on":"b"}"#, r#"{"yes":"a","on":"b"}"#);
    expect("x: &k y\n*k : z", r#"{"x":"y","y":"z"}"#, r#"{"x":true,"true":"z"}"#);
    expect("y: 1\ntrue: 2", r#"{"y":1,"true":2}"#, r#"{"true":2}"#);
    expect("!!binary aGk=: x", r#"{"hi":"x"}"#, r#"{"hi":"x"}"#);
    assert_eq!(read("{~: a}", Table::GoYaml2).expect_err("a null key").message, "a key is null");
    assert_eq!(read("[1, 2]: x", Table::GoYaml3).expect_err("a list as key").message, "a key is a collection");
}

#[test]
fn tags_decide() {
    expect(
        "a: [!!str 1, !!int '3', !!float 3, !!bool 'true']",
        r#"{"a":["1",3,3.0,true]}"#,
        r#"{"a":["1",3,3.0,true]}"#,
    );
    expect("a: [!x 3, !!foo true, !!null '']", r#"{"a":["3","true",null]}"#, r#"{"a":["3","true",null]}"#);
    expect("a: !!binary aGk=", r#"{"a":"hi"}"#, r#"{"a":"hi"}"#);
    expect("a: ! 3", r#"{"a":3}"#, r#"{"a":"3"}"#);
    expect("a: !!set {b, c}", r#"{"a":{"b":null,"c":null}}"#, r#"{"a":{"b":null,"c":null}}"#);
    assert_eq!(read("a: !!bool yes", Table::GoYaml2), Ok(serde_json::json!({"a": true})));
    for text in ["a: !!int 3.5", "a: !!int yes", "a: !!null x", "a: !!bool 1", "a: !!int", "a: !!float x"] {
        assert!(read(text, Table::GoYaml3).expect_err(text).message.contains("cannot be read as"), "{text}");
    }
    let problem = read("a: !!binary '***'", Table::GoYaml3).expect_err("no base64");
    assert_eq!(problem.message, "a `!!binary` text is no base64");
}

#[test]
fn of_two_equal_keys_the_last_stays() {
    expect("a: 1\nb: 2\na: 3", r#"{"a":3,"b":2}"#, r#"{"a":3,"b":2}"#);
}

#[test]
fn aliases_are_expanded_with_their_own_place() {
    let text = "a: &x {k: 1}\nb: *x\nc: &x 2\nd: *x\n";
    assert_eq!(read(text, Table::GoYaml3), Ok(serde_json::json!({"a": {"k": 1}, "b": {"k": 1}, "c": 2, "d": 2})));
    let parsed = parse(FileId(0), text);
    assert_eq!(parsed.problems, []);
    let value = parsed.documents[0].root().expect("a root").to_value(Table::GoYaml3, &mut Budget::default());
    let span = value.expect("a value").get("b").expect("b").span;
    assert_eq!(&text[span.start as usize..span.end as usize], "*x");
}

#[test]
fn aliases_into_themselves_and_into_nothing_are_refused() {
    for text in ["a: &a [*a]", "a: &a {b: [c, *a]}", "&a a: &b {*b : 1}"] {
        assert!(read(text, Table::GoYaml3).expect_err(text).message.contains("contains itself"), "{text}");
    }
    let parsed = parse(FileId(0), "a: *x\n");
    let problem = read("a: *x\n", Table::GoYaml3).expect_err("no anchor");
    assert_eq!(parsed.problems, [problem], "said once, in the same words");
}

#[test]
fn the_budget_is_for_all_expansions() {
    let parsed = parse(FileId(0), "a: &a [1, 2, 3]\nb: *a\n");
    let root = parsed.documents[0].root().expect("a root");
    let mut budget = Budget { nodes: 25 };
    assert!(root.to_value(Table::GoYaml3, &mut budget).is_ok());
    assert_eq!(budget.nodes, 14, "keys, collections and scalars are counted, aliases as what they stand for");
    assert!(root.to_value(Table::GoYaml3, &mut budget).is_ok());
    let problem = root.to_value(Table::GoYaml3, &mut budget).expect_err("out of budget");
    assert!(problem.message.contains("too many nodes"));
}
