//! Kinds that kustomize knows to live outside namespaces.

use std::sync::LazyLock;

/// Rows of apiVersion and kind; the file says where they are from.
const TABLE: &str = include_str!("../../data/cluster-scoped.tsv");

static ROWS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| rows().collect());

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// Whether kustomize knows a kind to live outside namespaces. It does not know custom resources: they count as inside.
#[must_use]
pub fn is_cluster_scoped(group: &str, version: &str, kind: &str) -> bool {
    let same = |api: &str| match api.split_once('/') {
        Some((g, v)) => g == group && v == version,
        None => group.is_empty() && api == version,
    };
    ROWS.iter().any(|(api, row_kind)| *row_kind == kind && same(api))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_built_in_kinds_by_their_version_only() {
        assert!(is_cluster_scoped("", "v1", "Namespace"));
        assert!(is_cluster_scoped("apiextensions.k8s.io", "v1", "CustomResourceDefinition"));
        assert!(!is_cluster_scoped("", "v1", "ConfigMap"));
        assert!(!is_cluster_scoped("external-secrets.io", "v1", "ClusterSecretStore"));
        assert!(!is_cluster_scoped("example.com", "v1", "Namespace"));
    }
}
