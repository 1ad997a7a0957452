//! `buildMetadata`: annotations that say where an object is from and what changed it, and a label that says who built it
//! (`api/resource/origin.go`, `kusttarget_configplugin.go`, `krusty/kustomizer.go`).

use super::annotation::clean;
use crate::Resource;
use crate::build::{Accumulator, Builder, Level, kustomization_file};
use crate::generate::unreadable;
use crate::kustomization::{is_empty, items};
use crate::model::shared::part_annotations;
use crate::operators::replacements::mistyped;
use crate::tree::{NOWHERE, Writer, remove};
use fluxproof_yaml::{EcoString, Problem, Span, Value};

/// The annotation that says where an object is from.
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// What `kustomize version` says of the program whose builds these are.
const VERSION: &str = "kustomize-v5.8.1";

/// The field, for provenance.
const FIELD: &str = "buildMetadata";

/// Joins paths as Go's `filepath.Join`: without `.` and empty parts, `..` taking one away where there is one.
pub(crate) fn join_paths(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.is_empty() && !(folder.is_empty() && path.is_empty()) { ".".to_owned() } else { parts.join("/") }
}

/// Says of an object which file it is from.
pub(crate) fn origin_of_file(builder: &Builder<'_, '_>, item: &Value, resource: &mut Resource) {
    let path = join_paths(&builder.origin, item.as_str().unwrap_or_default());
    set(resource, item.span, ORIGIN, &format!("path: {}\n", scalar(&path)));
}

/// Says of a plugin object that it is from the kustomization itself.
pub(super) fn origin_of_inline(builder: &Builder<'_, '_>, level: Level<'_>, item: &Value, resource: &mut Resource) {
    let path = join_paths(&builder.origin, file_name(builder, level));
    set(resource, item.span, ORIGIN, &format!("path: {}\n", scalar(&path)));
}

/// Says of a generated object which kustomization makes it, and with which generator.
pub(crate) fn origin_of_generator(builder: &Builder<'_, '_>, level: Level<'_>, kind: &str, resource: &mut Resource) {
    if builder.origins {
        let text = configured(builder, level, kind);
        set(resource, resource.span, ORIGIN, &text);
    }
}

/// Says of an object that a plugin object made it, unless it says something itself.
pub(super) fn origin_of_plugin(plugin: &Resource, resource: &mut Resource) {
    if let (None, Some(text)) = (resource.annotation(ORIGIN), configured_by_plugin(plugin)) {
        set(resource, plugin.span, ORIGIN, &text);
    }
}

/// Notes an operator of a kustomization on all objects: once for each thing that it was told to do.
pub(crate) fn record_operator(
    builder: &Builder<'_, '_>,
    level: Level<'_>,
    operator: &str,
    accumulator: &mut Accumulator,
) {
    if builder.origins && !operator.is_empty() {
        let text = configured(builder, level, operator);
        for _ in 0..instances(level.kustomization, operator) {
            record(accumulator, level.kustomization.span, &text);
        }
    }
}

/// Notes a plugin object on all objects.
pub(super) fn record_plugin(plugin: &Resource, accumulator: &mut Accumulator) {
    if let Some(text) = configured_by_plugin(plugin) {
        record(accumulator, plugin.span, &text);
    }
}

/// How many transformers kustomize makes of a field.
fn instances(kustomization: &Value, operator: &str) -> usize {
    let count = |name: &str| items(kustomization, name).len();
    let once = |name: &str| usize::from(!is_empty(kustomization, name));
    match operator {
        "PatchStrategicMergeTransformer" => once("patchesStrategicMerge"),
        "PatchTransformer" => count("patches"),
        "NamespaceTransformer" => once("namespace"),
        "PrefixTransformer" => once("namePrefix"),
        "SuffixTransformer" => once("nameSuffix"),
        "LabelTransformer" => count("labels") + once("commonLabels").max(once("labels")),
        "AnnotationsTransformer" => once("commonAnnotations"),
        "PatchJson6902Transformer" => count("patchesJson6902"),
        "ReplicaCountTransformer" => count("replicas"),
        "ImageTagTransformer" => count("images") + count("imageTags"),
        "ReplacementTransformer" => once("replacements"),
        _ => 0,
    }
}

/// The first note on an object without an origin says that it was made, every other one that it was changed.
fn record(accumulator: &mut Accumulator, at: Span, text: &str) {
    for resource in accumulator.set.contents_mut() {
        part_annotations(resource);
        if resource.annotation(ORIGIN).is_none() {
            set(resource, at, ORIGIN, text);
            continue;
        }
        let mut list = resource.annotation(TRANSFORMATIONS).unwrap_or_default().to_owned();
        for (line, lead) in text.lines().zip(std::iter::once("- ").chain(std::iter::repeat("  "))) {
            list.extend([lead, line, "\n"]);
        }
        set(resource, at, TRANSFORMATIONS, &list);
    }
}

fn configured(builder: &Builder<'_, '_>, level: Level<'_>, kind: &str) -> String {
    let path = join_paths(&builder.origin, file_name(builder, level));
    format!("configuredIn: {}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {kind}\n", scalar(&path))
}

/// Nothing for a plugin object that does not say where it is from.
fn configured_by_plugin(plugin: &Resource) -> Option<String> {
    let path = plugin.annotation(ORIGIN)?.strip_prefix("path: ")?.trim_end();
    let mut text = format!("configuredIn: {path}\nconfiguredBy:\n");
    let namespace = plugin.namespace().unwrap_or_default();
    let fields = [
        ("apiVersion", plugin.api_version()),
        ("kind", plugin.kind()),
        ("name", plugin.name()),
        ("namespace", namespace),
    ];
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("  {name}: {}\n", scalar(value)));
    }
    Some(text)
}

fn file_name<'s>(builder: &Builder<'_, 's>, level: Level<'_>) -> &'s str {
    let sources = builder.sources();
    kustomization_file(sources, level.folder).map_or("kustomization.yaml", |file| sources.path(file).name())
}

/// A text as yaml.v3 writes it, as far as paths and names go.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ' ' | '+' | '=');
    let starts_plain = text.chars().next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_'));
    let is_string = Value::plain(NOWHERE, text).as_str().is_some();
    match (is_string, starts_plain && text.chars().all(is_plain) && !text.ends_with(' ')) {
        (true, true) => text.to_owned(),
        (false, _) => format!("{text:?}"),
        (true, false) => format!("'{}'", text.replace('\'', "''")),
    }
}

fn set(resource: &mut Resource, at: Span, key: &str, text: &str) {
    let writer = Writer::new(FIELD, at);
    let Some(metadata) = resource.value.get_mut("metadata") else { return };
    if metadata.get("annotations").is_some_and(|annotations| !annotations.is_map()) {
        remove(metadata, "annotations");
    }
    if let Some(annotations) = writer.child(metadata, "annotations") {
        writer.set(annotations, key, Value::string(at, text));
    }
}

/// What is done with the annotations, and the label, at the end of a build.
pub(crate) fn build_metadata(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let asked = |name: &str| items(level.kustomization, FIELD).iter().find(|item| item.as_str() == Some(name));
    let (origins, transformations) = (asked("originAnnotations"), asked("transformerAnnotations"));
    let goes: Vec<&str> = [(origins, ORIGIN), (transformations, TRANSFORMATIONS)]
        .into_iter()
        .filter_map(|(asked, key)| asked.is_none().then_some(key))
        .collect();
    let managed = asked("managedByLabel").map(|item| item.span);
    for resource in accumulator.set.contents_mut() {
        if let Some(at) = managed {
            label(resource, at);
        }
        let result = clean(resource, &goes, !goes.is_empty());
        let result = result.and_then(|()| unreadable(resource).map_or(Ok(()), Err));
        builder.check(result);
        mistyped(resource).into_iter().for_each(|problem| builder.fail(problem));
    }
    Ok(())
}

fn label(resource: &mut Resource, at: Span) {
    let writer = Writer::new(FIELD, at);
    let labels = resource.value.get_mut("metadata").and_then(|metadata| writer.child(metadata, "labels"));
    if let Some(labels) = labels {
        writer.set(labels, "app.kubernetes.io/managed-by", Value::string(at, EcoString::from(VERSION)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_go_does() {
        for (folder, path, expected) in [
            ("", "a.yaml", "a.yaml"),
            ("", "../base", "../base"),
            ("../base", "./x/../b.yaml", "../base/b.yaml"),
            ("../base", "../../c", "../../c"),
            ("a", "..", "."),
            ("", "", ""),
        ] {
            assert_eq!(join_paths(folder, path), expected, "{folder} {path}");
        }
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        for (text, expected) in [("a/b.yaml", "a/b.yaml"), ("12", "\"12\""), ("a: b", "'a: b'"), ("-x", "'-x'")] {
            assert_eq!(scalar(text), expected);
        }
    }
}
