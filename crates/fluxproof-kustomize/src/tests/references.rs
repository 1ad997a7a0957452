//! Names by which objects know each other.

use super::{SETTINGS, WEB, built, output};

#[test]
fn references_follow_objects_that_are_renamed() {
    let files = [
        (
            "base/kustomization.yaml",
            r#"resources: [d.yaml, cm.yaml]
namePrefix: p-
"#,
        ),
        ("base/d.yaml", WEB),
        ("base/cm.yaml", SETTINGS),
        (
            "top/kustomization.yaml",
            r#"resources: [../base, hpa.yaml]
nameSuffix: -s
configMapGenerator: [{name: extra, literals: [a=b]}]
"#,
        ),
        (
            "top/hpa.yaml",
            r#"apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec: {scaleTargetRef: {kind: Deployment, name: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {volumes: [{configMap: {name: extra}}, {configMap: {name: settings}}, {configMap: {name: gone}}]}
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
data:
  a: b
kind: ConfigMap
metadata:
  name: extra-s-4h2mbtbbt6
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: p-settings-s
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: p-web-s
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: p-settings-s
        image: nginx:1.0
        name: c
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: h-s
spec:
  scaleTargetRef:
    kind: Deployment
    name: p-web-s
---
apiVersion: v1
kind: Pod
metadata:
  name: pod-s
spec:
  volumes:
  - configMap:
      name: extra-s-4h2mbtbbt6
  - configMap:
      name: p-settings-s
  - configMap:
      name: gone
"#;
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn role_bindings_follow_roles_and_accounts_of_their_kind() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [r.yaml]
namePrefix: p-
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: n}
rules: [{resources: [configmaps], resourceNames: [c, gone]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sa, namespace: m}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: n}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: n}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: sa, namespace: m}, {kind: ServiceAccount, name: sa, namespace: other}]
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: ServiceAccount
metadata:
  name: p-sa
  namespace: m
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: p-r
  namespace: "n"
rules:
- resourceNames:
  - p-c
  - gone
  resources:
  - configmaps
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: p-r
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: p-b
  namespace: "n"
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: p-r
subjects:
- kind: ServiceAccount
  name: p-sa
  namespace: m
- kind: ServiceAccount
  name: sa
  namespace: other
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: p-c
  namespace: "n"
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn two_overlays_of_one_base_keep_to_themselves() {
    let files = [
        (
            "base/kustomization.yaml",
            r#"resources: [d.yaml, cm.yaml]
"#,
        ),
        ("base/d.yaml", WEB),
        ("base/cm.yaml", SETTINGS),
        (
            "a/kustomization.yaml",
            r#"resources: [../base]
namePrefix: a-
"#,
        ),
        (
            "b/kustomization.yaml",
            r#"resources: [../base]
namePrefix: b-
"#,
        ),
        (
            "top/kustomization.yaml",
            r#"resources: [../a, ../b]
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: a-settings
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b-settings
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: a-web
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: a-settings
        image: nginx:1.0
        name: c
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: b-web
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: b-settings
        image: nginx:1.0
        name: c
"#;
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn webhooks_follow_services_with_their_namespace() {
    let files = [
        (
            "base/kustomization.yaml",
            r#"resources: [r.yaml]
namespace: first
namePrefix: p-
"#,
        ),
        (
            "base/r.yaml",
            r#"apiVersion: v1
kind: Service
metadata: {name: hook}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks: [{name: x.example.com, clientConfig: {service: {name: hook, namespace: default}}}]
"#,
        ),
        (
            "top/kustomization.yaml",
            r#"resources: [../base]
namespace: second
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: Service
metadata:
  name: p-hook
  namespace: second
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: p-w
webhooks:
- clientConfig:
    service:
      name: p-hook
      namespace: second
  name: x.example.com
"#;
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn vars_are_put_in_with_their_types() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [r.yaml]
namePrefix: p-
vars:
- name: HOST
  objref: {apiVersion: v1, kind: Service, name: web}
- name: PORT
  objref: {apiVersion: v1, kind: Service, name: web}
  fieldref: {fieldPath: "spec.ports[0].port"}
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: other, annotations: {at: "$(HOST):$(PORT)", no: "$$(HOST) $(GONE)"}}
spec: {ports: [{port: $(PORT)}]}
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: Service
metadata:
  annotations:
    at: p-web:80
    "no": $(HOST) $(GONE)
  name: p-other
spec:
  ports:
  - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: p-web
spec:
  ports:
  - port: 80
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn a_var_of_nothing() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [cm.yaml]
vars:
- name: HOST
  objref: {apiVersion: v1, kind: Service, name: web}
"#,
        ),
        ("cm.yaml", SETTINGS),
    ];
    let expected = r#"Error: var '{HOST Service.v1.[noGrp] {metadata.name}}' cannot be mapped to a field in the set of known resources"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn a_var_that_is_there_twice() {
    let files = [
        (
            "base/kustomization.yaml",
            r#"resources: [cm.yaml]
vars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: settings}}]
"#,
        ),
        ("base/cm.yaml", SETTINGS),
        (
            "top/kustomization.yaml",
            r#"resources: [../base]
vars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: settings}}]
"#,
        ),
    ];
    let expected = r#"Error: merging vars [{A ConfigMap.[noVer].[noGrp] {}}]: var 'A' already encountered"#;
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn definitions_say_what_names_what() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [r.yaml]
crds: [crd.json]
namePrefix: p-
commonLabels: {a: b}
"#,
        ),
        (
            "crd.json",
            r#"{"example.com/v1.Foo": {"Schema": {"properties": {"apiVersion": {}, "kind": {}, "metadata": {}, "spec": {"$ref": "FooSpec"}}}},
 "FooSpec": {"Schema": {"properties": {
   "settings": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap"},
   "labels": {"x-kubernetes-label-selector": ""}}}}}
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: example.com/v1
kind: Foo
metadata: {name: foo}
spec: {settings: {name: settings}, labels: {}}
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: ConfigMap
metadata:
  labels:
    a: b
  name: p-settings
---
apiVersion: example.com/v1
kind: Foo
metadata:
  labels:
    a: b
  name: p-foo
spec:
  labels:
    a: b
  settings:
    name: p-settings
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn a_reference_that_was_fixed_knows_what_renamed_its_object() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{configMap: {name: c}}]}\n\
               ---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    let (sources, built) =
        built(&[("kustomization.yaml", "resources: [a.yaml]\nnamePrefix: p-\n"), ("a.yaml", pod)], "");
    let pod = built.resources.iter().find(|resource| resource.kind() == "Pod").expect("a pod");
    let name = pod.at(&["spec", "volumes"]).and_then(|volumes| volumes.items()[0].at(&["configMap", "name"]));
    let change = name.and_then(|name| name.change.as_deref()).expect("a change");
    assert_eq!((change.by, sources.snippet(change.at)), ("nameReference", "p-"));
}
