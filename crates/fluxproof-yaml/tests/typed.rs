//! Typed reading: what fits is read, what does not is a problem at its own place.

use fluxproof_yaml::{FileId, Problem, from_document, parse};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Config {
    name: String,
    #[serde(default)]
    count: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    auth: Auth,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, PartialEq, Default)]
#[serde(rename_all = "camelCase")]
enum Auth {
    #[default]
    None,
    Token {
        key: String,
    },
    Role(String),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "kind")]
enum Tagged {
    A { x: i64 },
    B,
}

fn read(text: &str) -> Result<Config, Problem> {
    from_document(&parse(FileId(0), text).documents[0])
}

/// The text that a problem points at.
fn pointed(text: &str) -> (String, String) {
    let Err(problem) = read(text) else { return (text.to_owned(), "it fits".to_owned()) };
    (text[problem.span.start as usize..problem.span.end as usize].to_owned(), problem.message)
}

#[test]
fn what_fits_is_read() {
    let config = read("name: a\ncount: 3\ntags: [x, y]\nauth: {token: {key: k}}\nlabels: {a: b}\n").expect("fits");
    assert_eq!(config.name, "a");
    assert_eq!(config.count, Some(3));
    assert_eq!(config.tags, ["x", "y"]);
    assert_eq!(config.auth, Auth::Token { key: "k".to_owned() });
    assert_eq!(config.labels["a"], "b");
    assert_eq!(read("name: a\nauth: none\n").expect("fits").auth, Auth::None);
    assert_eq!(read("name: a\nauth: {role: r}\n").expect("fits").auth, Auth::Role("r".to_owned()));
    assert_eq!(read("name: a\ncount: null\n").expect("fits").count, None);
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    let config = read("labels: &l {a: b}\nname: x\n").expect("fits");
    assert_eq!(config.labels.len(), 1);
    let all: BTreeMap<String, BTreeMap<String, String>> =
        from_document(&parse(FileId(0), "base: &b {x: 1a}\nmore: {<<: *b, y: 2b}\n").documents[0]).expect("fits");
    assert_eq!(all["more"]["x"], "1a");
}

#[test]
fn mistakes_are_at_their_own_place() {
    for (text, place, message) in [
        ("name: a\nnmae: b\n", "nmae", "unknown field"),
        ("name: a\ncount: 300\n", "300", "expected u8"),
        ("name: a\ntags: [x, 1]\n", "1", "expected a string"),
        ("name: a\ntags: x\n", "x", "expected a sequence"),
        ("name: a\nauth: tokn\n", "tokn", "unknown variant"),
        ("name: a\nauth: {token: {}}\n", "{}", "missing field"),
        ("name: a\nauth: [x]\n", "[x]", "name of a choice"),
        ("name: a\nlabels: {a: {}}\n", "{}", "expected a string"),
        ("count: 1\n", "count: 1", "missing field"),
    ] {
        let (found, said) = pointed(text);
        assert_eq!(found, place, "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
    }
}

#[test]
fn tagged_choices_and_empty_documents() {
    let tagged = |text: &str| from_document::<Tagged>(&parse(FileId(0), text).documents[0]);
    assert_eq!(tagged("kind: A\nx: 1\n"), Ok(Tagged::A { x: 1 }));
    assert_eq!(tagged("kind: B\n"), Ok(Tagged::B));
    assert!(tagged("kind: C\n").is_err());
    assert_eq!(from_document::<Option<Config>>(&parse(FileId(0), "---\n").documents[0]), Ok(None));
}
