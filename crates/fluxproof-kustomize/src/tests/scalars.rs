//! What becomes of scalars and keys on the way through yaml.v3, and of what plugin objects say.

use super::output;

/// Builds one object, `kind: Thing` and what follows.
fn thing(rest: &str) -> String {
    let object = format!("kind: Thing\nmetadata:\n  name: a\n{rest}");
    output(&[("kustomization.yaml", "resources: [a.yaml]\n"), ("a.yaml", &object)], "")
}

#[test]
fn between_brackets_what_is_empty_and_what_has_a_time_is_a_string() {
    let object = "spec:\n  a: {x: , y: [2020-01-02 3:4:5], z: 2020-01-02}\n  b: 2020-01-02 3:4:5\n  c:\n  d: ~\n";
    let printed = "kind: Thing\nmetadata:\n  name: a\nspec:\n  a:\n    x: \"\"\n    \"y\":\n    - \"2020-01-02 3:4:5\"\n    \
                   z: \"2020-01-02T00:00:00Z\"\n  b: \"2020-01-02T03:04:05Z\"\n  c: null\n  d: null\n";
    assert_eq!(thing(object), printed);
}

#[test]
fn an_annotation_is_its_text() {
    let object = "  annotations:\n    a: >-\n      x\n        y\n    b: !!binary aGk=\nspec:\n  a: >-\n    x\n      y\n  \
                  b: !!binary aGk=\n";
    let printed = "kind: Thing\nmetadata:\n  annotations:\n    a: |-\n      x\n        y\n    b: aGk=\n  name: a\nspec:\n  \
                   a: |-\n    x\n\n      y\n  b: hi\n";
    assert_eq!(thing(object), printed);
}

#[test]
fn an_annotation_is_printed_to_be_json_for_a_json_patch() {
    let object = "kind: Thing\nmetadata:\n  name: a\n  annotations:\n    a: >-\n      x\n        y\n    b: !!binary aGk=\n    \
                  c: 'aGk='\n    d: >\n      x\n    e: >+\n      x\n\n";
    let patch = "  patch: '[{\"op\": \"add\", \"path\": \"/spec\", \"value\": 1}]'\n";
    let kustomization = format!("resources: [a.yaml]\npatches:\n- target: {{kind: Thing}}\n{patch}");
    let twice = format!("{kustomization}- target: {{kind: Thing}}\n{patch}");
    let printed = "kind: Thing\nmetadata:\n  annotations:\n    a: |-\n      x\n\n        y\n    b: hi\n    c: aGk=\n    d: |\n      x\n    \
                   e: |+\n      x\n\n\n  name: a\nspec: 1\n";
    for kustomization in [kustomization, twice] {
        assert_eq!(output(&[("kustomization.yaml", &kustomization), ("a.yaml", object)], ""), printed);
    }
}

#[test]
fn a_plain_text_that_an_operator_changes_is_read_anew() {
    let named = |name: &str, kustomization: &str| {
        let kustomization = format!("resources: [a.yaml]\n{kustomization}");
        let object = format!("kind: Thing\nmetadata:\n  name: {name}\n");
        output(&[("kustomization.yaml", &kustomization), ("a.yaml", &object)], "")
    };
    let said = |name: &str| format!("kind: Thing\nmetadata:\n  name: {name}\n");
    assert_eq!(named("e3", "namePrefix: '1'\n"), said("1000"));
    assert_eq!(named("'e3'", "namePrefix: '1'\n"), said("\"1e3\""));
    assert_eq!(named("tr", "nameSuffix: ue\n"), said("true"));
    assert_eq!(named("e3", "namePrefix: a\n"), said("ae3"));
}

#[test]
fn nothing_between_brackets_is_null_to_an_operator() {
    let labelled = |create: bool| {
        let config = format!("commonLabels: [{{path: spec/labels, create: {create}}}]\n");
        let files = [
            ("kustomization.yaml", "resources: [a.yaml]\nconfigurations: [c.yaml]\ncommonLabels: {a: b}\n"),
            ("a.yaml", "kind: Thing\nmetadata: {name: a, labels: }\nspec: {labels: }\n"),
            ("c.yaml", &config),
        ];
        output(&files, "")
    };
    let labels = "kind: Thing\nmetadata:\n  labels:\n    a: b\n  name: a\n";
    assert_eq!(labelled(true), format!("{labels}spec:\n  labels:\n    a: b\n"));
    assert_eq!(labelled(false), format!("{labels}spec:\n  labels: \"\"\n"));
}

#[test]
fn a_quoted_merge_key_is_gone() {
    let printed = "kind: Thing\nmetadata:\n  name: a\nspec:\n  d: e\n";
    assert_eq!(thing("spec:\n  \"<<\": {a: b}\n  d: e\n"), printed);
    assert_eq!(thing("spec: {'<<': x, d: e}\n"), printed);
}

#[test]
fn a_key_that_is_no_string_is_refused_where_it_is_left() {
    let object = "kind: Thing\nmetadata: {name: a}\nspec: {1: x, b: c}\n";
    let patched = |patch: &str| {
        let kustomization = format!("resources: [a.yaml]\npatches:\n- {patch}\n");
        output(&[("kustomization.yaml", &kustomization), ("a.yaml", object)], "")
    };
    let merge = |rest: &str| patched(&format!("patch: '{{kind: Thing, metadata: {{name: a}}, {rest}}}'"));
    let left = "kind: Thing\nmetadata:\n  name: a\n";
    for (rest, expected) in [
        ("spec: {1: null}", format!("{left}spec:\n  b: c\n")),
        ("spec: {\"1\": null}", format!("{left}spec:\n  b: c\n")),
        ("spec: null", left.to_owned()),
        ("$patch: delete", String::new()),
    ] {
        assert_eq!(merge(rest), expected, "{rest}");
    }
    let refused = "json: unsupported type: map[interface {}]interface {}";
    assert!(merge("spec: {\"1\": y}").ends_with(refused));
    let json = "patch: |-\n    - {op: remove, path: /spec/1}\n  target: {kind: Thing}";
    assert!(patched(json).ends_with(refused), "{}", patched(json));
}

#[test]
fn a_key_below_the_top_that_is_no_string_is_refused() {
    for object in ["spec: {1: x}\n", "spec:\n- true: x\n", "spec: {2020-01-01: x}\n", "spec:\n  ~: x\n"] {
        assert!(thing(object).ends_with("json: unsupported type: map[interface {}]interface {}"), "{object}");
    }
    assert!(thing("spec: {'1': x, yes: y, 2020-01-01 1:2:3: z}\n").contains("  \"1\": x\n"));
    assert!(thing("1: x\n").starts_with("\"1\": x\n"));
    let labels = "resources: [a.yaml]\nlabels: [{pairs: {'1': x}}]\n";
    let object = "kind: Thing\nmetadata: {name: a}\n";
    let refused = output(&[("kustomization.yaml", labels), ("a.yaml", object)], "");
    assert!(refused.ends_with("json: unsupported type: map[interface {}]interface {}"), "{refused}");
}

#[test]
fn the_items_of_a_list_have_been_json() {
    let list = |item: &str| {
        let list = format!("kind: ThingList\nitems:\n- kind: Thing\n  metadata: {{name: a}}\n  spec: {item}\n");
        output(&[("kustomization.yaml", "resources: [a.yaml]\n"), ("a.yaml", &list)], "")
    };
    let item = "{a: 2020-01-02 3:4:5, b: , c: [0777, 12345678901234567], d: !!binary aGk=, \"<<\": x}";
    let printed = "kind: Thing\nmetadata:\n  name: a\nspec:\n  a: \"2020-01-02T03:04:05Z\"\n  b: null\n  c:\n  - 511\n  \
                   - 12345678901234567\n  d: hi\n";
    assert_eq!(list(item), printed);
    assert!(list(">-\n    a\n      b\n\n    c").contains("spec: |-\n  a\n    b\n\n  c\n"));
    assert!(list("{1: x}").contains("json: unsupported type: map[interface {}]interface {}"));
}

#[test]
fn a_list_without_metadata_gets_an_empty_mapping() {
    let files = [("kustomization.yaml", "resources: [a.yaml]\n"), ("a.yaml", "kind: ThingList\nspec: {a: b}\n")];
    assert_eq!(output(&files, ""), "kind: ThingList\nmetadata: {}\nspec:\n  a: b\n");
}

#[test]
fn a_text_of_a_plugin_object_may_be_a_number() {
    for (value, said) in [("true", "true"), ("1.50", "1.5"), ("0x1F", "31"), ("1e3", "1000"), ("yes", "yes"), ("~", "")]
    {
        let plugin = |kind: &str, rest: &str| {
            let metadata = "metadata: {name: t}\n  fieldSpecs: [{path: spec/x, create: true}]";
            format!("- |-\n  apiVersion: builtin\n  kind: {kind}\n  {metadata}\n  {rest}\n")
        };
        let annotations = plugin("AnnotationsTransformer", &format!("annotations: {{t: {value}}}"));
        let prefix = plugin("PrefixTransformer", &format!("prefix: {value}")).replace("spec/x", "metadata/name");
        let kustomization = format!("resources: [a.yaml]\ntransformers:\n{annotations}{prefix}");
        let object = "kind: Thing\nmetadata: {name: a}\n";
        let built = output(&[("kustomization.yaml", &kustomization), ("a.yaml", object)], "");
        assert!(built.contains(&format!("  name: {said}a\n")), "{value}: {built}");
        assert!(built.contains(&format!("    t: \"{said}\"\n")), "{value}: {built}");
    }
}
