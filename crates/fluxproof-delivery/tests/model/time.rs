//! What takes too long, and what follows a failed install.

use crate::repository::{CERT_MANAGER, Repository};
use fluxproof_delivery::{Fate, Retries};

#[test]
fn a_wait_that_is_shorter_than_the_install_fails_once() {
    let tree = |spec: &str, release: &str| {
        Repository::new().apply("operator", spec, &format!("{CERT_MANAGER}{release}")).delivered().fate("operator")
    };
    assert_eq!(tree("wait: true\ntimeout: 2m", ""), Fate::Late);
    assert_eq!(tree("wait: true\ntimeout: 5m", ""), Fate::Ready);
    assert_eq!(tree("timeout: 2m", ""), Fate::Ready, "nothing is waited for");
    assert_eq!(tree("wait: true", "  timeout: 15m\n"), Fate::Late, "the default is the interval less 30 s");
    assert_eq!(tree("wait: true", "  timeout: 9m\n"), Fate::Ready);
}

#[test]
fn four_that_wait_at_once_leave_no_worker_for_what_they_wait_for() {
    let parents = |count: usize, spec: &str| {
        let child = |at: usize| {
            format!(
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: child-{at}, namespace: flux-system}}\n\
                     spec: {{interval: 10m, path: ./empty, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"
            )
        };
        let start = Repository::new().file("empty/kustomization.yaml", "resources: []\n");
        let all = (0..count).fold(start, |all, at| {
            let spec = spec.replace("PREVIOUS", &format!("parent-{}", at.saturating_sub(1)));
            all.apply(&format!("parent-{at}"), if at == 0 { "wait: true" } else { &spec }, &child(at))
        });
        all.delivered().broken().len()
    };
    assert_eq!((parents(3, "wait: true"), parents(4, "wait: true"), parents(5, "wait: true")), (0, 4, 5));
    assert_eq!(parents(5, "wait: true\ndependsOn: [{name: PREVIOUS}]"), 0, "one after the other");
    assert_eq!(parents(5, "wait: false"), 0);
}

#[test]
fn retries_are_read_as_helm_controller_means_them() {
    for (spec, expected) in [
        ("", Retries::Never),
        ("  install: {remediation: {retries: 0}}\n", Retries::Never),
        ("  install: {remediation: {retries: 3}}\n", Retries::Few(3)),
        ("  install: {remediation: {retries: -1}}\n", Retries::Always(12)),
        ("  upgrade: {remediation: {retries: -1}}\n", Retries::Never),
        ("  install: {strategy: {name: RetryOnFailure}}\n", Retries::Few(1)),
        (
            "  install: {strategy: {name: RetryOnFailure}}\n  upgrade: {strategy: {name: RetryOnFailure}}\n",
            Retries::Always(300),
        ),
        (
            "  install: {strategy: {name: RetryOnFailure, retryInterval: 1m}}\n  upgrade: {strategy: {name: RetryOnFailure}}\n",
            Retries::Always(60),
        ),
    ] {
        let delivered = Repository::new().apply("operator", "", &format!("{CERT_MANAGER}{spec}")).delivered();
        assert_eq!(delivered.cluster().releases[0].retries, expected, "{spec}");
    }
}

#[test]
fn a_release_without_its_target_namespace_sticks_unless_it_goes_on() {
    let tree = |spec: &str| {
        let release = format!("{CERT_MANAGER}  targetNamespace: certs\n{spec}");
        let namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: certs}}\n";
        Repository::new()
            .apply("operator", "", &release)
            .apply("namespaces", "", namespace)
            .delivered()
            .fate("cert-manager")
    };
    assert_eq!(tree(""), Fate::Stalled);
    assert_eq!(tree("  install: {remediation: {retries: 3}}\n"), Fate::Stalled);
    assert_eq!(tree("  install: {remediation: {retries: -1}}\n"), Fate::Late);
}
