//! What holds of every valid config, also of one that was written to break the files.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

use fluxproof_layout::provider::sample;
use fluxproof_layout::{Field, Kind, Layout, fields, read, read_with, render, validate};
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
        Kind::Map => prop::collection::btree_map(line(), line(), 0..3).prop_map(|map| json!(map)).boxed(),
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
            _ => ["provider", "store", "stores", top(path)].iter().for_each(|part| layout.set(part, Json::Null)),
        }
        assert!(round < 100, "{problems:?}");
    }
    layout
}

/// Layouts of any values, as long as they are valid together.
fn valid() -> impl Strategy<Value = Layout> {
    section(fields()).prop_map(|written| {
        let mut layout = Layout::of(written).with_crds(crds());
        layout.set("timeouts.operator", "100h");
        mended(layout)
    })
}

/// As much of a bundle as the generator looks at.
fn crds() -> Vec<(String, String)> {
    let kinds = ["externalsecrets", "secretstores", "clustersecretstores"];
    let text = kinds.map(|kind| format!("{kind}.external-secrets.io\n")).concat();
    vec![("bundle.yaml".to_owned(), text)]
}

/// What the first store must say, where it is Vault's and the same in every cluster.
fn assert_store(layout: &Layout, tree: &fluxproof_layout::Tree) {
    let root = layout.root();
    if !root.is("provider", "vault") || !root.items("clusters").is_empty() {
        return;
    }
    let store =
        only(tree, if root.is("store.kind", "SecretStore") { "secretStore.yaml" } else { "clusterSecretStore.yaml" });
    let vault = at(&store, "spec/provider/vault");
    assert_eq!(str_at(&store, "metadata/name"), root.text("store.name"));
    assert_eq!(str_at(vault, "server"), root.text("vault.server"));
    assert_eq!(str_at(vault, "path"), root.text("vault.path"));
    assert_eq!(at(vault, "namespace").as_str(), root.get("vault.namespace").and_then(Json::as_str));
    let method = root.text("vault.auth.method");
    let login = if method == "token" { "tokenSecretRef" } else { method };
    let names: Vec<&str> = at(vault, "auth").as_mapping().map(names).unwrap_or_default();
    let expected: &[&str] = if method == "none" { &[] } else { &[login] };
    assert_eq!(names, expected, "one login and no other");
    for (field, path) in [("path", "path"), ("mountPath", "mountPath"), ("username", "username"), ("region", "region")]
    {
        if let Some(text) = root.get(&format!("vault.auth.{method}.{field}")).and_then(Json::as_str) {
            assert_eq!(str_at(vault, &format!("auth/{method}/{path}")), text);
        }
    }
}

fn names(map: &serde_yaml::Mapping) -> Vec<&str> {
    map.keys().filter_map(serde_yaml::Value::as_str).filter(|key| *key != "namespace").collect()
}

/// The kinds of each file: no value can have added, removed or ended a document.
fn assert_kinds(tree: &fluxproof_layout::Tree) {
    for file in tree.files.iter().filter(|file| is_object(file.path.as_str())) {
        let documents = documents(&file.text);
        let kinds: Vec<&str> = documents.iter().map(|document| str_at(document, "kind")).collect();
        let only = |kind: &str| !kinds.is_empty() && kinds.iter().all(|other| *other == kind);
        let path = file.path.as_str();
        let good = match file.path.name() {
            "namespace.yaml" => only("Namespace"),
            "repositories.yaml" => [&["GitRepository", "HelmRepository"][..], &["GitRepository"], &["HelmRepository"]]
                .contains(&&kinds[..]),
            "deployment.yaml" => kinds == ["HelmRelease"],
            "chart.yaml" => kinds == ["OCIRepository"],
            "networkPolicies.yaml" => kinds == ["NetworkPolicy"],
            "serviceAccounts.yaml" => only("ServiceAccount"),
            "cluster-settings.yaml" => kinds == ["ConfigMap"],
            "flux-instance.yaml" => kinds == ["FluxInstance"],
            "tenants.yaml" => {
                kinds.chunks(4).all(|one| one == ["Namespace", "ServiceAccount", "RoleBinding", "Kustomization"])
            }
            "pushSecret.yaml" => kinds == ["Password", "PushSecret"],
            "clusterExternalSecret.yaml" => kinds == ["ClusterExternalSecret"],
            "externalSecret.yaml" => kinds == ["ExternalSecret"],
            "applications.yaml" => only("Kustomization"),
            "kustomization.yaml" => kinds == ["Kustomization"],
            name if name.starts_with("secret-") => kinds == ["Secret"],
            _ if path.contains("/credentials/") => kinds == ["ExternalSecret"],
            _ if path.contains("/crs") => kinds == ["ClusterSecretStore"] || kinds == ["SecretStore"],
            _ => kinds == ["Kustomization"],
        };
        assert!(good, "{path}: {kinds:?}\n{}", file.text);
    }
}

/// Whether a file holds objects for the cluster.
fn is_object(path: &str) -> bool {
    path.ends_with(".yaml")
        && ![".sops.yaml", "fluxproof-layout.yaml", "bundle.yaml"].iter().any(|end| path.ends_with(end))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

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
        let folder = layout.root().text("folder");
        let namespace = &documents(text(&tree, &format!("{folder}/namespace.yaml")))[0];
        prop_assert_eq!(str_at(namespace, "metadata/name"), layout.root().text("namespaces.operator"));
    }

    #[test]
    fn the_readers_of_this_repository_agree(layout in valid()) {
        for file in &render(&layout).expect("rendered").files {
            if is_object(file.path.as_str()) {
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
            prop_assert!(!file.text.replace("$$", "").replace("${eso_version}", "").contains("${"), "{}", file.text);
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
            prop_assert_eq!(read_with(json.as_bytes(), crds()), Ok(layout.clone()));
        }
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(\\PC|\n|: |- |vault|auth|\t){0,40}") {
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
    }
}
