//! Configs of any values, as long as they are valid together.

use fluxproof_layout::provider::sample;
use fluxproof_layout::{Field, Kind, Layout, fields, validate};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

/// One line of anything that a person, or an attacker, may write.
pub fn line() -> impl Strategy<Value = String> {
    let hostile = select(vec![
        "${eso_version}",
        "$${a}",
        "{{ .Values }}",
        "<< cluster >>",
        "<% if x %>",
        "---",
        "...",
        "# a",
        "a # b",
        "a: b",
        "- a",
        "'",
        "\"",
        "\\",
        "\\n",
        "`",
        "```",
        "é",
        "日本",
        "🦀",
        "\u{202e}",
        "\u{feff}",
        "\u{2028}",
        "|",
        ">",
        "&a",
        "*a",
        "!!str",
        "%YAML",
        "@",
        "null",
        "~",
        "yes",
        "1e3",
        "0x1f",
        "2026-11-23",
        "$(rm -rf)",
        "POLICY",
        "/",
        "=",
    ]);
    let piece = prop_oneof![3 => hostile.prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 1..4)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("one line", |text| text.trim() == text && !text.is_empty() && !text.chars().any(char::is_control))
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?", 1 => select(vec!["y", "no", "null", "1", "0x1f", "1e3", "true"]).prop_map(str::to_owned)]
}

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(label(), 1..3).prop_map(|labels| labels.join("."))
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-._a-zA-Z0-9]{1,12}",
        select(vec!["y", "null", "-", "1", "<", "=", "1.5", "on"]).prop_map(str::to_owned)
    ]
}

fn duration() -> impl Strategy<Value = String> {
    prop_oneof!["[1-9][0-9]?[smh]", "[1-9]h[1-9][0-9]?m", "[1-9]\\.[1-9]m"]
}

/// A text that a field of this kind takes.
fn taken(field: &'static Field) -> BoxedStrategy<Json> {
    let text = match field.kind {
        Kind::Text => line().boxed(),
        Kind::TextOrNothing => prop_oneof![line(), Just(String::new())].boxed(),
        Kind::Url => "https?://[a-z]{1,8}(\\.[a-z]{1,8})?(:[1-9][0-9]{0,3})?(/[a-z]{0,4})?".boxed(),
        Kind::OciUrl => "oci://[a-z]{1,8}(:[1-9][0-9]{0,3})?/[a-z]{1,4}".boxed(),
        Kind::Choice => select(field.choices).prop_map(|choice| choice.value.to_owned()).boxed(),
        Kind::Duration => duration().boxed(),
        Kind::Version => select(vec!["0.16.1", "1.3.1", "2.9.0", "2.10.0", "3.0.0"]).prop_map(str::to_owned).boxed(),
        Kind::Name => name().boxed(),
        Kind::Label => label().boxed(),
        Kind::Key => key().boxed(),
        Kind::Folder => "[A-Za-z0-9]([-._A-Za-z0-9]{0,10}[A-Za-z0-9])?".boxed(),
        Kind::Path => select(vec!["infrastructure/external-secrets", "eso", "kubernetes/apps/eso"])
            .prop_map(str::to_owned)
            .boxed(),
        Kind::Certificate => Just("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSQ==".to_owned()).boxed(),
        kind => return several(field, kind),
    };
    text.prop_map(Json::String).boxed()
}

/// What a field of several values takes.
fn several(field: &'static Field, kind: Kind) -> BoxedStrategy<Json> {
    match kind {
        Kind::Switch => any::<bool>().prop_map(Json::Bool).boxed(),
        Kind::Count => (1..1000).prop_map(Json::from).boxed(),
        Kind::Texts => prop::collection::vec(line().prop_map(Json::String), 0..3).prop_map(Json::Array).boxed(),
        Kind::Map if field.path.ends_with("headers") => {
            prop::collection::btree_map("[-!#$%&'*+.^_`|~A-Za-z0-9]{1,9}", line(), 0..3)
                .prop_map(|map| json!(map))
                .boxed()
        }
        Kind::Map => prop::collection::btree_map(name(), line(), 0..3).prop_map(|map| json!(map)).boxed(),
        Kind::Provider => Just(sample(field.path)).boxed(),
        _ => prop::collection::vec(section(field.items).prop_map(Json::Object), 0..3).prop_map(Json::Array).boxed(),
    }
}

/// A value for each of the fields, or none.
fn section(fields: &'static [Field]) -> BoxedStrategy<Map<String, Json>> {
    let each: Vec<_> = fields.iter().map(|field| prop::option::weighted(0.7, taken(field))).collect();
    let place = |out: &mut Map<String, Json>, path: &str, value| {
        let (folders, name) = path.rsplit_once('.').map_or((None, path), |(folders, name)| (Some(folders), name));
        let mut at = out;
        for folder in folders.into_iter().flat_map(|folders| folders.split('.')) {
            at = at.entry(folder).or_insert_with(|| json!({})).as_object_mut().expect("a section");
        }
        at.insert(name.to_owned(), value);
    };
    each.prop_map(move |values| {
        let mut out = Map::new();
        for (field, value) in fields.iter().zip(values) {
            value.into_iter().for_each(|value| place(&mut out, field.path, value));
        }
        out
    })
    .boxed()
}

/// The top of a path: the field or the list that a problem is mended at.
fn top(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// A layout without its problems: what is wrong is left out, item by item, field by field, at last a whole part.
fn mended(mut layout: Layout) -> Layout {
    for round in 0.. {
        let problems = validate(&layout);
        let Some(problem) = problems.first() else { break };
        let path = problem.field.as_str();
        let (list, rest) = path.split_once('[').unwrap_or((path, ""));
        let index = rest.split(']').next().and_then(|index| index.parse::<usize>().ok());
        match (index, layout.root().get(list).and_then(Json::as_array).cloned()) {
            (Some(index), Some(mut items)) if index < items.len() => {
                items.remove(index);
                layout.set(list, items);
            }
            _ if round < 20 => layout.set(path, Json::Null),
            _ => ["provider", "store", "stores", "namespaces", top(path)]
                .iter()
                .for_each(|part| layout.set(part, Json::Null)),
        }
        assert!(round < 100, "{problems:?}");
    }
    layout
}

/// Layouts of any values, as long as they are valid together.
pub fn valid() -> impl Strategy<Value = Layout> {
    section(fields()).prop_map(|written| {
        let mut layout = Layout::of(written).with_crds(crds());
        layout.set("timeouts.operator", "100h");
        mended(layout)
    })
}

/// As much of a bundle as the generator looks at.
pub fn crds() -> Vec<(String, String)> {
    let kinds = [
        ("externalsecrets", "ExternalSecret"),
        ("secretstores", "SecretStore"),
        ("clustersecretstores", "ClusterSecretStore"),
    ];
    let crd = |(plural, kind): (&str, &str)| {
        let scope = if kind == "ClusterSecretStore" { "Cluster" } else { "Namespaced" };
        format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {plural}.external-secrets.io\nspec:\n  \
             group: external-secrets.io\n  names: {{kind: {kind}, plural: {plural}}}\n  scope: {scope}\n  versions:\n  \
             - {{name: v1, served: true, storage: true}}\n"
        )
    };
    vec![("bundle.yaml".to_owned(), kinds.map(crd).join("---\n"))]
}
