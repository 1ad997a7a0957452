//! `labels`, `commonLabels` and `commonAnnotations`.

use crate::Resource;
use crate::build::{Builder, Level};
use crate::fields::{entry, field, flag, items};
use crate::tree::{child, set};
use fluxproof_yaml::{Entry, Span, Value};

/// Kinds with selectors or templates, whose labels kustomize sets as well.
const LABELLED: [&str; 11] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "PodTemplate",
    "ReplicaSet",
    "ReplicationController",
    "Service",
    "StatefulSet",
];

/// Where pod templates have their annotations (builtinpluginconsts/commonannotations.go).
const TEMPLATES: [(&str, &[&[&str]]); 7] = [
    ("Deployment", &[&["spec", "template", "metadata"]]),
    ("DaemonSet", &[&["spec", "template", "metadata"]]),
    ("ReplicaSet", &[&["spec", "template", "metadata"]]),
    ("ReplicationController", &[&["spec", "template", "metadata"]]),
    ("StatefulSet", &[&["spec", "template", "metadata"]]),
    ("Job", &[&["spec", "template", "metadata"]]),
    ("CronJob", &[&["spec", "jobTemplate", "metadata"], &["spec", "jobTemplate", "spec", "template", "metadata"]]),
];

impl Builder<'_, '_> {
    /// `labels`, then `commonLabels`: those of metadata. Selectors and templates are doubted.
    pub(crate) fn labels(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        for item in items(level.kustomization, "labels") {
            let Some(pairs) = field(item, "pairs").filter(|_| self.spend(resources.len(), item.span)) else { continue };
            resources.iter_mut().for_each(|resource| add(&mut resource.value, &["metadata"], "labels", pairs));
            let everywhere = !items(item, "fields").is_empty();
            let inside = flag(item, "includeSelectors") || flag(item, "includeTemplates");
            doubt(resources, level, item.span, everywhere, inside);
        }
        let Some(Entry { value: pairs, key_span, .. }) = entry(level.kustomization, "commonLabels") else { return };
        resources.iter_mut().for_each(|resource| add(&mut resource.value, &["metadata"], "labels", pairs));
        doubt(resources, level, *key_span, false, true);
    }

    /// `commonAnnotations`: those of metadata and of pod templates.
    pub(crate) fn annotations(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        let Some(pairs) = field(level.kustomization, "commonAnnotations") else { return };
        for resource in resources {
            let templates =
                TEMPLATES.iter().find(|(kind, _)| *kind == resource.kind()).map_or(&[][..], |(_, paths)| paths);
            add(&mut resource.value, &["metadata"], "annotations", pairs);
            templates.iter().for_each(|path| add(&mut resource.value, path, "annotations", pairs));
        }
    }
}

/// Adds pairs to `labels` or `annotations` at a path, which is made where it is missing.
fn add(object: &mut Value, path: &[&str], name: &str, pairs: &Value) {
    if pairs.entries().is_empty() {
        return;
    }
    let mut parts = path.iter().copied().chain([name]);
    let map = parts.try_fold(object, |value, part| child(value, part, pairs.span));
    let Some(map) = map else { return };
    for pair in pairs.entries() {
        set(map, &pair.key, pair.key_span, pair.value.clone());
    }
}

fn doubt(resources: &mut [Resource], level: &Level<'_>, span: Span, everywhere: bool, inside: bool) {
    for resource in resources {
        if everywhere || (inside && LABELLED.contains(&resource.kind())) {
            resource.doubt(span, format!("labels of {} outside metadata are not modelled", level.name));
        }
    }
}
