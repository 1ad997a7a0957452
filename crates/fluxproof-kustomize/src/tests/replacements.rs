//! Replacements, each option each way.

use super::{built, check, field, sources, with_objects};

/// A field of the Thing after one replacement from the ConfigMap's host.
#[track_caller]
fn replaced(source: &str, target: &str, path: &[&str]) -> String {
    let text = format!(
        "replacements:\n  - source: {{kind: ConfigMap, {source}}}\n    targets: [{{select: {{kind: Thing}}, {target}}}]"
    );
    field(&text, "Thing", path)
}

#[test]
fn the_layout_s_own_replacement() {
    check(
        "=== kustomization.yaml
resources: [repositories.yaml, operator.yaml]
replacements:
  - source:
      kind: GitRepository
      name: eso
      fieldPath: spec.ref.tag
      options: {delimiter: v, index: 1}
    targets:
      - select: {kind: Kustomization, name: operator}
        fieldPaths: [spec.postBuild.substitute.version]
        options: {create: true}
=== repositories.yaml
{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: eso}, spec: {ref: {tag: v2.9.0}}}
=== operator.yaml
{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: operator}, spec: {path: ./operator}}
",
        &[
            "GitRepository eso spec={ref:{tag:\"v2.9.0\"}}",
            "Kustomization operator spec={path:\"./operator\",postBuild:{substitute:{version:\"2.9.0\"}}}",
        ],
    );
}

#[test]
fn paths_find_fields() {
    for (paths, path, expected) in [
        ("fieldPaths: [spec.list.0.name]", &["spec", "list"][..], "[{name:\"a.example\",size:1},{name:\"b\"}]"),
        ("fieldPaths: ['spec.list.[name=b].name']", &["spec", "list"], "[{name:\"a\",size:1},{name:\"a.example\"}]"),
        ("fieldPaths: ['spec.list.*.name']", &["spec", "list"], "[{name:\"a.example\",size:1},{name:\"a.example\"}]"),
        (
            "fieldPaths: ['spec.list.[name=.*].name']",
            &["spec", "list"],
            "[{name:\"a.example\",size:1},{name:\"a.example\"}]",
        ),
        ("options: {create: true}, fieldPaths: [spec.new.deep]", &["spec", "new"], "{deep:\"a.example\"}"),
        (
            "options: {create: true}, fieldPaths: ['spec.new.[id=7].v']",
            &["spec", "new"],
            "[{id:\"7\",v:\"a.example\"}]",
        ),
        ("options: {create: true}, fieldPaths: [spec.new.0.v]", &["spec", "new"], "[{v:\"a.example\"}]"),
        (
            "options: {create: true}, fieldPaths: ['metadata.labels.[a.b/c]']",
            &["metadata", "labels"],
            "{a.b/c:\"a.example\"}",
        ),
        (
            "options: {create: true}, fieldPaths: [metadata.labels.a\\.b]",
            &["metadata", "labels"],
            "{a.b:\"a.example\"}",
        ),
        ("options: {delimiter: ''}", &["metadata", "name"], "\"a.example\""),
    ] {
        assert_eq!(replaced("fieldPath: data.host", paths, path), expected, "{paths}");
    }
}

#[test]
fn what_cannot_be_found_is_said() {
    for (source, paths, expected) in [
        ("fieldPath: data.host", "fieldPaths: [spec.gone]", "unable to find field \"spec.gone\" in replacement target"),
        (
            "fieldPath: data.host",
            "fieldPaths: ['spec.list.[name=z].x']",
            "unable to find field \"spec.list.[name=z].x\" in replacement target",
        ),
        (
            "fieldPath: data.host",
            "fieldPaths: [spec.list.5.x]",
            "unable to find field \"spec.list.5.x\" in replacement target: index 5 specified but only 2 elements found",
        ),
        (
            "fieldPath: data.host",
            "fieldPaths: [spec.port.x]",
            "unable to find field \"spec.port.x\" in replacement target: wrong node kind: expected MappingNode but got ScalarNode",
        ),
        (
            "fieldPath: data.host",
            "fieldPaths: ['spec.*']",
            "unable to find field \"spec.*\" in replacement target: wrong node kind: expected SequenceNode but got MappingNode",
        ),
        (
            "fieldPath: data.gone",
            "fieldPaths: [spec.port]",
            "fieldPath `data.gone` is missing for replacement source ConfigMap.v1.[noGrp]/settings.[noNs]",
        ),
        ("name: gone", "fieldPaths: [spec.port]", "nothing selected by the source of a replacement"),
        (
            "fieldPath: data.host, options: {delimiter: '.', index: 2}",
            "fieldPaths: [spec.port]",
            "options.index 2 is out of bounds for value a.example",
        ),
        (
            "fieldPath: data, options: {delimiter: '.'}",
            "fieldPaths: [spec.port]",
            "delimiter option can only be used with scalar nodes",
        ),
        (
            "fieldPath: data.host",
            "fieldPaths: [spec.port]",
            "cannot decode `a.example` as what the field of the replacement target was",
        ),
    ] {
        assert_eq!(replaced(source, paths, &["spec"]), format!("!{expected}"), "{source} {paths}");
    }
}

#[test]
fn delimiters_take_and_put_parts() {
    let part = |source: &str, target: &str| {
        let options = format!("fieldPaths: ['spec.list.0.name'], options: {{delimiter: '-', {target}}}");
        let text = format!(
            "patches: [{{target: {{kind: Thing}}, patch: '[{{op: replace, path: /spec/list/0/name, value: x-y}}]'}}]\n\
             replacements:\n  - source: {{kind: ConfigMap, fieldPath: data.host, options: {{delimiter: '.', {source}}}}}\n    \
             targets: [{{select: {{kind: Thing}}, {options}}}]"
        );
        field(&text, "Thing", &["spec", "list"])
    };
    for (source, target, expected) in [
        ("index: 0", "index: 0", "a-y"),
        ("index: 1", "index: 1", "x-example"),
        ("index: 0", "index: 9", "x-y-a"),
        ("index: 0", "index: -1", "a-x-y"),
    ] {
        let expected = format!("!{expected}");
        let found = part(source, target);
        assert!(found.contains(&format!("name:\"{}\"", &expected[1..])), "{source} {target}: {found}");
    }
}

#[test]
fn types_are_those_of_the_target_and_new_fields_are_read_again() {
    let text = |value: &str, target: &str| {
        format!(
            "patches: [{{target: {{kind: ConfigMap}}, patch: '[{{\"op\": \"replace\", \"path\": \"/data/host\", \"value\": {value}}}]'}}]\n\
             replacements:\n  - source: {{kind: ConfigMap, fieldPath: data.host}}\n    targets: [{{select: {{kind: Thing}}, {target}}}]"
        )
    };
    let port = "fieldPaths: [spec.port]";
    let name = "fieldPaths: [spec.list.0.name]";
    let new = "fieldPaths: [spec.new], options: {create: true}";
    let note = "fieldPaths: [metadata.annotations.x], options: {create: true}";
    for (value, target, path, expected) in [
        ("\"81\"", port, &["spec", "port"][..], "81"),
        ("81", name, &["spec", "list"], "[{name:\"81\",size:1},{name:\"b\"}]"),
        ("\"1.0\"", new, &["spec", "new"], "1.0"),
        ("\"true\"", new, &["spec", "new"], "true"),
        ("\"1.0\"", note, &["metadata", "annotations"], "{x:\"1.0\"}"),
        ("{\"a\": [1]}", new, &["spec", "new"], "{a:[1]}"),
        ("\"2.9.0\"", new, &["spec", "new"], "\"2.9.0\""),
    ] {
        assert_eq!(field(&text(value, target), "Thing", path), expected, "{value} {target}");
    }
}

#[test]
fn sources_are_one_object_and_targets_any() {
    let two = "resources: [objects.yaml, two.yaml]\nreplacements: [{source: {kind: ConfigMap}, targets: []}]\n=== two.yaml\n\
               {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}\n";
    let build = built(&sources(&with_objects(two).replacen("resources: [objects.yaml]\n", "", 1)), "");
    assert_eq!(build.problems[0].message, "multiple matches for the source of a replacement");
    assert_eq!(build.problems[0].related.len(), 2);
    let named = |reject: &str| {
        let text = format!(
            "replacements:\n  - source: {{kind: ConfigMap}}\n    targets:\n      - select: {{name: 'web|thing'}}\n        reject: {reject}\n        \
             fieldPaths: [metadata.annotations.from]\n        options: {{create: true}}"
        );
        let build = built(&sources(&with_objects(&text)), "");
        assert_eq!(build.problems, []);
        build
            .resources
            .iter()
            .filter(|r| r.annotation("from") == Some("settings"))
            .map(|r| r.kind().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(named("[]"), ["Deployment", "Thing"]);
    assert_eq!(named("[{kind: Thing}]"), ["Deployment"]);
    assert_eq!(named("[{labelSelector: app}]"), ["Deployment", "Thing"]);
}

#[test]
fn replacements_may_stand_in_a_file_and_bring_a_value() {
    let text = "replacements: [{path: r.yaml}, {path: gone.yaml}]\n=== r.yaml\n- sourceValue: '9'\n  targets: [{select: {kind: Thing}, fieldPaths: [spec.port]}]\n";
    let build = built(&sources(&with_objects(text)), "");
    assert_eq!(super::json(build.resources[2].at(&["spec", "port"]).expect("a port")), "9");
    assert_eq!(build.problems[0].message, "file 'gone.yaml': no such file or directory");
}

#[test]
fn copied_values_point_at_their_source() {
    let text = "replacements:\n  - source: {kind: ConfigMap, fieldPath: data.host}\n    targets: [{select: {kind: Thing}, fieldPaths: [spec.list.0.name]}]";
    let sources = sources(&with_objects(text));
    let build = built(&sources, "");
    let name = &build.resources[2].at(&["spec", "list"]).expect("a list").items()[0];
    assert_eq!(sources.snippet(name.get("name").expect("a name").span), "a.example");
}
