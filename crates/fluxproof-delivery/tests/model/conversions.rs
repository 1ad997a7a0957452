//! Services that must answer before an object can be made: conversions between versions, and groups of the API.

use crate::repository::{Repository, WIDGET};
use fluxproof_delivery::{Fate, Verdict};

const OLD: &str = "{apiVersion: demo.example.io/v1beta1, kind: Widget, metadata: {name: first, namespace: default}, spec: {size: 1}}\n";

/// A CRD that is served in two versions, of which v1 is stored.
fn crd(strategy: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: widgets.demo.example.io}}\nspec:\n  \
         group: demo.example.io\n  scope: Namespaced\n  names: {{kind: Widget, plural: widgets}}\n  conversion: {strategy}\n  versions:\n\
         \x20   - {{name: v1beta1, served: true, storage: false, schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}}}\n\
         \x20   - {{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}}}\n"
    )
}

fn webhook(name: &str) -> String {
    crd(&format!(
        "{{strategy: Webhook, webhook: {{conversionReviewVersions: [v1], clientConfig: {{service: {{namespace: default, name: {name}}}}}}}}}"
    ))
}

const SERVICE: &str =
    "{apiVersion: v1, kind: Service, metadata: {name: converter, namespace: default}, spec: {ports: [{port: 443}]}}\n";

#[test]
fn an_object_of_another_version_than_the_stored_one_waits_for_what_converts_it() {
    let tree = |crd: &str, wait: &str, object: &str| {
        let all = Repository::new().apply("operator", wait, &format!("{crd}---\n{SERVICE}"));
        all.apply("apps", "dependsOn: [{name: operator}]", object).delivered()
    };
    let race = tree(&webhook("converter"), "", OLD);
    assert_eq!(
        (race.broken(), race.fate("apps")),
        (vec!["self-healing-race Widget/default/first".to_owned()], Fate::Late)
    );
    let expected = "Widget/default/first dry-run failed: conversion webhook for demo.example.io/v1beta1, Kind=Widget failed: Post \
                    \"https://converter.default.svc:443/convert?timeout=30s\": no endpoints available for service \"converter\"";
    assert_eq!(race.error(), expected);
    for (crd, wait, object) in [
        (webhook("converter"), "wait: true", OLD),
        (webhook("converter"), "", WIDGET),
        (crd("{strategy: None}"), "", OLD),
    ] {
        let delivered = tree(&crd, wait, object);
        assert_eq!((delivered.broken(), delivered.fate("apps")), (vec![], Fate::Ready), "{wait} {object}");
    }
}

#[test]
fn an_object_beside_what_converts_it_never_comes_up() {
    let all = |object: &str| format!("{}---\n{SERVICE}---\n{object}", webhook("converter"));
    let locked = Repository::new().apply("all", "", &all(OLD)).delivered();
    assert_eq!((locked.broken(), locked.fate("all")), (vec!["deadlock Widget/default/first".to_owned()], Fate::Never));
    let stored = Repository::new().apply("all", "", &all(WIDGET)).delivered();
    assert_eq!((stored.broken(), stored.fate("all")), (vec![], Fate::Ready));
}

#[test]
fn who_converts_may_not_be_known() {
    let all = format!("{}---\n{OLD}", webhook("elsewhere"));
    let delivered = Repository::new().apply("all", "", &all).delivered();
    assert_eq!(delivered.broken(), Vec::<String>::new());
    let assumed = |r: &fluxproof_delivery::Requirement| matches!(&r.verdict, Verdict::Assumed(a) if a.why.contains("default/elsewhere"));
    assert!(delivered.cluster().requirements.iter().any(assumed));
}

/// A release of a chart in the repository, and the chart with these templates.
fn with_chart(spec: &str, templates: &str, object: &str) -> Repository {
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: operator, namespace: default}\nspec:\n  interval: 1h\n  \
                   chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}\n";
    Repository::new()
        .file("chart/Chart.yaml", "name: operator\nversion: 1.0.0\n")
        .file("chart/templates/all.yaml", templates)
        .apply("operator", spec, release)
        .apply("apps", "dependsOn: [{name: operator}]", object)
}

#[test]
fn a_chart_that_converts_is_waited_for() {
    let templates = format!("{}---\n{SERVICE}", webhook("converter"));
    let late = with_chart("", &templates, OLD).delivered();
    assert_eq!(late.broken(), ["self-healing-race Widget/default/first"; 2], "its CRD and what converts it");
    assert_eq!(with_chart("wait: true", &templates, OLD).delivered().broken(), Vec::<String>::new());
    assert_eq!(with_chart("", &templates, WIDGET).delivered().broken().len(), 1, "only its CRD");
}

#[test]
fn objects_of_an_aggregated_api_wait_for_its_server() {
    let api = |service: &str| {
        format!(
            "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {{name: v1.demo.example.io}}\nspec: {{group: demo.example.io, \
             version: v1, groupPriorityMinimum: 100, versionPriority: 100{service}}}\n"
        )
    };
    let served = api(", service: {namespace: default, name: converter}");
    let tree = |wait: &str, api: &str| {
        let all = Repository::new().apply("server", wait, &format!("{api}---\n{SERVICE}"));
        all.apply("apps", "dependsOn: [{name: server}]", WIDGET).delivered()
    };
    assert_eq!(tree("", &served).broken(), ["self-healing-race Widget/default/first"]);
    assert_eq!(tree("wait: true", &served).broken(), Vec::<String>::new());
    let proven = |wait: &str, api: &str| {
        let delivered = tree(wait, api);
        let mut definitions = delivered.cluster().requirements.iter();
        let definition = definitions.find(|r| matches!(r.need, fluxproof_delivery::Need::Definition { .. }));
        definition.map(|r| r.verdict.name())
    };
    assert_eq!(proven("wait: true", &served), Some("proven"));
    assert_eq!(proven("wait: true", &api("")), Some("assumed"), "the API server itself answers: somebody has the CRD");
    let beside = Repository::new().apply("all", "", &format!("{served}---\n{SERVICE}---\n{WIDGET}")).delivered();
    assert_eq!(beside.broken(), ["deadlock Widget/default/first"]);
    let release = with_chart("wait: true", &format!("{served}---\n{SERVICE}"), WIDGET).delivered();
    assert_eq!(release.broken(), Vec::<String>::new());
    assert_eq!(with_chart("", &format!("{served}---\n{SERVICE}"), WIDGET).delivered().broken().len(), 1);
}
