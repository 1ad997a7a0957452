use super::{built, output};

const OBJECTS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: src}\ndata: {host: 'h:80', num: '8080'}\n---\n\
                       apiVersion: x/v1\nkind: Foo\nmetadata: {name: tgt, labels: {l: a}}\n\
                       spec:\n  port: 80\n  url: http://old/path\n  list: [{name: a, v: 1}, {name: b, v: 2}]\n  \
                       json: '{\"a\": {\"b\": 1}, \"c\": [x]}'\n  yaml: |\n    # top\n    a:\n        - b: 'x' # why\n";

fn replaced(source: &str, target: &str) -> String {
    let kustomization = format!("resources: [a.yaml]\nreplacements: [{{{source}, targets: [{{{target}}}]}}]\n");
    let text = output(&[("kustomization.yaml", &kustomization), ("a.yaml", OBJECTS)], "");
    text.split_once("spec:\n").map_or(text.clone(), |(_, spec)| spec.to_owned())
}

const HOST: &str = "source: {kind: ConfigMap, fieldPath: data.host, options: {delimiter: ':', index: 0}}";
const NUM: &str = "source: {name: src, fieldPath: data.num}";

#[test]
fn a_field_keeps_its_type_and_a_new_one_has_none() {
    assert!(replaced(NUM, "select: {kind: Foo}, fieldPaths: [spec.port]").contains("  port: 8080\n"));
    assert!(replaced(NUM, "select: {kind: Foo}, fieldPaths: [spec.url]").contains("  url: \"8080\"\n"));
    let new = replaced(NUM, "select: {kind: Foo}, fieldPaths: [spec.new.x], options: {create: true}");
    assert!(new.contains("  new:\n    x: 8080\n"), "{new}");
    let wrong = replaced(HOST, "select: {kind: Foo}, fieldPaths: [spec.port]");
    assert_eq!(wrong, "Error: map[string]interface {}(nil): yaml: cannot decode !!str `h` as a !!int");
}

#[test]
fn parts_of_a_text_and_items_of_a_list() {
    let url = replaced(HOST, "select: {name: t.t}, fieldPaths: [spec.url], options: {delimiter: /, index: 2}");
    assert!(url.contains("  url: http://h/path\n"), "{url}");
    let one = replaced(NUM, "select: {kind: Foo}, fieldPaths: ['spec.list.[name=b].v']");
    assert!(one.contains("  - name: a\n    v: 1\n  - name: b\n    v: 8080\n"), "{one}");
    let all = replaced(NUM, "select: {kind: Foo}, fieldPaths: ['spec.list.*.v']");
    assert!(all.contains("  - name: a\n    v: 8080\n  - name: b\n    v: 8080\n"), "{all}");
}

#[test]
fn texts_that_are_json_or_yaml() {
    let json = replaced(NUM, "select: {kind: Foo}, fieldPaths: [spec.json.a.b]");
    assert!(json.contains("  json: '{\"a\":{\"b\":8080},\"c\":[\"x\"]}'\n"), "{json}");
    let yaml = replaced(NUM, "select: {kind: Foo}, fieldPaths: [spec.yaml.a.0.b]");
    assert!(yaml.contains("  yaml: |-\n    # top\n    a:\n    - b: '8080' # why\n"), "{yaml}");
}

#[test]
fn rejected_objects_stay() {
    let rejected = replaced(NUM, "select: {kind: Foo}, reject: [{labelSelector: l=a}], fieldPaths: [spec.port]");
    assert!(rejected.contains("  port: 80\n"), "{rejected}");
}

#[test]
fn what_cannot_be_replaced() {
    let target = "select: {kind: Foo}, fieldPaths: [spec.port]";
    for (source, target, expected) in [
        ("source: {kind: Nope}", target, "nothing selected by Nope.[noVer].[noGrp]/[noName].[noNs]"),
        ("source: {}", target, "multiple matches for selector [noKind].[noVer].[noGrp]/[noName].[noNs]"),
        (
            "source: {name: src, fieldPath: data.zz}",
            target,
            "fieldPath `data.zz` is missing for replacement source [noKind].[noVer].[noGrp]/src.[noNs]",
        ),
        (NUM, "select: {kind: Foo}, fieldPaths: [spec.zz]", "unable to find field \"spec.zz\" in replacement target"),
        (NUM, "fieldPaths: [spec.zz]", "target must specify resources to select"),
        (
            NUM,
            "select: {kind: Foo}, fieldPaths: [spec.list.x]",
            "unable to find field \"spec.list.x\" in replacement target: wrong node kind: expected MappingNode but got \
             SequenceNode: node contents:\n[{name: a, v: 1}, {name: b, v: 2}]\n",
        ),
    ] {
        assert_eq!(replaced(source, target), format!("Error: {expected}"), "{source} {target}");
    }
}

#[test]
fn a_replaced_value_points_at_its_source() {
    let kustomization = "resources: [a.yaml]\nreplacements: [{path: r.yaml}]\n";
    let list = "- source: {name: src, fieldPath: data.num}\n  targets:\n  - select: {kind: Foo}\n    fieldPaths: [spec.port]\n";
    let (sources, built) = built(&[("kustomization.yaml", kustomization), ("a.yaml", OBJECTS), ("r.yaml", list)], "");
    let port = built.resources[1].at(&["spec", "port"]).expect("a port");
    let change = port.change.as_deref().expect("a change");
    assert_eq!((sources.snippet(port.span), sources.snippet(change.at)), ("'8080'", "spec.port"));
    assert_eq!(change.by, "replacements");
}

#[test]
fn a_mapping_copied_into_itself_has_the_field_that_is_made_for_it() {
    let kustomization = "resources: [a.yaml]\nreplacements:\n- source: {kind: Thing, fieldPath: spec}\n  targets:\n  - select: {kind: Thing}\n    \
                         fieldPaths: [spec.copy]\n    options: {create: true}\n";
    let files =
        [("kustomization.yaml", kustomization), ("a.yaml", "kind: Thing\nmetadata: {name: a}\nspec: {x: \"1\"}\n")];
    let spec = "spec:\n  copy:\n    copy: {}\n    x: \"1\"\n  x: \"1\"\n";
    assert_eq!(output(&files, ""), format!("kind: Thing\nmetadata:\n  name: a\n{spec}"));
}
