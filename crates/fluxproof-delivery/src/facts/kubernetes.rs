//! What the API server serves by itself.

use super::table::{column, rows};

const GROUPS: &str = include_str!("../../../../data/kubernetes-groups.tsv");

/// Whether the API server serves a group without a CRD.
#[must_use]
pub fn is_builtin_group(group: &str) -> bool {
    group.is_empty() || rows(GROUPS).any(|row| column(&row, 0) == group)
}

/// Whether a kind lives outside namespaces; none where the table does not know the group.
#[must_use]
pub fn is_cluster_scoped(group: &str, kind: &str) -> Option<bool> {
    let row = rows(GROUPS).find(|row| column(row, 0) == group)?;
    Some(column(&row, 1).split(',').any(|scoped| scoped == kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_groups_and_scopes() {
        assert!(is_builtin_group("apps") && is_builtin_group("") && is_builtin_group("gateway") == false);
        assert_eq!(is_cluster_scoped("", "Namespace"), Some(true));
        assert_eq!(is_cluster_scoped("", "Secret"), Some(false));
        assert_eq!(is_cluster_scoped("example.com", "Thing"), None);
    }
}
