//! What Flux objects name: settings, keys, accounts, values, credentials.

use crate::repository::{CERT_MANAGER, Repository};
use fluxproof_delivery::Fate;

const SETTINGS: &str =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: flux-system}, data: {host: a}}\n";
const FROM: &str = "postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}";

#[test]
fn variables_must_be_there_before_their_user_builds() {
    let tree = |spec: &str| Repository::new().apply("settings", "", SETTINGS).apply("apps", spec, "").delivered();
    let race = tree(FROM);
    assert_eq!(race.broken(), ["self-healing-race Kustomization/flux-system/apps"]);
    assert_eq!(race.error(), "configmaps \"settings\" not found");
    let ordered = tree(&format!("{FROM}\ndependsOn: [{{name: settings}}]"));
    assert_eq!((ordered.broken(), ordered.fate("apps")), (vec![], Fate::Ready));
    let optional = tree("postBuild: {substituteFrom: [{kind: ConfigMap, name: settings, optional: true}]}");
    assert_eq!(optional.broken(), Vec::<String>::new());
}

#[test]
fn a_kustomization_that_applies_its_own_settings_never_builds() {
    let delivered = Repository::new().apply("apps", FROM, SETTINGS).delivered();
    assert_eq!(delivered.broken(), ["deadlock Kustomization/flux-system/apps"]);
    assert_eq!(delivered.fate("apps"), Fate::Never);
}

#[test]
fn what_nothing_brings_may_come_from_outside() {
    for spec in [FROM, "decryption: {provider: sops, secretRef: {name: age}}", "serviceAccountName: deployer"] {
        let delivered = Repository::new().apply("apps", spec, "").delivered();
        assert_eq!((delivered.broken(), delivered.fate("apps")), (vec![], Fate::Ready), "{spec}");
        let apps = delivered.cluster().kustomizations.iter().position(|node| node.object.name == "apps");
        let owner = fluxproof_delivery::Owner::Kustomization(apps.expect("apps"));
        assert!(delivered.cluster().fates.hangs(owner), "{spec}");
    }
}

#[test]
fn values_that_come_late_are_tried_again_whatever_the_remediation() {
    let release = format!("{CERT_MANAGER}  valuesFrom: [{{kind: ConfigMap, name: settings}}]\n");
    let delivered = Repository::new().apply("operator", "", &release).apply("settings", "", SETTINGS).delivered();
    assert_eq!(
        (delivered.broken(), delivered.fate("cert-manager")),
        (vec!["self-healing-race HelmRelease/flux-system/cert-manager".to_owned()], Fate::Late,)
    );
}

#[test]
fn values_beside_their_release_are_applied_before_it() {
    let release = format!("{CERT_MANAGER}  valuesFrom: [{{kind: ConfigMap, name: settings}}]\n---\n{SETTINGS}");
    let delivered = Repository::new().apply("operator", "", &release).delivered();
    assert_eq!((delivered.broken(), delivered.fate("cert-manager")), (vec![], Fate::Ready));
}

#[test]
fn a_secret_that_a_controller_makes_is_there_only_after_it_was_waited_for() {
    let external = "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: login, namespace: flux-system}, \
                    spec: {secretStoreRef: {kind: ClusterSecretStore, name: vault}, target: {name: settings}}}\n";
    let from = "postBuild: {substituteFrom: [{kind: Secret, name: settings}]}\ndependsOn: [{name: secrets}]";
    let tree = |wait: bool| {
        let all = Repository::new().apply("secrets", &format!("wait: {wait}"), external);
        all.apply("apps", from, "").delivered().fate("apps")
    };
    assert_eq!((tree(false), tree(true)), (Fate::Late, Fate::Ready));
}

#[test]
fn credentials_that_come_out_of_their_own_source_never_come() {
    let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: apps, namespace: flux-system}\n\
                  spec: {interval: 1m, url: 'oci://registry.example.com/apps', ref: {tag: v1}, secretRef: {name: login}}\n";
    let secret = "{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: flux-system}}\n";
    let tree = |from: &str| {
        let below = format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: below, namespace: flux-system}}\n\
            spec: {{interval: 10m, path: ./below, sourceRef: {{kind: {from}}}}}\n"
        );
        let all = Repository::new().file("clusters/demo/source.yaml", source).file("clusters/demo/below.yaml", &below);
        all.file("below/secret.yaml", secret).delivered()
    };
    assert_eq!(tree("GitRepository, name: flux-system").broken(), Vec::<String>::new());
    let world = tree("OCIRepository, name: apps");
    assert_eq!(world.broken(), Vec::<String>::new(), "what an outside source holds is not known");
}
