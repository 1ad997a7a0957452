//! namespace, namePrefix, nameSuffix, labels and annotations.

use crate::build::items;
use crate::resource::{Resource, child, set, string};
use fluxproof_yaml::{Span, Value};

/// Kinds that live outside namespaces (kustomize `api/internal/builtins`, openapi): the namespace field leaves them alone.
const CLUSTER_SCOPED: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ComponentStatus",
    "CustomResourceDefinition",
    "FlowSchema",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeSnapshotClass",
    "GatewayClass",
    "ClusterSecretStore",
    "ClusterIssuer",
    "ClusterExternalSecret",
    "ClusterPushSecret",
    "ClusterGenerator",
    "ClusterPolicy",
];

/// Applies the metadata operators of a kustomization, in kustomize's order.
pub(crate) fn apply(kustomization: &Value, resources: &mut [Resource]) {
    let text = |key: &str| kustomization.get(key).filter(|value| value.as_str().is_some_and(|text| !text.is_empty()));
    if let Some(value) = text("namespace") {
        resources.iter_mut().for_each(|resource| namespace(resource, value));
    }
    for key in ["namePrefix", "nameSuffix"] {
        if let Some(value) = text(key) {
            resources.iter_mut().for_each(|resource| rename(resource, key, value));
        }
    }
    for (key, field) in [("commonLabels", "labels"), ("commonAnnotations", "annotations")] {
        add_all(resources, kustomization.get(key), field);
    }
    for item in items(kustomization, "labels") {
        add_all(resources, item.get("pairs"), "labels");
    }
}

fn add_all(resources: &mut [Resource], pairs: Option<&Value>, field: &str) {
    for entry in pairs.map_or(&[][..], Value::entries) {
        for resource in resources.iter_mut() {
            let metadata = child(&mut resource.value, "metadata", entry.key_span);
            let map = metadata.and_then(|metadata| child(metadata, field, entry.key_span));
            map.into_iter().for_each(|map| set(map, &entry.key, entry.value.clone()));
        }
    }
}

fn namespace(resource: &mut Resource, value: &Value) {
    if resource.kind() == "Namespace" && resource.group().is_empty() {
        set_metadata(&mut resource.value, "name", value);
    } else if !CLUSTER_SCOPED.contains(&resource.kind()) {
        set_metadata(&mut resource.value, "namespace", value);
    }
    if resource.kind().ends_with("RoleBinding") {
        subjects(&mut resource.value, value);
    }
}

/// kustomize moves the default account of a role binding along (namespace transformer, `setRoleBindingSubjects`).
fn subjects(binding: &mut Value, namespace: &Value) {
    let Some(fluxproof_yaml::Data::Seq(subjects)) = binding.get_mut("subjects").map(|s| &mut s.data) else { return };
    for subject in subjects
        .iter_mut()
        .filter(|s| s.str_at(&["kind"]) == Some("ServiceAccount") && s.str_at(&["name"]) == Some("default"))
    {
        set(subject, "namespace", namespace.clone());
    }
}

fn set_metadata(value: &mut Value, key: &str, new: &Value) {
    let span = new.span;
    child(value, "metadata", span).into_iter().for_each(|metadata| set(metadata, key, new.clone()));
}

/// Renames an object. References from others are not followed here, so each renamed one carries a doubt.
fn rename(resource: &mut Resource, key: &str, affix: &Value) {
    if matches!(resource.kind(), "Namespace" | "CustomResourceDefinition" | "APIService") {
        return;
    }
    let affix_text = affix.as_str().unwrap_or_default();
    let name = resource.name().to_owned();
    let new = if key == "namePrefix" { format!("{affix_text}{name}") } else { format!("{name}{affix_text}") };
    let span: Span = affix.span;
    set_metadata(&mut resource.value, "name", &string(&new, span));
    resource.doubt(span, &format!("{key} renames references in a way that is not modelled"));
}
