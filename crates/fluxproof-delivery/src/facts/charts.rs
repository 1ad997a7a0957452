//! Helm charts by name.

use super::lookup::{is_on, text};
use super::origin;
use super::table::Table;
use fluxproof_yaml::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

static CHARTS: Table = Table::new(include_str!("../../../../data/charts.tsv"));
static WEBHOOKS: Table = Table::new(include_str!("../../../../data/chart-webhooks.tsv"));

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The repository of the chart says which chart it is.
    Certain,
    /// Only its name does.
    Likely,
}

/// The tables, read.
#[derive(Debug)]
pub struct Facts {
    charts: &'static BTreeMap<&'static str, Vec<Row>>,
}

/// Kinds of a group that come together.
#[derive(Debug)]
struct Row {
    group: &'static str,
    /// `*` is every kind.
    kinds: Vec<&'static str>,
    only_with: Vec<&'static str>,
    switches: Vec<&'static str>,
}

impl Row {
    fn of(row: super::table::Row) -> Self {
        Self { group: row.column(1), kinds: row.list(2), only_with: row.list(3), switches: row.list(4) }
    }

    fn comes(&self, values: Option<&Value>, more_values: bool) -> bool {
        brings(&self.only_with, values, more_values) && allows(&self.switches, values)
    }
}

/// Whether any of the values is set that something comes with; with `more_values` one that is not set here may be.
fn brings(only_with: &[&str], values: Option<&Value>, more_values: bool) -> bool {
    let set = |path: &&str| match path.strip_prefix('!') {
        Some(path) => !is_on(values, path, !more_values),
        None => is_on(values, path, more_values),
    };
    only_with.is_empty() || only_with.iter().any(set)
}

/// Whether none of the values is turned that something does not come without.
fn allows(switches: &[&str], values: Option<&Value>) -> bool {
    let holds = |switch: &&str| match switch.strip_prefix('!') {
        Some(path) => !is_on(values, path, false),
        None => is_on(values, switch, true),
    };
    switches.iter().all(holds)
}

/// What is known of a chart.
#[derive(Debug, Clone, Copy)]
pub struct ChartFacts<'f> {
    name: &'f str,
    rows: &'f [Row],
    external_secrets: bool,
    confidence: Confidence,
}

/// An admission webhook that a chart brings and that refuses while it does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartWebhook {
    /// Its name, as error texts have it.
    pub name: &'static str,
    /// `validating` or `mutating`
    pub sort: &'static str,
    /// The API group that it admits.
    pub group: &'static str,
    /// The kinds of the group; empty: all of them.
    pub kinds: Vec<&'static str>,
    /// The name of its service; with `-` at its start it follows the full name of the release: `-webhook`.
    pub service: &'static str,
}

impl ChartWebhook {
    fn of(row: super::table::Row) -> Self {
        let kinds = row.list(4);
        Self {
            name: row.column(1),
            sort: row.column(2),
            group: row.column(3),
            kinds: if kinds == ["*"] { Vec::new() } else { kinds },
            service: row.column(5),
        }
    }
}

fn is_installed(row: super::table::Row, values: Option<&Value>) -> bool {
    brings(&row.list(8), values, false) && allows(&row.list(7), values)
}

fn refuses(row: super::table::Row, values: Option<&Value>) -> bool {
    row.column(6) == "Fail" || text(values, row.column(6)) != Some("Ignore")
}

impl Default for Facts {
    fn default() -> Self {
        Self::new()
    }
}

impl Facts {
    /// The tables; they are read once.
    #[must_use]
    pub fn new() -> Self {
        static READ: OnceLock<BTreeMap<&str, Vec<Row>>> = OnceLock::new();
        let read = || {
            let mut charts: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
            CHARTS.rows().for_each(|row| charts.entry(row.column(0)).or_default().push(Row::of(row)));
            charts
        };
        Self { charts: READ.get_or_init(read) }
    }

    /// A chart by its name (the last part of a path) and, where it is known, the url of its repository.
    #[must_use]
    pub fn chart<'f>(&'f self, chart: &'f str, repository_url: Option<&str>) -> Option<ChartFacts<'f>> {
        let name = chart.trim_end_matches('/').rsplit('/').next().unwrap_or(chart);
        let official = repository_url.is_some_and(|url| origin::is_of("external-secrets", &["helm", "oci"], url));
        let looks_so = repository_url.is_none_or(|url| url.to_lowercase().contains("external-secrets"));
        let external_secrets = name == "external-secrets" && (official || looks_so);
        let confidence = if external_secrets && official { Confidence::Certain } else { Confidence::Likely };
        let rows = self.charts.get(name).map(Vec::as_slice);
        let known = external_secrets || rows.is_some();
        known.then_some(ChartFacts { name, rows: rows.unwrap_or_default(), external_secrets, confidence })
    }

    /// Whether a url is the Git repository of External Secrets, in any of git's spellings.
    #[must_use]
    pub fn is_external_secrets_repository(&self, url: &str) -> bool {
        origin::is_of("external-secrets", &["git"], url)
    }
}

impl ChartFacts<'_> {
    /// Its name, without the path that leads to it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// The API groups of the chart's CRDs, whoever brings them.
    #[must_use]
    pub fn all_groups(&self) -> Vec<&'static str> {
        self.rows.iter().map(|row| row.group).filter(|group| !group.is_empty()).collect()
    }

    /// The kinds whose CRDs the chart brings with these values: group and kind, or the group alone where its kinds are not
    /// known.
    ///
    /// With `more_values` (from elsewhere, unread) a switch that is off by default and not set here may be on.
    #[must_use]
    pub fn kinds(&self, values: Option<&Value>, more_values: bool) -> Vec<(&'static str, Option<&'static str>)> {
        let rows = self.rows.iter().filter(|row| !row.group.is_empty() && row.comes(values, more_values));
        rows.flat_map(|row| row.kinds.iter().map(|kind| (row.group, Some(*kind).filter(|kind| *kind != "*")))).collect()
    }

    /// The API groups of those kinds, each once.
    #[must_use]
    pub fn groups(&self, values: Option<&Value>, more_values: bool) -> Vec<&'static str> {
        let mut groups: Vec<&str> = self.kinds(values, more_values).into_iter().map(|(group, _)| group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The values any of which must be set for the CRDs to come; empty where some come by default.
    #[must_use]
    pub fn only_with(&self) -> &[&'static str] {
        match self.rows {
            [first, rest @ ..] if rest.iter().all(|row| !row.only_with.is_empty()) => &first.only_with,
            _ => &[],
        }
    }

    /// The webhooks that the chart installs with these values and that refuse while they do not answer.
    /// External Secrets has its own table.
    #[must_use]
    pub fn webhooks(&self, values: Option<&Value>) -> Vec<ChartWebhook> {
        let installed = WEBHOOKS.of(self.name).filter(|row| is_installed(*row, values));
        installed.filter(|row| refuses(*row, values)).map(ChartWebhook::of).collect()
    }

    /// Whether it is the chart of External Secrets, which has tables of its own.
    #[must_use]
    pub fn is_external_secrets(&self) -> bool {
        self.external_secrets
    }

    /// How sure it is that this is that chart: a name alone, or a mirror's url, makes it likely.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }
}

#[cfg(test)]
mod tests {
    use super::super::lookup::tests::yaml;
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_sourced() {
        is_well_formed(&CHARTS);
        is_sorted(&CHARTS, &[0, 1, 2, 3, 4]);
        assert!(CHARTS.rows().count() > 100);
        is_well_formed(&WEBHOOKS);
        is_sorted(&WEBHOOKS, &[0, 3, 2, 1]);
    }

    static PLACES: Table = Table::new(include_str!("../../../../data/chart-sources.tsv"));

    #[test]
    fn every_chart_that_was_read_has_its_place_and_date() {
        is_well_formed(&PLACES);
        is_sorted(&PLACES, &[0]);
        for row in PLACES.rows() {
            assert!(CHARTS.of(row.column(0)).next().is_some(), "{row:?}");
            assert!(row.column(2).starts_with("https://github.com/") && row.column(3).starts_with("20"), "{row:?}");
        }
        assert!(PLACES.rows().count() > 150);
    }

    #[test]
    fn charts_come_by_name_and_only_with_their_values() {
        let facts = Facts::new();
        let cert_manager = facts.chart("cert-manager", None).expect("a row");
        assert!(cert_manager.groups(None, false).is_empty(), "cert-manager brings no CRDs by default");
        assert_eq!(cert_manager.only_with(), ["crds.enabled", "installCRDs"]);
        assert_eq!(cert_manager.groups(None, true), ["acme.cert-manager.io", "cert-manager.io"]);
        let kinds = cert_manager.kinds(None, true);
        assert!(kinds.contains(&("cert-manager.io", Some("ClusterIssuer"))), "{kinds:?}");
        let by_hand = facts.chart("cilium", None).expect("a row").kinds(None, false);
        assert_eq!(by_hand, [("cilium.io", None)], "its operator makes them");
        assert_eq!(cert_manager.confidence(), Confidence::Likely);
        assert!(facts.chart("no-such-chart", None).is_none());
        let by_path = facts.chart("charts/jetstack/cert-manager/", Some("oci://quay.io")).expect("a row");
        assert_eq!(by_path.only_with(), cert_manager.only_with());
    }

    #[test]
    fn a_chart_without_crds_is_known_to_have_none() {
        let facts = Facts::new();
        let reflector = facts.chart("reflector", None).expect("a row");
        assert!(reflector.groups(None, true).is_empty() && reflector.webhooks(None).is_empty());
    }

    #[test]
    fn a_switch_takes_crds_away_and_a_wish_brings_them() {
        let facts = Facts::new();
        let brings = |chart, values, more| {
            let values = yaml(values);
            !facts.chart(chart, None).expect("a row").groups(Some(&values), more).is_empty()
        };
        assert!(brings("cert-manager", "crds: { enabled: true }", false));
        assert!(brings("cert-manager", "installCRDs: true", false));
        assert!(!brings("cert-manager", "{}", false));
        assert!(brings("cert-manager", "{}", true), "values that were not read may ask for them");
        assert!(!brings("mariadb-operator", "{}", false) && brings("mariadb-operator-crds", "{}", false));
        assert!(!brings("piraeus", "{}", false) && !brings("gateway-crds-helm", "{}", false));
        for (chart, off) in [
            ("argo-cd", "crds: { install: false }"),
            ("argo-rollouts", "installCRDs: false"),
            ("cloudnative-pg", "crds: { create: false }"),
            ("keda", "crds: { install: false }"),
            ("kube-prometheus-stack", "crds: { enabled: false }"),
            ("trust-manager", "crds: { enabled: false }"),
        ] {
            assert!(brings(chart, "{}", false) && !brings(chart, off, true), "{chart}");
        }
    }

    #[test]
    fn cert_manager_refuses_while_its_webhook_is_down() {
        let facts = Facts::new();
        let webhooks = facts.chart("cert-manager", None).expect("a row").webhooks(None);
        let validating: Vec<_> = webhooks.iter().filter(|w| w.sort == "validating").map(|w| w.group).collect();
        assert_eq!(validating, ["acme.cert-manager.io", "cert-manager.io"]);
        let mutating = webhooks.iter().find(|w| w.sort == "mutating").expect("one");
        assert_eq!((mutating.kinds.as_slice(), mutating.service), (&["CertificateRequest"][..], "-webhook"));
        assert!(facts.chart("external-secrets", None).expect("a row").webhooks(None).is_empty());
    }

    #[test]
    fn webhooks_of_other_charts_have_values() {
        let facts = Facts::new();
        let count = |chart, values| facts.chart(chart, None).expect("a row").webhooks(Some(&yaml(values))).len();
        assert_eq!(count("cloudnative-pg", "{}"), 9);
        assert_eq!(count("cloudnative-pg", "webhook: { validating: { failurePolicy: Ignore } }"), 4);
        assert_eq!(count("cloudnative-pg", "webhook: { mutating: { create: false } }"), 5);
        assert_eq!(count("mariadb-operator", "{}"), 11);
        assert_eq!(count("mariadb-operator", "webhook: { enabled: false }"), 0);
        assert_eq!(count("mariadb-operator", "currentNamespaceOnly: true"), 0);
        assert_eq!(count("trust-manager", "{}"), 1);
    }

    #[test]
    fn every_webhook_is_of_a_chart_and_a_group_that_it_brings() {
        let facts = Facts::new();
        for row in WEBHOOKS.rows() {
            let chart = facts.chart(row.column(0), None).expect("a row");
            assert!(chart.groups(None, true).contains(&row.column(3)), "{row:?}");
        }
    }

    #[test]
    fn external_secrets_is_known_by_name_and_repository() {
        let facts = Facts::new();
        let sure = |chart, url| {
            let chart = facts.chart(chart, url)?;
            chart.is_external_secrets().then_some(chart.confidence())
        };
        let certain = Some(Confidence::Certain);
        assert_eq!(sure("external-secrets", Some("https://charts.external-secrets.io")), certain);
        assert_eq!(sure("external-secrets", Some("https://charts.external-secrets.io/")), certain);
        assert_eq!(sure("external-secrets", Some("oci://ghcr.io/external-secrets/charts")), certain);
        let whole = "oci://ghcr.io/external-secrets/charts/external-secrets";
        assert_eq!(sure(whole, Some(whole)), certain);
        assert_eq!(sure("external-secrets", None), Some(Confidence::Likely));
        let mirror = "oci://registry.example.com/mirror/external-secrets";
        assert_eq!(sure("external-secrets", Some(mirror)), Some(Confidence::Likely));
        assert_eq!(sure("external-secrets", Some("https://charts.example.com")), None);
        assert_eq!(sure("reloader", Some("https://charts.external-secrets.io")), None);
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
}
