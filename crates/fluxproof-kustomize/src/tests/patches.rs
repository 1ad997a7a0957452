//! JSON patches, strategic merge patches, their targets and their spans.

use super::{built, check, field, sources, with_objects};

/// A field of the Thing after one JSON patch.
#[track_caller]
fn json(operations: &str, path: &[&str]) -> String {
    let patch = operations.lines().map(|line| format!("      {line}\n")).collect::<String>();
    field(&format!("patches:\n  - target: {{kind: Thing}}\n    patch: |-\n{patch}"), "Thing", path)
}

/// A field of an object after one strategic merge patch with a target.
#[track_caller]
fn merge(kind: &str, patch: &str, path: &[&str]) -> String {
    let text = format!("kind: {kind}\nmetadata: {{name: any}}\n{patch}");
    let patch = text.lines().map(|line| format!("      {line}\n")).collect::<String>();
    field(&format!("patches:\n  - target: {{kind: {kind}}}\n    patch: |-\n{patch}"), kind, path)
}

#[test]
fn json_operations() {
    for (operations, path, expected) in [
        ("- {op: replace, path: /spec/port, value: 81}", &["spec", "port"][..], "81"),
        ("- {op: add, path: /spec/new, value: {a: b}}", &["spec", "new"], "{a:\"b\"}"),
        ("- {op: add, path: /spec/list/-, value: 7}", &["spec", "list"], "[{name:\"a\",size:1},{name:\"b\"},7]"),
        ("- {op: add, path: /spec/list/1, value: 7}", &["spec", "list"], "[{name:\"a\",size:1},7,{name:\"b\"}]"),
        ("- {op: add, path: /spec/list/-1, value: 7}", &["spec", "list"], "[{name:\"a\",size:1},{name:\"b\"},7]"),
        ("- {op: remove, path: /spec/list/0}", &["spec", "list"], "[{name:\"b\"}]"),
        ("- {op: remove, path: /spec/list/-1}", &["spec", "list"], "[{name:\"a\",size:1}]"),
        ("- {op: move, from: /spec/port, path: /spec/list}", &["spec"], "{list:80}"),
        ("- {op: copy, from: /spec/list/1, path: /spec/port}", &["spec", "port"], "{name:\"b\"}"),
        ("- {op: test, path: /spec/list/0, value: {size: 1, name: a}}", &["spec", "port"], "80"),
        (
            "- {op: add, path: /metadata/annotations/a.b~1c~0d, value: x}",
            &["metadata", "annotations"],
            "{a.b/c~d:\"x\"}",
        ),
        ("- {op: replace, path: /spec/port, value: 1}\n- {op: remove, path: /spec/list}", &["spec"], "{port:1}"),
    ] {
        assert_eq!(json(operations, path), expected, "{operations}");
    }
}

#[test]
fn json_operations_that_do_not_fit() {
    for (operation, expected) in [
        (
            "{op: replace, path: /spec/gone, value: 1}",
            "replace operation does not apply: doc is missing key: /spec/gone: missing value",
        ),
        (
            "{op: remove, path: /spec/gone}",
            "remove operation does not apply: doc is missing path: \"/spec/gone\": missing value",
        ),
        (
            "{op: add, path: /spec/gone/x, value: 1}",
            "add operation does not apply: doc is missing path: \"/spec/gone/x\": missing value",
        ),
        ("{op: test, path: /spec/port, value: 81}", "testing value /spec/port failed: test failed"),
        ("{op: jump, path: /spec/port}", "Unexpected kind: jump"),
        ("{op: add, path: /spec/port}", "add operation has no value"),
        ("{op: remove, path: spec}", "the JSON pointer spec does not start with a slash"),
    ] {
        assert_eq!(json(&format!("- {operation}"), &["spec"]), format!("!{expected}"), "{operation}");
    }
}

#[test]
fn copies_cannot_grow_without_bound() {
    let copy = |n: usize| format!("- {{op: copy, from: /spec, path: /spec/x{n}}}\n");
    let operations: String = (0..40).map(copy).collect();
    assert_eq!(json(&operations, &["spec"]), "!the patch copies too much");
    let deeper = "- {op: copy, from: /spec/a, path: /spec/a/a}\n".repeat(600);
    let into_itself = format!("- {{op: add, path: /spec/a, value: {{}}}}\n{deeper}");
    assert_eq!(json(&into_itself, &["spec"]), "!the patch nests too deep");
}

#[test]
fn strategic_merge_of_mappings() {
    for (patch, path, expected) in [
        ("spec: {port: 81}", &["spec", "port"][..], "81"),
        ("spec: {port: null}", &["spec", "port"], "-"),
        ("spec: {new: {a: null, b: {c: 1}}}", &["spec", "new"], "{b:{c:1}}"),
        ("spec: {$patch: replace, a: 1}", &["spec"], "{a:1}"),
        ("spec: {$patch: delete}", &["spec"], "-"),
        ("spec: {list: [1]}", &["spec", "list"], "[1]"),
        ("apiVersion: other/v9\nspec: {}", &["apiVersion"], "\"example.com/v1\""),
        ("spec: {port: {a: 1}}", &["spec"], "!wrong node kind: expected ScalarNode but got MappingNode"),
        ("spec: {list: {a: 1}}", &["spec"], "!wrong node kind: expected SequenceNode but got MappingNode"),
    ] {
        assert_eq!(merge("Thing", patch, path), expected, "{patch}");
    }
    assert_eq!(merge("Thing", "x: y", &["metadata", "name"]), "\"thing\"", "an object keeps its name");
}

#[test]
fn strategic_merge_of_lists_with_keys() {
    let containers = ["spec", "template", "spec", "containers"];
    let patched = |patch: &str| {
        merge("Deployment", &format!("spec: {{template: {{spec: {{containers: {patch}}}}}}}"), &containers)
    };
    assert_eq!(
        patched("[{name: side, image: new}]"),
        "[{image:\"new\",name:\"side\"},{args:[\"x\"],env:[{name:\"A\",value:\"a\"}],image:\"r.example:5000/web:1\",name:\"web\"}]",
        "items of the patch come first"
    );
    assert_eq!(patched("[{name: web, $patch: delete}]"), "[{image:\"side\",name:\"side\"}]");
    assert_eq!(patched("[{name: web, $patch: delete}, {name: side, $patch: delete}]"), "[]");
    assert_eq!(patched("[{$patch: replace}, {name: n}]"), "[{name:\"n\"}]");
    assert_eq!(
        patched("[{name: web, env: [{name: B, value: b}, {name: A, value: null}], args: [y]}]"),
        "[{args:[\"y\"],env:[{name:\"B\",value:\"b\"},{name:\"A\"}],image:\"r.example:5000/web:1\",name:\"web\"},{image:\"side\",name:\"side\"}]"
    );
}

#[test]
fn lists_whose_keys_are_not_whole_are_doubted() {
    let patch = "patches:\n  - target: {kind: Deployment}\n    patch: |-\n      kind: Deployment\n      metadata: {name: x}\n      \
                 spec: {template: {spec: {containers: [{name: web, ports: [{containerPort: 80}]}, {image: x}]}}}";
    let build = built(&sources(&with_objects(patch)), "");
    let doubts: Vec<&str> = build.resources[1].doubts.iter().map(|doubt| &*doubt.what).collect();
    assert_eq!(doubts, ["a patch of items of spec.template.spec.containers without name is not modelled"]);
}

#[test]
fn patches_without_a_target_name_their_object() {
    let tree = |patch: &str| with_objects(&format!("patches:\n  - path: p.yaml\n=== p.yaml\n{patch}"));
    let build =
        built(&sources(&tree("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {host: b}}")), "");
    assert_eq!(build.problems, []);
    assert_eq!(build.resources[0].value.str_at(&["data", "host"]), Some("b"));
    let missing = built(&sources(&tree("{apiVersion: v1, kind: ConfigMap, metadata: {name: gone}}")), "");
    assert_eq!(
        missing.problems[0].message,
        "no resource matches strategic merge patch \"ConfigMap.v1.[noGrp]/gone.[noNs]\": no matches for Id ConfigMap.v1.[noGrp]/gone.[noNs]"
    );
    let none = built(&sources(&tree("{data: {}}")), "");
    assert!(none.problems[0].message.starts_with("unable to parse SM or JSON patch"));
    let json = built(&sources(&tree("[{op: remove, path: /data}]")), "");
    assert_eq!(json.problems[0].message, "must specify a target for JSON patch");
    let empty = built(&sources(&tree("# nothing yet\n")), "");
    assert_eq!(empty.problems, [], "an empty patch is ignored");
}

#[test]
fn a_patch_can_delete_objects() {
    check(
        &with_objects(
            "patches:\n  - target: {kind: Deployment|Thing}\n    patch: '{$patch: delete, kind: K, metadata: {name: n}}'",
        ),
        &["ConfigMap settings data={host:\"a.example\"}"],
    );
}

#[test]
fn names_change_only_where_they_may() {
    let patch = |options: &str| {
        let text = format!(
            "patches:\n  - target: {{kind: Thing}}\n    {options}\n    patch: '{{kind: Thing2, metadata: {{name: new}}}}'"
        );
        let build = built(&sources(&with_objects(&text)), "");
        format!("{} {}", build.resources[2].kind(), build.resources[2].name())
    };
    assert_eq!(patch(""), "Thing thing");
    assert_eq!(patch("options: {allowNameChange: true}"), "Thing new");
    assert_eq!(patch("options: {allowNameChange: true, allowKindChange: true}"), "Thing2 new");
}

#[test]
fn targets_select_by_expressions_and_labels() {
    let count = |target: &str| {
        let text = format!(
            "patches:\n  - target: {{{target}}}\n    patch: '[{{op: add, path: /metadata/annotations/hit, value: x}}]'"
        );
        let build = built(&sources(&with_objects(&text)), "");
        assert_eq!(build.problems, []);
        build.resources.iter().filter(|resource| resource.annotation("hit").is_some()).count()
    };
    for (target, expected) in [
        ("kind: Thing", 1),
        ("name: .*", 3),
        ("name: 'w.b'", 1),
        ("name: we", 0),
        ("group: apps, version: v1", 1),
        ("namespace: default", 3),
        ("labelSelector: app=web", 1),
        ("labelSelector: '!app'", 2),
        ("annotationSelector: x=y", 0),
        ("kind: Gone", 0),
    ] {
        assert_eq!(count(target), expected, "{target}");
    }
}

#[test]
fn a_target_that_cannot_be_read_is_doubted() {
    let text = "patches:\n  - target: {name: '('}\n    patch: '[{op: remove, path: /spec}]'";
    let build = built(&sources(&with_objects(text)), "");
    assert!(build.resources.iter().all(|resource| resource.doubts[0].what.starts_with("the target of a patch: ")));
}

#[test]
fn older_fields_are_patches_too() {
    let merge = "patchesStrategicMerge:\n  - |-\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: settings}\n    data: {host: b}\n  - gone.yaml";
    assert_eq!(field(merge, "ConfigMap", &["data"]), "!file 'gone.yaml': no such file or directory");
    let json =
        "patchesJson6902:\n  - target: {kind: Thing, name: thing}\n    patch: '[{op: remove, path: /spec/port}]'";
    assert_eq!(field(json, "Thing", &["spec", "port"]), "-");
}

#[test]
fn patched_nodes_point_at_the_patch() {
    let text = "patches:\n  - target: {kind: Thing}\n    patch: |-\n      - op: replace\n        path: /spec/port\n        value: 8443\n  - path: p.yaml\n\
                === p.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  host: patched\n";
    let sources = sources(&with_objects(text));
    let build = built(&sources, "");
    let port = build.resources[2].at(&["spec", "port"]).expect("a port").span;
    assert_eq!((sources.snippet(port), sources.path(port.file).as_str()), ("8443", "kustomization.yaml"));
    let host = build.resources[0].at(&["data", "host"]).expect("a host").span;
    assert_eq!((sources.snippet(host), sources.path(host.file).as_str()), ("patched", "p.yaml"));
}
