//! The admission webhooks of the chart.

use super::EsoVersion;
use crate::facts::lookup::{is_on, text};
use crate::facts::table::{Row, Table};
use fluxproof_yaml::Value;

static WEBHOOKS: Table = Table::new(include_str!("../../../../../data/eso-webhooks.tsv"));

/// What becomes of an object while its webhook does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailurePolicy {
    /// It is refused, in a dry run too.
    Fail,
    /// It is taken as it is.
    Ignore,
}

/// An admission webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, as error texts have it.
    pub name: &'static str,
    /// The ValidatingWebhookConfiguration that holds it; the chart names it alike in every release.
    pub configuration: &'static str,
    /// The kinds of `external-secrets.io` that it admits.
    pub kinds: Vec<&'static str>,
    /// The versions in its rules. Objects of other versions are converted and admitted too (`matchPolicy: Equivalent`).
    pub api_versions: Vec<&'static str>,
    /// What becomes of an object while it does not answer.
    pub failure_policy: FailurePolicy,
}

/// The webhooks that the chart installs and that refuse while they do not answer.
///
/// Only SecretStore, ClusterSecretStore and ExternalSecret have one, from 0.5.0 on.
#[must_use]
pub fn webhooks(version: EsoVersion, values: Option<&Value>) -> Vec<Webhook> {
    let mut all = all_webhooks(version, values);
    all.retain(|webhook| webhook.failure_policy == FailurePolicy::Fail);
    all
}

/// The webhooks that the chart installs, whatever they do while they do not answer.
#[must_use]
pub fn all_webhooks(version: EsoVersion, values: Option<&Value>) -> Vec<Webhook> {
    if !is_on(values, "webhook.create", true) {
        return Vec::new();
    }
    let holds = |row: &Row| version.is_in(row.column(5), row.column(6));
    WEBHOOKS.rows().filter(holds).map(|row| webhook(row, values)).collect()
}

fn webhook(row: Row, values: Option<&Value>) -> Webhook {
    let ignores = row.column(4) != "Fail" && text(values, row.column(4)) == Some("Ignore");
    Webhook {
        name: row.column(0),
        configuration: row.column(1),
        kinds: row.list(2),
        api_versions: row.list(3),
        failure_policy: if ignores { FailurePolicy::Ignore } else { FailurePolicy::Fail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::lookup::tests::yaml;
    use crate::facts::table::tests::is_well_formed;

    fn refused(at: &str, values: &str) -> Vec<&'static str> {
        let version = EsoVersion::parse(at).expect("a version");
        webhooks(version, Some(&yaml(values))).into_iter().flat_map(|webhook| webhook.kinds).collect()
    }

    #[test]
    fn the_table_is_in_order_and_sourced() {
        is_well_formed(&WEBHOOKS);
        let keys: Vec<(&str, Option<EsoVersion>)> =
            WEBHOOKS.rows().map(|row| (row.column(0), EsoVersion::parse(row.column(5)))).collect();
        assert!(keys.is_sorted());
    }

    #[test]
    fn three_kinds_have_a_webhook_from_0_5_0_on() {
        assert!(refused("0.4.4", "{}").is_empty());
        for at in ["0.5.0", "0.5.2", "0.16.0", "2.0.0", "2.9.0", "2.10.0"] {
            assert_eq!(refused(at, "{}"), ["ClusterSecretStore", "ExternalSecret", "SecretStore"], "{at}");
        }
    }

    #[test]
    fn their_rules_name_one_version() {
        let versions =
            |version| -> Vec<_> { webhooks(version, None).into_iter().flat_map(|w| w.api_versions).collect() };
        assert_eq!(versions(EsoVersion(0, 15, 1)), ["v1beta1"; 3]);
        assert_eq!(versions(EsoVersion(0, 16, 0)), ["v1"; 3]);
    }

    #[test]
    fn the_configurations_have_fixed_names() {
        let of = |w: Webhook| (w.configuration, w.name);
        assert_eq!(
            webhooks(EsoVersion(2, 9, 0), None).into_iter().map(of).collect::<Vec<_>>(),
            [
                ("secretstore-validate", "validate.clustersecretstore.external-secrets.io"),
                ("externalsecret-validate", "validate.externalsecret.external-secrets.io"),
                ("secretstore-validate", "validate.secretstore.external-secrets.io"),
            ]
        );
    }

    #[test]
    fn ignore_reached_the_kinds_one_by_one() {
        let ignore = "webhook: { failurePolicy: Ignore }";
        assert_eq!(refused("0.5.1", ignore), ["ClusterSecretStore", "ExternalSecret", "SecretStore"]);
        assert_eq!(refused("0.5.2", ignore), ["ClusterSecretStore", "SecretStore"]);
        assert_eq!(refused("1.3.2", ignore), ["ClusterSecretStore", "SecretStore"]);
        assert_eq!(refused("2.0.0", ignore), ["ClusterSecretStore"]);
        assert_eq!(refused("2.3.0", ignore), ["ClusterSecretStore"]);
        assert_eq!(refused("2.4.0", ignore), [""; 0]);
        assert_eq!(all_webhooks(EsoVersion(2, 4, 0), Some(&yaml(ignore))).len(), 3);
    }

    #[test]
    fn webhook_create_is_their_switch() {
        assert!(refused("2.9.0", "webhook: { create: false }").is_empty());
        assert_eq!(refused("2.9.0", "certController: { create: false }").len(), 3);
    }
}
