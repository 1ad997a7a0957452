//! What a Flux Kustomization needs before it starts: its source and path, what it depends on, its variables, keys and
//! accounts (kustomization_controller.go, reconcile).

use super::{Gather, core_object, name_span, secret_ref};
use crate::checked;
use crate::expand::is_set;
use crate::model::{Before, Group, KustomizationNode, Need, ObjectRef, Owner};
use crate::read::{self, SOURCE_API};
use fluxproof_yaml::{Span, Value};

/// Adds the needs of one Kustomization.
pub(super) fn needs(gather: &mut Gather<'_>, index: usize) {
    let node = &gather.expansion.kustomizations[index];
    let Some(resource) = &node.resource else { return };
    let owner = Owner::Kustomization(index);
    let spec = resource.value.get("spec");
    let path = resource.value.at(&["spec", "path"]);
    let text = path.and_then(Value::as_str).unwrap_or("./").to_owned();
    let path_span = path.map_or(resource.span, |value| value.span);
    if let Some((source, span)) = source(node, spec) {
        gather.of_owner(owner, Need::Source(source), Group::Sources, Some(span), Before::Start);
    }
    if !is_set(node) {
        gather.of_owner(owner, Need::Path(text), Group::Sources, Some(path_span), Before::Start);
    }
    for dependency in &node.depends_on {
        let named = (Some(dependency.namespace.clone()), dependency.name.clone());
        let object = ObjectRef { namespace: named.0, name: named.1, ..node.object.clone() };
        gather.of_owner(owner, Need::Dependency(object), Group::Dependencies, Some(dependency.span), Before::Start);
    }
    let checks = resource.value.at(&["spec", "healthChecks"]).map_or(path_span, |value| value.span);
    for check in checked::checks(gather.expansion, node) {
        gather.of_owner(owner, Need::Object(check.clone()), Group::Dependencies, Some(checks), Before::Ready);
        gather.all.iter_mut().next_back().into_iter().for_each(|wanted| wanted.universe = node.universe);
    }
    for (object, span) in references(node, spec) {
        gather.of_owner(owner, Need::Object(object), Group::Secrets, Some(span), Before::Start);
    }
}

fn source(node: &KustomizationNode, spec: Option<&Value>) -> Option<(ObjectRef, Span)> {
    let namespace = node.object.namespace.as_deref().unwrap_or_default();
    let value = spec?.get("sourceRef")?;
    Some((read::reference(SOURCE_API, value, namespace, "GitRepository")?, name_span(value)))
}

/// The objects that it reads while it builds and applies: all of its own namespace.
fn references(node: &KustomizationNode, spec: Option<&Value>) -> Vec<(ObjectRef, Span)> {
    let namespace = node.object.namespace.as_deref().unwrap_or_default();
    let at = |path: &[&str]| spec.and_then(|s| s.at(path));
    let mut all: Vec<_> = substitutes(at(&["postBuild", "substituteFrom"]), namespace).collect();
    all.extend(secret_ref(at(&["decryption", "secretRef"]), "Secret", namespace));
    all.extend(secret_ref(at(&["kubeConfig", "secretRef"]), "Secret", namespace));
    all.extend(secret_ref(at(&["kubeConfig", "configMapRef"]), "ConfigMap", namespace));
    // With a kubeConfig the account is one of the other cluster.
    let account = at(&["serviceAccountName"]).filter(|_| at(&["kubeConfig"]).is_none());
    all.extend(account.and_then(|value| Some((core_object("ServiceAccount", namespace, value.as_str()?), value.span))));
    all
}

fn substitutes<'a>(list: Option<&'a Value>, namespace: &'a str) -> impl Iterator<Item = (ObjectRef, Span)> + 'a {
    let needed = |item: &&Value| item.get("optional").and_then(Value::as_bool) != Some(true);
    list.map_or(&[][..], Value::items).iter().filter(needed).filter_map(move |item| {
        let object = core_object(item.str_at(&["kind"])?, namespace, item.str_at(&["name"])?);
        Some((object, name_span(item)))
    })
}
