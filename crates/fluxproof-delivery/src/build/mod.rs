//! What kustomize-controller does around kustomize: it makes a kustomization where a folder has none, merges the fields of
//! its own spec into the root, and substitutes variables after the build (fluxcd/pkg `kustomize`).

mod generated;
mod substitute;
mod variables;

pub(crate) use variables::Variables;

use fluxproof_kustomize::{Build, Resource, Workspace, build_with, kustomization_file};
use fluxproof_yaml::{Data, Entry, RepoPath, Value};
use std::sync::Arc;

/// Every field that kustomize 5.8 knows in a kustomization. The root file is read without strictness, so others vanish.
const FIELDS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "openapi",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "patchesStrategicMerge",
    "patchesJson6902",
    "patches",
    "images",
    "imageTags",
    "replacements",
    "replicas",
    "vars",
    "sortOptions",
    "resources",
    "components",
    "crds",
    "bases",
    "configMapGenerator",
    "secretGenerator",
    "helmGlobals",
    "helmCharts",
    "helmChartInflationGenerator",
    "generatorOptions",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "buildMetadata",
];

/// Builds the folder of a Flux Kustomization as kustomize-controller does.
pub(crate) fn flux_build(workspace: &Workspace<'_>, path: &RepoPath, spec: &Value, variables: &Variables) -> Build {
    let (mut kustomization, problems) = match kustomization_file(workspace.sources(), path) {
        Some(file) => (workspace.documents(file).first().cloned(), workspace.problems(file).to_vec()),
        None => generated::kustomization(workspace, path),
    };
    let Some(kustomization) = kustomization.as_mut() else { return Build { problems, ..Build::default() } };
    if let Some(entries) = kustomization.entries_mut() {
        entries.retain(|entry| FIELDS.contains(&&*entry.key));
    }
    merge_spec(kustomization, spec);
    let mut build = build_with(workspace, path, kustomization);
    build.problems.extend(problems);
    build.resources.retain(|resource| resource.group() != "kustomize.config.k8s.io");
    for resource in &mut build.resources {
        substitute::resource(resource, variables);
        common_metadata(resource, spec);
    }
    build
}

/// `targetNamespace`, `namePrefix`, `nameSuffix`, `patches` and `components` become fields of the root kustomization.
fn merge_spec(kustomization: &mut Value, spec: &Value) {
    for (from, to) in [("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")] {
        if let Some(entry) = spec.entry(from) {
            set(kustomization, to, entry.clone());
        }
    }
    for key in ["patches", "components"] {
        if let Some(entry) = spec.entry(key) {
            append(kustomization, key, entry);
        }
    }
}

fn set(map: &mut Value, key: &str, mut entry: Entry) {
    entry.key = Arc::from(key);
    let Some(entries) = map.entries_mut() else { return };
    entries.retain(|old| &*old.key != key);
    entries.push(entry);
}

fn append(map: &mut Value, key: &str, entry: &Entry) {
    match map.get_mut(key).map(|old| &mut old.data) {
        Some(Data::Seq(items)) => items.extend(entry.value.items().iter().cloned()),
        _ => set(map, key, entry.clone()),
    }
}

fn common_metadata(resource: &mut Resource, spec: &Value) {
    let Some(common) = spec.get("commonMetadata") else { return };
    for field in ["labels", "annotations"] {
        for entry in common.get(field).map_or(&[][..], Value::entries) {
            add_metadata(&mut resource.value, field, entry);
        }
    }
}

fn add_metadata(object: &mut Value, field: &str, entry: &Entry) {
    let Some(metadata) = object.get_mut("metadata") else { return };
    if metadata.get(field).is_none_or(Value::is_null) {
        let map = Value { span: entry.value.span, data: Data::Map(Vec::new()) };
        set(metadata, field, Entry { key: Arc::from(field), key_span: entry.key_span, value: map });
    }
    if let Some(map) = metadata.get_mut(field) {
        set(map, &entry.key, entry.clone());
    }
}
