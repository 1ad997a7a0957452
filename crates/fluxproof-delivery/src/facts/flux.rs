//! The API versions of Flux's own kinds.

use super::table::{Row, Table};
use std::fmt;

static APIS: Table = Table::new(include_str!("../../../../data/flux-apis.tsv"));

/// A minor release of Flux 2: `2.9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(u32);

impl Release {
    /// The release that the tables describe.
    pub const LATEST: Self = Self(9);

    /// The release that a version belongs to: `v2.7.3`, `2.7`, `2.7.x`. None for `2.x`, which is whatever is newest.
    #[must_use]
    pub fn parse(version: &str) -> Option<Self> {
        let minor = version.trim().trim_start_matches('v').strip_prefix("2.")?;
        minor.split(['.', '-', '+']).next()?.parse().ok().map(Self)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.0)
    }
}

/// What Flux 2.9 makes of an API version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiState {
    /// It serves it.
    Served,
    /// A release of Flux removed it.
    Removed {
        /// `2.8`
        in_release: &'static str,
        /// `kustomize.toolkit.fluxcd.io/v1`
        use_instead: String,
    },
    /// The table does not know it.
    Unknown,
}

/// Looks up an API version of a kind.
#[must_use]
pub fn flux_api(api_version: &str, kind: &str) -> ApiState {
    let Some((group, version)) = api_version.split_once('/') else { return ApiState::Unknown };
    match of(group, kind).find(|row| row.column(2) == version) {
        None => ApiState::Unknown,
        Some(row) if is_served(row) => ApiState::Served,
        Some(row) => ApiState::Removed { in_release: row.column(4), use_instead: format!("{group}/{}", row.column(5)) },
    }
}

/// The versions of a kind that Flux 2.9 (or flux-operator) serves; none for kinds of others.
#[must_use]
pub fn served(group: &str, kind: &str) -> Vec<&'static str> {
    of(group, kind).filter(|row| is_served(*row)).map(|row| row.column(2)).collect()
}

fn of(group: &str, kind: &str) -> impl Iterator<Item = Row> {
    APIS.of(group).filter(move |row| row.column(1) == kind)
}

fn is_served(row: Row) -> bool {
    row.column(4).is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;

    #[test]
    fn versions_belong_to_releases() {
        for (version, expected) in
            [("v2.7.3", "2.7"), ("2.9", "2.9"), ("2.7.x", "2.7"), ("v2.10.0-rc.1", "2.10"), ("2.x", ""), ("0.41.2", "")]
        {
            let shown = Release::parse(version).map(|release| release.to_string()).unwrap_or_default();
            assert_eq!(shown, expected, "{version}");
        }
        assert!(Release::parse("2.10") > Release::parse("2.9"));
        assert_eq!(Release::parse("2.9"), Some(Release::LATEST));
    }

    const TOOLKIT: &str = "toolkit.fluxcd.io";

    #[test]
    fn the_table_is_sorted_and_sourced() {
        is_well_formed(&APIS);
        is_sorted(&APIS, &[0, 1, 2]);
    }

    #[test]
    fn what_is_used_instead_is_served() {
        for row in APIS.rows() {
            let served = served(row.column(0), row.column(1));
            assert_eq!(served.len(), 1, "{row:?}");
            assert!(is_served(row) || served == [row.column(5)], "{row:?}");
        }
    }

    #[test]
    fn one_version_of_each_kind_is_served() {
        for (group, kind, version) in [
            ("kustomize.toolkit.fluxcd.io", "Kustomization", "v1"),
            ("helm.toolkit.fluxcd.io", "HelmRelease", "v2"),
            ("source.toolkit.fluxcd.io", "GitRepository", "v1"),
            ("source.toolkit.fluxcd.io", "OCIRepository", "v1"),
            ("source.toolkit.fluxcd.io", "Bucket", "v1"),
            ("source.toolkit.fluxcd.io", "HelmRepository", "v1"),
            ("source.toolkit.fluxcd.io", "HelmChart", "v1"),
            ("source.toolkit.fluxcd.io", "ExternalArtifact", "v1"),
            ("notification.toolkit.fluxcd.io", "Receiver", "v1"),
            ("notification.toolkit.fluxcd.io", "Alert", "v1beta3"),
            ("notification.toolkit.fluxcd.io", "Provider", "v1beta3"),
            ("image.toolkit.fluxcd.io", "ImageRepository", "v1"),
            ("image.toolkit.fluxcd.io", "ImagePolicy", "v1"),
            ("image.toolkit.fluxcd.io", "ImageUpdateAutomation", "v1"),
            ("source.extensions.fluxcd.io", "ArtifactGenerator", "v1beta1"),
            ("fluxcd.controlplane.io", "FluxInstance", "v1"),
            ("fluxcd.controlplane.io", "FluxReport", "v1"),
            ("fluxcd.controlplane.io", "ResourceSet", "v1"),
            ("fluxcd.controlplane.io", "ResourceSetInputProvider", "v1"),
        ] {
            assert_eq!(served(group, kind), [version], "{kind}");
            assert_eq!(flux_api(&format!("{group}/{version}"), kind), ApiState::Served);
        }
    }

    #[test]
    fn old_versions_went_with_a_release() {
        for (group, kind, version, in_release, use_instead) in [
            ("kustomize", "Kustomization", "v1beta1", "2.7", "v1"),
            ("kustomize", "Kustomization", "v1beta2", "2.8", "v1"),
            ("helm", "HelmRelease", "v2beta1", "2.7", "v2"),
            ("helm", "HelmRelease", "v2beta2", "2.8", "v2"),
            ("source", "GitRepository", "v1beta1", "2.7", "v1"),
            ("source", "HelmRepository", "v1beta2", "2.8", "v1"),
            ("source", "OCIRepository", "v1beta2", "2.8", "v1"),
            ("notification", "Receiver", "v1beta1", "2.7", "v1"),
            ("notification", "Alert", "v1beta2", "2.9", "v1beta3"),
            ("image", "ImagePolicy", "v1beta1", "2.7", "v1"),
            ("image", "ImageUpdateAutomation", "v1beta2", "2.9", "v1"),
        ] {
            let state = flux_api(&format!("{group}.{TOOLKIT}/{version}"), kind);
            let use_instead = format!("{group}.{TOOLKIT}/{use_instead}");
            assert_eq!(state, ApiState::Removed { in_release, use_instead }, "{kind} {version}");
        }
    }

    #[test]
    fn what_is_not_flux_is_unknown() {
        for (api_version, kind) in [
            ("apps/v1", "Deployment"),
            ("v1", "Secret"),
            ("kustomize.toolkit.fluxcd.io/v3", "Kustomization"),
            ("kustomize.toolkit.fluxcd.io/v1", "HelmRelease"),
            ("source.toolkit.fluxcd.io/v1beta1", "OCIRepository"),
        ] {
            assert_eq!(flux_api(api_version, kind), ApiState::Unknown, "{api_version} {kind}");
        }
    }
}
