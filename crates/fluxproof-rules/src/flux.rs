//! Which Flux a cluster runs, as far as the repository says, and the Flux objects that it applies.

use crate::Context;
use fluxproof_delivery::ObjectRef;
use fluxproof_delivery::facts::flux::{self, Release};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Value;

/// The release of Flux that the cluster runs: by the configuration, the labels of `gotk-components.yaml`, or a
/// FluxInstance's version.
pub(crate) fn installed(cx: &Context<'_>) -> Option<Release> {
    let said = cx.delivery.flux.as_deref().and_then(Release::parse);
    said.or_else(|| by_objects(cx))
}

fn by_objects(cx: &Context<'_>) -> Option<Release> {
    cx.resources().find_map(|(_, resource)| by_label(resource).or_else(|| by_instance(resource)))
}

fn by_label(resource: &Resource) -> Option<Release> {
    let of_flux = resource.kind() == "Namespace" && resource.label("app.kubernetes.io/part-of") == Some("flux");
    resource.label("app.kubernetes.io/version").filter(|_| of_flux).and_then(Release::parse)
}

fn by_instance(resource: &Resource) -> Option<Release> {
    let version = resource.value.str_at(&["spec", "distribution", "version"])?;
    Some(version).filter(|_| resource.kind() == "FluxInstance").and_then(Release::parse)
}

/// Every object of a Flux kind in the API version that Flux serves and that is known for certain, with who applies it.
pub(crate) fn known_objects<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a ObjectRef, &'a Resource)> {
    let is_served = |resource: &Resource| {
        flux::served(resource.group(), resource.kind()).iter().any(|served| *served == resource.version())
    };
    let is_readable = |resource: &Resource| resource.doubts.is_empty() && resource.at(&["sops"]).is_none();
    cx.resources().filter(move |(_, resource)| is_readable(resource) && is_served(resource))
}

/// Whether something in the repository turns a feature gate of Flux on: the arguments of a controller, or the patches that
/// add them.
pub(crate) fn has_gate(cx: &Context<'_>, gate: &str) -> bool {
    let sets_arguments = ["Deployment", "FluxInstance", "HelmRelease"];
    let on = format!("{gate}=true");
    cx.resources().any(|(_, r)| sets_arguments.contains(&r.kind()) && holds(&r.value, &on))
}

/// Whether a text stands in any scalar of a value.
fn holds(value: &Value, text: &str) -> bool {
    value.as_str().is_some_and(|scalar| scalar.contains(text))
        || value.items().iter().any(|item| holds(item, text))
        || value.entries().iter().any(|entry| holds(&entry.value, text))
}

/// Whether references to other namespaces are blocked for a kind's controller: `--no-cross-namespace-refs`, or a
/// FluxInstance with `multitenant`.
pub(crate) fn is_locked_down(cx: &Context<'_>, controller: &str) -> bool {
    has_flag(cx, controller, "--no-cross-namespace-refs=true") || is_multitenant(cx)
}

/// Whether kustomize-controller refuses remote bases.
pub(crate) fn forbids_remote_bases(cx: &Context<'_>) -> bool {
    has_flag(cx, "kustomize-controller", "--no-remote-bases=true") || is_multitenant(cx)
}

fn has_flag(cx: &Context<'_>, controller: &str, flag: &str) -> bool {
    cx.resources().any(|(_, r)| {
        r.kind() == "Deployment" && r.name() == controller && r.doubts.is_empty() && holds(&r.value, flag)
    })
}

fn is_multitenant(cx: &Context<'_>) -> bool {
    let is = |r: &Resource| r.at(&["spec", "cluster", "multitenant"]).and_then(Value::as_bool) == Some(true);
    cx.resources().any(|(_, r)| r.kind() == "FluxInstance" && is(r))
}
