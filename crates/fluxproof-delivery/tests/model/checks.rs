//! Health checks of what is no Flux object.

use crate::repository::{CERT_MANAGER, Delivered, ISSUER, Repository, WIDGET, WIDGET_CRD};
use fluxproof_delivery::{Fate, Need};

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: operator, namespace: default}\nspec:\n  interval: 1h\n  \
                       chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}\n";

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: server}\n";

fn check(name: &str) -> String {
    format!("healthChecks: [{{apiVersion: apps/v1, kind: Deployment, namespace: default, name: {name}}}]")
}

/// The verdict of the check of `operator`.
fn checked(delivered: &Delivered) -> Vec<&'static str> {
    let is_check =
        |r: &&fluxproof_delivery::Requirement| matches!(&r.need, Need::Object(object) if object.kind == "Deployment");
    delivered.cluster().requirements.iter().filter(is_check).map(|r| r.verdict.name()).collect()
}

fn with_chart(name: &str, deployment: &str) -> Delivered {
    Repository::new()
        .file("chart/Chart.yaml", "name: operator\nversion: 1.0.0\n")
        .file("chart/templates/crd.yaml", WIDGET_CRD)
        .file("chart/templates/server.yaml", deployment)
        .apply("operator", &check(name), RELEASE)
        .apply("apps", "dependsOn: [{name: operator}]", WIDGET)
        .delivered()
}

#[test]
fn a_workload_of_a_chart_that_was_read_is_there_and_so_are_its_crds() {
    let known = with_chart("server", DEPLOYMENT);
    assert_eq!((checked(&known), known.broken(), known.fate("apps")), (vec!["proven"], vec![], Fate::Ready));
    let other = with_chart("another", DEPLOYMENT);
    assert_eq!(checked(&other), ["assumed"], "somebody else may make it");
    assert_eq!(other.broken(), ["self-healing-race Widget/default/first"], "the chart has no such workload");
    let possible = with_chart(
        "server",
        "{{ if .Capabilities.APIVersions.Has \"x/v1\" }}\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: server}\n{{ end }}\n",
    );
    assert_eq!(checked(&possible), ["assumed"]);
}

#[test]
fn a_workload_of_a_chart_that_was_not_read_is_not_known() {
    let tree = |namespace: &str| {
        let check = format!(
            "healthChecks: [{{apiVersion: apps/v1, kind: Deployment, namespace: {namespace}, name: cert-manager-webhook}}]"
        );
        Repository::new()
            .apply("operator", &check, CERT_MANAGER)
            .apply("apps", "dependsOn: [{name: operator}]", ISSUER)
            .delivered()
    };
    let own = tree("flux-system");
    assert_eq!((checked(&own), own.broken(), own.fate("apps")), (vec!["assumed"], vec![], Fate::Ready));
    assert!(!tree("default").broken().is_empty(), "the release does not go to that namespace");
}

#[test]
fn a_check_of_what_comes_after_it_never_ends() {
    let tree = |depends_on: &str| {
        let spec = format!("{}\n{depends_on}", check("server"));
        let deployment = format!("{DEPLOYMENT}").replace("server}", "server, namespace: default}");
        let all =
            Repository::new().apply("first", &spec, "").apply("second", "dependsOn: [{name: first}]", &deployment);
        let free = Repository::new().apply("first", &spec, "").apply("second", "", &deployment);
        (all.delivered(), free.delivered())
    };
    let (locked, free) = tree("");
    assert_eq!(
        (checked(&locked), locked.fate("first"), locked.fate("second")),
        (vec!["deadlock"], Fate::Never, Fate::Never)
    );
    assert_eq!((checked(&free), free.broken(), free.fate("first")), (vec!["proven"], vec![], Fate::Ready));
}
