//! External Secrets: what its repository and its chart bring, by version.

pub use super::values::{UnknownValue, unknown_values};

use super::table::{column, rows};
use fluxproof_yaml::Value;
use std::fmt;

const CRDS: &str = include_str!("../../../../data/eso-crds.tsv");
const WEBHOOKS: &str = include_str!("../../../../data/eso-webhooks.tsv");

/// A version of External Secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EsoVersion(pub u32, pub u32, pub u32);

impl fmt::Display for EsoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl EsoVersion {
    /// `2.9.0` or `v2.9.0`; none for ranges and anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().strip_prefix('v').unwrap_or(text.trim()).split('.');
        let mut next = || parts.next()?.parse::<u32>().ok();
        let version = Self(next()?, next()?, next()?);
        parts.next().is_none().then_some(version)
    }

    /// The newest version that the tables know. Newer ones are taken to be like it.
    #[must_use]
    pub fn newest() -> Self {
        Self(2, 9, 0)
    }

    /// Whether a row that holds from `since` to `until` (empty: to this day) holds for this version.
    pub(crate) fn is_in(self, since: &str, until: &str) -> bool {
        Self::parse(since).is_some_and(|since| since <= self) && Self::parse(until).is_none_or(|until| self <= until)
    }
}

/// Where CRDs lie in the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrdPath {
    /// `./deploy/crds`: one bundle.
    Bundle,
    /// `./config/crds/bases`: one file a CRD.
    Bases,
}

/// A CRD and what it serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crd {
    /// `external-secrets.io`
    pub group: &'static str,
    /// `ClusterSecretStore`
    pub kind: &'static str,
    /// The versions it serves, the preferred one first.
    pub served: Vec<&'static str>,
}

/// The CRDs of a tag at a path.
#[must_use]
pub fn crds(version: EsoVersion, path: CrdPath) -> Vec<Crd> {
    let wanted = if path == CrdPath::Bundle { "deploy" } else { "bases" };
    let holds = |row: &Vec<&'static str>| column(row, 0) == wanted && version.is_in(column(row, 5), column(row, 6));
    rows(CRDS)
        .filter(holds)
        .map(|row| Crd { group: column(&row, 1), kind: column(&row, 2), served: served(column(&row, 4)) })
        .collect()
}

/// `v1*,v1beta1(unserved)(depr)` serves v1.
fn served(versions: &'static str) -> Vec<&'static str> {
    let is_served = |version: &&str| !version.contains("(unserved)");
    let name = |version: &'static str| version.split(['*', '(']).next().unwrap_or(version);
    let mut all: Vec<(bool, &str)> =
        versions.split(',').filter(is_served).map(|v| (!v.contains('*'), name(v))).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, name)| name).collect()
}

fn flag(values: Option<&Value>, path: &[&str], default: bool) -> bool {
    values.and_then(|values| values.at(path)).and_then(Value::as_bool).unwrap_or(default)
}

/// The switches of the chart, by kind; `installCRDs` is above them all.
const SWITCHES: &[(&str, &str)] = &[
    ("ClusterExternalSecret", "createClusterExternalSecret"),
    ("ClusterSecretStore", "createClusterSecretStore"),
    ("SecretStore", "createSecretStore"),
    ("ClusterGenerator", "createClusterGenerator"),
    ("ClusterPushSecret", "createClusterPushSecret"),
    ("PushSecret", "createPushSecret"),
];

/// The CRDs that the chart's templates bring with these values (templates/crds, every version).
#[must_use]
pub fn chart_crds(version: EsoVersion, values: Option<&Value>) -> Vec<Crd> {
    if !flag(values, &["installCRDs"], true) {
        return Vec::new();
    }
    let switched = |crd: &Crd| {
        SWITCHES.iter().find(|(kind, _)| *kind == crd.kind).is_none_or(|(_, key)| flag(values, &["crds", key], true))
    };
    let old = flag(values, &["crds", "unsafeServeV1Beta1"], false);
    let mut all: Vec<Crd> = crds(version, CrdPath::Bundle).into_iter().filter(switched).collect();
    for crd in all.iter_mut().filter(|crd| old && crd.group == "external-secrets.io" && crd.served == ["v1"]) {
        crd.served.push("v1beta1");
    }
    all
}

/// An admission webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, as error texts have it.
    pub name: &'static str,
    /// The kinds it admits.
    pub kinds: Vec<&'static str>,
}

/// The webhooks that the chart installs and that refuse while they do not answer.
#[must_use]
pub fn webhooks(version: EsoVersion, values: Option<&Value>) -> Vec<Webhook> {
    let ignored = values.and_then(|v| v.str_at(&["webhook", "failurePolicy"])) == Some("Ignore");
    if !flag(values, &["webhook", "create"], true) || ignored {
        return Vec::new();
    }
    let holds = |row: &Vec<&'static str>| version.is_in(column(row, 2), "");
    rows(WEBHOOKS).filter(holds).map(|row| Webhook { name: column(&row, 1), kinds: vec![column(&row, 0)] }).collect()
}

/// The name of the operator's service account (templates/_helpers.tpl): the release's name where that contains the chart's.
#[must_use]
pub fn service_account_name(release: &str, values: Option<&Value>) -> String {
    let text = |path: &[&str]| values.and_then(|values| values.str_at(path)).filter(|text| !text.is_empty());
    if let Some(name) = text(&["serviceAccount", "name"]).or_else(|| text(&["fullnameOverride"])) {
        return name.to_owned();
    }
    let chart = text(&["nameOverride"]).unwrap_or("external-secrets");
    if release.contains(chart) { release.to_owned() } else { format!("{release}-{chart}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served_of(version: &str, kind: &str, path: CrdPath) -> Vec<&'static str> {
        let version = EsoVersion::parse(version).expect("a version");
        crds(version, path).into_iter().find(|crd| crd.kind == kind).map(|crd| crd.served).unwrap_or_default()
    }

    #[test]
    fn served_versions_follow_the_history() {
        for (version, expected) in [
            ("0.4.4", vec!["v1alpha1"]),
            ("0.10.3", vec!["v1beta1", "v1alpha1"]),
            ("0.16.0", vec!["v1", "v1beta1"]),
            ("0.17.0", vec!["v1"]),
            ("1.3.1", vec!["v1"]),
            ("2.9.0", vec!["v1"]),
            ("3.0.0", vec!["v1"]),
        ] {
            assert_eq!(served_of(version, "ClusterSecretStore", CrdPath::Bundle), expected, "{version}");
        }
        assert_eq!(served_of("2.9.0", "PushSecret", CrdPath::Bases), ["v1alpha1"]);
    }

    #[test]
    fn the_bases_folder_has_25_crds_at_2_9_0_and_23_at_1_3_1() {
        assert_eq!(crds(EsoVersion(2, 9, 0), CrdPath::Bases).len(), 25);
        assert_eq!(crds(EsoVersion(1, 3, 1), CrdPath::Bases).len(), 23);
        assert!(crds(EsoVersion(0, 4, 4), CrdPath::Bases).is_empty(), "the folder came with 0.5.0");
    }

    #[test]
    fn webhooks_came_with_0_5_0() {
        assert!(webhooks(EsoVersion(0, 4, 4), None).is_empty());
        assert_eq!(webhooks(EsoVersion(2, 9, 0), None).len(), 3);
    }

    #[test]
    fn versions_are_exact_or_none() {
        assert_eq!(EsoVersion::parse("v2.9.0"), Some(EsoVersion(2, 9, 0)));
        for text in ["2.x", ">=1.0.0", "2.9", "2.9.0-rc1", "", "${v}"] {
            assert_eq!(EsoVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn service_accounts_are_named_as_helm_names_them() {
        assert_eq!(service_account_name("external-secrets", None), "external-secrets");
        assert_eq!(
            service_account_name("external-secrets-external-secrets", None),
            "external-secrets-external-secrets"
        );
        assert_eq!(service_account_name("eso", None), "eso-external-secrets");
    }
}
