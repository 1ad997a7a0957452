//! Where operators look, as configurations and objects say.

use super::{WEB, output};

#[test]
fn configurations_add_places() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [r.yaml]
configurations: [c.yaml]
namePrefix: p-
namespace: ns1
images: [{name: nginx, newTag: "2"}]
"#,
        ),
        (
            "c.yaml",
            r#"nameReference:
- kind: ConfigMap
  version: v1
  fieldSpecs: [{path: spec/valuesFrom/name, kind: HelmRelease}]
images: [{path: spec/image, kind: HelmRelease}]
namespace: [{path: spec/targetNamespace, kind: HelmRelease, create: true}]
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec: {image: "nginx:1", valuesFrom: [{kind: ConfigMap, name: settings}, {kind: ConfigMap, name: other}]}
"#,
        ),
    ];
    let expected = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: p-settings
  namespace: ns1
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: p-web
  namespace: ns1
spec:
  image: nginx:2
  targetNamespace: ns1
  valuesFrom:
  - kind: ConfigMap
    name: p-settings
  - kind: ConfigMap
    name: other
"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn field_specs_that_contradict_each_other() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [d.yaml]
labels: [{pairs: {a: b}, fields: [{path: metadata/labels}]}]
"#,
        ),
        ("d.yaml", WEB),
    ];
    let expected = r#"Error: failed to merge labels: conflicting fieldspecs"#;
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn objects_under_transformers_have_their_own_places() {
    let files = [
        (
            "kustomization.yaml",
            r#"resources: [r.yaml]
transformers: [t.yaml]
"#,
        ),
        (
            "t.yaml",
            r#"apiVersion: builtin
kind: NamespaceTransformer
metadata: {name: t, namespace: n}
unsetOnly: true
setRoleBindingSubjects: allServiceAccounts
---
apiVersion: builtin
kind: LabelTransformer
metadata: {name: l}
labels: {a: b}
fieldSpecs: [{path: spec/labels, kind: Foo, create: true}]
---
apiVersion: builtin
kind: AnnotationsTransformer
metadata: {name: a}
annotations: {a: b}
fieldSpecs: [{path: metadata/annotations}]
---
apiVersion: builtin
kind: PrefixTransformer
metadata: {name: p}
prefix: p-
fieldSpecs: [{path: metadata/name, kind: Foo}]
"#,
        ),
        (
            "r.yaml",
            r#"apiVersion: example.com/v1
kind: Foo
metadata: {name: a, namespace: own}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b}
subjects: [{kind: ServiceAccount, name: x, namespace: y}, {kind: ServiceAccount, name: z}, {kind: User, name: u}]
"#,
        ),
    ];
    let expected = r#"apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  annotations:
    a: b
  name: b
  namespace: "n"
subjects:
- kind: ServiceAccount
  name: x
  namespace: "y"
- kind: ServiceAccount
  name: z
  namespace: "n"
- kind: User
  name: u
---
apiVersion: example.com/v1
kind: Foo
metadata:
  annotations:
    a: b
  name: p-a
  namespace: own
spec:
  labels:
    a: b
"#;
    assert_eq!(output(&files, ""), expected);
}
