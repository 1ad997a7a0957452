//! What the fields of a kustomization do to all objects.

use super::{WEB, built, output};
use fluxproof_yaml::Value;

#[test]
fn names_are_extended_at_both_ends_but_those_of_some_kinds() {
    let files = [
        (
            "kustomization.yaml",
            r#"namePrefix: p-
nameSuffix: -s
resources: [r.yaml]
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: v1
kind: ConfigMap
metadata: {name: 12}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
---
apiVersion: v1
kind: Namespace
metadata: {name: web, annotations: {}}
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: Namespace
metadata:
  name: web
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: foos.example.com
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: p-12-s
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn a_namespace_goes_everywhere_it_can() {
    let files = [
        (
            "kustomization.yaml",
            r#"namespace: ns1
resources: [r.yaml]
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: v1
kind: Namespace
metadata: {name: old}
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
subjects:
- {kind: ServiceAccount, name: default}
- {kind: ServiceAccount, name: other, namespace: x}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.x}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
spec: {conversion: {webhook: {clientConfig: {service: {namespace: x}}}}}
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: Namespace
metadata:
  name: ns1
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: foos.example.com
spec:
  conversion:
    webhook:
      clientConfig:
        service:
          namespace: ns1
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: b
subjects:
- kind: ServiceAccount
  name: default
  namespace: ns1
- kind: ServiceAccount
  name: other
  namespace: x
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1.x
spec:
  service:
    namespace: ns1
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: vault
  namespace: ns1
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn labels_go_where_their_flags_say() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [d.yaml]
labels:
- pairs: {plain: a}
- {pairs: {template: a}, includeTemplates: true}
- {pairs: {selector: a}, includeSelectors: true}
- pairs: {field: a}
  fields: [{path: spec/own, kind: Deployment, create: true}]
commonAnnotations: {note: "1"}
"#,
        ),
        ("d.yaml", WEB),
    ];
    let expected = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    note: "1"
  labels:
    field: a
    plain: a
    selector: a
    template: a
  name: web
spec:
  own:
    field: a
  selector:
    matchLabels:
      selector: a
  template:
    metadata:
      annotations:
        note: "1"
      labels:
        selector: a
        template: a
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: settings
        image: nginx:1.0
        name: c
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn a_label_that_was_put_in_several_places_changes_in_all_of_them() {
    let files = [
        (
            "base/kustomization.yaml",
            r#"resources: [d.yaml]
labels: [{pairs: {app: x}, includeSelectors: true}]
"#,
        ),
        ("base/d.yaml", WEB),
        (
            "top/kustomization.yaml",
            r#"resources: [../base]
labels: [{pairs: {app: z}}]
"#,
        ),
    ];
    let expected = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: z
  name: web
spec:
  selector:
    matchLabels:
      app: z
  template:
    metadata:
      labels:
        app: z
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: settings
        image: nginx:1.0
        name: c
"#;
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn images_are_found_in_pods_and_in_any_containers() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [r.yaml]
images:
- {name: nginx, newName: registry.example.com/nginx, newTag: "2.0"}
- {name: app, digest: "sha256:ab"}
- {name: tail, tagSuffix: -x}
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: example.com/v1
kind: Foo
metadata: {name: a}
spec:
  image: nginx
  deep: {containers: [{image: "nginx:1"}, {image: "nginxx:1"}, {image: "app:1@sha256:cd"}, {image: "tail:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b}
spec:
  containers: [{image: "tail:1"}]
  initContainers:
  volumes: [{image: {reference: "nginx@sha256:ab"}}]
"#,
        ),
    ];
    let expected = r#"apiVersion: example.com/v1
kind: Foo
metadata:
  name: a
spec:
  deep:
    containers:
    - image: registry.example.com/nginx:2.0
    - image: nginxx:1
    - image: app@sha256:ab
    - image: tail:1-x
  image: nginx
---
apiVersion: v1
kind: Pod
metadata:
  name: b
spec:
  containers:
  - image: tail:1-x-x
  initContainers: []
  volumes:
  - image:
      reference: registry.example.com/nginx:2.0
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn replicas_are_set_by_any_name() {
    let files = [
        (
            "base/kustomization.yaml",
            r#"resources: [d.yaml]
namePrefix: p-
"#,
        ),
        ("base/d.yaml", WEB),
        (
            "top/kustomization.yaml",
            r#"resources: [../base]
replicas: [{name: web, count: 3}]
"#,
        ),
    ];
    let expected = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: p-web
spec:
  replicas: 3
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: settings
        image: nginx:1.0
        name: c
"#;
    assert_eq!(output(&files, "top"), expected);
}

#[test]
fn replicas_of_nothing() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [d.yaml]
replicas: [{name: gone, count: 3}]
"#,
        ),
        ("d.yaml", WEB),
    ];
    let expected = r#"Error: resource with name gone does not match a config with the following GVK [Deployment.[noVer].[noGrp] StatefulSet.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] ReplicationController.[noVer].[noGrp]]"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn what_an_operator_wrote_knows_the_text_that_asks_for_it() {
    let top = "resources: [a.yaml]\nnamePrefix: p-\nnamespace: prod\nimages: [{name: nginx, newTag: '2'}]\n\
               labels: [{pairs: {team: core}}]\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: 'nginx:1'}]}\n";
    let (sources, built) = built(&[("kustomization.yaml", top), ("a.yaml", pod)], "");
    let asked = |value: Option<&Value>| {
        value.and_then(|value| value.change.as_deref()).map(|change| (change.by, sources.snippet(change.at)))
    };
    let pod = &built.resources[0];
    assert_eq!(asked(pod.at(&["metadata", "name"])), Some(("namePrefix", "p-")));
    assert_eq!(asked(pod.at(&["metadata", "namespace"])), Some(("namespace", "prod")));
    assert_eq!(asked(pod.at(&["metadata", "labels", "team"])), Some(("labels", "core")));
    let image = pod.at(&["spec", "containers"]).and_then(|containers| containers.items()[0].get("image"));
    assert_eq!(asked(image), Some(("images", "{name: nginx, newTag: '2'}")));
    let before = image.and_then(|image| image.change.as_deref()).and_then(|change| change.before.as_ref());
    assert_eq!(before.map(|before| sources.snippet(before.span)), Some("'nginx:1'"));
}
