//! Patches in whole builds.

use super::{built, output};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        image: nginx
        ports:
        - {containerPort: 80, protocol: TCP}
        - {containerPort: 81, protocol: TCP}
      - name: proxy
        image: envoy
";

/// What `patches` of a kustomization make of the Deployment, without what is above its containers.
fn patched(patches: &str) -> String {
    let kustomization = format!("resources: [a.yaml]\n{patches}");
    output(&[("kustomization.yaml", &kustomization), ("a.yaml", DEPLOYMENT)], "")
}

fn inline(patch: &str, more: &str) -> String {
    let lines: String = patch.lines().map(|line| format!("    {line}\n")).collect();
    patched(&format!("patches:\n- patch: |-\n{lines}{more}"))
}

fn containers(patch: &str) -> String {
    let head = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: ";
    let text = inline(&format!("{head}{patch}}}}}}}}}"), "");
    text.split_once("    spec:\n").map_or(text.clone(), |(_, containers)| containers.replace("      ", ""))
}

#[test]
fn items_of_the_patch_come_first_and_are_merged_by_name() {
    let text = containers("[{name: proxy, image: envoy:2}, {name: log}]");
    assert!(
        text.starts_with("containers:\n- image: envoy:2\n  name: proxy\n- name: log\n- image: nginx\n  name: web\n"),
        "{text}"
    );
}

#[test]
fn directives_delete_and_replace() {
    assert!(!containers("[{name: proxy, $patch: delete}]").contains("proxy"));
    assert_eq!(containers("[{$patch: replace}, {name: log}]"), "containers:\n- name: log\n");
    assert!(containers("[{$patch: delete}]").ends_with("  template:\n    spec: {}\n"));
    assert!(containers("[{name: web, $patch: none}]").starts_with("Error: "));
}

#[test]
fn what_kyaml_loses_is_lost() {
    assert_eq!(containers("[{image: nameless}]"), "containers: []\n");
    let text = containers("[{name: web, ports: [{containerPort: 80, name: http}]}]");
    assert!(!text.contains("http"), "an item with a protocol is not one without: {text}");
    assert!(containers("[{name: proxy, $patch: replace, args: [x]}]").contains("- image: envoy\n  name: proxy"));
}

#[test]
fn what_the_network_brings_may_be_what_is_named() {
    let patch = "patches:\n- patch: '{apiVersion: v1, kind: Other, metadata: {name: x}, spec: {replicas: 2}}'\n";
    let replacement = "replacements:\n- source: {kind: Other, name: x}\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.y]}]\n";
    for text in [patch, replacement, "patchesStrategicMerge:\n- '{apiVersion: v1, kind: Other, metadata: {name: x}}'\n"]
    {
        let problems = |resources: &str| {
            let kustomization = format!("resources: [{resources}]\n{text}");
            built(&[("kustomization.yaml", &kustomization), ("a.yaml", DEPLOYMENT)], "").1.problems.len()
        };
        assert_eq!((problems("a.yaml"), problems("a.yaml, 'https://example.com/x.yaml'")), (1, 0), "{text}");
    }
}

#[test]
fn a_selector_may_find_nothing_but_a_name_may_not() {
    let patch = "{apiVersion: v1, kind: Other, metadata: {name: x}, spec: {replicas: 2}}";
    assert!(inline(patch, "  target: {kind: Foo}\n").contains("replicas: 1"));
    assert_eq!(
        inline(patch, ""),
        "Error: no resource matches strategic merge patch \"Other.v1.[noGrp]/x.[noNs]\": no matches for Id \
         Other.v1.[noGrp]/x.[noNs]; failed to find unique target for patch Other.v1.[noGrp]/x.[noNs]"
    );
    let targeted = inline(patch, "  target: {name: w.*}\n");
    assert!(targeted.contains("kind: Deployment") && targeted.contains("replicas: 2"), "{targeted}");
}

#[test]
fn names_and_kinds_change_where_that_is_allowed() {
    let patch = "{apiVersion: v1, kind: StatefulSet, metadata: {name: db, namespace: other}}";
    let options = "  target: {kind: Deployment}\n  options: {allowNameChange: true, allowKindChange: true}\n";
    let text = inline(patch, options);
    assert!(
        text.starts_with(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  labels:\n    app: web\n  name: db\nspec"
        ),
        "{text}"
    );
}

#[test]
fn labels_are_not_removed_where_a_selector_finds_the_resource() {
    let patch = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {app: null}}}";
    assert!(!inline(patch, "").contains("app:"));
    assert!(inline(patch, "  target: {kind: Deployment}\n").contains("app: \"null\""));
}

#[test]
fn a_json_patch_finds_annotations_and_rounds_numbers() {
    let text = inline(
        "- {op: add, path: /metadata/annotations/a~1b, value: yes}\n- {op: add, path: /spec/big, value: 12345678901234567}",
        "  target: {kind: Deployment}\n",
    );
    assert!(text.contains("  annotations:\n    a/b: \"true\"\n") && text.contains("big: 12345678901234568"), "{text}");
    let old = "patchesJson6902:\n- target: {version: v1, group: apps, kind: Deployment, name: web}\n  patch: |-\n    ";
    let text = patched(&format!("{old}- {{op: add, path: /metadata/annotations/a, value: b}}\n"));
    let missing =
        "Error: add operation does not apply: doc is missing path: \"/metadata/annotations/a\": missing value";
    assert_eq!(text, missing);
}

#[test]
fn json_operations_do_what_they_say() {
    let text = |operations: &str| inline(operations, "  target: {kind: Deployment}\n");
    let done = text(
        "- {op: test, path: /spec/replicas, value: 1}\n- {op: move, from: /spec/replicas, path: /spec/count}\n\
         - {op: copy, from: /metadata/name, path: /spec/copy}\n- {op: remove, path: /spec/template/spec/containers/-1}\n\
         - {op: add, path: /spec/template/spec/containers/0/args, value: [b]}\n\
         - {op: add, path: /spec/template/spec/containers/0/args/0, value: a}",
    );
    assert!(
        done.contains("  copy: web\n  count: 1\n") && done.contains("- args:\n        - a\n        - b\n"),
        "{done}"
    );
    assert!(!done.contains("envoy"));
    assert_eq!(
        text("[{\"op\": \"test\", \"path\": \"/metadata/name\", \"value\": \"x\"}]"),
        "Error: testing value /metadata/name failed: test failed"
    );
    assert!(
        text("- {op: remove, path: /spec/none}").ends_with("Unable to remove nonexistent key: none: missing value")
    );
    assert!(text("- {op: jump, path: /spec}").ends_with("Unexpected kind: jump"));
}

#[test]
fn texts_that_are_no_patch_are_told() {
    let error = "Error: trouble configuring builtin PatchTransformer with config: `\npatch: '[{op: add}]'\n`: unable to \
                 parse SM or JSON patch from [patch: \"[{op: add}]\"]";
    assert_eq!(inline("[{op: add}]", ""), error);
    assert!(inline("# nothing", "").contains("replicas: 1"));
    assert!(
        inline("- {op: remove, path: /spec}", "").starts_with("Error: must specify a target for JSON patch [patch:")
    );
    let old = patched("patchesStrategicMerge:\n- none.yaml\n");
    assert!(old.contains("PatchStrategicMergeTransformer with config: `\npaths:\n- none.yaml\n`: "), "{old}");
}

#[test]
fn values_of_a_patch_lead_to_its_text() {
    let kustomization = "resources: [a.yaml]\npatches:\n- path: p.yaml\n- target: {name: web}\n  patch: |-\n    \
                         - {op: replace, path: /spec/paused, value: true}\n";
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 7, paused: false}\n";
    let files = [("kustomization.yaml", kustomization), ("a.yaml", DEPLOYMENT), ("p.yaml", patch)];
    let (sources, built) = built(&files, "");
    let shown = |path: &[&str]| {
        let value = built.resources[0].at(path).expect("a value");
        let change = value.change.as_deref().expect("a change");
        let text = |span: fluxproof_yaml::Span| &sources.text(span.file)[span.start as usize..span.end as usize];
        let before = change.before.as_ref().map(|before| text(before.span));
        (text(value.span), change.by, text(change.at), before)
    };
    assert_eq!(shown(&["spec", "replicas"]), ("7", "patches", "7", Some("1")));
    assert_eq!(shown(&["spec", "paused"]), ("true", "patches", "true", Some("false")));
}

#[test]
fn definitions_of_a_file_merge_the_lists_of_a_custom_resource() {
    let schema = "definitions: {T: {properties: {parts: {type: array, x-kubernetes-patch-strategy: merge, \
                  x-kubernetes-patch-merge-key: id}}, x-kubernetes-group-version-kind: [{group: e.com, version: v1, kind: T}]}}\n";
    let head = "{apiVersion: e.com/v1, kind: T, metadata: {name: t}, parts: ";
    let (object, patch) = (format!("{head}[{{id: a, x: 1}}]}}"), format!("{head}[{{id: b}}, {{id: a, y: 2}}]}}"));
    let kustomization = |openapi: &str| format!("resources: [a.yaml]\npatches: [{{path: p.yaml}}]\n{openapi}");
    let text = |openapi: &str| {
        let kustomization = kustomization(openapi);
        let files =
            [("kustomization.yaml", &*kustomization), ("a.yaml", &object), ("p.yaml", &patch), ("s.yaml", schema)];
        output(&files, "")
    };
    assert!(text("openapi: {path: s.yaml}\n").ends_with("parts:\n- id: b\n- id: a\n  x: 1\n  \"y\": 2\n"));
    assert!(text("openapi: {version: v1.21.2}\n").ends_with("parts:\n- id: b\n- id: a\n  \"y\": 2\n"));
    assert_eq!(text("openapi: {version: v1.20}\n"), "Error: the specified OpenAPI version is not built in");
    assert!(text("openapi: {version: v1.21.2, path: s.yaml}\n").contains("cannot use both"));
}

#[test]
fn a_merge_drops_a_namespace_that_is_null() {
    let files = [
        ("kustomization.yaml", "resources: [a.yaml]\npatches: [{patch: '{kind: Thing, metadata: {name: a}, x: 1}'}]\n"),
        ("a.yaml", "kind: Thing\nmetadata: {name: a, namespace: null}\n"),
    ];
    assert_eq!(output(&files, ""), "kind: Thing\nmetadata:\n  name: a\nx: 1\n");
}

#[test]
fn a_merge_refuses_an_empty_key_that_it_meets() {
    let merged = |object: &str, patch: &str| {
        let patch =
            format!("resources: [a.yaml]\npatches: [{{patch: '{{kind: Thing, metadata: {{name: a}}, {patch}}}'}}]\n");
        let object = format!("kind: Thing\nmetadata: {{name: a}}\n{object}\n");
        output(&[("kustomization.yaml", &patch), ("a.yaml", &object)], "")
    };
    let refused = "wrong node kind: expected ScalarNode but got MappingNode";
    assert!(merged("x: {'': y}", "z: 1").contains(refused));
    assert!(merged("x: 1", "z: {\"\": 1}").contains(refused));
    assert!(merged("x: {'': y}\nl: [{'': y}]", "x: null").ends_with("l:\n- \"\": \"y\"\nmetadata:\n  name: a\n"));
}

#[test]
fn a_merge_by_a_selector_gives_an_object_an_api_version() {
    let merged = |target: &str| {
        let patch = format!(
            "resources: [a.yaml]\npatches: [{{patch: '{{kind: Thing, metadata: {{name: a}}, x: 1}}'{target}}}]\n"
        );
        output(&[("kustomization.yaml", &patch), ("a.yaml", "kind: Thing\nmetadata: {name: a}\n")], "")
    };
    let printed = "kind: Thing\nmetadata:\n  name: a\nx: 1\n";
    assert_eq!(merged(", target: {kind: Thing}"), format!("apiVersion: null\n{printed}"));
    assert_eq!(merged(""), printed);
}

#[test]
fn nothing_between_brackets_is_null_to_a_merge() {
    let merged = |object: &str, patch: &str| {
        let patch =
            format!("resources: [a.yaml]\npatches: [{{patch: '{{kind: Thing, metadata: {{name: a}}, {patch}}}'}}]\n");
        let object = format!("kind: Thing\nmetadata: {{name: a}}\n{object}\n");
        output(&[("kustomization.yaml", &patch), ("a.yaml", &object)], "")
    };
    let printed = "kind: Thing\nmetadata:\n  name: a\nspec:\n  b: {}\n  d:\n  - x\n  - e: \"\"\n  l:\n  - r: \"\"\n  m: {}\nt: {}\n";
    let object = "spec: {a: , b: {c: }, d: [x, {e: }], f: 1}\nt: {z: }";
    assert_eq!(merged(object, "spec: {f: , n: , m: {q: }, l: [{r: }]}"), printed);
}
