//! What must precede what: CRDs, webhooks, namespaces, dependencies.

use crate::repository::{CERT_MANAGER, ISSUER, Repository, WIDGET, WIDGET_CRD};
use fluxproof_delivery::Fate;

#[test]
fn a_crd_and_its_resource_in_one_kustomization_are_in_order() {
    let delivered = Repository::new().apply("all", "", &format!("{WIDGET}---\n{WIDGET_CRD}")).delivered();
    assert_eq!((delivered.broken(), delivered.fate("all")), (vec![], Fate::Ready));
}

#[test]
fn a_resource_beside_the_release_that_brings_its_crd_never_comes_up() {
    let delivered = Repository::new().apply("all", "", &format!("{CERT_MANAGER}---\n{ISSUER}")).delivered();
    assert_eq!(delivered.broken(), ["deadlock ClusterIssuer/ca", "upgrade-race ClusterIssuer/ca"]);
    assert_eq!((delivered.fate("all"), delivered.fate("cert-manager")), (Fate::Never, Fate::Never));
}

#[test]
fn a_resource_that_nothing_orders_comes_late() {
    let delivered = Repository::new().apply("operator", "", CERT_MANAGER).apply("issuers", "", ISSUER).delivered();
    assert_eq!(delivered.fate("issuers"), Fate::Late);
    assert_eq!(delivered.fate("operator"), Fate::Ready);
    assert_eq!(delivered.broken(), ["self-healing-race ClusterIssuer/ca", "self-healing-race ClusterIssuer/ca"]);
}

#[test]
fn ready_without_wait_means_applied() {
    let operator = |spec: &str| {
        let all = Repository::new().apply("operator", spec, CERT_MANAGER);
        all.apply("issuers", "dependsOn: [{name: operator}]", ISSUER).delivered().fate("issuers")
    };
    assert_eq!(operator(""), Fate::Late);
    assert_eq!(operator("wait: true"), Fate::Ready);
    let check = |namespace: &str| {
        format!(
            "healthChecks: [{{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: cert-manager, namespace: {namespace}}}]"
        )
    };
    assert_eq!(operator(&check("flux-system")), Fate::Ready);
    assert_eq!(operator(&check("elsewhere")), Fate::Late);
}

#[test]
fn a_release_that_does_not_wait_cuts_the_chain_to_its_webhook() {
    let operator = |install: &str| {
        let release = format!("{CERT_MANAGER}  install: {{disableWait: {install}}}\n");
        let all = Repository::new().apply("operator", "wait: true", &release);
        all.apply("issuers", "dependsOn: [{name: operator}]", ISSUER).delivered().fate("issuers")
    };
    assert_eq!((operator("false"), operator("true")), (Fate::Ready, Fate::Late));
}

#[test]
fn a_waiting_parent_and_a_child_that_depends_on_it_wait_for_each_other() {
    let tree = |wait: bool| {
        let child = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: child, namespace: flux-system}\n\
                     spec: {interval: 10m, path: ./below, sourceRef: {kind: GitRepository, name: flux-system}, dependsOn: [{name: parent}]}\n";
        let all = Repository::new().apply("parent", &format!("wait: {wait}"), child);
        all.file("below/c.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}}")
            .delivered()
    };
    let (with, without) = (tree(true), tree(false));
    assert_eq!(with.broken(), ["deadlock Kustomization/flux-system/child"]);
    assert_eq!((with.fate("parent"), with.fate("child")), (Fate::Never, Fate::Never));
    assert_eq!((without.broken(), without.fate("child")), (vec![], Fate::Ready));
}

#[test]
fn what_depends_on_a_failure_never_comes_up_either() {
    let delivered = Repository::new()
        .apply("a", "dependsOn: [{name: gone}]", "")
        .apply("b", "dependsOn: [{name: a}]", "")
        .apply("c", "", "")
        .delivered();
    assert_eq!(delivered.broken(), ["unsatisfiable Kustomization/flux-system/a"]);
    assert_eq!((delivered.fate("b"), delivered.fate("c")), (Fate::Never, Fate::Ready));
    assert_eq!(delivered.error(), "dependency 'flux-system/gone' not found");
}

#[test]
fn a_suspended_object_does_nothing_on_a_fresh_cluster() {
    let tree = |suspend: bool| {
        let all = Repository::new().apply("operator", &format!("wait: true\nsuspend: {suspend}"), CERT_MANAGER);
        all.apply("issuers", "dependsOn: [{name: operator}]", ISSUER).delivered()
    };
    assert_eq!((tree(true).fate("operator"), tree(true).fate("issuers")), (Fate::Suspended, Fate::Never));
    assert_eq!((tree(false).fate("operator"), tree(false).fate("issuers")), (Fate::Ready, Fate::Ready));
}

#[test]
fn a_wait_passes_over_a_suspended_release_and_its_dependents_fail() {
    let tree = |suspend: bool| {
        let release = format!("{CERT_MANAGER}  suspend: {suspend}\n");
        let all = Repository::new().apply("operator", "wait: true", &release);
        all.apply("issuers", "dependsOn: [{name: operator}]", ISSUER).delivered()
    };
    let asleep = tree(true);
    assert_eq!((asleep.fate("operator"), asleep.fate("cert-manager")), (Fate::Ready, Fate::Suspended));
    assert_eq!((asleep.fate("issuers"), tree(false).fate("issuers")), (Fate::Never, Fate::Ready));
}

#[test]
fn an_object_needs_the_namespace_that_a_release_makes() {
    let release = |depends: &str| {
        let operator = format!("{CERT_MANAGER}  targetNamespace: certs\n  install: {{createNamespace: true}}\n");
        let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: certs}}\n";
        let all = Repository::new().apply("operator", "wait: true", &operator);
        all.apply("settings", depends, object).delivered().fate("settings")
    };
    assert_eq!((release(""), release("dependsOn: [{name: operator}]")), (Fate::Late, Fate::Ready));
}

#[test]
fn crds_of_a_known_repository_are_there_before_what_depends_on_them() {
    let route =
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: default}}\n";
    let experimental =
        "{apiVersion: gateway.networking.k8s.io/v1alpha3, kind: TCPRoute, metadata: {name: r, namespace: default}}\n";
    let tree = |tag: &str, spec: &str, content: &str| {
        let source = format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: gateway, namespace: flux-system}}\n\
             spec: {{interval: 1h, url: 'https://github.com/kubernetes-sigs/gateway-api', ref: {{{tag}}}}}\n---\n\
             apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: gateway, namespace: flux-system}}\n\
             spec: {{interval: 1h, path: ./config/crd, prune: false, sourceRef: {{kind: GitRepository, name: gateway}}}}\n"
        );
        let all =
            Repository::new().file("clusters/demo/gateway.yaml", &source).apply("routes", spec, content).delivered();
        let definition =
            |r: &&fluxproof_delivery::Requirement| matches!(r.need, fluxproof_delivery::Need::Definition { .. });
        all.cluster().requirements.iter().find(definition).map(|r| r.verdict.name())
    };
    let after = "dependsOn: [{name: gateway}]";
    assert_eq!(tree("tag: v1.2.0", after, route), Some("proven"));
    assert_eq!(tree("tag: v1.2.0", "", route), Some("self-healing-race"));
    assert_eq!(tree("tag: v1.2.0", after, experimental), Some("assumed"), "that folder has no TCPRoute at that tag");
    assert_eq!(tree("branch: main", after, route), Some("assumed"), "what a branch has is not known");
}
