//! Builds of small trees, each operator each way: `check` builds and prints, and every case says what must come out.

mod generate;
mod lists;
mod operators;
mod patches;
mod replacements;

use crate::{Build, Workspace, build};
use fluxproof_yaml::{Data, RepoPath, Sources, Value};

/// A tree from `--- path` headers.
fn sources(tree: &str) -> Sources {
    let files: Vec<(RepoPath, &str)> = tree
        .split("=== ")
        .filter_map(|part| part.split_once('\n'))
        .map(|(path, text)| (RepoPath::new(path.trim()).expect("a path"), text))
        .collect();
    Sources::from_texts(files)
}

fn built(sources: &Sources, root: &str) -> Build {
    build(&Workspace::new(sources), &RepoPath::new(root).expect("a path"))
}

/// A value as JSON, keys sorted.
fn json(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(",");
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::Bool(flag) => flag.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => format!("{number:?}"),
        Data::Str(text) => format!("{text:?}"),
        Data::Seq(items) => format!("[{}]", list(items.iter().map(json).collect())),
        Data::Map(entries) => {
            let mut pairs: Vec<String> = entries.iter().map(|e| format!("{}:{}", e.key, json(&e.value))).collect();
            pairs.sort();
            format!("{{{}}}", list(pairs))
        }
    }
}

/// Everything a build says, a line each: `Kind namespace/name rest`, then `!problem`, `?doubt`, `@external`.
fn printed(build: &Build) -> String {
    let mut lines = Vec::new();
    for resource in &build.resources {
        let rest: Vec<String> = resource
            .value
            .entries()
            .iter()
            .filter(|entry| !matches!(&*entry.key, "apiVersion" | "kind" | "metadata"))
            .map(|entry| format!(" {}={}", entry.key, json(&entry.value)))
            .collect();
        let namespace = resource.namespace().map_or(String::new(), |namespace| format!("{namespace}/"));
        lines.push(format!("{} {namespace}{}{}", resource.kind(), resource.name(), rest.concat()));
        lines.extend(resource.doubts.iter().map(|doubt| format!("  ?{}", doubt.what)));
    }
    lines.extend(build.problems.iter().map(|problem| format!("!{}", problem.message)));
    lines.extend(build.doubts.iter().map(|doubt| format!("?{}", doubt.what)));
    lines.extend(build.external.iter().map(|external| format!("@{}", external.url)));
    lines.join("\n")
}

/// Builds the root of a tree and compares all that it says.
#[track_caller]
fn check(tree: &str, expected: &[&str]) {
    check_at("", tree, expected);
}

#[track_caller]
fn check_at(root: &str, tree: &str, expected: &[&str]) {
    let sources = sources(tree);
    assert_eq!(printed(&built(&sources, root)), expected.join("\n"), "{tree}");
}

/// Some objects that many cases start from.
const OBJECTS: &str = "=== objects.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {app: web}}
data: {host: a.example}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  template:
    spec:
      containers:
        - {name: web, image: 'r.example:5000/web:1', env: [{name: A, value: a}], args: [x]}
        - {name: side, image: side}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec:
  port: 80
  list: [{name: a, size: 1}, {name: b}]
";

/// `OBJECTS` under a kustomization of these lines.
fn with_objects(kustomization: &str) -> String {
    format!("=== kustomization.yaml\nresources: [objects.yaml]\n{kustomization}\n{OBJECTS}")
}

/// What one field of one object is after a kustomization; a problem where there is one.
#[track_caller]
fn field(kustomization: &str, kind: &str, path: &[&str]) -> String {
    let tree = with_objects(kustomization);
    let build = built(&sources(&tree), "");
    if let Some(problem) = build.problems.first() {
        return format!("!{}", problem.message);
    }
    let resource = build.resources.iter().find(|resource| resource.kind() == kind).expect("the object");
    resource.at(path).map_or("-".to_owned(), json)
}
