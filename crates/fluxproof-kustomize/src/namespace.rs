//! `namespace`: where objects go (api/filters/namespace, NamespaceTransformer).

use crate::Resource;
use crate::build::{Builder, Level};
use crate::fields::text;
use crate::resource::Id;
use crate::scope::is_cluster_scoped;
use crate::tree::{child, set};
use fluxproof_yaml::{Data, Problem, Value};
use std::collections::BTreeSet;

impl Builder<'_, '_> {
    /// Moves every resource that is not known to live outside namespaces, and renames Namespaces themselves.
    pub(crate) fn namespace(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        let Some(namespace) = text(level.kustomization, "namespace") else { return };
        if !self.spend(resources.len(), namespace.span) {
            return;
        }
        let mut seen: BTreeSet<Id> = BTreeSet::new();
        for resource in resources {
            resource.remember();
            move_to(resource, namespace);
            if !seen.insert(resource.id().key()) {
                let message = format!("namespace transformation produces ID conflict: {}", resource.id());
                self.problems.push(Problem::new(namespace.span, message).related(resource.span, "this object"));
            }
        }
    }
}

fn move_to(resource: &mut Resource, namespace: &Value) {
    if !is_cluster_scoped(resource.group(), resource.version(), resource.kind()) {
        set_at(&mut resource.value, &["metadata"], "namespace", namespace, true);
    }
    match resource.kind() {
        "Namespace" if resource.api_version() == "v1" => {
            set_at(&mut resource.value, &["metadata"], "name", namespace, true)
        }
        "APIService" => set_at(&mut resource.value, &["spec", "service"], "namespace", namespace, false),
        "CustomResourceDefinition" => {
            let service = ["spec", "conversion", "webhook", "clientConfig", "service"];
            set_at(&mut resource.value, &service, "namespace", namespace, false);
        }
        "RoleBinding" | "ClusterRoleBinding" => default_account(&mut resource.value, namespace),
        _ => {}
    }
}

/// Sets a key of a mapping that is there (made, for metadata).
fn set_at(object: &mut Value, path: &[&str], key: &str, new: &Value, create: bool) {
    let mut at = Some(object);
    for part in path {
        at = match (at, create) {
            (Some(value), true) => child(value, part, new.span),
            (Some(value), false) => value.get_mut(part),
            (None, _) => None,
        };
    }
    if let Some(map) = at {
        let span = map.entry(key).map_or(new.span, |entry| entry.key_span);
        set(map, key, span, new.clone());
    }
}

/// The ServiceAccount `default` moves along; others follow only where they are in the build.
fn default_account(binding: &mut Value, namespace: &Value) {
    let Some(Data::Seq(subjects)) = binding.get_mut("subjects").map(|subjects| &mut subjects.data) else { return };
    for subject in subjects {
        if subject.str_at(&["kind"]) == Some("ServiceAccount") && subject.str_at(&["name"]) == Some("default") {
            set(subject, "namespace", namespace.span, namespace.clone());
        }
    }
}
