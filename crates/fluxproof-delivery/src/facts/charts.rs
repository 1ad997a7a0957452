//! Helm charts by name.

use super::table::{column, rows};
use fluxproof_yaml::Value;
use std::collections::BTreeMap;

const CHARTS: &str = include_str!("../../../../data/charts.tsv");

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The repository of the chart says which chart it is.
    Certain,
    /// Only its name does.
    Likely,
}

/// The tables, read.
#[derive(Debug, Default)]
pub struct Facts {
    charts: BTreeMap<&'static str, Row>,
}

#[derive(Debug)]
struct Row {
    groups: Vec<&'static str>,
    only_with: Vec<&'static str>,
}

/// What is known of a chart.
#[derive(Debug, Clone, Copy)]
pub struct ChartFacts<'f> {
    row: Option<&'f Row>,
    external_secrets: bool,
}

impl Facts {
    /// Reads the tables.
    #[must_use]
    pub fn new() -> Self {
        let list = |text: &'static str| text.split(',').filter(|part| !part.is_empty()).collect();
        let row = |row: Vec<&'static str>| {
            (column(&row, 0), Row { groups: list(column(&row, 1)), only_with: list(column(&row, 2)) })
        };
        Self { charts: rows(CHARTS).map(row).collect() }
    }

    /// A chart by its name and, where it is known, the url of its repository.
    #[must_use]
    pub fn chart(&self, chart: &str, repository_url: Option<&str>) -> Option<ChartFacts<'_>> {
        let name = chart.trim_end_matches('/').rsplit('/').next().unwrap_or(chart);
        let known_url = |url: &str| url.contains("external-secrets");
        let external_secrets = name == "external-secrets" && repository_url.is_none_or(known_url);
        let row = self.charts.get(name);
        (external_secrets || row.is_some()).then_some(ChartFacts { row, external_secrets })
    }

    /// Whether a url is the repository of External Secrets, in any of git's spellings.
    #[must_use]
    pub fn is_external_secrets_repository(&self, url: &str) -> bool {
        let url = url.trim_end_matches('/').trim_end_matches(".git").to_lowercase();
        ["github.com/external-secrets/external-secrets", "github.com:external-secrets/external-secrets"]
            .iter()
            .any(|end| url.ends_with(end))
    }
}

impl ChartFacts<'_> {
    /// The API groups of the CRDs that the chart brings with these values.
    #[must_use]
    pub fn groups(&self, values: Option<&Value>, more_values: bool) -> &[&'static str] {
        let Some(row) = self.row else { return &[] };
        let on = |path: &&str| {
            let keys: Vec<&str> = path.split('.').collect();
            values.and_then(|values| values.at(&keys)).and_then(Value::as_bool) == Some(true)
        };
        if row.only_with.is_empty() || more_values || row.only_with.iter().any(on) { &row.groups } else { &[] }
    }

    /// Whether it is the chart of External Secrets, which has tables of its own.
    #[must_use]
    pub fn is_external_secrets(&self) -> bool {
        self.external_secrets
    }

    /// How sure this is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        if self.external_secrets { Confidence::Certain } else { Confidence::Likely }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_come_by_name_and_only_with_their_values() {
        let facts = Facts::new();
        let cert_manager = facts.chart("cert-manager", None).expect("a row");
        assert!(cert_manager.groups(None, false).is_empty(), "cert-manager brings no CRDs by default");
        assert_eq!(cert_manager.groups(None, true), ["cert-manager.io", "acme.cert-manager.io"]);
        assert_eq!(cert_manager.confidence(), Confidence::Likely);
        assert!(facts.chart("no-such-chart", None).is_none());
    }

    #[test]
    fn external_secrets_is_known_by_name_and_repository() {
        let facts = Facts::new();
        let is = |chart, url| facts.chart(chart, url).is_some_and(|chart| chart.is_external_secrets());
        assert!(is("external-secrets", Some("https://charts.external-secrets.io")));
        assert!(is("external-secrets", Some("oci://ghcr.io/external-secrets/charts/external-secrets")));
        assert!(is("external-secrets", None));
        assert!(!is("external-secrets", Some("https://charts.example.com")));
    }

    #[test]
    fn the_repository_is_known_in_every_spelling() {
        let facts = Facts::new();
        for url in [
            "https://github.com/external-secrets/external-secrets",
            "https://github.com/external-secrets/external-secrets.git",
            "http://github.com/external-secrets/external-secrets/",
            "ssh://git@github.com/external-secrets/external-secrets",
            "git@github.com:external-secrets/external-secrets.git",
        ] {
            assert!(facts.is_external_secrets_repository(url), "{url}");
        }
        assert!(!facts.is_external_secrets_repository("https://github.com/someone/external-secrets"));
    }

    #[test]
    fn the_table_is_sorted_and_sourced() {
        assert!(CHARTS.starts_with('#') && CHARTS.contains("# source:"));
        let names: Vec<&str> = rows(CHARTS).map(|row| column(&row, 0)).collect();
        assert!(names.is_sorted() && names.len() > 100);
    }
}
