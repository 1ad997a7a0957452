//! What kustomize v5.8.1 prints, value by value.

use super::{Line, natural_order, to_json, to_yaml, to_yaml_mapped};
use crate::{Budget, Change, Data, EcoString, Entry, FileId, Span, Table, Type, Value, View, parse};
use proptest::prelude::*;
use std::cmp::Ordering;

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

fn read(text: &str) -> Value {
    let parsed = parse(FileId(0), text);
    assert!(parsed.problems.is_empty(), "{text}: {:?}", parsed.problems);
    let root = parsed.documents[0].root().expect("a root");
    root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value")
}

fn printed(text: &str) -> String {
    to_yaml(&read(text)).expect("a text")
}

fn map(key: &str, value: Value) -> Value {
    Value::map(NOWHERE, [Entry::new(key.into(), NOWHERE, value)])
}

/// Each text behind `a:`, as kustomize prints it there.
fn check_texts(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let printed = to_yaml(&map("a", Value::string(NOWHERE, *text))).expect("a text");
        assert_eq!(printed, format!("a: {expected}\n"), "{text:?}");
    }
}

#[test]
fn numbers_are_said_as_go_says_them() {
    for (text, expected) in [
        ("0777", "511"),
        ("0o17", "15"),
        ("0x1F", "31"),
        ("0b11", "3"),
        ("0b-11", "-3"),
        ("1_000", "1000"),
        ("+5", "5"),
        ("1.0", "1"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("1e3", "1000"),
        ("1e20", "1e+20"),
        ("1e21", "1e+21"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0128", "128"),
        ("0.00001", "1e-05"),
        ("123456.5", "123456.5"),
        ("1234567.5", "1.2345675e+06"),
        ("9007199254740993", "9007199254740993"),
        ("9007199254740993.0", "9007199254740992"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
        ("18446744073709551616", "1.8446744073709552e+19"),
        ("-12345678901234567890", "-1.2345678901234567e+19"),
        ("12345678901234567890.0", "12345678901234567000"),
        ("!!float 3", "3"),
        ("True", "true"),
        ("FALSE", "false"),
        ("~", "null"),
        ("", "null"),
        ("2020-1-2", "\"2020-01-02T00:00:00Z\""),
        ("2020-01-02 3:4:5.670", "\"2020-01-02T03:04:05.67Z\""),
        ("2020-01-02T03:04:05+01:00", "\"2020-01-02T03:04:05+01:00\""),
        ("[]", "[]"),
        ("{}", "{}"),
    ] {
        assert_eq!(printed(&format!("a: {text}\n")), format!("a: {expected}\n"), "{text}");
    }
}

#[test]
fn what_json_or_yaml_v2_cannot_say_is_an_error() {
    let zone =
        "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: timezone hour outside of range [0,23]";
    let key = "yaml: did not find expected ',' or '}'";
    let long = format!("? {}\n: x\n", "k".repeat(1023));
    for (text, message) in [
        ("a: .inf\n", "json: unsupported value: +Inf"),
        ("a: [-.INF]\n", "json: unsupported value: -Inf"),
        ("a: {b: .NaN}\n", "json: unsupported value: NaN"),
        ("a: 2001-01-01T00:00:00+24:00\n", zone),
        ("a: 2001-01-01T00:00:00-23:60\n", zone),
        ("a: \"\\x7F\"\n", "yaml: control characters are not allowed"),
        ("\"\\uFFFE\": x\n", "yaml: control characters are not allowed"),
        ("\"a\\Nb\": x\n", key),
        (&long, key),
    ] {
        let problem = to_yaml(&read(text)).expect_err(text);
        assert_eq!(problem.message, message, "{text}");
        assert!(problem.span.end > problem.span.start, "{text}");
    }
    assert_eq!(printed(&long.replace("kk: x", "k: x").replacen('k', "", 1)), long.replacen('k', "", 1));
}

#[test]
fn texts_that_would_be_something_else_are_in_double_quotes() {
    for text in [
        "",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "true",
        "False",
        "null",
        "~",
        "1",
        "-1",
        "+1",
        "0x1F",
        "0o17",
        "017",
        "1_000",
        "0b1",
        "1e3",
        "1.",
        ".5",
        "-.5",
        ".inf",
        "-.Inf",
        ".nan",
        "1:30",
        "-190:20:30",
        "1:59.5",
        "2020-01-01",
        "2020-1-1 1:2:3",
        "2020-01-01T00:00:00+24:00",
        "18446744073709551616",
        "0b-1",
    ] {
        check_texts(&[(text, &format!("\"{text}\""))]);
    }
    for text in [
        "yEs",
        "nullx",
        "=",
        "<<",
        "1a",
        "1.2.3",
        "v1",
        "1:60",
        "a:b",
        "1:30:",
        "0x",
        "08:xy",
        "+",
        "-",
        ".",
        "2020-02-30",
        "1__a",
        "+.nan",
        "0b2",
        "08_x",
        "x",
        "a#b",
        "-x",
        "?x",
        ":x",
        "日本",
        "1,5",
        "0o8",
    ] {
        let expected = if text == "-" {
            "'-'"
        } else if text.ends_with(':') {
            "'1:30:'"
        } else {
            text
        };
        check_texts(&[(text, expected)]);
    }
}

#[test]
fn characters_decide_the_quotes() {
    check_texts(&[
        (" lead", "' lead'"),
        ("trail ", "'trail '"),
        ("a: b", "'a: b'"),
        ("a:\tb", "\"a:\\tb\""),
        ("a #b", "'a #b'"),
        ("# x", "'# x'"),
        ("@x", "'@x'"),
        ("it's: so", "'it''s: so'"),
        ("'x'", "'''x'''"),
        ("\"x\"", "'\"x\"'"),
        ("---x", "'---x'"),
        ("...", "'...'"),
        ("a\\b", "a\\b"),
        ("a\tb", "\"a\\tb\""),
        ("a\r\nb", "\"a\\r\\nb\""),
        ("\0\u{7}\u{8}\u{B}\u{C}\u{1B}\u{1}", "\"\\0\\a\\b\\v\\f\\e\\x01\""),
        ("é\u{A0}ÿ", "é\u{A0}ÿ"),
        ("x😀\"\\", "\"x\\U0001F600\\\"\\\\\""),
        ("x\u{FEFF}y", "\"x\\uFEFFy\""),
        ("\u{FEFF}x y", "\"\\uFEFF\\x78\\x20\\x79\""),
    ]);
}

#[test]
fn libyaml_believes_that_a_line_separator_ends_a_line() {
    check_texts(&[
        ("x\u{2028}y", "'x\u{2028}  y'"),
        ("x\u{2029} y", "\"x\\P y\""),
        ("x\u{2028}\ny", "|-\n  x\u{2028}\n  y"),
        // A next line is one, too, when yaml.v2 reads JSON.
        ("x \u{85} y", "x y"),
        ("x\u{85}\u{85}\u{85}y", "|-\n  x\n\n  y"),
    ]);
    let value = Value::map(
        NOWHERE,
        [("a", "x\ny\u{2029}"), ("b", "z")]
            .map(|(key, text)| Entry::new(key.into(), NOWHERE, Value::string(NOWHERE, text))),
    );
    assert_eq!(to_yaml(&value), Ok("a: |\n  x\n  y\u{2029}b: z\n".to_owned()));
}

#[test]
fn lines_are_literals_where_they_can_be() {
    check_texts(
        &[
            ("a\nb\n", "|\n  a\n  b"),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n\n", "|+\n  a\n"),
            ("\n", "|2+\n"),
            ("\na", "|2-\n\n  a"),
            (" a\nb", "|2-\n   a\n  b"),
            ("a\n  b\n\n\nc\n", "|\n  a\n    b\n\n\n  c"),
            ("a \nb", "\"a \\nb\""),
            ("a\n ", "\"a\\n \""),
            ("a\n\tb", "\"a\\n\\tb\""),
        ]
        .map(|(text, expected)| (text, expected)),
    );
}

#[test]
fn long_lines_are_folded_at_spaces_behind_column_eighty() {
    let words = |count: usize| ["0123456789"; 16][..count].join(" ");
    let (ten, wide) = (words(10), "x".repeat(90));
    check_texts(&[
        (&ten, &format!("{}\n  {}", words(8), words(2))),
        (&words(16), &format!("{}\n  {}", words(8), words(8))),
        (&format!("'{ten}"), &format!("'''{}\n  {}'", words(7), words(3))),
        (&format!("\t{ten}"), &format!("\"\\t{}\n  {}\"", words(7), words(3))),
        (&"x".repeat(200), &"x".repeat(200)),
        // More than one space stays, where quotes need no escape for it.
        (&format!("{wide}  y z"), &format!("{wide}  y\n  z")),
        (&format!("{wide}  y: z"), &format!("'{wide}  y:\n  z'")),
        (&format!("{wide}  y\t"), &format!("\"{wide}\n  \\ y\\t\"")),
        // Columns are characters.
        (&format!("{} b c", "é".repeat(77)), &format!("{} b\n  c", "é".repeat(77))),
    ]);
    let key = words(11);
    assert_eq!(to_yaml(&map(&key, Value::null(NOWHERE))), Ok(format!("{key}: null\n")));
}

#[test]
fn collections_stand_as_yaml_v2_puts_them() {
    for (text, expected) in [
        ("b: 1\na: 2\n", "a: 2\nb: 1\n"),
        ("a: [1, [2, [], [3]], {c: {d: 4}, b: [5]}]", "a:\n- 1\n- - 2\n  - []\n  - - 3\n- b:\n  - 5\n  c:\n    d: 4\n"),
        ("[a, {b: \"x\\ny\\n\"}]", "- a\n- b: |\n    x\n    y\n"),
        ("a: {b: [\"x\\ny\", \"z\\n\"]}", "a:\n  b:\n  - |-\n    x\n    y\n  - |\n    z\n"),
        ("{\"1\": a, \"\": b, \"a: b\": c, \"on\": d}", "\"\": b\n\"1\": a\n'a: b': c\n\"on\": d\n"),
        ("\"x\\ny\": [a, {b: c}]", "? |-\n  x\n  y\n: - a\n  - b: c\n"),
        ("\"x\\n\": {a: b, c: d}", "? |\n  x\n: a: b\n  c: d\n"),
        ("\"x \\n\": {}", "? \"x \\n\"\n: {}\n"),
        ("x", "x\n"),
        ("[]", "[]\n"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn a_key_of_more_than_128_bytes_has_a_line_of_its_own() {
    let (short, long) = ("k".repeat(128), format!("é{}", "k".repeat(127)));
    assert_eq!(to_yaml(&map(&short, Value::string(NOWHERE, "x"))), Ok(format!("{short}: x\n")));
    assert_eq!(to_yaml(&map(&long, Value::string(NOWHERE, "x"))), Ok(format!("? {long}\n: x\n")));
}

#[test]
fn keys_are_in_natural_order() {
    let keys =
        ["", "-", "0", "1", "01", "9", "10", "A", "a", "a-b", "a.b", "a_b", "a1", "a2", "a10", "aa", "k9", "k10", "é"];
    for pair in keys.windows(2) {
        assert_eq!(natural_order(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        assert_eq!(natural_order(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
    }
    for (smaller, greater) in
        [("v1.9", "v1.10"), ("a1", "a01"), ("a1-", "a10"), ("a100", "a101"), ("x15", "x100"), ("a~", "ab")]
    {
        assert_eq!(natural_order(smaller, greater), Ordering::Less, "{smaller} {greater}");
    }
    assert_eq!(natural_order("same", "same"), Ordering::Equal);
}

#[test]
fn an_order_that_contradicts_itself_still_gives_all_keys() {
    // 22902 < 2ba1 < 9a29a < 22902: kustomize itself prints such keys in another order every time.
    let cycle = ["22902", "2ba1", "9a29a"];
    assert!((0..3).all(|at| natural_order(cycle[at], cycle[(at + 1) % 3]).is_lt()));
    let entry = |number: usize| {
        Entry::new(format!("{}{}", cycle[number % 3], "-".repeat(1 + number)).into(), NOWHERE, Value::null(NOWHERE))
    };
    let entries: Vec<Entry> = (0..60).map(entry).collect();
    let text = to_yaml(&Value::map(NOWHERE, entries.as_slice())).expect("a text");
    assert_eq!(text.lines().count(), 60);
    assert!(entries.iter().all(|entry| text.contains(&format!("{}: null\n", entry.key))));
}

/// The lines of a value's text, each with the text it comes from and what wrote it.
fn origins<'t>(text: &'t str, value: &Value) -> Vec<(String, &'t str, Option<&'static str>)> {
    let (printed, lines) = to_yaml_mapped(value).expect("a text");
    assert_eq!(Ok(&printed), to_yaml(value).as_ref());
    assert_eq!(printed.lines().count(), lines.len(), "{printed}");
    let origin = |line: &Line| &text[line.span.start as usize..line.span.end as usize];
    let by = |line: &Line| line.change.as_ref().map(|change| change.by);
    printed.lines().zip(&lines).map(|(text, line)| (text.to_owned(), origin(line), by(line))).collect()
}

#[test]
fn each_line_says_where_it_comes_from() {
    let text = "s: {list: [{m: one}, [two], {}], text: \"l 1\\nl 2\\n\", ? \"k\\nk\" : three}\n";
    let expected = [
        ("s:", "s"),
        ("  ? |-", "\"k\\nk\""),
        ("    k", "\"k\\nk\""),
        ("    k", "\"k\\nk\""),
        ("  : three", "three"),
        ("  list:", "list"),
        ("  - m: one", "one"),
        ("  - - two", "two"),
        ("  - {}", "{}"),
        ("  text: |", "\"l 1\\nl 2\\n\""),
        ("    l 1", "\"l 1\\nl 2\\n\""),
        ("    l 2", "\"l 1\\nl 2\\n\""),
    ];
    let found = origins(text, &read(text));
    assert_eq!(found.iter().map(|(line, origin, _)| (line.as_str(), *origin)).collect::<Vec<_>>(), expected);
}

#[test]
fn what_was_written_as_part_of_a_whole_has_the_change_of_the_whole() {
    let text = "a: {b: {c: x, d: z}}\ne: z\n";
    let mut value = read(text);
    let at = value.span;
    let b = value.get_mut("a").and_then(|a| a.get_mut("b")).expect("b");
    b.change = Some(Change { by: "patches", at, before: None }.into());
    let d = b.get_mut("d").expect("d");
    let new = d.clone();
    d.replace(new, "images", at);
    let by: Vec<_> = origins(text, &value).into_iter().map(|(line, _, by)| (line, by)).collect();
    let expected = [
        ("a:", None),
        ("  b:", Some("patches")),
        ("    c: x", Some("patches")),
        ("    d: z", Some("images")),
        ("e: z", None),
    ];
    assert_eq!(by, expected.map(|(line, by)| (line.to_owned(), by)));
}

#[test]
fn json_is_what_go_hashes() {
    for (text, json) in [
        ("{b: 1, a: [], B: {}, \"10\": ~, \"9\": true}", "{\"10\":null,\"9\":true,\"B\":{},\"a\":[],\"b\":1}"),
        ("\"<a> & \\\"b\\\" \\\\ \\L\\P\"", "\"\\u003ca\\u003e \\u0026 \\\"b\\\" \\\\ \\u2028\\u2029\""),
        ("\"\\t\\n\\r\\b\\f\\0\\x1F\\x7F\\Né😀\"", "\"\\t\\n\\r\\b\\f\\u0000\\u001f\u{7F}\u{85}é😀\""),
        ("[12345678901234567, 1.0, 1e21, 0x1F, -0, -0.0, 1e-7, 0.5]", "[12345678901234568,1,1e+21,31,0,-0,1e-7,0.5]"),
        ("[2020-1-2, 18446744073709551615, yes]", "[\"2020-01-02T00:00:00Z\",18446744073709552000,\"yes\"]"),
    ] {
        assert_eq!(to_json(&read(text)).as_deref(), Ok(json), "{text}");
    }
    assert_eq!(to_json(&read("[.inf]")).expect_err("no JSON").message, "json: unsupported value: +Inf");
}

fn text() -> impl Strategy<Value = EcoString> {
    // Not what yaml.v2 refuses, nor what is a line's end in YAML 1.1 alone: those do not come back.
    let characters = prop_oneof![
        8 => "[a-z0-9 #:'\"\\\\\\[\\]{}&*!|>%@`,?~=\n\t._+-]{0,24}",
        1 => "[\\x00-\\x7E\u{A0}-\u{2027}\u{202A}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]{0,8}",
        1 => "([a-z]{1,12} {1,2}){5,20}[a-z]",
    ];
    characters.prop_map(EcoString::from)
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = |text: String, kind| Value::new(NOWHERE, Data::Scalar(text.into(), kind));
    let leaf = prop_oneof![
        Just(Value::null(NOWHERE)),
        any::<bool>().prop_map(move |value| scalar(value.to_string(), Type::Bool)),
        any::<i64>().prop_map(move |value| scalar(value.to_string(), Type::Int)),
        (-1e9..1e9f64).prop_map(move |value| scalar(format!("{value:?}"), Type::Float)),
        text().prop_map(|text| Value::string(NOWHERE, text)),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let key = text().prop_filter("no merge", |key| key != "<<");
        let entry = |(key, value)| Entry::new(key, NOWHERE, value);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| Value::seq(NOWHERE, items.as_slice())),
            prop::collection::btree_map(key, inner, 0..6)
                .prop_map(move |map| Value::map(NOWHERE, map.into_iter().map(entry).collect::<Vec<_>>().as_slice())),
        ]
    })
}

/// Whether two values say the same, in whatever order of keys.
fn same(a: &Value, b: &Value) -> bool {
    match (a.view(), b.view()) {
        (View::Seq(a), View::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (View::Map(entries), View::Map(others)) => {
            entries.len() == others.len()
                && entries.iter().all(|entry| b.get(&entry.key).is_some_and(|value| same(&entry.value, value)))
        }
        // Numbers without a fraction are integers when they come back.
        (View::Float(a), View::Int(b)) => format!("{}", a.abs()) == b.abs().to_string(),
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_written_is_read_as_the_same(value in value()) {
        let text = to_yaml(&value).expect("a text");
        let back = read(&text);
        prop_assert!(same(&value, &back), "{text}\n{value:?}\n{back:?}");
        if value.is_map() {
            prop_assert_eq!(to_yaml(&back), Ok(text));
        }
    }

    #[test]
    fn json_is_read_as_the_same(value in value()) {
        let json = to_json(&value).expect("a text");
        let theirs: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let again = serde_json::from_str::<serde_json::Value>(&to_json(&read(&json)).expect("a text")).expect("JSON");
        prop_assert_eq!(theirs, again);
    }
}
