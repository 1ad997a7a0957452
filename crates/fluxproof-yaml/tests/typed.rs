//! Typed configuration: every misfit has the place that a person would edit.
#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use fluxproof_yaml::{FileId, from_document, parse};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Config {
    name: String,
    #[serde(default)]
    replicas: Option<u8>,
    #[serde(default)]
    auth: Auth,
    #[serde(default)]
    source: Source,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    pair: Option<(i32, f64)>,
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Auth {
    #[default]
    None,
    Token(String),
    AppRole {
        id: String,
        secret: Option<String>,
    },
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Source {
    Git {
        url: String,
    },
    #[default]
    Empty,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Flat {
    a: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, (String, String)> {
    let parsed = parse(FileId(0), text);
    let document = parsed.documents.first().expect("a document");
    from_document(document).map_err(|problem| {
        let place = &text[problem.span.start as usize..problem.span.end as usize];
        (place.to_owned(), problem.message)
    })
}

#[test]
fn a_whole_config_is_read() {
    let text = "
name: &name prod
replicas: 3
auth: {appRole: {id: *name, secret: ~}}
source:
  type: git
  url: https://example.com
labels: {<<: {a: '1'}, b: x}
pair: [1, 2.5]
";
    let config: Config = read(text).expect("a config");
    assert_eq!((config.name.as_str(), config.replicas, config.pair), ("prod", Some(3), Some((1, 2.5))));
    assert_eq!(config.auth, Auth::AppRole { id: "prod".into(), secret: None });
    assert_eq!(config.source, Source::Git { url: "https://example.com".into() });
    assert_eq!(config.labels, BTreeMap::from([("a".into(), "1".into()), ("b".into(), "x".into())]));
}

#[test]
fn unit_and_newtype_variants_are_read() {
    assert_eq!(read::<Config>("{name: a, auth: none}").expect("a config").auth, Auth::None);
    assert_eq!(read::<Config>("{name: a, auth: {token: t}}").expect("a config").auth, Auth::Token("t".into()));
    assert_eq!(read::<Config>("name: a\nlabels:\n").expect("a config").labels, BTreeMap::new());
    assert_eq!(read::<Option<Config>>("--- ~\n"), Ok(None));
    assert_eq!(read::<Option<Config>>("---\n"), Ok(None));
}

#[test]
fn flattened_maps_are_read() {
    let flat: Flat = read("a: 1\nb: [2]\n").expect("flat");
    assert_eq!((flat.a, flat.rest["b"].to_string().as_str()), (1, "[2]"));
}

#[test]
fn a_misfit_points_at_its_key_or_value() {
    for (text, place, message) in [
        ("name: a\nnmae: b\n", "nmae", "unknown key `nmae`"),
        ("name: a\nreplicas: 300\n", "300", "found the number 300, expected u8"),
        ("name: a\nreplicas: many\n", "many", "found the text `many`, expected u8"),
        ("name: 5\n", "5", "found the number 5, expected a string"),
        ("name:\n", "name", "found nothing, expected a string"),
        ("replicas: 1\n", "replicas: 1", "the key `name` is missing"),
        ("name: a\nauth: magic\n", "magic", "unknown value `magic`"),
        ("name: a\nauth: {magic: 1}\n", "magic", "unknown value `magic`"),
        ("name: a\nauth: token\n", "token", "`token` needs a value"),
        ("name: a\nauth: {none: 1}\n", "1", "`none` takes no value"),
        ("name: a\nauth: {appRole: {}}\n", "{}", "the key `id` is missing"),
        ("name: a\nauth: [a]\n", "[a]", "expected one name, or one key with a value"),
        ("name: a\nlabels: {x: [1]}\n", "[1]", "found a list, expected a string"),
        ("name: a\ntags: x\n", "x", "found the text `x`, expected a sequence"),
        ("name: a\ntags: [x, 1]\n", "1", "found the number 1, expected a string"),
        ("name: a\npair: [1, x]\n", "x", "found the text `x`, expected f64"),
        ("name: a\npair: [1, 2, 3]\n", "3", "invalid length 3, expected fewer items"),
        ("name: a\nsource: {type: git}\n", "{type: git}", "the key `url` is missing"),
        ("name: a\nsource:\n  type: svn\n", "svn", "unknown value `svn`"),
        ("name: &n [a]\nreplicas: *n\n", "[a]", "found a list, expected a string"),
        ("- a\n", "- a", "found a list, expected struct Config"),
    ] {
        let (found, said) = read::<Config>(text).expect_err(text);
        assert_eq!((found.as_str(), said.as_str()), (place, message), "{text}");
    }
}
