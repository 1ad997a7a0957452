//! What a store of External Secrets needs beside its CRD: accounts, Secrets, and the server behind it.
//!
//! None of this fails an apply: External Secrets looks again until it is there (SecretStore controller, 1 s to 7 min).

use crate::model::{Group, Need, ObjectRef, Owner};
use crate::provide::object;
use crate::require::Wanted;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Entry, Value};

/// How deep a provider's references may lie below it; the deepest of External Secrets 2.9 is 6.
const MAX_DEPTH: usize = 12;

/// Adds the needs of one resource, where it is a store.
pub(crate) fn needs(index: usize, resource: &Resource, out: &mut Vec<Wanted>) {
    let is_store = matches!(resource.kind(), "ClusterSecretStore" | "SecretStore");
    if resource.group() != "external-secrets.io" || !is_store {
        return;
    }
    let Some(provider) = resource.at(&["spec", "provider"]) else { return };
    let mut found = Vec::new();
    references(provider, resource.namespace(), MAX_DEPTH, &mut found);
    for (object, span) in found {
        out.push(wanted(index, resource, Need::Object(object), span));
    }
    for entry in provider.entries() {
        if let Some(fact) = server_fact(entry) {
            out.push(wanted(index, resource, Need::Outside(fact), entry.key_span));
        }
    }
}

fn wanted(index: usize, resource: &Resource, need: Need, span: fluxproof_yaml::Span) -> Wanted {
    let owner = Owner::Kustomization(index);
    Wanted { owner, object: ObjectRef::of(resource), need, group: Group::Secrets, span: Some(span) }
}

fn server_fact(entry: &Entry) -> Option<String> {
    let server = ["server", "url", "serverURL", "connectHost", "vaultUrl", "serviceUrl", "hostAPI"];
    match (&*entry.key, server.iter().find_map(|key| entry.value.str_at(&[key]))) {
        ("vault", Some(server)) => Some(format!("Vault at {server} answers and accepts the login")),
        ("fake", _) => None,
        (provider, Some(server)) => Some(format!("{provider} at {server} answers and accepts the login")),
        (provider, None) => Some(format!("{provider} answers and accepts the login")),
    }
}

/// `…SecretRef`, `roleRef`, `serviceAccountRef` and `caProvider` with a name and a namespace.
fn references(value: &Value, namespace: Option<&str>, depth: usize, out: &mut Vec<(ObjectRef, fluxproof_yaml::Span)>) {
    if depth == 0 {
        return;
    }
    for entry in value.entries() {
        match reference(entry, namespace) {
            Some(found) => out.push((found, entry.value.get("name").map_or(entry.key_span, |name| name.span))),
            None => references(&entry.value, namespace, depth - 1, out),
        }
    }
}

fn reference(entry: &Entry, own: Option<&str>) -> Option<ObjectRef> {
    let name = entry.value.str_at(&["name"])?;
    let namespace = entry.value.str_at(&["namespace"]).or(own)?;
    let key = entry.key.to_lowercase();
    if key.ends_with("serviceaccountref") || key == "serviceaccount" {
        return Some(object("ServiceAccount", namespace, name));
    }
    if key == "caprovider" {
        return Some(object(entry.value.str_at(&["type"]).unwrap_or("Secret"), namespace, name));
    }
    (key.ends_with("secretref") || key == "roleref" || key == "clientcert").then(|| object("Secret", namespace, name))
}
