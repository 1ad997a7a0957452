//! Values that the chart of External Secrets does not read.

use super::{EsoVersion, nearest};
use crate::facts::near::distance;
use crate::facts::table::{Row, Table};
use fluxproof_yaml::{Span, Value};

static VALUES: Table = Table::new(include_str!("../../../../../data/eso-values.tsv"));
static MEANT: Table = Table::new(include_str!("../../../../../data/eso-meant.tsv"));

/// The deepest value that is looked at; the deepest that the chart reads is 7.
const MAX_DEPTH: usize = 16;

/// Keys below which anything goes: what all charts share, and a subchart.
const FREE: &[&str] = &["bitwarden-sdk-server", "global"];

/// A value that the chart does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// `crds.create`
    pub path: String,
    /// Where its key stands.
    pub key_span: Span,
    /// What was meant, where that can be guessed.
    pub suggestion: Option<String>,
    /// The releases that do read it, where there are any: `0.16.0 and later`.
    pub read_by: Option<String>,
}

/// The keys that a release of the chart reads, in their order; none below 0.3.9.
#[must_use]
pub fn values_keys(version: EsoVersion) -> Vec<&'static str> {
    known(version).into_iter().map(|(key, _)| key).collect()
}

/// The keys of a release, and whether anything goes below them.
fn known(version: EsoVersion) -> Vec<(&'static str, bool)> {
    let holds = |row: &Row| version.is_in(row.column(2), row.column(3));
    VALUES.rows().filter(holds).map(|row| (row.column(0), ["map", "list"].contains(&row.column(1)))).collect()
}

/// The values that a release of the chart does not read.
///
/// Of a release newer than the table only those that look like a slip of the pen: it may have new keys.
#[must_use]
pub fn unknown_values(version: EsoVersion, values: &Value) -> Vec<UnknownValue> {
    let known = known(version);
    let mut search = Search { known: &known, out: Vec::new() };
    if !known.is_empty() {
        search.look(values, "", MAX_DEPTH);
    }
    let newer = nearest(version).is_none_or(|nearest| nearest.row < version && version > EsoVersion::newest());
    search.out.retain(|unknown| !newer || unknown.suggestion.is_some());
    search.out
}

struct Search<'k> {
    known: &'k [(&'static str, bool)],
    out: Vec<UnknownValue>,
}

impl Search<'_> {
    fn look(&mut self, value: &Value, parent: &str, depth: usize) {
        for entry in value.entries() {
            let path = if parent.is_empty() { entry.key.to_string() } else { format!("{parent}.{}", entry.key) };
            if self.is_free(&path) {
                continue;
            }
            match (self.has_below(&path), self.is_key(&path)) {
                (true, _) if entry.value.is_map() && depth > 0 => {
                    self.look(&entry.value, &path, depth - 1);
                }
                (false, false) => self.out.push(self.unknown(path, parent, entry.key_span)),
                _ => {}
            }
        }
    }

    /// Anything goes below a map or a list that a template takes whole, and below keys that people keep anchors in.
    fn is_free(&self, path: &str) -> bool {
        let is_whole = self.known.iter().any(|(key, whole)| *whole && *key == path);
        is_whole || FREE.contains(&path) || path.starts_with(['_', '.']) || path.starts_with("x-")
    }

    fn is_key(&self, path: &str) -> bool {
        self.known.iter().any(|(key, _)| *key == path)
    }

    fn has_below(&self, path: &str) -> bool {
        self.known.iter().any(|(key, _)| is_below(key, path))
    }

    fn unknown(&self, path: String, parent: &str, key_span: Span) -> UnknownValue {
        let read_by = read_by(&path);
        let near = || if read_by.is_none() { self.near(&path, parent) } else { None };
        UnknownValue { suggestion: meant(&path).map(str::to_owned).or_else(near), path, key_span, read_by }
    }

    /// The nearest key with the same parent: at most two changes, and fewer in short names.
    fn near(&self, path: &str, parent: &str) -> Option<String> {
        let skip = if parent.is_empty() { 0 } else { parent.len() + 1 };
        let name = path.get(skip..)?;
        let below = self.known.iter().filter(|(key, _)| parent.is_empty() || is_below(key, parent));
        let heads = below.filter_map(|(key, _)| key.get(skip..)?.split('.').next());
        let away = |head: &str| distance(&head.to_lowercase(), &name.to_lowercase());
        let (changes, head) = heads.map(|head| (away(head), head)).min()?;
        let close = changes <= (name.chars().count() / 3).min(2);
        close.then(|| if parent.is_empty() { head.to_owned() } else { format!("{parent}.{head}") })
    }
}

fn is_below(key: &str, path: &str) -> bool {
    key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
}

fn meant(path: &str) -> Option<&'static str> {
    MEANT.of(path).next().map(|row| row.column(1))
}

/// The releases that read a key or a key below it.
fn read_by(path: &str) -> Option<String> {
    let of = |row: &Row| row.column(0) == path || is_below(row.column(0), path);
    let since = VALUES.rows().filter(of).filter_map(|row| EsoVersion::parse(row.column(2))).min()?;
    let until = VALUES.rows().filter(of).map(|row| EsoVersion::parse(row.column(3)));
    let last = until.reduce(|a, b| Some(a?.max(b?))).flatten();
    Some(last.map_or_else(|| format!("{since} and later"), |last| format!("{since} to {last}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::lookup::tests::yaml;
    use crate::facts::table::tests::{is_sorted, is_well_formed};

    const NOW: EsoVersion = EsoVersion(2, 9, 0);

    fn unknown(at: &str, values: &str) -> Vec<(String, Option<String>)> {
        let version = EsoVersion::parse(at).expect("a version");
        unknown_values(version, &yaml(values)).into_iter().map(|u| (u.path, u.suggestion)).collect()
    }

    fn one(path: &str, suggestion: &str) -> Vec<(String, Option<String>)> {
        vec![(path.to_owned(), Some(suggestion.to_owned()))]
    }

    #[test]
    fn the_tables_are_sorted_and_sourced() {
        is_well_formed(&VALUES);
        is_well_formed(&MEANT);
        is_sorted(&MEANT, &[0]);
        let keys: Vec<(&str, Option<EsoVersion>)> =
            VALUES.rows().map(|row| (row.column(0), EsoVersion::parse(row.column(2)))).collect();
        assert!(keys.is_sorted() && keys.iter().all(|(_, since)| since.is_some()));
        assert!(VALUES.rows().all(|row| ["scalar", "map", "list", "null"].contains(&row.column(1))));
    }

    #[test]
    fn what_is_meant_is_a_key_and_what_is_written_never_was() {
        for row in MEANT.rows() {
            assert!(values_keys(NOW).contains(&row.column(1)), "{row:?}");
            assert_eq!(read_by(row.column(0)), None, "{row:?}");
        }
    }

    #[test]
    fn the_guides_own_slip_is_caught() {
        for at in ["0.5.0", "1.3.1", "2.9.0", "2.10.0"] {
            assert_eq!(unknown(at, "crds: { create: false }"), one("crds.create", "installCRDs"), "{at}");
        }
        assert_eq!(unknown("2.9.0", "installCrds: true"), one("installCrds", "installCRDs"));
        let values = "replicaCount: 2\ncrds:\n  create: false\n";
        let found = unknown_values(NOW, &yaml(values));
        let key = found[0].key_span;
        assert_eq!(&values[key.start as usize..key.end as usize], "create");
    }

    #[test]
    fn slips_of_the_pen_are_guessed_beside_them() {
        assert_eq!(unknown("2.9.0", "webhok: { create: false }"), one("webhok", "webhook"));
        assert_eq!(
            unknown("2.9.0", "webhook: { replicacount: 2 }"),
            one("webhook.replicacount", "webhook.replicaCount")
        );
        let account = unknown("2.9.0", "serviceAccount: { anotations: {} }");
        assert_eq!(account, one("serviceAccount.anotations", "serviceAccount.annotations"));
        assert_eq!(unknown("2.9.0", "somethingElse: 1"), [("somethingElse".to_owned(), None)]);
        assert_eq!(unknown("2.9.0", "abc: 1"), [("abc".to_owned(), None)], "short names are not guessed at");
    }

    #[test]
    fn what_the_chart_reads_is_never_flagged() {
        for values in [
            "{}",
            "installCRDs: false",
            "crds: { createClusterExternalSecret: false, annotations: { helm.sh/resource-policy: keep } }",
            "serviceAccount: { annotations: { eks.amazonaws.com/role-arn: arn }, extraLabels: { a: b } }",
            "webhook: { replicaCount: 2, podDisruptionBudget: { enabled: true, maxUnavailable: 1 } }",
            "podDisruptionBudget: { enabled: true, minAvailable: null }",
            "securityContext: { runAsGroup: 1000, capabilities: { add: [NET_BIND_SERVICE] } }",
            "certController: { podSecurityContext: { fsGroup: 2000 }, resources: { limits: { memory: 128Mi } } }",
            "livenessProbe: { enabled: true, spec: { httpGet: { scheme: HTTPS } } }",
            "readinessProbe: { spec: { grpc: { port: 1 } } }",
            "webhook: { certManager: { enabled: true, cert: { issuerRef: { name: x, other: y } } } }",
            "affinity: { nodeAffinity: {} }",
            "tolerations: [ { key: a } ]",
            "extraObjects: [ { apiVersion: v1 } ]",
            "global: { anything: { goes: 1 } }",
            "bitwarden-sdk-server: { enabled: true, image: { tag: v1 } }",
            "x-common: &common { a: 1 }",
            "_anchors: { a: 1 }",
            "serviceMonitor: { enabled: true }",
            "hostUsers: false",
        ] {
            assert_eq!(unknown("2.9.0", values), [], "{values}");
        }
    }

    #[test]
    fn a_scalar_where_a_map_was_is_helms_to_refuse() {
        assert_eq!(unknown("2.9.0", "webhook: false"), []);
        assert_eq!(unknown("2.9.0", "crds: null"), []);
        assert_eq!(unknown("2.9.0", "replicaCount: { a: 1 }"), []);
        assert_eq!(unknown("2.9.0", "just text"), []);
    }

    #[test]
    fn keys_have_their_time() {
        for (key, first, before) in [
            ("crds.annotations", "0.8.0", "0.7.2"),
            ("crds.unsafeServeV1Beta1", "1.3.1", "1.2.1"),
            ("crds.createSecretStore", "1.2.0", "1.1.1"),
            ("webhook.failurePolicy", "0.5.2", "0.5.1"),
            ("webhook.certManager.enabled", "0.9.0", "0.8.7"),
            ("processPushSecret", "0.9.2", "0.9.1"),
            ("processClusterPushSecret", "0.15.0", "0.14.4"),
            ("processClusterGenerator", "0.20.1", "0.19.2"),
            ("processSecretStore", "1.2.0", "1.1.1"),
            ("namespaceOverride", "0.9.14", "0.9.13"),
            ("webhook.annotations", "0.16.0", "0.15.1"),
            ("genericTargets.enabled", "1.0.0", "0.20.4"),
            ("vault.enableTokenCache", "2.3.0", "2.2.0"),
            ("leaderElectionID", "2.4.0", "2.3.0"),
            ("rbac.serviceAccountTokenCreate", "2.5.0", "2.4.1"),
            ("certController.enablePartialCache", "2.9.0", "2.8.0"),
        ] {
            let has = |at: &str| values_keys(EsoVersion::parse(at).expect("a version")).contains(&key);
            assert!(has(first) && !has(before), "{key}");
        }
        for key in ["installCRDs", "replicaCount", "serviceAccount.name"] {
            assert!(values_keys(EsoVersion(0, 3, 9)).contains(&key) && values_keys(NOW).contains(&key), "{key}");
        }
    }

    #[test]
    fn a_key_of_another_release_says_which() {
        let of = |at, values| unknown_values(at, &yaml(values)).remove(0);
        let early = of(EsoVersion(0, 15, 1), "webhook: { annotations: { a: b } }");
        assert_eq!((early.suggestion, early.read_by.as_deref()), (None, Some("0.16.0 and later")));
        let late = of(NOW, "certController: { fullnameOverride: x }");
        assert_eq!(late.read_by.as_deref(), Some("0.5.0 to 0.20.3"));
        let map = of(EsoVersion(0, 8, 7), "webhook: { certManager: { enabled: true } }");
        assert_eq!((map.path.as_str(), map.read_by.as_deref()), ("webhook.certManager", Some("0.9.0 and later")));
    }

    #[test]
    fn of_a_newer_release_only_slips_are_said() {
        assert_eq!(unknown("2.10.0", "{ brandNew: 1, webhook: { alsoNew: true } }"), []);
        assert_eq!(unknown("2.10.0", "installCRD: false"), one("installCRD", "installCRDs"));
        assert_eq!(unknown("0.3.8", "crds: { create: false }"), [], "no table, no answer");
    }
}
