//! What is in one cluster is not in another, and what is said to be there before Flux is there.

use crate::repository::{CERT_MANAGER, ISSUER, Repository, WIDGET, WIDGET_CRD};
use fluxproof_delivery::{Delivery, Need, World};
use fluxproof_yaml::{RepoPath, Sources};

const SPOKE: &str = "kubeConfig: {secretRef: {name: spoke}}";

/// The verdicts of the needs of a Kustomization (and of what it applies) that are of a kind.
fn verdicts(delivery: &Delivery, name: &str, of: fn(&Need) -> bool) -> Vec<&'static str> {
    let own = |r: &&fluxproof_delivery::Requirement| matches!(r.owner, fluxproof_delivery::Owner::Kustomization(k) if delivery.kustomizations[k].object.name == name);
    delivery.requirements.iter().filter(own).filter(|r| of(&r.need)).map(|r| r.verdict.name()).collect()
}

/// Whether what `apps` needs of this kind is proven, in the four ways of two clusters.
fn proven(provider: &str, wanted: &str, of: fn(&Need) -> bool) -> Vec<Vec<&'static str>> {
    let each = [("", ""), (SPOKE, SPOKE), ("", SPOKE), (SPOKE, "")];
    each.map(|(there, here)| {
        let all = Repository::new().apply("provider", &format!("wait: true\n{there}"), provider);
        let delivered = all.apply("apps", &format!("dependsOn: [{{name: provider}}]\n{here}"), wanted).delivered();
        verdicts(delivered.cluster(), "apps", of)
    })
    .to_vec()
}

const NAMESPACE: &str = "{apiVersion: v1, kind: Namespace, metadata: {name: demo}}\n";
const MAP: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: map, namespace: demo}}\n";

#[test]
fn a_definition_or_a_namespace_of_one_cluster_proves_nothing_of_another() {
    let definition = |need: &Need| matches!(need, Need::Definition { .. });
    let one = [["proven"], ["proven"], ["assumed"], ["assumed"]];
    assert_eq!(proven(WIDGET_CRD, WIDGET, definition), one);
    assert_eq!(proven(NAMESPACE, MAP, |need| matches!(need, Need::Namespace(_))), one);
}

#[test]
fn a_chart_brings_its_crds_and_webhooks_to_the_cluster_of_its_release() {
    let definition = |need: &Need| matches!(need, Need::Definition { group, .. } if group == "cert-manager.io");
    let elsewhere = CERT_MANAGER.replace("spec:\n  interval: 30m", &format!("spec:\n  {SPOKE}\n  interval: 30m"));
    let tree = |release: &str, spec: &str| {
        let all = Repository::new().apply("operator", "wait: true", release);
        let delivered = all.apply("apps", &format!("dependsOn: [{{name: operator}}]\n{spec}"), ISSUER).delivered();
        let webhook = verdicts(delivered.cluster(), "apps", |need| matches!(need, Need::Webhook(_)));
        (verdicts(delivered.cluster(), "apps", definition), webhook)
    };
    let (met, unknown) = ((vec!["proven"], vec!["proven"]), (vec!["assumed"], vec![]));
    assert_eq!(tree(CERT_MANAGER, ""), met);
    assert_eq!(tree(&elsewhere, SPOKE), met);
    assert_eq!(tree(CERT_MANAGER, SPOKE), unknown);
    assert_eq!(tree(&elsewhere, ""), unknown);
}

#[test]
fn what_a_kustomization_reads_is_in_its_own_cluster_wherever_it_applies() {
    let settings = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: flux-system}}\n";
    let tree = |there: &str| {
        let all = Repository::new().apply("settings", there, settings);
        let spec = format!(
            "dependsOn: [{{name: settings}}]\npostBuild: {{substituteFrom: [{{kind: ConfigMap, name: settings}}]}}\n{SPOKE}"
        );
        let delivered = all.apply("apps", &spec, "").delivered();
        let named = |need: &Need| matches!(need, Need::Object(object) if object.name == "settings");
        verdicts(delivered.cluster(), "apps", named)
    };
    assert_eq!((tree(""), tree(SPOKE)), (vec!["proven"], vec!["assumed"]));
}

#[test]
fn flux_and_its_namespace_are_only_known_to_be_where_it_runs() {
    let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, namespace: flux-system}}\n";
    let source = "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: x, namespace: flux-system}, spec: {url: 'https://example.com/x', interval: 1m}}\n";
    let tree = |spec: &str, content: &str| Repository::new().apply("apps", spec, content).delivered();
    let needs = |spec: &str, content: &str, of| verdicts(tree(spec, content).cluster(), "apps", of).join(" ");
    let namespace: fn(&Need) -> bool = |need| matches!(need, Need::Namespace(_));
    let definition: fn(&Need) -> bool = |need| matches!(need, Need::Definition { .. });
    assert_eq!(
        (needs("", account, namespace), needs(SPOKE, account, namespace)),
        (String::new(), "assumed".to_owned())
    );
    assert_eq!(
        (needs("", source, definition), needs(SPOKE, source, definition)),
        (String::new(), "assumed".to_owned())
    );
}

#[test]
fn an_unproven_fact_names_the_cluster_where_it_is_not_known() {
    let delivered = Repository::new().apply("apps", SPOKE, MAP).delivered();
    let assumed = delivered.cluster().requirements.iter().find_map(|r| match (&r.need, &r.verdict) {
        (Need::Namespace(_), fluxproof_delivery::Verdict::Assumed(assumption)) => Some(assumption.what.clone()),
        _ => None,
    });
    let expected = "Namespace demo exists in the cluster of kubeConfig flux-system/spoke";
    assert_eq!(assumed.as_deref(), Some(expected));
}

/// A world whose config says so.
fn world(config: &str) -> World {
    let config = format!("preinstalled:\n  {config}\n");
    let path = RepoPath::new("fluxproof.yaml").expect("a path");
    let (world, problems) = World::of(&Sources::from_texts([(path, config.as_str())]));
    assert!(problems.is_empty(), "{problems:?}");
    world
}

#[test]
fn what_is_there_before_flux_is_proven_whatever_the_order() {
    let secret = "decryption: {provider: sops, secretRef: {name: age}}";
    let from = "postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}";
    let release = CERT_MANAGER.replace("spec:\n  interval: 30m", "spec:\n  targetNamespace: demo\n  interval: 30m");
    let settings = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: flux-system}}\n";
    let own_settings = format!("{settings}---\n{MAP}");
    let in_one = format!("{CERT_MANAGER}---\n{ISSUER}");
    let cases = [
        ("namespaces: [demo]", "", MAP, "Namespace demo"),
        ("namespaces: [demo]", "", release.as_str(), "HelmRelease/flux-system/cert-manager"),
        ("secrets: [flux-system/age]", secret, "", "Secret age"),
        ("configMaps: [flux-system/settings]", from, own_settings.as_str(), "ConfigMap settings"),
        ("crds: [demo.example.io]", "", WIDGET, "Widget"),
        ("crds: [demo.example.io/Widget]", "", WIDGET, "Widget"),
        ("crds: [cert-manager.io]\n  webhooks: [cert-manager.io]", "", in_one.as_str(), "ClusterIssuer"),
    ];
    for (said, spec, content, what) in cases {
        let tree = Repository::new().apply("apps", spec, content);
        let asked = |need: &Need| {
            let outside = matches!(need, Need::Outside(_) | Need::Source(_) | Need::Path(_));
            let other = matches!(need, Need::Namespace(name) if name != "demo");
            !outside && !other
        };
        let all = |world: &World| -> Vec<&'static str> {
            let delivered = tree.delivered_to(world);
            let requirements = delivered.cluster().requirements.iter();
            requirements.filter(|r| asked(&r.need)).map(|r| r.verdict.name()).collect()
        };
        let known = all(&world(said));
        let namespace = said != "namespaces: [demo]" && content.contains("namespace: demo");
        assert_eq!(
            known.iter().filter(|verdict| **verdict != "proven").count(),
            usize::from(namespace),
            "{what}: {known:?}"
        );
        assert!(all(&World::default()).iter().any(|verdict| *verdict != "proven"), "{what}: it is not known without");
        assert!(all(&world("crds: [other.example.io]")).iter().any(|verdict| *verdict != "proven"), "{what}");
    }
}

#[test]
fn a_webhook_that_serves_before_flux_is_no_race() {
    let tree = Repository::new().apply("operator", "", CERT_MANAGER).apply("apps", "", ISSUER);
    let crds = "crds: [cert-manager.io]";
    assert_eq!(tree.delivered_to(&world(crds)).broken(), ["self-healing-race ClusterIssuer/ca"]);
    for webhooks in ["webhooks: [cert-manager.io]", "webhooks: [webhook.cert-manager.io]"] {
        let delivered = tree.delivered_to(&world(&format!("{crds}\n  {webhooks}")));
        assert_eq!(delivered.broken(), Vec::<String>::new(), "{webhooks}");
    }
}
