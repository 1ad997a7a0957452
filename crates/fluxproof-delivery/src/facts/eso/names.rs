//! The names of what the chart installs (templates/_helpers.tpl, from 0.3.9 to 2.9.0).

use super::EsoVersion;
use crate::facts::lookup::{is_on, text};
use fluxproof_yaml::Value;

/// What a name may have at most.
const LONGEST: usize = 63;

/// The account that the operator runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its name.
    pub name: String,
    /// Whether the chart makes it; else somebody else must.
    pub created: bool,
}

/// The account that the operator runs as.
///
/// The accounts of the webhook and of cert-controller do not follow the name of the release.
#[must_use]
pub fn service_account(release: &str, values: Option<&Value>) -> ServiceAccount {
    let created = is_on(values, "serviceAccount.create", true);
    let default = || if created { full_name(release, values) } else { "default".to_owned() };
    ServiceAccount { name: text(values, "serviceAccount.name").map_or_else(default, str::to_owned), created }
}

/// The name of the operator's service account: the release's name where that contains the chart's.
#[must_use]
pub fn service_account_name(release: &str, values: Option<&Value>) -> String {
    service_account(release, values).name
}

/// The name of the service that the admission webhooks call.
#[must_use]
pub fn webhook_service_name(version: EsoVersion, release: &str, values: Option<&Value>) -> String {
    const SUFFIX: &str = "-webhook";
    let full = full_name(release, values);
    // From 2.7.0 on the name is cut so that the suffix fits.
    let fits = if version >= EsoVersion(2, 7, 0) { cut(&full, LONGEST - SUFFIX.len()) } else { &full };
    format!("{fits}{SUFFIX}")
}

/// The namespace that the chart installs into: `namespaceOverride` (from 0.9.14 on) or the release's.
#[must_use]
pub fn namespace<'v>(version: EsoVersion, release_namespace: &'v str, values: Option<&'v Value>) -> &'v str {
    let chosen = text(values, "namespaceOverride").filter(|_| version >= EsoVersion(0, 9, 14));
    chosen.unwrap_or(release_namespace)
}

fn full_name(release: &str, values: Option<&Value>) -> String {
    if let Some(name) = text(values, "fullnameOverride") {
        return cut(name, LONGEST).to_owned();
    }
    let chart = text(values, "nameOverride").unwrap_or("external-secrets");
    let name = if release.contains(chart) { release.to_owned() } else { format!("{release}-{chart}") };
    cut(&name, LONGEST).to_owned()
}

/// `trunc` and `trimSuffix "-"` of a template.
fn cut(name: &str, longest: usize) -> &str {
    let name = name.get(..longest).unwrap_or(name);
    name.strip_suffix('-').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::lookup::tests::yaml;

    const NOW: EsoVersion = EsoVersion(2, 9, 0);

    fn account(release: &str, values: &str) -> String {
        service_account_name(release, Some(&yaml(values)))
    }

    #[test]
    fn service_accounts_are_named_as_helm_names_them() {
        assert_eq!(service_account_name("external-secrets", None), "external-secrets");
        let default_release = "external-secrets-external-secrets";
        assert_eq!(service_account_name(default_release, None), default_release);
        assert_eq!(service_account_name("eso", None), "eso-external-secrets");
        assert_eq!(account("eso", "nameOverride: es"), "eso");
        assert_eq!(account("app", "nameOverride: es"), "app-es");
        assert_eq!(account("eso", "fullnameOverride: secrets"), "secrets");
        assert_eq!(account("eso", "{ fullnameOverride: secrets, serviceAccount: { name: reader } }"), "reader");
        assert_eq!(account("eso", "serviceAccount: { name: '' }"), "eso-external-secrets");
    }

    #[test]
    fn an_account_that_is_not_made_is_default_or_named() {
        let of = |values| service_account("external-secrets", Some(&yaml(values)));
        let none = of("serviceAccount: { create: false }");
        assert_eq!((none.name.as_str(), none.created), ("default", false));
        let own = of("serviceAccount: { create: false, name: mine }");
        assert_eq!((own.name.as_str(), own.created), ("mine", false));
        assert!(of("{}").created);
    }

    #[test]
    fn long_names_are_cut() {
        let long = format!("{}-b", "a".repeat(62));
        assert_eq!(account("eso", &format!("fullnameOverride: {long}")), "a".repeat(62));
        let values = yaml(&format!("fullnameOverride: {}", "a".repeat(60)));
        let service = |version| webhook_service_name(version, "eso", Some(&values));
        assert_eq!(service(NOW), format!("{}-webhook", "a".repeat(55)));
        assert_eq!(service(EsoVersion(2, 6, 0)), format!("{}-webhook", "a".repeat(60)));
    }

    #[test]
    fn the_webhook_is_served_beside_the_operator() {
        assert_eq!(webhook_service_name(NOW, "external-secrets", None), "external-secrets-webhook");
        assert_eq!(webhook_service_name(NOW, "eso", None), "eso-external-secrets-webhook");
    }

    #[test]
    fn the_namespace_can_be_another_from_0_9_14_on() {
        let values = yaml("namespaceOverride: secrets");
        assert_eq!(namespace(NOW, "flux-system", Some(&values)), "secrets");
        assert_eq!(namespace(EsoVersion(0, 9, 13), "flux-system", Some(&values)), "flux-system");
        assert_eq!(namespace(NOW, "flux-system", None), "flux-system");
    }
}
