//! What is in order on a fresh cluster and not later.

use crate::repository::{Repository, WIDGET, WIDGET_CRD};
use fluxproof_delivery::Fate;

const WEBHOOK: &str = "\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: widgets}
webhooks:
  - name: validate.demo.example.io
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    clientConfig: {service: {name: hook, namespace: default}}
    rules: [{apiGroups: [demo.example.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [widgets]}]
";

#[test]
fn a_webhook_beside_its_operator_locks_the_fix_out() {
    let tree = |webhook: &str| {
        Repository::new().apply("all", "", &format!("{WIDGET_CRD}---\n{WIDGET}---\n{webhook}")).delivered()
    };
    let locked = tree(WEBHOOK);
    assert_eq!(
        (locked.broken(), locked.fate("all")),
        (vec!["upgrade-race Widget/default/first".to_owned()], Fate::Ready)
    );
    for harmless in ["failurePolicy: Ignore", "failurePolicy: Fail\n    objectSelector: {matchLabels: {a: b}}"] {
        assert_eq!(
            tree(&WEBHOOK.replace("failurePolicy: Fail", harmless)).broken(),
            Vec::<String>::new(),
            "{harmless}"
        );
    }
    assert_eq!(tree(&WEBHOOK.replace("[widgets]", "[gadgets]")).broken(), Vec::<String>::new());
}

#[test]
fn resources_after_a_webhook_of_another_kustomization_are_ordered_by_its_wait() {
    let tree = |wait: bool| {
        let all = Repository::new().apply("operator", &format!("wait: {wait}"), &format!("{WIDGET_CRD}---\n{WEBHOOK}"));
        all.apply("widgets", "dependsOn: [{name: operator}]", WIDGET).delivered().fate("widgets")
    };
    assert_eq!((tree(false), tree(true)), (Fate::Late, Fate::Ready));
}

const UPSTREAM: &str = "\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: external-secrets, namespace: flux-system}
spec: {interval: 1h, url: 'https://github.com/external-secrets/external-secrets', ref: {tag: v2.9.0}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: crds, namespace: flux-system}
spec: {interval: 10m, path: ./config/crds/bases, prune: false, sourceRef: {kind: GitRepository, name: external-secrets}}
";

const OPERATOR: &str = "\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: external-secrets, namespace: flux-system}
spec: {interval: 1h, url: 'https://charts.external-secrets.io'}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: external-secrets, namespace: flux-system}
spec:
  interval: 30m
  chart: {spec: {chart: external-secrets, version: 2.9.0, sourceRef: {kind: HelmRepository, name: external-secrets}}}
  values: {installCRDs: false}
";

#[test]
fn an_operator_whose_crds_are_of_another_source_may_overtake_them() {
    let tree = |depends: &str| {
        let all = Repository::new().file("clusters/demo/crds.yaml", UPSTREAM);
        all.apply("operator", &format!("dependsOn: [{depends}]"), OPERATOR).delivered().broken()
    };
    let pinned = "{name: crds, readyExpr: \"dep.status.lastAppliedRevision.startsWith('v2.9.0@')\"}";
    let race = ["upgrade-race Kustomization/flux-system/operator"];
    assert_eq!(tree("{name: crds}"), race);
    assert_eq!(tree(pinned), race, "the old object still names the old revision");
    assert_eq!(tree(&format!("{{name: flux-system}}, {pinned}")), Vec::<String>::new());
}
