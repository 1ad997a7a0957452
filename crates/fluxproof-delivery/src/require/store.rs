//! What stores and secrets of External Secrets need beside their CRD: accounts, Secrets, stores, the server behind them.
//!
//! None of this fails an apply: External Secrets looks again until it is there (SecretStore controller, 1 s to 7 min). It
//! holds up a Kustomization that waits for the object.

use super::{Gather, Wanted, core_object};
use crate::awaits::Awaited;
use crate::model::{Before, Group, Need, ObjectRef, Owner};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Entry, Value};

/// How deep a provider's references may lie below it; the deepest of External Secrets 2.9 is 6.
const MAX_DEPTH: usize = 12;

const GROUP: &str = "external-secrets.io";

/// Adds the needs of one resource, where it is a store or asks one.
pub(super) fn needs(gather: &mut Gather<'_>, index: usize, resource: &Resource) {
    match (resource.group(), resource.kind()) {
        (GROUP, "ClusterSecretStore" | "SecretStore") => of_store(gather, index, resource),
        (GROUP, "ExternalSecret" | "PushSecret") => of_secret(gather, index, resource),
        _ => {}
    }
}

fn of_store(gather: &mut Gather<'_>, index: usize, resource: &Resource) {
    let Some(provider) = resource.at(&["spec", "provider"]) else { return };
    let mut found = Vec::new();
    references(provider, resource.namespace(), MAX_DEPTH, &mut found);
    for (object, span) in found {
        add(gather, index, resource, Need::Object(object), span);
    }
    for entry in provider.entries() {
        if let Some(fact) = server_fact(entry) {
            add(gather, index, resource, Need::Outside(fact), entry.key_span);
        }
    }
}

/// An ExternalSecret needs its store, a PushSecret each of its stores.
fn of_secret(gather: &mut Gather<'_>, index: usize, resource: &Resource) {
    let single = resource.at(&["spec", "secretStoreRef"]).into_iter();
    let many = resource.at(&["spec", "secretStoreRefs"]).map_or(&[][..], Value::items);
    for reference in single.chain(many) {
        if let Some(store) = store(reference, resource) {
            let span = reference.get("name").map_or(reference.span, |name| name.span);
            add(gather, index, resource, Need::Object(store), span);
        }
    }
}

fn store(reference: &Value, resource: &Resource) -> Option<ObjectRef> {
    let kind = reference.str_at(&["kind"]).unwrap_or("SecretStore");
    let namespace = if kind == "ClusterSecretStore" { None } else { Some(resource.namespace()?.to_owned()) };
    let name = reference.str_at(&["name"])?.to_owned();
    Some(ObjectRef { api_version: resource.api_version().to_owned(), kind: kind.to_owned(), namespace, name })
}

fn add(gather: &mut Gather<'_>, index: usize, resource: &Resource, need: Need, span: fluxproof_yaml::Span) {
    let (owner, object) = (Owner::Kustomization(index), ObjectRef::of(resource));
    let node = &gather.expansion.kustomizations[index];
    let (held, universe) = (Awaited::holds(node, &object), node.universe);
    let before = if held { Before::Ready } else { Before::Retried };
    gather.all.push(Wanted { owner, object, need, group: Group::Secrets, span: Some(span), before, universe });
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
        return Some(core_object("ServiceAccount", namespace, name));
    }
    if key == "caprovider" {
        return Some(core_object(entry.value.str_at(&["type"]).unwrap_or("Secret"), namespace, name));
    }
    (key.ends_with("secretref") || key == "roleref" || key == "clientcert")
        .then(|| core_object("Secret", namespace, name))
}
