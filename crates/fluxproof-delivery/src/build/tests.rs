//! Builds of small trees through Flux's layer.

use super::{Artifacts, Builds, Cut, Settings, Variables, Views};
use fluxproof_kustomize::{Build, Resource, Workspace};
use fluxproof_yaml::{FileId, RepoPath, Sources, Value, View};
use std::sync::Arc;

fn sources(tree: &str) -> Sources {
    let files: Vec<(RepoPath, &str)> = tree
        .split("=== ")
        .filter_map(|part| part.split_once('\n'))
        .map(|(path, text)| (RepoPath::new(path.trim()).expect("a path"), text))
        .collect();
    Sources::from_texts(files)
}

/// The objects of a YAML text.
pub(crate) fn resources(text: &str) -> Vec<Resource> {
    let sources = Sources::from_texts([(RepoPath::new("objects.yaml").expect("a path"), text)]);
    Workspace::new(&sources).documents(FileId(0)).iter().map(|value| Resource::new(value.clone(), FileId(0))).collect()
}

/// One YAML value.
pub(crate) fn value(text: &str) -> Value {
    let sources = Sources::from_texts([(RepoPath::new("value.yaml").expect("a path"), text)]);
    Workspace::new(&sources).documents(FileId(0)).first().cloned().expect("a value")
}

/// A value as JSON, keys sorted.
pub(crate) fn json(value: &Value) -> String {
    match value.view() {
        View::Null => "null".to_owned(),
        View::Bool(flag) => flag.to_string(),
        View::Int(number) => number.to_string(),
        View::Float(number) => format!("{number:?}"),
        View::Str(text) => format!("{text:?}"),
        View::Seq(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        View::Map(entries) => {
            let mut pairs: Vec<String> = entries.iter().map(|e| format!("{}:{}", e.key, json(&e.value))).collect();
            pairs.sort();
            format!("{{{}}}", pairs.join(","))
        }
    }
}

/// A line for each object (`Kind namespace/name data`), problem (`!`), note (`~`) and doubt (`?`).
fn printed(build: &Build) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in &build.resources {
        let namespace = resource.namespace().map_or(String::new(), |namespace| format!("{namespace}/"));
        let data = resource.at(&["data"]).map_or(String::new(), |data| format!(" {}", json(data)));
        lines.push(format!("{} {namespace}{}{data}", resource.kind(), resource.name()));
        lines.extend(resource.doubts.iter().map(|doubt| format!("  ?{}", doubt.what)));
    }
    lines.extend(build.problems.iter().map(|problem| format!("!{}", problem.message)));
    lines.extend(build.notes.iter().map(|problem| format!("~{}", problem.message)));
    lines.extend(build.doubts.iter().map(|doubt| format!("?{}", doubt.what)));
    lines
}

fn apps() -> RepoPath {
    RepoPath::new("apps").expect("a path")
}

/// Builds `apps` of a tree under a Flux spec.
#[track_caller]
fn check(tree: &str, spec: &str, expected: &[&str]) {
    let sources = sources(tree);
    let spec = value(spec);
    let variables = Variables::of(&spec, "flux-system", &Settings::default());
    let (workspace, views) = (Workspace::new(&sources), Views::default());
    let build = Artifacts::new(&workspace, &views).of(&Cut::default()).whole(&apps(), &spec, &variables);
    assert_eq!(printed(&build), expected, "{tree}");
}

const OBJECT: &str = "=== apps/a.yaml\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '${v:=d}'}}\n";

#[test]
fn a_folder_without_a_kustomization_is_listed_as_a_walk_finds_it() {
    check(
        "=== apps/b-1.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: b-1}}
=== apps/b/x.yml
{apiVersion: v1, kind: ConfigMap, metadata: {name: b-x}}
=== apps/b/own/kustomization.yaml
resources: [in.yaml]
=== apps/b/own/in.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: own}}
=== apps/b/own/deeper/not-listed.yaml
not Kubernetes
=== apps/.hidden.yaml
{apiVersion: v1, kind: ConfigMap, metadata: {name: hidden}}
=== apps/note.json
{}
=== apps/empty.yaml
# nothing
=== apps/.sops.yaml
creation_rules: []
",
        "{}",
        &["ConfigMap hidden", "ConfigMap own", "ConfigMap b-x", "ConfigMap b-1"],
    );
}

#[test]
fn a_generated_folder_must_hold_kubernetes_only() {
    let values = format!("=== apps/values.yaml\nreplicas: 1\n=== apps/broken.yaml\na: [\n{OBJECT}");
    let sources = sources(&values);
    let build = Builds::new(Workspace::new(&sources)).plain(&apps(), &value("{}"));
    assert_eq!(build.resources.len(), 1);
    let [broken, values] = &build.problems[..] else { panic!("{:?}", build.problems) };
    assert!(
        broken.message.starts_with("failed to decode Kubernetes YAML from apps/broken.yaml: "),
        "{}",
        broken.message
    );
    assert_eq!(values.message, "failed to decode Kubernetes YAML from apps/values.yaml: missing kind in object");
    check(
        &format!("=== .sourceignore\nvalues.yaml\n=== apps/values.yaml\nreplicas: 1\n{OBJECT}"),
        "{}",
        &["ConfigMap a {x:\"${v:=d}\"}"],
    );
}

#[test]
fn the_root_is_read_without_strictness_and_others_are_not() {
    check(
        &format!(
            "=== apps/kustomization.yaml\nresources: [a.yaml, sub]\nresource: [b.yaml]\n=== apps/sub/kustomization.yaml\nresorces: []\n{OBJECT}"
        ),
        "{}",
        &[
            "ConfigMap a {x:\"${v:=d}\"}",
            "!invalid Kustomization: json: unknown field \"resorces\"",
            "~the unknown field \"resource\" has no effect",
        ],
    );
    check("=== apps/kustomization.yaml\n# nothing\n", "{}", &[]);
}

#[test]
fn a_flux_kustomization_in_the_file_s_place_is_refused() {
    check(
        "=== apps/kustomization.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: {}\n",
        "{}",
        &[
            "!apiVersion for Kustomization should be kustomize.config.k8s.io/v1beta1",
            "~the unknown field \"spec\" has no effect",
        ],
    );
}

#[test]
fn fields_of_the_spec_reach_the_root() {
    let tree = format!("=== apps/kustomization.yaml\nresources: [a.yaml]\nNamespace: old\nnamePrefix: p-\n{OBJECT}");
    check(&tree, "{targetNamespace: team, namePrefix: q-, nameSuffix: -s}", &["ConfigMap team/q-a-s {x:\"${v:=d}\"}"]);
    check(
        &tree,
        "{patches: [{patch: '[{\"op\": \"replace\", \"path\": \"/data/x\", \"value\": \"y\"}]', target: {kind: ConfigMap}}]}",
        &["ConfigMap old/p-a {x:\"y\"}"],
    );
    let merge = "patches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {n: m}}'}]";
    check(&tree, merge, &["ConfigMap old/p-a {n:\"m\",x:\"${v:=d}\"}"]);
}

#[test]
fn components_of_the_spec() {
    let tree = format!(
        "=== apps/kustomization.yaml\nresources: [a.yaml]\n=== parts/one/kustomization.yaml\nkind: Component\n\
         apiVersion: kustomize.config.k8s.io/v1alpha1\nnamespace: by-component\n{OBJECT}"
    );
    let object = "ConfigMap by-component/a {x:\"${v:=d}\"}";
    check(&tree, "{components: [../parts/one]}", &[object]);
    check(&tree, "{ignoreMissingComponents: true, components: [../parts/gone, ../parts/one]}", &[object]);
    check(
        &tree,
        "{components: [../parts/gone, ../parts/one, /abs]}",
        &[object, "!parts/gone: no such file or directory", "!component path '/abs' must be local and relative"],
    );
}

#[test]
fn images_are_merged_by_name() {
    let tree = "=== apps/kustomization.yaml
resources: [p.yaml]
images: [{name: a, newTag: '1', newName: other}, {name: b, newTag: '1'}]
=== apps/p.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
data: {containers: [{image: a}, {image: b}, {image: c}]}
";
    check(
        tree,
        "{images: [{name: a, newTag: '2'}, {name: c, digest: 'sha256:x'}]}",
        &["Pod p {containers:[{image:\"other:2\"},{image:\"b:1\"},{image:\"c@sha256:x\"}]}"],
    );
}

#[test]
fn variables_are_substituted_after_the_build() {
    let tree = format!("=== apps/kustomization.yaml\nresources: [a.yaml]\nnamespace: ${{ns}}\n{OBJECT}");
    check(&tree, "{postBuild: {substitute: {ns: team, v: '3'}}}", &["ConfigMap team/a {x:3}"]);
    check(&tree, "{postBuild: {substitute: {ns: team}}}", &["ConfigMap team/a {x:\"d\"}"]);
    check(&tree, "{}", &["ConfigMap ${ns}/a {x:\"${v:=d}\"}"]);
    check(
        &tree,
        "{postBuild: {substituteFrom: [{kind: Secret, name: s}]}}",
        &[
            "ConfigMap ${ns}/a {x:\"${v:=d}\"}",
            "  ?the value of ${v} is not known",
            "  ?the value of ${ns} is not known",
        ],
    );
    check(
        &tree,
        "{postBuild: {substitute: {v: x}}}",
        &[
            "ConfigMap ${ns}/a {x:\"x\"}",
            "  ?${ns} is not set",
            "~variable substitution failed: variable not set (strict mode): \"ns\"",
        ],
    );
}

#[test]
fn common_metadata_overrides() {
    let sources = sources(
        "=== apps/a.yaml\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: old, keep: x}}}\n",
    );
    let spec = value("commonMetadata: {labels: {app: new}, annotations: {note: y}}");
    let build = Builds::new(Workspace::new(&sources)).whole(&apps(), &spec, &Variables::default());
    let resource = &build.resources[0];
    assert_eq!(
        (resource.label("app"), resource.label("keep"), resource.annotation("note")),
        (Some("new"), Some("x"), Some("y"))
    );
}

#[test]
fn a_folder_is_built_once_for_all_that_merge_the_same() {
    let sources = sources(OBJECT);
    let workspace = Workspace::new(&sources);
    let builds = Builds::new(workspace);
    let first = builds.whole(&apps(), &value("{path: ./apps, prune: true}"), &Variables::default());
    let same = builds.whole(&apps(), &value("{path: apps, wait: true}"), &Variables::default());
    assert!(Arc::ptr_eq(&first, &same));

    let renamed = builds.plain(&apps(), &value("{namePrefix: p-}"));
    assert_eq!((first.resources[0].name(), renamed.resources[0].name()), ("a", "p-a"));
    let spec = value("postBuild: {substitute: {v: set}}");
    let variables = Variables::of(&spec, "flux-system", &Settings::default());
    let substituted = builds.whole(&apps(), &spec, &variables);
    let text = |build: &Build| build.resources[0].value.str_at(&["data", "x"]).map(str::to_owned);
    assert_eq!((text(&first), text(&substituted)), (Some("${v:=d}".to_owned()), Some("set".to_owned())));
}

#[test]
fn equal_fields_of_two_places_make_two_builds() {
    let sources = sources(OBJECT);
    let workspace = Workspace::new(&sources);
    let builds = Builds::new(workspace);
    let (here, there) = (value("{namePrefix: p-}"), value("{path: ./apps, namePrefix: p-}"));
    let span = |spec| builds.plain(&apps(), spec).resources[0].name_span();
    assert_eq!(span(&here), span(&here));
    assert!(!Arc::ptr_eq(&builds.plain(&apps(), &here), &builds.plain(&apps(), &there)));
}
