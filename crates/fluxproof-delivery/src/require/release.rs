//! What a HelmRelease needs before its install: its chart, what it depends on, its values, account and namespace
//! (helmrelease_controller.go, reconcileRelease).

use super::{Gather, chart, core_object, name_span, secret_ref};
use crate::expand::chart_source;
use crate::model::{Before, Group, Need, ObjectRef, Owner, ReleaseNode, Retries};
use crate::trace::duration;
use fluxproof_yaml::{Span, Value};

/// Adds the needs of one HelmRelease.
pub(super) fn needs(gather: &mut Gather<'_>, index: usize) {
    let release = &gather.expansion.releases[index];
    let owner = Owner::Release(index);
    let spec = release.resource.value.get("spec");
    if let Some(source) = chart_source(release) {
        let value = spec.and_then(|s| s.at(&["chart", "spec", "sourceRef"]).or_else(|| s.get("chartRef")));
        gather.of_owner(owner, Need::Source(source), Group::Sources, value.map(name_span), Before::Start);
    }
    for dependency in &release.depends_on {
        let named = (Some(dependency.namespace.clone()), dependency.name.clone());
        let object = ObjectRef { namespace: named.0, name: named.1, ..release.object.clone() };
        gather.of_owner(owner, Need::Dependency(object), Group::Dependencies, Some(dependency.span), Before::Start);
    }
    let target = spec.and_then(|s| s.get("targetNamespace"));
    let made = release.creates_namespace || chart::makes_its_namespace(release);
    if let (Some(target), false) = (target, made) {
        let need = Need::Namespace(release.target_namespace.clone());
        gather.of_owner(owner, need, Group::Namespaces, Some(target.span), Before::Apply);
        // Helm asks for it where it installs.
        gather.all.iter_mut().next_back().into_iter().for_each(|wanted| wanted.universe = release.universe);
    }
    for (object, span) in references(release, spec) {
        gather.of_owner(owner, Need::Object(object), Group::Secrets, Some(span), Before::Start);
    }
    if let Some(fact) = in_time(release) {
        gather.of_owner(owner, Need::Outside(fact), Group::Sources, Some(release.resource.name_span()), Before::Ready);
    }
}

/// The objects that it reads before it installs: all of its own namespace.
fn references(release: &ReleaseNode, spec: Option<&Value>) -> Vec<(ObjectRef, Span)> {
    let namespace = release.object.namespace.as_deref().unwrap_or_default();
    let at = |path: &[&str]| spec.and_then(|s| s.at(path));
    let mut all: Vec<_> = values_from(at(&["valuesFrom"]), namespace).collect();
    all.extend(secret_ref(at(&["kubeConfig", "secretRef"]), "Secret", namespace));
    all.extend(secret_ref(at(&["kubeConfig", "configMapRef"]), "ConfigMap", namespace));
    let account = at(&["serviceAccountName"]).filter(|_| at(&["kubeConfig"]).is_none());
    all.extend(account.and_then(|value| Some((core_object("ServiceAccount", namespace, value.as_str()?), value.span))));
    all
}

fn values_from<'a>(list: Option<&'a Value>, namespace: &'a str) -> impl Iterator<Item = (ObjectRef, Span)> + 'a {
    let needed = |item: &&Value| item.get("optional").and_then(Value::as_bool) != Some(true);
    list.map_or(&[][..], Value::items).iter().filter(needed).filter_map(move |item| {
        let object = core_object(item.str_at(&["kind"])?, namespace, item.str_at(&["name"])?);
        Some((object, name_span(item)))
    })
}

/// A slow first start is enough to stall a release that does not try again: its pods must be ready in time. One fact for all
/// such releases, or it would drown the others.
fn in_time(release: &ReleaseNode) -> Option<String> {
    let stalls = !matches!(release.retries, Retries::Always(_)) && release.disable_wait.is_none();
    let seconds = release.timeout_seconds.filter(|_| stalls && !release.suspend)?;
    Some(format!("what is installed without RetryOnFailure is ready within {}", duration(seconds)))
}
