//! What holds of every valid config, also of one that was written to break the files.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, dead_code, reason = "each test file takes what it needs")]
mod support;

#[expect(unreachable_pub, reason = "a module of a test has no other crate")]
mod configs;

use configs::{crds, valid};
use fluxproof_layout::{Layout, read, read_with, render};
use proptest::prelude::*;
use serde_json::Value as Json;
use support::{at, documents, only, str_at, text};

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
