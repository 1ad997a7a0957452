//! What the rendered files mean, read by an independent YAML reader.

#![expect(clippy::panic, reason = "a test fails by panicking")]

#[expect(unreachable_pub, reason = "a module of a test has no other crate")]
mod support;

use fluxproof_layout::{render, surroundings};
use support::{at, documents, layout, only, str_at, text, tree};

const STORE: &str = "crs/clusterSecretStore.yaml";

fn paths(config: &str) -> Vec<String> {
    tree(config).files.iter().map(|file| file.path.as_str().to_owned()).collect()
}

#[test]
fn embed_is_the_folder_alone() {
    let paths = paths("mode: embed");
    assert!(paths.iter().all(|path| path.starts_with("infrastructure/external-secrets/")), "{paths:?}");
    assert_eq!(paths.len(), 11);
    let operator = only(&tree("{mode: embed, embed: {kustomization: apps}}"), "deployment-operator.yaml");
    assert_eq!(str_at(&operator, "spec/dependsOn/0/name"), "apps");
}

#[test]
fn a_proof_is_told_which_kustomization_applies_the_folder() {
    let around = |config: &str| surroundings(&layout(config)).expect("valid").files;
    assert_eq!(around(""), []);
    assert_eq!(around("mode: embed"), [], "flux bootstrap makes it");
    let files = around("{mode: embed, embed: {kustomization: apps}, namespaces: {flux: flux}}");
    let entry = &documents(&files[0].text)[0];
    assert_eq!((str_at(entry, "metadata/name"), str_at(entry, "metadata/namespace")), ("apps", "flux"));
    assert_eq!(str_at(entry, "spec/path"), "./infrastructure/external-secrets");
    assert!(at(entry, "spec/wait").is_null());
}

#[test]
fn the_cluster_names_its_folder() {
    assert!(paths("cluster: eu.prod_1").contains(&"clusters/eu.prod_1/external-secrets.yaml".to_owned()));
}

#[test]
fn each_login_has_its_section_and_its_secret() {
    let token = tree("{vault: {auth: {method: token, token: {secret: t, key: k}}}, sops: {secret: gpg}}");
    assert_eq!(str_at(&only(&token, STORE), "spec/provider/vault/auth/tokenSecretRef/key"), "k");
    let secret = only(&token, "secret-token.yaml");
    assert_eq!((str_at(&secret, "metadata/name"), str_at(&secret, "stringData/k")), ("t", ""));
    let entry = &documents(text(&token, "clusters/demo/external-secrets.yaml"))[0];
    assert_eq!(str_at(entry, "spec/decryption/secretRef/name"), "gpg");
    assert!(
        only(&token, "external-secrets/kustomization.yaml")["resources"]
            .as_sequence()
            .expect("a list")
            .contains(&"secret-token.yaml".into())
    );

    let role = tree("vault: {auth: {method: appRole}}");
    let store = only(&role, STORE);
    assert_eq!(str_at(&store, "spec/provider/vault/auth/appRole/roleRef/key"), "role-id");
    assert_eq!(str_at(&store, "spec/provider/vault/auth/appRole/secretRef/key"), "secret-id");
    assert_eq!(str_at(&only(&role, "secret-approle.yaml"), "stringData/secret-id"), "");

    let account = tree("vault: {auth: {kubernetes: {serviceAccount: eso, audience: \"\"}}}");
    let store = only(&account, STORE);
    assert_eq!(str_at(&store, "spec/provider/vault/auth/kubernetes/serviceAccountRef/name"), "eso");
    assert!(at(&store, "spec/provider/vault/auth/kubernetes/serviceAccountRef/audiences").is_null());
    assert_eq!(str_at(&only(&account, "crs/serviceAccounts.yaml"), "metadata/name"), "eso");
}

#[test]
fn no_file_but_the_secrets_has_a_secret_and_those_are_empty() {
    for method in ["kubernetes", "appRole", "token"] {
        for file in tree(&format!("vault: {{auth: {{method: {method}}}}}")).files {
            if !file.path.as_str().ends_with(".yaml") {
                continue;
            }
            for document in documents(&file.text).iter().filter(|document| document["kind"] == "Secret") {
                let values = document["stringData"].as_mapping().expect("stringData");
                assert!(values.values().all(|value| value == ""), "{}", file.path);
            }
        }
    }
}

#[test]
fn the_authority_is_a_reference_or_the_certificate() {
    for (kind, key) in [("ConfigMap", "configMap"), ("Secret", "secret")] {
        let tree = tree(&format!("vault: {{ca: {{source: {key}, {key}: {{name: ca, key: y, namespace: vault}}}}}}"));
        let store = only(&tree, STORE);
        let provider = at(&store, "spec/provider/vault/caProvider");
        let of = |key| str_at(provider, key);
        assert_eq!((of("type"), of("name"), of("key"), of("namespace")), (kind, "ca", "y", "vault"));
    }
    const PEM: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSQ==";
    let store = only(&tree(&format!("vault: {{ca: {{source: bundle, bundle: {PEM}}}}}")), STORE);
    assert_eq!(str_at(&store, "spec/provider/vault/caBundle"), PEM);
}

#[test]
fn a_source_elsewhere_is_named_with_its_namespace() {
    let tree = tree("repository: {kind: OCIRepository, name: fleet, namespace: sources}");
    for file in ["deployment-operator.yaml", "deployment-crs.yaml"] {
        let kustomization = only(&tree, file);
        let of = |key: &str| str_at(&kustomization, &format!("spec/sourceRef/{key}")).to_owned();
        assert_eq!(
            (of("kind"), of("name"), of("namespace")),
            ("OCIRepository".into(), "fleet".into(), "sources".into()),
            "{file}"
        );
    }
}

#[test]
fn one_version_in_one_place() {
    for config in ["version: 2.7.0", "{version: 2.7.0, chart: {source: oci}}"] {
        let tree = tree(config);
        let with: Vec<&str> =
            tree.files.iter().filter(|file| file.text.contains("2.7.0")).map(|file| file.path.as_str()).collect();
        let folder = "infrastructure/external-secrets";
        let config = format!("{folder}/fluxproof-layout.yaml");
        assert_eq!(with, ["README.md", &*config, &*format!("{folder}/repositories.yaml")], "Flux reads but one");
        let sources = documents(text(&tree, "infrastructure/external-secrets/repositories.yaml"));
        assert_eq!(str_at(&sources[0], "spec/ref/tag"), "v2.7.0");
    }
}

#[test]
fn a_chart_from_oci_follows_the_version_in_the_operators_own_folder() {
    let tree = tree("{chart: {source: oci, oci: {url: \"oci://registry.internal:5000/eso\"}}}");
    assert_eq!(
        documents(text(&tree, "infrastructure/external-secrets/repositories.yaml")).len(),
        1,
        "no HelmRepository"
    );
    let chart = only(&tree, "operator/chart.yaml");
    assert_eq!(str_at(&chart, "spec/ref/tag"), "${eso_version}");
    assert_eq!(str_at(&chart, "spec/url"), "oci://registry.internal:5000/eso");
    let release = only(&tree, "operator/deployment.yaml");
    assert_eq!(str_at(&release, "spec/chartRef/name"), str_at(&chart, "metadata/name"));
    assert!(str_at(&chart, "metadata/name").ends_with("${eso_version}"), "an upgrade must change the HelmRelease");
    assert!(at(&release, "spec/chart").is_null());
}

#[test]
fn the_only_variable_of_flux_is_the_version() {
    for config in ["", "chart: {source: oci}"] {
        for file in tree(config).files.iter().filter(|file| file.path.as_str().contains("/operator/")) {
            assert!(!file.text.replace("${eso_version}", "").contains("${"), "{}", file.path);
        }
    }
}

#[test]
fn an_invalid_layout_is_not_rendered() {
    let mut wrong = layout("");
    wrong.set("cluster", "../../etc");
    wrong.set("vault.server", "vault");
    let fields: Vec<String> = render(&wrong).expect_err("refused").into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["vault.server", "cluster"]);
}
