//! Reading Flux objects: durations, references, the fields that the model needs.

use crate::Content;
use crate::cel::{ReadyExpression, health_check_expressions};
use crate::model::{Dependency, KustomizationNode, ObjectRef, ReleaseNode, Retries, SourceNode};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Value, View};
use std::sync::Arc;

/// What a resource is to Flux.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FluxKind {
    Kustomization,
    HelmRelease,
    Source,
    /// It makes further objects in the cluster.
    ResourceSet,
    /// It makes further sources.
    ArtifactGenerator,
    Other,
}

/// Sorts a resource by its group and kind.
pub(crate) fn flux_kind(group: &str, kind: &str) -> FluxKind {
    match (group, kind) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => FluxKind::Kustomization,
        ("helm.toolkit.fluxcd.io", "HelmRelease") => FluxKind::HelmRelease,
        ("source.toolkit.fluxcd.io", _) => FluxKind::Source,
        ("fluxcd.controlplane.io", "ResourceSet") => FluxKind::ResourceSet,
        ("source.extensions.fluxcd.io", "ArtifactGenerator") => FluxKind::ArtifactGenerator,
        _ => FluxKind::Other,
    }
}

/// Whether a group is Flux's own: its CRDs are there before Flux reads Git.
pub(crate) fn is_flux_group(group: &str) -> bool {
    group.ends_with(".toolkit.fluxcd.io") || group == "fluxcd.controlplane.io" || group == "source.extensions.fluxcd.io"
}

/// A Go duration (`1h30m`, `90s`) in whole seconds.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let (mut total, mut rest) = (0f64, text.trim());
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        total += number * unit_seconds(&rest[digits..unit_end])?;
        rest = &rest[unit_end..];
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a duration of Flux is small and positive"
    )]
    Some(total as u64)
}

fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "h" => 3600.0,
        "m" => 60.0,
        "s" => 1.0,
        "ms" => 0.001,
        "us" | "µs" | "ns" => 0.0,
        _ => return None,
    })
}

/// An object reference without an API version; the namespace defaults to `namespace`.
pub(crate) fn reference(api_version: &str, value: &Value, namespace: &str, kind: &str) -> Option<ObjectRef> {
    Some(ObjectRef {
        api_version: api_version.to_owned(),
        kind: value.str_at(&["kind"]).unwrap_or(kind).to_owned(),
        namespace: Some(value.str_at(&["namespace"]).unwrap_or(namespace).to_owned()),
        name: value.str_at(&["name"])?.to_owned(),
    })
}

/// The source API's group and version, which the model gives to every reference to a source.
pub(crate) const SOURCE_API: &str = "source.toolkit.fluxcd.io/v1";

fn dependencies(spec: Option<&Value>, namespace: &str, of_release: bool) -> Vec<Dependency> {
    let items = spec.and_then(|s| s.get("dependsOn")).map_or(&[][..], Value::items);
    items.iter().filter_map(|item| dependency(item, namespace, of_release)).collect()
}

fn dependency(item: &Value, namespace: &str, of_release: bool) -> Option<Dependency> {
    let ready = item.get("readyExpr");
    let ready = ready.and_then(|value| value.as_str().filter(|text| !text.is_empty()).map(|text| (text, value.span)));
    Some(Dependency {
        namespace: item.str_at(&["namespace"]).unwrap_or(namespace).to_owned(),
        name: item.str_at(&["name"])?.to_owned(),
        span: item.get("name").map_or(item.span, |name| name.span),
        ready_expr: ready.map(|(text, span)| ReadyExpression::read(text, span, of_release)),
        target: None,
    })
}

fn first_doubt(resource: &Resource) -> Option<String> {
    resource.doubts.first().map(|doubt| doubt.what.clone())
}

/// A Kustomization as its resource says; source and content are linked later.
pub(crate) fn kustomization(resource: &Resource, parent: Option<usize>, fallback: &str) -> KustomizationNode {
    let spec = resource.value.get("spec");
    let mut object = ObjectRef::of(resource);
    let namespace = object.namespace.get_or_insert_with(|| fallback.to_owned()).clone();
    let text = |key: &str| spec.and_then(|s| s.str_at(&[key]));
    let flag = |key: &str| spec.and_then(|s| s.get(key)).and_then(Value::as_bool).unwrap_or(false);
    let retry = text("retryInterval");
    KustomizationNode {
        span: Some(resource.span),
        parent,
        source: None,
        content: Content::Outside(String::new()),
        build: Arc::default(),
        open: None,
        depends_on: dependencies(spec, &namespace, false),
        wait: flag("wait"),
        health_checks: health_checks(spec),
        health_check_exprs: health_check_expressions(spec),
        retry_seconds: retry.or_else(|| text("interval")).and_then(seconds),
        has_retry_interval: retry.is_some(),
        timeout_seconds: timeout(text("timeout"), text("interval")),
        prune: flag("prune"),
        suspend: flag("suspend"),
        doubt: first_doubt(resource),
        resource: Some(resource.clone()),
        object,
        home: 0,
        universe: 0,
        after: Vec::new(),
        awaits: Vec::new(),
    }
}

fn health_checks(spec: Option<&Value>) -> Vec<ObjectRef> {
    let items = spec.and_then(|s| s.get("healthChecks")).map_or(&[][..], Value::items);
    items.iter().filter_map(health_check).collect()
}

fn health_check(item: &Value) -> Option<ObjectRef> {
    Some(ObjectRef {
        api_version: item.str_at(&["apiVersion"]).unwrap_or("apps/v1").to_owned(),
        kind: item.str_at(&["kind"])?.to_owned(),
        namespace: item.str_at(&["namespace"]).map(str::to_owned),
        name: item.str_at(&["name"])?.to_owned(),
    })
}

/// A source as its resource says.
pub(crate) fn source(resource: &Resource, owner: usize, fallback: &str) -> SourceNode {
    let mut object = ObjectRef::of(resource);
    object.namespace.get_or_insert_with(|| fallback.to_owned());
    SourceNode {
        url: resource.value.str_at(&["spec", "url"]).map(str::to_owned),
        reference: source_reference(resource),
        resource: Some(resource.clone()),
        owner: Some(owner),
        here: false,
        object,
        home: 0,
    }
}

/// What of its repository a source follows, as written.
pub(crate) fn source_reference(resource: &Resource) -> Option<String> {
    let at = |key: &&str| resource.value.str_at(&["spec", "ref", key]).map(str::to_owned);
    ["tag", "semver", "branch", "name", "commit", "digest"].iter().find_map(at)
}

/// A HelmRelease as its resource says; chart and source are linked later.
pub(crate) fn release(resource: &Resource, owner: usize, fallback: &str) -> ReleaseNode {
    let spec = resource.value.get("spec");
    let mut object = ObjectRef::of(resource);
    let namespace = object.namespace.get_or_insert_with(|| fallback.to_owned()).clone();
    let at = |path: &[&str]| spec.and_then(|s| s.at(path));
    let text = |path: &[&str]| at(path).and_then(Value::as_str);
    let target = text(&["targetNamespace"]);
    let version = at(&["chart", "spec", "version"]);
    ReleaseNode {
        owner,
        chart: text(&["chart", "spec", "chart"]).map(str::to_owned),
        version: version.and_then(scalar_text),
        version_span: version.map(|value| value.span),
        repository_url: None,
        content: None,
        source: None,
        values: at(&["values"]).cloned(),
        more_values: at(&["valuesFrom"]).is_some_and(|v| !v.items().is_empty()),
        target_namespace: target.unwrap_or(&namespace).to_owned(),
        release_name: release_name(text(&["releaseName"]), target, &object.name),
        retries: retries(spec),
        timeout_seconds: text(&["timeout"]).map_or(Some(300), seconds),
        depends_on: dependencies(spec, &namespace, true),
        disable_wait: disable_wait(spec),
        health_check_exprs: health_check_expressions(spec),
        creates_namespace: target.is_some()
            && at(&["install", "createNamespace"]).and_then(Value::as_bool) == Some(true),
        suspend: at(&["suspend"]).and_then(Value::as_bool).unwrap_or(false),
        doubt: first_doubt(resource),
        resource: resource.clone(),
        object,
        home: 0,
        universe: 0,
    }
}

/// helm-controller's default: `[<targetNamespace>-]<name>` (docs/spec/v2/helmreleases.md).
fn release_name(name: Option<&str>, target: Option<&str>, object: &str) -> String {
    match (name, target) {
        (Some(name), _) => name.to_owned(),
        (None, Some(target)) => format!("{target}-{object}"),
        (None, None) => object.to_owned(),
    }
}

/// GetTimeout of a Kustomization: `timeout`, or `interval` less 30 s; never under 30 s.
fn timeout(timeout: Option<&str>, interval: Option<&str>) -> Option<u64> {
    let own = timeout.map(seconds);
    let seconds = own.unwrap_or_else(|| interval.and_then(seconds).map(|s| s.saturating_sub(30)))?;
    Some(seconds.max(30))
}

/// The seconds between two installs of a remediation without end: an uninstall and an install.
const REMEDIATION: u64 = 12;

/// The pause of `RetryOnFailure` where none is set (helmrelease_types.go).
const RETRY_INTERVAL: u64 = 300;

/// What follows a failed install. The retry of `install.strategy` RetryOnFailure runs as an upgrade, whose own default
/// gives up at once: only both together go on.
fn retries(spec: Option<&Value>) -> Retries {
    let text = |path: &[&str]| spec.and_then(|s| s.str_at(path));
    let retry = |of: &str| text(&[of, "strategy", "name"]) == Some("RetryOnFailure");
    let count = spec.and_then(|s| s.at(&["install", "remediation", "retries"])).map(Value::view);
    match (retry("install"), retry("upgrade"), count) {
        (true, true, _) => {
            let pause = text(&["install", "strategy", "retryInterval"]).and_then(seconds);
            Retries::Always(pause.unwrap_or(RETRY_INTERVAL))
        }
        (true, false, _) => Retries::Few(1),
        (false, _, Some(View::Int(count))) => u64::try_from(count).map_or(Retries::Always(REMEDIATION), few),
        _ => Retries::Never,
    }
}

fn few(count: u64) -> Retries {
    if count == 0 { Retries::Never } else { Retries::Few(count) }
}

fn disable_wait(spec: Option<&Value>) -> Option<fluxproof_yaml::Span> {
    let value = spec?.at(&["install", "disableWait"])?;
    (value.as_bool() == Some(true)).then_some(value.span)
}

/// The text of a scalar, also of one that YAML reads as a number (`version: 1.2`).
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    Some(match value.view() {
        View::Str(text) => text.to_owned(),
        View::Int(number) => number.to_string(),
        View::Float(number) => number.to_string(),
        View::Bool(flag) => flag.to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_go_durations() {
        for (text, expected) in [("10m", 600), ("1h", 3600), ("1h30m", 5400), ("90s", 90), ("1m0s", 60), ("1.5h", 5400)]
        {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        assert_eq!(seconds("${interval}"), None);
        assert_eq!(seconds(""), None);
        assert_eq!(seconds("10"), None);
    }

    #[test]
    fn names_releases_as_the_controller_does() {
        assert_eq!(release_name(None, None, "eso"), "eso");
        assert_eq!(release_name(None, Some("external-secrets"), "eso"), "external-secrets-eso");
        assert_eq!(release_name(Some("x"), Some("y"), "z"), "x");
    }
}
