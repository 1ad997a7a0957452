//! What a ResourceSet waits for, and what its steps and dependencies prove.

use crate::repository::{Delivered, Repository, WIDGET, WIDGET_CRD};
use fluxproof_delivery::Fate;

/// A ResourceSet of this spec in a Kustomization of its own.
fn set(spec: &str) -> String {
    format!(
        "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {{name: set, namespace: flux-system}}\nspec:\n{spec}"
    )
}

/// `provider` brings something, and the set depends on it.
fn waiting(provider: &str, awaited: &str, applies: &str) -> Delivered {
    let spec = format!("  dependsOn: [{awaited}]\n  resources:\n    - {applies}");
    Repository::new().apply("provider", "", provider).apply("sets", "", &set(&spec)).delivered()
}

const CRD: &str =
    "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, name: widgets.demo.example.io, ready: true}";
const NAMESPACE: &str = "{apiVersion: v1, kind: Namespace, metadata: {name: demo}}\n";
const MAP: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: map, namespace: demo}}\n";
const NONE: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: map, namespace: default}}\n";
const KEY: &str = "{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: default}}\n";

#[test]
fn what_a_set_waits_for_is_there_before_its_objects() {
    let other = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, name: others.demo.example.io, ready: true}";
    assert_eq!(waiting(WIDGET_CRD, CRD, WIDGET).broken(), Vec::<String>::new());
    assert_eq!(waiting(WIDGET_CRD, other, WIDGET).broken(), ["self-healing-race Widget/default/first"]);
    let namespace = "{apiVersion: v1, kind: Namespace, name: demo}";
    assert_eq!(waiting(NAMESPACE, namespace, MAP).broken(), Vec::<String>::new());
    let late = waiting(NAMESPACE, "{apiVersion: v1, kind: Namespace, name: default}", MAP);
    assert_eq!(late.broken(), ["self-healing-race ConfigMap/demo/map"]);
    let key = "{apiVersion: v1, kind: Secret, name: key, namespace: default}";
    let delivered = waiting(KEY, key, NONE);
    let proven = |name: &str| {
        let mut all = delivered.cluster().requirements.iter();
        all.any(|r| r.object.name == name && format!("{:?}", r.need).contains("key") && r.verdict.name() == "proven")
    };
    assert_eq!((delivered.broken(), proven("set")), (vec![], true));
}

#[test]
fn flux_objects_that_a_set_waits_for_are_ready_or_only_there() {
    let provider = |more: &str| {
        format!("{{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, name: provider{more}}}")
    };
    let ready = waiting(WIDGET_CRD, &provider(", namespace: flux-system, ready: true"), WIDGET);
    assert_eq!(ready.broken(), Vec::<String>::new());
    let there = waiting(WIDGET_CRD, &provider(", namespace: flux-system"), WIDGET);
    assert_eq!(there.broken(), ["self-healing-race Widget/default/first"]);
    let expression = waiting(WIDGET_CRD, &provider(", namespace: flux-system, ready: true, readyExpr: 'true'"), WIDGET);
    assert_eq!(expression.broken(), ["self-healing-race Widget/default/first"]);
    for missing in [provider(", ready: true"), provider(", namespace: other")] {
        let delivered = waiting(WIDGET_CRD, &missing, WIDGET);
        assert!(delivered.broken().contains(&"unsatisfiable ResourceSet/flux-system/set".to_owned()), "{missing}");
        assert_eq!(delivered.fate("set"), Fate::Never);
    }
    let release = waiting(
        WIDGET_CRD,
        &provider(", namespace: flux-system").replace(
            "kustomize.toolkit.fluxcd.io/v1, kind: Kustomization",
            "helm.toolkit.fluxcd.io/v2, kind: HelmRelease",
        ),
        NONE,
    );
    assert_eq!(release.broken(), ["unsatisfiable ResourceSet/flux-system/set"]);
}

#[test]
fn a_namespaced_object_without_its_namespace_is_never_found() {
    let delivered = waiting(KEY, "{apiVersion: v1, kind: Secret, name: key}", NONE);
    assert_eq!(
        (delivered.broken(), delivered.fate("set")),
        (vec!["unsatisfiable ResourceSet/flux-system/set".to_owned()], Fate::Never)
    );
    let outside = waiting("", "{apiVersion: v1, kind: Secret, name: key, namespace: default}", NONE);
    assert_eq!((outside.broken(), outside.fate("set")), (vec![], Fate::Ready));
}

#[test]
fn a_set_that_waits_for_what_comes_of_itself_waits_for_ever() {
    let own = set(&format!("  dependsOn: [{CRD}]\n  resources:\n    - {WIDGET}    - {}", inline(WIDGET_CRD)));
    let delivered = Repository::new().apply("sets", "", &own).delivered();
    assert!(
        delivered.broken().contains(&"deadlock ResourceSet/flux-system/set".to_owned()),
        "{:?}",
        delivered.broken()
    );
    assert_eq!(delivered.fate("set"), Fate::Never);
}

/// A CRD as a list entry.
fn inline(yaml: &str) -> String {
    yaml.replace('\n', "\n      ")
}

#[test]
fn a_step_that_never_ends_keeps_the_next_from_beginning() {
    let step = |name: &str, object: &str| format!("    - name: {name}\n      resources:\n        - {object}");
    let tree = |first: &str| {
        let spec = format!("  steps:\n{}{}", step("one", first), step("two", WIDGET));
        Repository::new().apply("sets", "", &set(&spec)).delivered()
    };
    let never = "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k, namespace: flux-system}, \
                 spec: {interval: 1m, path: ./gone, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}}\n";
    assert_eq!((tree(never).fate("set"), tree(NONE).fate("set")), (Fate::Never, Fate::Ready));
}

#[test]
fn a_set_that_waits_for_what_never_is_applied_never_begins() {
    let blocked = "dependsOn: [{name: nobody}]";
    let spec = format!("  dependsOn: [{CRD}]\n  resources:\n    - {WIDGET}");
    let tree = |before: &str| {
        Repository::new().apply("provider", before, WIDGET_CRD).apply("sets", "", &set(&spec)).delivered()
    };
    assert_eq!((tree(blocked).fate("set"), tree("").fate("set")), (Fate::Never, Fate::Ready));
}
