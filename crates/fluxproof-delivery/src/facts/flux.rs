//! The API versions of Flux's own kinds.

use super::table::{column, rows};

const APIS: &str = include_str!("../../../../data/flux-apis.tsv");

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
    let is = |row: &Vec<&'static str>| column(row, 0) == group && column(row, 1) == kind && column(row, 2) == version;
    match rows(APIS).find(is) {
        None => ApiState::Unknown,
        Some(row) if column(&row, 3).is_empty() => ApiState::Served,
        Some(row) => {
            ApiState::Removed { in_release: column(&row, 3), use_instead: format!("{group}/{}", column(&row, 4)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_are_removed_and_new_ones_served() {
        assert_eq!(flux_api("kustomize.toolkit.fluxcd.io/v1", "Kustomization"), ApiState::Served);
        let removed = ApiState::Removed { in_release: "2.8", use_instead: "helm.toolkit.fluxcd.io/v2".to_owned() };
        assert_eq!(flux_api("helm.toolkit.fluxcd.io/v2beta2", "HelmRelease"), removed);
        assert_eq!(flux_api("apps/v1", "Deployment"), ApiState::Unknown);
    }
}
