//! What fails for certain: builds, encrypted Secrets, types, schemas, health checks.

use crate::repository::{Repository, WIDGET, WIDGET_CRD};
use fluxproof_delivery::{Fate, World};

/// The error of a Kustomization with this spec and content; empty where nothing is broken.
fn error(spec: &str, content: &str) -> String {
    let delivered = Repository::new().apply("all", spec, content).delivered();
    let expected = if delivered.broken().is_empty() { Fate::Ready } else { Fate::Never };
    assert_eq!(delivered.fate("all"), expected, "{content}");
    delivered.error()
}

#[test]
fn an_encrypted_secret_needs_decryption() {
    let secret = "{apiVersion: v1, kind: Secret, metadata: {name: token, namespace: default}, data: {a: 'ENC[x]'}, sops: {mac: x}}\n";
    assert_eq!(
        error("", secret),
        "Secret/default/token is SOPS encrypted, configuring decryption is required for this secret to be reconciled"
    );
    assert_eq!(error("decryption: {provider: sops}", secret), "");
    assert_eq!(error("", &secret.replace(", sops: {mac: x}", "")), "");
}

#[test]
fn a_config_map_holds_strings() {
    let map = |value: &str| {
        format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c, namespace: default}}, data: {{port: {value}}}}}\n"
        )
    };
    let message = "ConfigMap/default/c dry-run failed: failed to create typed patch object (default/c; /v1, Kind=ConfigMap): \
                   .data.port: expected string, got &value.valueUnstructured{Value:8080}";
    assert_eq!(error("", &map("8080")), message);
    assert_eq!(error("", &map("'8080'")), "");
    assert_eq!(error("postBuild: {substitute: {port: '8080'}}", &map("'${port}'")), message);
    assert_eq!(error("postBuild: {substitute: {port: 'p8080'}}", &map("'${port}'")), "");
    assert_eq!(error("", &map("8080").replace("ConfigMap", "Secret")), "", "Secrets go through a typed object first");
    assert!(
        error("", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default, labels: {a: true}}}")
            .contains(".metadata.labels.a")
    );
}

#[test]
fn a_custom_resource_fits_the_schema_that_lies_beside_it() {
    let widget = |spec: &str| error("", &format!("{WIDGET_CRD}---\n{}", WIDGET.replace("{size: 1}", spec)));
    assert_eq!(widget("{size: 1, name: a, tags: [x]}"), "");
    assert!(
        widget("{colour: red}").ends_with(".spec.colour: field not declared in schema"),
        "{}",
        widget("{colour: red}")
    );
    assert!(widget("{size: big}").ends_with(".spec.size: expected numeric (int or float)"));
    assert!(widget("{tags: [x, 2]}").ends_with(".spec.tags[1]: expected string"));
    assert_eq!(widget("{name: null}"), "", "null asks for the default");
}

#[test]
fn a_schema_that_takes_anything_refuses_nothing() {
    let open = WIDGET_CRD.replace(
        "spec: {type: object, properties: {",
        "spec: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {",
    );
    assert_eq!(error("", &format!("{open}---\n{}", WIDGET.replace("size: 1", "colour: red"))), "");
}

#[test]
fn a_variable_that_is_not_set_fails_since_flux_2_9() {
    let content = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}, data: {a: 'x${gone}'}}\n";
    let repository = Repository::new().apply("all", "postBuild: {substitute: {other: x}}", content);
    assert!(repository.delivered().error().contains("variable not set (strict mode): \"gone\""));
    let old = World { flux: Some("2.8.1".to_owned()), ..World::default() };
    assert_eq!(repository.delivered_to(&old).broken(), Vec::<String>::new());
    let unknown = "postBuild: {substitute: {other: x}, substituteFrom: [{kind: Secret, name: outside}]}";
    assert_eq!(error(unknown, content), "", "what a Secret outside sets is not known");
    assert_eq!(error("", content), "", "without variables nothing is substituted");
}

#[test]
fn a_health_check_names_its_namespace() {
    let check = |rest: &str| error(&format!("healthChecks: [{{kind: {rest}}}]"), "");
    assert_eq!(
        check("Deployment, name: web"),
        "health check failed: resource Deployment.apps web is namespace scoped, but namespace is not set"
    );
    assert_eq!(check("Deployment, name: web, namespace: default"), "");
    assert_eq!(check("Namespace, apiVersion: v1, name: web"), "");
}

#[test]
fn a_folder_that_does_not_build_applies_nothing() {
    let tree = |name: &str| {
        let all = Repository::new().apply("all", "", "").apply("after", "dependsOn: [{name: all}]", "");
        all.file("all/kustomization.yaml", &format!("resources: [{name}]\n")).delivered()
    };
    assert_eq!((tree("all.yaml").broken(), tree("all.yaml").fate("after")), (vec![], Fate::Ready));
    let broken = tree("gone.yaml");
    assert_eq!(broken.broken(), ["unsatisfiable Kustomization/flux-system/all"]);
    assert_eq!((broken.fate("all"), broken.fate("after")), (Fate::Never, Fate::Never));
}
