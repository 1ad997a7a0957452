//! Any patch on any object: no panic, no object that grows beyond what is read.

use super::built;
use fluxproof_yaml::{Data, Value};
use proptest::prelude::*;

/// No value that is read is deeper.
const MAX_DEPTH: usize = 256;

fn value() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec!["a", "1", "null", "''", "true", "delete", "replace", "{}", "[]"]);
    scalar.prop_map(str::to_owned).prop_recursive(5, 40, 4, |inner| {
        let key = prop::sample::select(vec![
            "name",
            "spec",
            "containers",
            "env",
            "ports",
            "$patch",
            "containerPort",
            "kind",
            "a/~b",
        ]);
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", ")));
        let map = prop::collection::btree_map(key, inner, 0..4).prop_map(|entries| {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key:?}: {value}")).collect();
            format!("{{{}}}", entries.join(", "))
        });
        prop_oneof![list, map]
    })
}

fn pointer() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "spec",
        "containers",
        "0",
        "-1",
        "-",
        "name",
        "metadata",
        "annotations",
        "a~1~0b",
        "",
        "9",
    ]);
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.iter().map(|part| format!("/{part}")).collect())
}

fn operation() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["add", "remove", "replace", "move", "copy", "test", "none"]);
    (kind, pointer(), pointer(), value()).prop_map(|(kind, path, from, value)| {
        format!("- {{op: {kind}, path: {path:?}, from: {from:?}, value: {value}}}\n")
    })
}

/// Builds an object with patches, and says how deep it is then.
fn depth(object: &str, patches: &[String]) -> usize {
    let listed: String =
        patches.iter().enumerate().map(|(at, _)| format!("- {{path: p{at}, target: {{name: x}}}}\n")).collect();
    let kustomization = format!("resources: [a.yaml]\npatches:\n{listed}");
    let names: Vec<String> = (0..patches.len()).map(|at| format!("p{at}")).collect();
    let mut files = vec![("kustomization.yaml", kustomization.as_str()), ("a.yaml", object)];
    files.extend(names.iter().zip(patches).map(|(name, text)| (name.as_str(), text.as_str())));
    let (_, built) = built(&files, "");
    built.resources.iter().map(|resource| depth_of(&resource.value)).max().unwrap_or(0)
}

fn depth_of(value: &Value) -> usize {
    let (mut deepest, mut open) = (0, vec![(value, 1)]);
    while let Some((value, depth)) = open.pop() {
        deepest = deepest.max(depth);
        match &value.data {
            Data::Scalar(..) => {}
            Data::Seq(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Data::Map(entries) => open.extend(entries.iter().map(|entry| (&entry.value, depth + 1))),
        }
    }
    deepest
}

fn object(kind: &str, spec: &str) -> String {
    format!("{{apiVersion: v1, kind: {kind}, metadata: {{name: x}}, spec: {spec}}}\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strategic_merges_end_well(kind in "Pod|Thing|Service", spec in value(), patch in value()) {
        prop_assert!(depth(&object(&kind, &spec), &[object(&kind, &patch)]) < 20);
    }

    #[test]
    fn json_patches_end_well(spec in value(), operations in prop::collection::vec(operation(), 1..6)) {
        prop_assert!(depth(&object("Pod", &spec), &[operations.concat()]) < 40);
    }
}

#[test]
fn patches_do_not_pile_up_depth() {
    let nested = format!("{}1{}", "{a: ".repeat(200), "}".repeat(200));
    let bottom = "/a".repeat(200);
    let patch = format!("- {{op: add, path: /spec{bottom}, value: {nested}}}\n");
    assert!(depth(&object("Thing", &nested), &[patch]) <= MAX_DEPTH);
    let doubles: String = (0..200).map(|_| "- {op: copy, from: /spec, path: /spec/a}\n").collect();
    assert!(depth(&object("Thing", "{a: b}"), &[doubles]) <= MAX_DEPTH);
    let wide: String = (0..64)
        .flat_map(|_| {
            [
                "- {op: copy, from: /spec, path: /b}\n",
                "- {op: add, path: /spec, value: {}}\n",
                "- {op: copy, from: /b, path: /spec/x}\n",
                "- {op: copy, from: /b, path: /spec/y}\n",
            ]
        })
        .collect();
    assert!(depth(&object("Thing", "{a: b}"), &[wide]) <= MAX_DEPTH);
}

#[test]
fn the_deepest_merges_do_not_need_much_of_a_stack() {
    let nested = |leaf: &str| format!("{}{leaf}{}", "{a: [{a: ".repeat(80), "}]}".repeat(80));
    let maps = |leaf: &str| format!("{}{leaf}{}", "{a: ".repeat(250), "}".repeat(250));
    for spec in [nested, maps] {
        assert!(depth(&object("Thing", &spec("1")), &[object("Thing", &spec("2"))]) <= MAX_DEPTH);
    }
}
