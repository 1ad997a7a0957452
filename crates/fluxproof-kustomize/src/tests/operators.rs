//! namespace, names, labels, annotations, images, replicas, and what is not modelled.

use super::{check, field, with_objects};

#[test]
fn namespace_moves_all_but_what_is_known_to_be_outside() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
namespace: team
=== a.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: old}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ns}}
---
{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {name: vault}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: role}}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.com}
spec: {service: {name: s, namespace: old}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: x.example.com}
spec: {conversion: {webhook: {clientConfig: {service: {name: s}}}}}
",
        &[
            "ConfigMap team/a",
            "Namespace team",
            "ClusterSecretStore team/vault",
            "ClusterRole role",
            "APIService v1.example.com spec={service:{name:\"s\",namespace:\"team\"}}",
            "CustomResourceDefinition x.example.com spec={conversion:{webhook:{clientConfig:{service:{name:\"s\",namespace:\"team\"}}}}}",
        ],
    );
}

#[test]
fn two_namespaces_become_one_and_clash() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
namespace: team
=== a.yaml
{apiVersion: v1, kind: Namespace, metadata: {name: one}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: two}}
",
        &[
            "Namespace team",
            "Namespace team",
            "!namespace transformation produces ID conflict: Namespace.v1.[noGrp]/team.[noNs]",
        ],
    );
}

#[test]
fn accounts_and_services_of_the_build_are_followed() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
namespace: team
namePrefix: p-
=== a.yaml
{apiVersion: v1, kind: ServiceAccount, metadata: {name: bot}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b}
subjects:
  - {kind: ServiceAccount, name: bot, namespace: default}
  - {kind: ServiceAccount, name: default, namespace: x}
  - {kind: ServiceAccount, name: stranger, namespace: x}
---
{apiVersion: v1, kind: Service, metadata: {name: hook}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks: [{name: w.example, clientConfig: {service: {name: hook, namespace: default}}}]
",
        &[
            "ServiceAccount team/p-bot",
            "RoleBinding team/p-b subjects=[{kind:\"ServiceAccount\",name:\"p-bot\",namespace:\"team\"},\
             {kind:\"ServiceAccount\",name:\"default\",namespace:\"team\"},{kind:\"ServiceAccount\",name:\"stranger\",namespace:\"x\"}]",
            "Service team/p-hook",
            "ValidatingWebhookConfiguration p-w webhooks=[{clientConfig:{service:{name:\"p-hook\",namespace:\"team\"}},name:\"w.example\"}]",
        ],
    );
}

#[test]
fn renamed_objects_leave_doubts_on_built_in_kinds_that_may_name_them() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
namePrefix: p-
nameSuffix: -s
=== a.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}}
---
{apiVersion: v1, kind: Pod, metadata: {name: pod}, spec: {volumes: [{configMap: {name: cm}}]}}
---
{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: r}, spec: {valuesFrom: [{name: cm}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ns}}
",
        &[
            "ConfigMap p-cm-s",
            "Pod p-pod-s spec={volumes:[{configMap:{name:\"cm\"}}]}",
            "  ?it holds the name of an object that namePrefix or nameSuffix renames",
            "HelmRelease p-r-s spec={valuesFrom:[{name:\"cm\"}]}",
            "Namespace ns",
        ],
    );
}

#[test]
fn labels_and_annotations_are_added_to_metadata() {
    let labels = "labels: [{pairs: {a: b}}]\ncommonAnnotations: {note: x}";
    assert_eq!(field(labels, "ConfigMap", &["metadata", "labels"]), "{a:\"b\",app:\"web\"}");
    assert_eq!(field(labels, "Thing", &["metadata", "annotations"]), "{note:\"x\"}");
    assert_eq!(field(labels, "Deployment", &["spec", "template", "metadata"]), "{annotations:{note:\"x\"}}");
    assert_eq!(field("commonLabels: {app: new}", "ConfigMap", &["metadata", "labels"]), "{app:\"new\"}");
}

#[test]
fn labels_elsewhere_are_doubted() {
    for kustomization in ["commonLabels: {a: b}", "labels: [{pairs: {a: b}, includeSelectors: true}]"] {
        let build = super::built(&super::sources(&with_objects(kustomization)), "");
        let doubted: Vec<&str> =
            build.resources.iter().filter(|r| !r.doubts.is_empty()).map(crate::Resource::kind).collect();
        assert_eq!(doubted, ["Deployment"], "{kustomization}");
    }
}

#[test]
fn images_are_rewritten_by_parts() {
    let path = ["spec", "template", "spec", "containers"];
    let image = |item: &str| {
        let text = field(&format!("images: [{item}]"), "Deployment", &path);
        text.split("image:").nth(1).and_then(|rest| rest.split('"').nth(1)).expect("an image").to_owned()
    };
    assert_eq!(image("{name: 'r.example:5000/web', newTag: '2'}"), "r.example:5000/web:2");
    assert_eq!(image("{name: 'r.example:5000/web', newName: w}"), "w:1");
    assert_eq!(image("{name: 'r.example:5000/web', digest: 'sha256:ab'}"), "r.example:5000/web@sha256:ab");
    assert_eq!(
        image("{name: 'r.example:5000/web', newTag: '3', digest: 'sha256:ab'}"),
        "r.example:5000/web:3@sha256:ab"
    );
    assert_eq!(image("{name: 'r.example:5000/web', tagSuffix: -x}"), "r.example:5000/web:1-x");
    assert_eq!(image("{name: web, newTag: '2'}"), "r.example:5000/web:1");
}

#[test]
fn replicas_are_set_by_name() {
    assert_eq!(field("replicas: [{name: web, count: 5}]", "Deployment", &["spec", "replicas"]), "5");
    assert_eq!(
        field("replicas: [{name: gone, count: 5}]", "Deployment", &["spec", "replicas"]),
        "!resource with name gone does not match a config with replicas"
    );
}

#[test]
fn what_is_not_modelled_is_said() {
    let objects = "=== a.yaml\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: $(V)}}\n";
    let case = |kustomization: &str, expected: &[&str]| {
        check(&format!("=== kustomization.yaml\nresources: [a.yaml]\n{kustomization}\n{objects}"), expected);
    };
    let resource = "ConfigMap a data={x:\"$(V)\"}";
    for name in ["transformers", "crds"] {
        case(&format!("{name}: [x.yaml]"), &[resource, &format!("  ?{name} of kustomization.yaml is not modelled")]);
    }
    for name in ["generators", "validators"] {
        case(&format!("{name}: [x.yaml]"), &[resource, &format!("?{name} of kustomization.yaml is not modelled")]);
    }
    case("vars: [{name: V}]", &[resource, "  ?vars of kustomization.yaml is not modelled"]);
    case("openapi: {path: x.json}", &[resource, "  ?openapi of kustomization.yaml is not modelled"]);
    case(
        "helmCharts: [{name: c}]",
        &[
            resource,
            "!trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm",
            "?helmCharts of kustomization.yaml is not modelled",
        ],
    );
    case("buildMetadata: [originAnnotations]\nsortOptions: {order: fifo}\ntransformers: []", &[resource]);
}

#[test]
fn configurations_that_only_teach_references_are_no_doubt() {
    let tree = |content: &str| {
        format!(
            "=== kustomization.yaml\nresources: [a.yaml]\nconfigurations: [c.yaml]\n=== c.yaml\n{content}\n\
             === a.yaml\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}}}\n"
        )
    };
    check(&tree("nameReference: [{kind: ConfigMap, version: v1}]"), &["ConfigMap a"]);
    check(
        &tree("images: [{path: spec/x}]"),
        &["ConfigMap a", "  ?configurations of kustomization.yaml is not modelled"],
    );
}

#[test]
fn local_config_is_dropped() {
    check(
        "=== kustomization.yaml
resources: [a.yaml]
=== a.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {config.kubernetes.io/local-config: 'true'}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, annotations: {config.kubernetes.io/local-config: 'false'}}}
",
        &["ConfigMap b"],
    );
}
