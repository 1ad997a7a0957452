//! Kinds whose objects kstatus takes for healthy before their controller has looked at them.
//!
//! An object without `status.observedGeneration` and without conditions is Current (fluxcd/cli-utils pkg/kstatus/status).

use super::table::Table;

static BLIND: Table = Table::new(include_str!("../../../../data/kstatus-blind.tsv"));

/// How long kstatus is blind for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blind {
    /// Until the controller has written its first condition.
    AtFirst,
    /// For ever: the controller writes no condition that kstatus knows.
    Always,
}

/// Whether kstatus is blind for a kind, as far as the table knows.
pub(crate) fn blind(group: &str, kind: &str) -> Option<Blind> {
    let row = BLIND.of(group).find(|row| row.column(1) == kind)?;
    Some(if row.column(2) == "always" { Blind::Always } else { Blind::AtFirst })
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;

    #[test]
    fn the_table_is_sorted_and_sourced() {
        is_well_formed(&BLIND);
        is_sorted(&BLIND, &[0, 1]);
        for row in BLIND.rows() {
            assert!(["always", "at first"].contains(&row.column(2)) && row.column(3).contains("://"), "{row:?}");
        }
    }

    #[test]
    fn stores_are_blind_at_first_and_sealed_secrets_always() {
        assert_eq!(blind("external-secrets.io", "ClusterSecretStore"), Some(Blind::AtFirst));
        assert_eq!(blind("bitnami.com", "SealedSecret"), Some(Blind::Always));
        assert_eq!(blind("external-secrets.io", "Other"), None);
        assert_eq!(blind("", "ConfigMap"), None);
    }
}
