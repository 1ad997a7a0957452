//! What tells the objects of a build apart (`kyaml/resid`).

use super::scope;
use fluxproof_yaml::EcoString;
use std::fmt;

/// The namespace of objects that have none because of their kind.
pub(crate) const NO_NAMESPACE: &str = "_non_namespaceable_";

/// The namespace of objects that name none.
pub(crate) const DEFAULT_NAMESPACE: &str = "default";

/// Kinds that come first in kustomize's own order (`kyaml/resid/gvk.go`).
pub(crate) const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
/// Kinds that come last.
pub(crate) const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Group, version and kind; `""` for the core group, or for anything in a selector.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gvk {
    pub(crate) group: EcoString,
    pub(crate) version: EcoString,
    pub(crate) kind: EcoString,
}

impl Gvk {
    /// Of an `apiVersion` and a `kind`.
    pub(crate) fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = split_api_version(api_version);
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// Whether a selector takes this: each of its parts is empty or the same.
    pub(crate) fn is_selected(&self, selector: &Gvk) -> bool {
        let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        fits(&selector.group, &self.group) && fits(&selector.version, &self.version) && fits(&selector.kind, &self.kind)
    }

    /// Whether kustomize knows the kind to live outside namespaces.
    pub(crate) fn is_cluster_scoped(&self) -> bool {
        scope::is_cluster_scoped(&self.group, &self.version, &self.kind)
    }

    /// Where lists of kinds put this one: those of `first`, then all others, then those of `last`.
    pub(crate) fn rank<T: AsRef<str>>(&self, first: &[T], last: &[T]) -> usize {
        let place = |kinds: &[T]| kinds.iter().rposition(|kind| kind.as_ref() == self.kind);
        let behind = place(last).map(|at| first.len() + 1 + at);
        behind.or_else(|| place(first)).unwrap_or(first.len())
    }

    /// `group_version_kind`, as kustomize sorts by it.
    pub(crate) fn sort_text(&self) -> String {
        [or(&self.group, "~G"), or(&self.version, "~V"), or(&self.kind, "~K")].join("_")
    }

    /// `Gvk.IsLessThan`: what is needed by others first, webhooks last, the rest by `group_version_kind`.
    pub(crate) fn legacy_key(&self) -> (usize, String) {
        (self.rank(&FIRST, &LAST), self.sort_text())
    }
}

impl fmt::Display for Gvk {
    /// `Deployment.v1.apps`, `ConfigMap.v1.[noGrp]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, version) = (or(&self.kind, "[noKind]"), or(&self.version, "[noVer]"));
        write!(f, "{kind}.{version}.{}", or(&self.group, "[noGrp]"))
    }
}

fn or<'t>(text: &'t str, none: &'t str) -> &'t str {
    if text.is_empty() { none } else { text }
}

/// `apps/v1` is `("apps", "v1")`, `v1` is `("", "v1")`.
pub(crate) fn split_api_version(text: &str) -> (&str, &str) {
    text.split_once('/').unwrap_or(("", text))
}

/// The identity of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ResId {
    pub(crate) gvk: Gvk,
    pub(crate) name: EcoString,
    /// As it is written; `""` where it is not.
    pub(crate) namespace: EcoString,
}

impl ResId {
    /// The namespace that counts: `default` where none is written, [`NO_NAMESPACE`] for kinds outside namespaces.
    pub(crate) fn effective_namespace(&self) -> &str {
        if self.gvk.is_cluster_scoped() {
            return NO_NAMESPACE;
        }
        or(&self.namespace, DEFAULT_NAMESPACE)
    }

    /// The identity in the form in which two equal ones are the same.
    pub(crate) fn key(&self) -> Self {
        Self { namespace: self.effective_namespace().into(), ..self.clone() }
    }
}

impl fmt::Display for ResId {
    /// `ConfigMap.v1.[noGrp]/a.[noNs]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.gvk, or(&self.name, "[noName]"), or(&self.namespace, "[noNs]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(api: &str, kind: &str, name: &str, namespace: &str) -> ResId {
        ResId { gvk: Gvk::new(api, kind), name: name.into(), namespace: namespace.into() }
    }

    #[test]
    fn no_namespace_is_the_default_one() {
        let (bare, default) = (id("v1", "ConfigMap", "a", ""), id("v1", "ConfigMap", "a", "default"));
        assert_eq!(bare.key(), default.key());
        assert_ne!(bare.key(), id("v1", "ConfigMap", "a", "b").key());
        assert_eq!(id("v1", "Namespace", "a", "").key(), id("v1", "Namespace", "a", "b").key());
    }

    #[test]
    fn shown_as_kustomize_shows_them() {
        assert_eq!(id("v1", "ConfigMap", "a", "").to_string(), "ConfigMap.v1.[noGrp]/a.[noNs]");
        assert_eq!(id("apps/v1", "", "a", "b").to_string(), "[noKind].v1.apps/a.b");
    }

    #[test]
    fn legacy_order_puts_namespaces_first_and_webhooks_last() {
        let mut kinds =
            ["ValidatingWebhookConfiguration", "Zoo", "Deployment", "Namespace", "Bar"].map(|k| Gvk::new("v1", k));
        kinds.sort_by_key(Gvk::legacy_key);
        let order: Vec<&str> = kinds.iter().map(|gvk| &*gvk.kind).collect();
        assert_eq!(order, ["Namespace", "Deployment", "Bar", "Zoo", "ValidatingWebhookConfiguration"]);
    }
}
