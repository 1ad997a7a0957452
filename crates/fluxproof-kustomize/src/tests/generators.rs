use super::{built, output};
use fluxproof_yaml::Value;

#[test]
fn a_config_map_of_all_sources() {
    let kustomization = "configMapGenerator:\n- name: all\n  literals: [a=1, \"b='q'\"]\n  files: [f.txt, k=f.txt]\n  \
                         envs: [e.env]\n  options: {labels: {own: x}, immutable: true}\n\
                         generatorOptions: {labels: {own: 'no', shared: 'y'}, annotations: {note: '1'}}\n";
    let files = [("kustomization.yaml", kustomization), ("f.txt", "x\ny\n"), ("e.env", "# c\nE=v w\nN\n")];
    let expected = "apiVersion: v1\ndata:\n  E: v w\n  \"N\": \"\"\n  a: \"1\"\n  b: q\n  f.txt: |\n    x\n    y\n  k: |\n    x\n    y\n\
                    immutable: true\nkind: ConfigMap\nmetadata:\n  annotations:\n    note: \"1\"\n  labels:\n    own: x\n    \
                    shared: \"y\"\n  name: all-8k42252t2m\n";
    assert_eq!(output(&files, ""), expected);
}

#[test]
fn an_overlay_merges_what_its_base_generates() {
    let base = "secretGenerator: [{name: s, literals: [a=1, b=2], type: my/type}]\nnamePrefix: p-\n";
    let top = "resources: [../base]\nsecretGenerator: [{name: s, behavior: merge, literals: [b=3], type: other}]\n";
    let files = [("base/kustomization.yaml", base), ("top/kustomization.yaml", top)];
    let text = output(&files, "top");
    assert!(text.contains("data:\n  a: MQ==\n  b: Mw==\n"), "{text}");
    assert!(text.contains("name: p-s-") && text.ends_with("type: other\n"), "{text}");
}

#[test]
fn values_point_at_what_says_them() {
    let kustomization =
        "configMapGenerator:\n- name: a\n  literals:\n  - k=literal\n  envs: [e.env]\n  files: [f.txt]\n";
    let files = [("kustomization.yaml", kustomization), ("e.env", "X=1\nY=env\n"), ("f.txt", "file")];
    let (sources, built) = built(&files, "");
    let data = |key: &str| built.resources[0].at(&["data", key]).map(|value: &Value| sources.snippet(value.span));
    assert_eq!(["k", "Y", "f.txt"].map(data), [Some("literal"), Some("env"), Some("file")]);
    let change = built.resources[0].at(&["data", "k"]).and_then(|value| value.change.as_deref()).expect("a change");
    assert_eq!(change.by, "configMapGenerator");
}

#[test]
fn what_cannot_be_generated() {
    let error = |text: &str| output(&[("kustomization.yaml", text)], "");
    for (text, expected) in [
        ("configMapGenerator: [{literals: [a=1]}]", "a configmap must have a name"),
        ("configMapGenerator: [{name: a, literals: [b=1, b=2]}]", "configmap a illegally repeats the key `b`"),
        (
            "configMapGenerator: [{name: a, literals: [x, b]}]",
            "loading KV pairs: literal sources [x b]: invalid literal source x, expected key=value",
        ),
        (
            "helmCharts: [{name: a, repo: https://example.com}]",
            "trouble configuring builtin HelmChartInflationGenerator with config: `\nname: a\nrepo: https://example.com\n`: must specify --enable-helm",
        ),
        ("configMapGenerator: [{name: a, literals: ['1=x']}]", "json: unsupported type: map[interface {}]interface {}"),
    ] {
        assert_eq!(error(text), format!("Error: {expected}"), "{text}");
    }
}

#[test]
fn a_chart_is_recorded() {
    let text = "helmCharts: [{name: redis, repo: https://charts.example.com/}]\n";
    let (_, built) = built(&[("kustomization.yaml", text)], "");
    let urls: Vec<&str> = built.external.iter().map(|external| external.url.as_str()).collect();
    assert_eq!(urls, ["https://charts.example.com/redis"]);
}

#[test]
fn an_annotation_of_kustomizes_own_asks_for_a_hash() {
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    \
                  internal.config.kubernetes.io/needsHashSuffix: enabled\ndata: {FRUIT: apple, VEGETABLE: carrot}\n";
    let text = output(&[("kustomization.yaml", "resources: [a.yaml]"), ("a.yaml", object)], "");
    assert!(text.ends_with("metadata:\n  name: a-kfd8tf729k\n"), "{text}");
}

#[test]
fn a_merge_takes_old_texts_as_they_are_written() {
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbinaryData: {b: !!binary aGk=}\ndata:\n  f: >-\n    a\n      b\n";
    let kustomization = "resources: [a.yaml]\ngeneratorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator: [{name: a, \
                         behavior: merge, literals: [z=1]}]\n";
    let text = output(&[("kustomization.yaml", kustomization), ("a.yaml", object)], "");
    let data = "binaryData:\n  b: aGk=\ndata:\n  f: |-\n    a\n      b\n  z: \"1\"\n";
    assert!(text.contains(data), "{text}");
}
