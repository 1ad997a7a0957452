//! What holds of every valid config, also of one that was written to break the files.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

use fluxproof_layout::{Field, Kind, Layout, fields, read, render, validate};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};
use support::{at, documents, only, str_at, text};

/// One line of anything that a person, or an attacker, may write.
fn line() -> impl Strategy<Value = String> {
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
        Kind::Map => prop::collection::btree_map(line(), line(), 0..3).prop_map(|map| json!(map)).boxed(),
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

/// A layout of any values that each are right; what they say together is mended where chance would hardly mend it.
fn any_layout() -> impl Strategy<Value = Layout> {
    section(fields()).prop_map(|written| {
        let mut layout = Layout::of(written);
        layout.set("timeouts.operator", "100h");
        if layout.root().is("vault.ca.source", "bundle") && layout.root().get("vault.ca.bundle").is_none() {
            layout.set("vault.ca.source", "system");
        }
        layout
    })
}

/// Those of the layouts that are valid: names may meet by chance.
fn valid() -> impl Strategy<Value = Layout> {
    any_layout().prop_filter("valid", |layout| validate(layout).is_empty())
}

/// What the store must say.
fn assert_store(layout: &Layout, tree: &fluxproof_layout::Tree) {
    let (store, root) = (only(tree, "crs/clusterSecretStore.yaml"), layout.root());
    let vault = at(&store, "spec/provider/vault");
    assert_eq!(str_at(&store, "metadata/name"), root.text("store.name"));
    assert_eq!(str_at(vault, "server"), root.text("vault.server"));
    assert_eq!(str_at(vault, "path"), root.text("vault.path"));
    assert_eq!(at(vault, "namespace").as_str(), root.get("vault.namespace").and_then(Json::as_str));
    assert_eq!(vault["auth"].as_mapping().map(serde_yaml::Mapping::len), Some(1), "one login and no other");
    let said = |path: &str, field: &str| assert_eq!(str_at(vault, path), root.text(&format!("vault.auth.{field}")));
    match root.text("vault.auth.method") {
        "kubernetes" => {
            said("auth/kubernetes/mountPath", "kubernetes.mountPath");
            said("auth/kubernetes/role", "kubernetes.role");
            let audiences = at(vault, "auth/kubernetes/serviceAccountRef").get("audiences");
            let audience = audiences.map(|list| str_at(list, "0").to_owned());
            assert_eq!(audience.unwrap_or_default(), root.text("vault.auth.kubernetes.audience"));
        }
        "appRole" => {
            said("auth/appRole/path", "appRole.path");
            said("auth/appRole/roleRef/key", "appRole.roleIdKey");
            said("auth/appRole/secretRef/key", "appRole.secretIdKey");
        }
        _ => {
            said("auth/tokenSecretRef/name", "token.secret");
            said("auth/tokenSecretRef/key", "token.key");
        }
    }
}

/// The kinds of each file, in order: no value can have added, removed or ended a document.
fn assert_kinds(tree: &fluxproof_layout::Tree) {
    for file in tree.files.iter().filter(|file| file.path.name().ends_with(".yaml")) {
        let kinds: Vec<String> =
            documents(&file.text).iter().map(|document| str_at(document, "kind").to_owned()).collect();
        let expected: &[&str] = match file.path.name() {
            "namespace.yaml" => &["Namespace"],
            "repositories.yaml" if kinds.len() == 1 => &["GitRepository"],
            "repositories.yaml" => &["GitRepository", "HelmRepository"],
            "deployment.yaml" => &["HelmRelease"],
            "chart.yaml" => &["OCIRepository"],
            "clusterSecretStore.yaml" => &["ClusterSecretStore"],
            name if name.starts_with("secret-") => &["Secret"],
            _ => &["Kustomization"],
        };
        assert_eq!(kinds, expected, "{}", file.path);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_file_is_yaml_and_every_value_arrives(layout in valid()) {
        let tree = render(&layout).expect("a valid layout is rendered");
        assert_kinds(&tree);
        assert_store(&layout, &tree);
        let operator = only(&tree, "deployment-operator.yaml");
        prop_assert_eq!(str_at(&operator, "metadata/namespace"), layout.root().text("namespaces.flux"));
        prop_assert_eq!(str_at(&operator, "spec/sourceRef/name"), layout.root().text("repository.name"));
        prop_assert_eq!(str_at(&operator, "spec/timeout"), "100h");
        let release = only(&tree, "operator/deployment.yaml");
        prop_assert_eq!(str_at(&release, "spec/targetNamespace"), layout.root().text("namespaces.operator"));
        prop_assert_eq!(str_at(&release, "spec/timeout"), layout.root().text("timeouts.helmRelease"));
        let namespace = only(&tree, "namespace.yaml");
        prop_assert_eq!(str_at(&namespace, "metadata/name"), layout.root().text("namespaces.operator"));
    }

    #[test]
    fn the_readers_of_this_repository_agree(layout in valid()) {
        for file in &render(&layout).expect("rendered").files {
            if file.path.name().ends_with(".yaml") {
                let parsed = fluxproof_yaml::parse(fluxproof_yaml::FileId(0), &file.text);
                prop_assert!(parsed.problems.is_empty(), "{}: {:?}\n{}", file.path, parsed.problems, file.text);
                prop_assert_eq!(parsed.documents.len(), documents(&file.text).len());
            }
        }
    }

    #[test]
    fn flux_finds_no_variable_but_the_version(layout in valid()) {
        let tree = render(&layout).expect("rendered");
        for file in tree.files.iter().filter(|file| file.path.as_str().contains("/operator/")) {
            prop_assert!(!file.text.replace("${eso_version}", "").contains("${"), "{}", file.text);
        }
    }

    #[test]
    fn a_fence_of_the_readme_is_closed_where_it_should_be(layout in valid()) {
        let tree = render(&layout).expect("rendered");
        prop_assume!(layout.root().is("mode", "repository"));
        let fences: Vec<&str> = text(&tree, "README.md").lines().map(str::trim_start).filter(|line| line.starts_with("```")).collect();
        prop_assert!(fences.len().is_multiple_of(2) && fences.iter().skip(1).step_by(2).all(|fence| *fence == "```"), "{:?}", fences);
        let sections = text(&tree, "README.md").lines().filter(|line| line.starts_with("## ")).count();
        prop_assert_eq!(sections, 8);
    }

    #[test]
    fn a_layout_survives_being_written_as_json_and_read(layout in valid()) {
        for values in [layout.root().values().clone(), layout.differences()] {
            let json = serde_json::to_string_pretty(&values).expect("JSON");
            prop_assert_eq!(read(json.as_bytes()), Ok(layout.clone()));
        }
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(\\PC|\n|: |- |vault|auth|\t){0,40}") {
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
    }
}
