//! Native, Node and WASI print the same bytes and end with the same status.
#![expect(clippy::panic, reason = "a test ends with a message")]

use fluxproof_tests::{Host, Tree, dist, everywhere, repositories};
use std::path::Path;

const FORMATS: &[&str] = &["human", "json"];
const DRAWINGS: &[&str] = &["tree", "dot", "mermaid", "json", "svg"];

fn same_for_every_repository(command: &str, formats: &[&str]) {
    for repository in repositories() {
        for format in formats {
            let ran = everywhere(&repository, &[command, ".", "--format", format], b"");
            assert!(!ran.stdout.is_empty(), "{command} of {} prints nothing", repository.display());
            assert!([0, 1].contains(&ran.status), "{command} of {}: {ran:?}", repository.display());
        }
    }
}

#[test]
fn check_is_the_same() {
    same_for_every_repository("check", FORMATS);
}

#[test]
fn prove_is_the_same() {
    same_for_every_repository("prove", FORMATS);
}

#[test]
fn graph_is_the_same() {
    same_for_every_repository("graph", DRAWINGS);
}

#[test]
fn colours_are_the_same() {
    for repository in repositories() {
        let ran = everywhere(&repository, &["check", ".", "--color", "always"], b"");
        assert!(ran.text().contains("\u{1b}["), "no colours: {ran:?}");
    }
}

#[test]
fn what_needs_no_repository_is_the_same() {
    let tree = Tree::empty();
    for args in [
        &["--version"][..],
        &["--help"],
        &["rules"],
        &["check", "--help"],
        &["schema", "layout"],
        &["schema", "report"],
    ] {
        let ran = everywhere(&tree.repo(), args, b"");
        assert_eq!(ran.status, 0, "{args:?}: {ran:?}");
        assert!(!ran.stdout.is_empty(), "{args:?} prints nothing");
    }
}

#[test]
fn every_rule_is_explained_the_same() {
    let tree = Tree::empty();
    let listed = everywhere(&tree.repo(), &["rules", "--format", "json"], b"");
    let rules: serde_json::Value =
        serde_json::from_slice(&listed.stdout).unwrap_or_else(|error| panic!("{error}: {listed:?}"));
    let names = names(&rules);
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let ran = everywhere(&tree.repo(), &["explain", &name], b"");
        assert!(ran.status == 0 && ran.stdout.len() > 100, "{name}: {ran:?}");
    }
}

/// Every `"name"` in a JSON value.
fn names(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Array(items) => items.iter().flat_map(names).collect(),
        serde_json::Value::Object(fields) => match fields.get("name").and_then(|name| name.as_str()) {
            Some(name) => vec![name.to_owned()],
            None => fields.values().flat_map(names).collect(),
        },
        _ => Vec::new(),
    }
}

#[test]
fn wrong_command_lines_are_refused_the_same() {
    let tree = Tree::empty();
    for args in
        [&["chekc"][..], &["check", "--colour", "never"], &["check", "--format", "xml"], &["explain", "no-such-rule"]]
    {
        let ran = everywhere(&tree.repo(), args, b"");
        assert_eq!(ran.status, 2, "{args:?}: {ran:?}");
        assert!(!ran.stderr.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn nothing_to_check_is_said_the_same() {
    let tree = Tree::empty();
    assert_eq!(everywhere(&tree.repo(), &["check", "."], b"").status, 4);
}

#[test]
fn a_folder_that_is_not_there_is_a_failure_everywhere() {
    let tree = Tree::with(&[]);
    let missing = everywhere(&tree.repo(), &["check", "no-such-folder"], b"");
    assert_eq!((missing.status, missing.text().as_str()), (3, ""), "{missing:?}");
    let file = everywhere(&tree.repo(), &["check", "apps/namespace.yaml"], b"");
    assert_eq!(file.status, 3, "{file:?}");
}

#[test]
fn a_build_is_the_same_and_reaches_what_lies_beside_its_folder() {
    let tree = Tree::with(&[
        (
            "overlay/kustomization.yaml",
            b"resources: [../apps]\nnamePrefix: x-\nconfigMapGenerator: [{name: s, files: [f.txt]}]\n",
        ),
        ("overlay/f.txt", b"text\n"),
        ("apps/kustomization.yml", b"resources: [map.yaml]\n"),
        ("apps/map.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n"),
        ("lost/kustomization.yaml", b"resources: [gone.yaml, ../empty, ../apps/map.yaml]\n"),
        ("empty/sub/note.txt", b""),
    ]);
    for args in [&["build", "overlay"][..], &["build", "overlay", "--provenance", "--format", "json"]] {
        let ran = everywhere(&tree.repo(), args, b"");
        assert!(ran.status == 0 && ran.text().contains("x-map"), "{ran:?}");
    }
    for args in [&["build", "lost"][..], &["build", "empty"], &["build", "gone"], &["build", "overlay/f.txt"]] {
        let ran = everywhere(&tree.repo(), args, b"");
        assert!([1, 3].contains(&ran.status) && ran.stdout.is_empty(), "{args:?}: {ran:?}");
    }
}

#[test]
fn charts_outside_the_repository_are_read_the_same() {
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: operator, namespace: apps}
spec:
  interval: 1h
  chart: {spec: {chart: operator, version: 1.0.0, sourceRef: {kind: HelmRepository, name: charts}}}
---
apiVersion: demo.io/v1
kind: Widget
metadata: {name: w, namespace: apps}
";
    let crd = "{{- include \"crd\" . }}\n";
    let helper = "{{- define \"crd\" }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.demo.io}
spec: {group: demo.io, scope: Namespaced, names: {kind: Widget, plural: widgets}, versions: [{name: v1, served: true, storage: true}]}
{{- end }}
";
    let tree = Tree::with(&[("apps/operator.yaml", release.as_bytes())]);
    tree.put("charts/operator/Chart.yaml", b"name: operator\nversion: 1.0.0\n");
    tree.put("charts/operator/templates/crd.yaml", crd.as_bytes());
    tree.put("charts/operator/templates/_helpers.tpl", helper.as_bytes());
    let known = "custom-resource-beside-its-operator";
    let run = |args: &[&str]| everywhere(tree.outside(), &[&["check", "repo"], args].concat(), b"");
    assert!(!run(&[]).text().contains(known), "nobody says where the chart lies");
    for args in [["--chart", "operator=charts/operator"], ["--charts", "charts"], ["--charts", "./charts/operator/"]] {
        let ran = run(&args);
        assert!(ran.status == 1 && ran.text().contains(known), "{args:?}: {ran:?}");
    }
    for args in [["--charts", "gone"], ["--charts", "repo/apps"], ["--chart", "operator=charts/operator/Chart.yaml"]] {
        let ran = run(&args);
        assert!(ran.status == 2 && ran.stdout.is_empty(), "{args:?}: {ran:?}");
    }
    #[cfg(unix)]
    {
        tree.put("secret.yaml", helper.as_bytes());
        let helpers = tree.outside().join("charts/operator/templates/_helpers.tpl");
        std::fs::remove_file(&helpers).unwrap_or_else(|error| panic!("{error}"));
        std::os::unix::fs::symlink("../../../secret.yaml", &helpers).unwrap_or_else(|error| panic!("{error}"));
        let ran = run(&["--charts", "charts"]);
        assert!(!ran.text().contains(known), "a symlink that leaves the folder is not followed: {ran:?}");
    }
}

#[test]
fn a_build_climbs_above_the_folder_where_it_runs() {
    let tree = Tree::with(&[("kustomization.yaml", b"resources: [../base]\n")]);
    tree.put("base/kustomization.yaml", b"resources: [map.yaml]\n");
    tree.put("base/map.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n");
    for host in [Host::Native, Host::Node] {
        let ran = host.run(&tree.repo(), &["build"], b"", false);
        assert!(ran.status == 0 && ran.text().contains("name: map"), "{host:?}: {ran:?}");
    }
}

#[test]
fn the_generated_answer_is_the_same() {
    let tree = Tree::empty();
    let ran = everywhere(&tree.repo(), &["generate", "--format", "json"], b"");
    assert_eq!(ran.status, 0, "{ran:?}");
    let zip = everywhere(&tree.repo(), &["generate", "--zip", "-"], b"");
    assert!(zip.stdout.starts_with(b"PK"), "not a zip");
    let bad = everywhere(&tree.repo(), &["generate", "--format", "json", "--config", "-"], b"no-such-field: 1\n");
    assert_eq!(bad.status, 2, "{bad:?}");
}

#[test]
fn hosts_name_the_module_that_they_were_built_with() {
    let repositories = repositories();
    let ran = everywhere(&repositories[0], &["check", ".", "--format", "json"], b"");
    let report: serde_json::Value =
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let digest = digest(&dist("npm/fluxproof.wasm"));
    assert!(report.to_string().contains(&digest), "the report does not name sha256:{digest}");
}

/// The SHA-256 of a file, by Node: no host computes its own proof.
fn digest(file: &Path) -> String {
    let script = "process.stdout.write(require('crypto').createHash('sha256').update(require('fs').readFileSync(process.argv[1])).digest('hex'))";
    let output = std::process::Command::new("node").args(["-e", script]).arg(file).output();
    let output = output.unwrap_or_else(|error| panic!("node cannot be run: {error}"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_folder_s_place_does_not_show() {
    let (here, there) = (Tree::with(&[]), Tree::with(&[]));
    let first = Host::Native.run(&here.repo(), &["prove", ".", "--format", "json"], b"", false);
    let second = Host::Native.run(there.outside(), &["prove", "repo", "--format", "json"], b"", false);
    assert_eq!(first, second);
}

#[test]
fn what_is_adopted_is_the_same() {
    for repository in repositories().iter().filter(|path| path.to_string_lossy().contains("guide")) {
        let ran = everywhere(repository, &["adopt"], b"");
        assert!(ran.status == 0 && !ran.stdout.is_empty() && !ran.stderr.is_empty(), "{ran:?}");
        assert_eq!(everywhere(repository, &["adopt", "--diff"], b"").status, 1);
    }
}
