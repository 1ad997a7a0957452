//! What holds of every valid config, also of one that was written to break the files.

#![expect(clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

use fluxproof_layout::{
    AuthMethod, CaSource, ChartSource, KvVersion, Layout, Mode, SourceKind, read, render, validate,
};
use proptest::prelude::*;
use proptest::sample::select;
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

prop_compose! {
    fn vault()(server in "https?://[a-z]{1,8}(\\.[a-z]{1,8})?(:[1-9][0-9]{0,3})?(/[a-z]{0,4})?", path in line(), v1: bool, namespace in prop::option::of(line()),
        source in select(vec![CaSource::System, CaSource::ConfigMap, CaSource::Secret, CaSource::Bundle]), ca_name in name(), ca_key in key(), ca_namespace in prop::option::of(label()))
        -> Layout {
        let mut layout = Layout::default();
        (layout.vault.server, layout.vault.path, layout.vault.namespace) = (server, path, namespace);
        layout.vault.version = if v1 { KvVersion::V1 } else { KvVersion::V2 };
        layout.vault.ca.source = source;
        layout.vault.ca.bundle = Some("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSQ==".to_owned());
        for ca in [&mut layout.vault.ca.config_map, &mut layout.vault.ca.secret] {
            (ca.name, ca.key, ca.namespace) = (ca_name.clone(), ca_key.clone(), ca_namespace.clone());
        }
        layout
    }
}

prop_compose! {
    fn logged_in()(mut layout in vault(), method in select(vec![AuthMethod::Kubernetes, AuthMethod::AppRole, AuthMethod::Token]),
        path in line(), role in line(), audience in prop_oneof![line(), Just(String::new())], account in label(), secret in name(), keys in (key(), key()), sops in name())
        -> Layout {
        let auth = &mut layout.vault.auth;
        auth.method = method;
        (auth.kubernetes.mount_path, auth.kubernetes.role) = (path.clone(), role);
        (auth.kubernetes.audience, auth.kubernetes.service_account) = (audience, account);
        (auth.app_role.path, auth.app_role.secret, auth.token.secret) = (path, secret.clone(), secret);
        (auth.app_role.role_id_key, auth.app_role.secret_id_key, auth.token.key) = (keys.0.clone(), keys.1, keys.0);
        (auth.app_role.decryption_secret, auth.token.decryption_secret) = (sops.clone(), sops);
        layout
    }
}

prop_compose! {
    fn any_layout()(mut layout in logged_in(), embed: bool, oci: bool, version in select(vec!["0.16.1", "1.3.1", "2.9.0", "2.10.0", "3.0.0"]),
        names in (name(), name(), name()), cluster in "[A-Za-z0-9][-._A-Za-z0-9]{0,10}[A-Za-z0-9]", namespaces in (label(), label(), prop::option::of(label())),
        kind in select(vec![SourceKind::GitRepository, SourceKind::OciRepository, SourceKind::Bucket]),
        times in prop::collection::vec(duration(), 7)) -> Layout {
        layout.mode = if embed { Mode::Embed } else { Mode::Repository };
        layout.chart.source = if oci { ChartSource::Oci } else { ChartSource::HelmRepository };
        layout.version = version.to_owned();
        layout.cluster = cluster;
        (layout.store.name, layout.repository.name, layout.embed.kustomization) = names;
        (layout.namespaces.operator, layout.namespaces.flux, layout.repository.namespace) = namespaces;
        layout.repository.kind = kind;
        let mut times = times.into_iter();
        let mut next = || times.next().unwrap_or_default();
        layout.intervals.sources = next();
        layout.intervals.kustomizations = next();
        layout.intervals.retry = next();
        layout.timeouts.crds = next();
        layout.timeouts.stores = next();
        (layout.timeouts.helm_release, layout.timeouts.operator) = (next(), "100h".to_owned());
        layout
    }
}

/// Those of the layouts that are valid: names may meet by chance.
fn valid() -> impl Strategy<Value = Layout> {
    any_layout().prop_filter("valid", |layout| validate(layout).is_empty())
}

/// What the store must say.
fn assert_store(layout: &Layout, tree: &fluxproof_layout::Tree) {
    let store = only(tree, "crs/clusterSecretStore.yaml");
    let (vault, auth) = (at(&store, "spec/provider/vault"), &layout.vault.auth);
    assert_eq!(str_at(&store, "metadata/name"), layout.store.name);
    assert_eq!(str_at(vault, "server"), layout.vault.server);
    assert_eq!(str_at(vault, "path"), layout.vault.path);
    assert_eq!(at(vault, "namespace").as_str(), layout.vault.namespace.as_deref());
    assert_eq!(vault["auth"].as_mapping().map(serde_yaml::Mapping::len), Some(1), "one login and no other");
    match auth.method {
        AuthMethod::Kubernetes => {
            let login = at(vault, "auth/kubernetes");
            assert_eq!(str_at(login, "mountPath"), auth.kubernetes.mount_path);
            assert_eq!(str_at(login, "role"), auth.kubernetes.role);
            let audience = at(login, "serviceAccountRef").get("audiences").map(|list| str_at(list, "0").to_owned());
            assert_eq!(audience.unwrap_or_default(), auth.kubernetes.audience);
        }
        AuthMethod::AppRole => {
            assert_eq!(str_at(vault, "auth/appRole/path"), auth.app_role.path);
            assert_eq!(str_at(vault, "auth/appRole/roleRef/key"), auth.app_role.role_id_key);
            assert_eq!(str_at(vault, "auth/appRole/secretRef/key"), auth.app_role.secret_id_key);
        }
        AuthMethod::Token => {
            assert_eq!(str_at(vault, "auth/tokenSecretRef/name"), auth.token.secret);
            assert_eq!(str_at(vault, "auth/tokenSecretRef/key"), auth.token.key);
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
        prop_assert_eq!(str_at(&operator, "metadata/namespace"), &layout.namespaces.flux);
        prop_assert_eq!(str_at(&operator, "spec/sourceRef/name"), &layout.repository.name);
        prop_assert_eq!(str_at(&operator, "spec/timeout"), "100h");
        let release = only(&tree, "operator/deployment.yaml");
        prop_assert_eq!(str_at(&release, "spec/targetNamespace"), &layout.namespaces.operator);
        prop_assert_eq!(str_at(&release, "spec/timeout"), &layout.timeouts.helm_release);
        let namespace = only(&tree, "namespace.yaml");
        prop_assert_eq!(str_at(&namespace, "metadata/name"), &layout.namespaces.operator);
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
        prop_assume!(layout.mode == Mode::Repository);
        let fences: Vec<&str> = text(&tree, "README.md").lines().map(str::trim_start).filter(|line| line.starts_with("```")).collect();
        prop_assert!(fences.len().is_multiple_of(2) && fences.iter().skip(1).step_by(2).all(|fence| *fence == "```"), "{:?}", fences);
        let sections = text(&tree, "README.md").lines().filter(|line| line.starts_with("## ")).count();
        prop_assert_eq!(sections, 8);
    }

    #[test]
    fn a_layout_survives_being_written_as_json_and_read(layout in valid()) {
        let json = serde_json::to_string_pretty(&layout).expect("JSON");
        prop_assert_eq!(read(json.as_bytes()), Ok(layout));
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(\\PC|\n|: |- |vault|auth|\t){0,40}") {
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
    }
}
