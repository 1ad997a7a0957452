//! What the API server serves by itself.

use super::table::Table;

static GROUPS: Table = Table::new(include_str!("../../../../data/kubernetes-groups.tsv"));

/// Namespaces that every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// Whether the API server serves a group without a CRD; the core group is `""`.
#[must_use]
pub fn is_builtin_group(group: &str) -> bool {
    group.is_empty() || GROUPS.of(group).next().is_some()
}

/// Whether a kind lives outside namespaces; none where the table does not know the group.
#[must_use]
pub fn is_cluster_scoped(group: &str, kind: &str) -> Option<bool> {
    let row = GROUPS.of(group).next()?;
    Some(row.column(1).split(',').any(|scoped| scoped == kind))
}

/// Whether every cluster has this namespace from its start.
#[must_use]
pub fn is_builtin_namespace(name: &str) -> bool {
    NAMESPACES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;

    #[test]
    fn the_table_is_sorted_and_sourced() {
        is_well_formed(&GROUPS);
        is_sorted(&GROUPS, &[0]);
    }

    #[test]
    fn knows_the_groups_of_the_api_server() {
        for group in [
            "",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "apps",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "autoscaling",
            "batch",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "networking.k8s.io",
            "node.k8s.io",
            "policy",
            "rbac.authorization.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "storage.k8s.io",
        ] {
            assert!(is_builtin_group(group), "{group}");
        }
        for group in ["gateway.networking.k8s.io", "snapshot.storage.k8s.io", "external-secrets.io", "metrics.k8s.io"] {
            assert!(!is_builtin_group(group), "{group}");
        }
    }

    #[test]
    fn knows_which_kinds_live_outside_namespaces() {
        for (group, kind) in [
            ("", "Namespace"),
            ("", "Node"),
            ("", "PersistentVolume"),
            ("apiextensions.k8s.io", "CustomResourceDefinition"),
            ("apiregistration.k8s.io", "APIService"),
            ("rbac.authorization.k8s.io", "ClusterRole"),
            ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
            ("storage.k8s.io", "StorageClass"),
            ("networking.k8s.io", "IngressClass"),
            ("scheduling.k8s.io", "PriorityClass"),
            ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
            ("certificates.k8s.io", "CertificateSigningRequest"),
        ] {
            assert_eq!(is_cluster_scoped(group, kind), Some(true), "{kind}");
        }
        for (group, kind) in [
            ("", "Secret"),
            ("apps", "Deployment"),
            ("rbac.authorization.k8s.io", "Role"),
            ("storage.k8s.io", "CSIStorageCapacity"),
            ("resource.k8s.io", "ResourceClaim"),
            ("policy", "PodDisruptionBudget"),
        ] {
            assert_eq!(is_cluster_scoped(group, kind), Some(false), "{kind}");
        }
        assert_eq!(is_cluster_scoped("example.com", "Thing"), None);
    }

    #[test]
    fn four_namespaces_are_always_there() {
        assert!(["default", "kube-system", "kube-public", "kube-node-lease"].into_iter().all(is_builtin_namespace));
        assert!(!is_builtin_namespace("flux-system"));
    }
}
