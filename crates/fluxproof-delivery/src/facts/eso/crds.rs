//! CRDs: what a tag of the repository brings, and what a release of the chart brings.

use super::EsoVersion;
use crate::facts::lookup::is_on;
use crate::facts::table::{Row, Table};
use fluxproof_yaml::Value;

static CRDS: Table = Table::new(include_str!("../../../../../data/eso-crds.tsv"));
static PATHS: Table = Table::new(include_str!("../../../../../data/eso-paths.tsv"));
static SWITCHES: Table = Table::new(include_str!("../../../../../data/eso-switches.tsv"));

/// Where CRDs lie in the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrdPath {
    /// `./deploy/crds`: one bundle.
    Bundle,
    /// `./config/crds/bases`: one file a CRD.
    Bases,
}

impl CrdPath {
    /// `deploy/crds`
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Bundle => "deploy/crds",
            Self::Bases => "config/crds/bases",
        }
    }
}

/// The folder with CRDs that a `spec.path` names, written in any way; none for every other folder.
#[must_use]
pub fn crd_path(path: &str) -> Option<CrdPath> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    [CrdPath::Bundle, CrdPath::Bases].into_iter().find(|known| known.folder() == parts.join("/"))
}

/// Whether a cluster can live with the CRDs of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathState {
    /// No such folder at this tag.
    Absent,
    /// Yes.
    Good,
    /// They have a conversion webhook that cert-controller fills in and whoever applies them empties again.
    Converts,
    /// Without the conversion webhook that cert-controller waits for: it is never ready.
    NeverReady,
    /// Without a conversion webhook although several versions are served: for users of one version.
    OneVersion,
}

/// The state of a folder with CRDs at a tag.
#[must_use]
pub fn path_state(version: EsoVersion, path: CrdPath) -> PathState {
    let holds = |row: &Row| row.column(0) == path.folder() && version.is_in(row.column(2), row.column(3));
    match PATHS.rows().find(holds).map_or("", |row| row.column(1)) {
        "good" => PathState::Good,
        "converts" => PathState::Converts,
        "never-ready" => PathState::NeverReady,
        "one-version" => PathState::OneVersion,
        _ => PathState::Absent,
    }
}

/// Whether objects of a kind live in namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// They do not.
    Cluster,
    /// They do.
    Namespaced,
}

/// A CRD and what it serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crd {
    /// `external-secrets.io`
    pub group: &'static str,
    /// `ClusterSecretStore`
    pub kind: &'static str,
    /// `clustersecretstores`
    pub plural: &'static str,
    /// Where its objects live.
    pub scope: Scope,
    /// The versions it serves, the stored one first.
    pub served: Vec<&'static str>,
    /// The version in which objects are stored.
    pub storage: &'static str,
    /// The versions that it calls deprecated, served or not.
    pub deprecated: Vec<&'static str>,
}

impl Crd {
    fn of(row: Row) -> Self {
        let versions: Vec<Version> = row.list(4).into_iter().map(Version::parse).collect();
        let mut served: Vec<&Version> = versions.iter().filter(|v| v.served).collect();
        fluxproof_order::sort_by_key(&mut served, |v| (!v.stored, v.name));
        Self {
            group: row.column(0),
            kind: row.column(1),
            plural: row.column(2),
            scope: if row.column(3) == "Cluster" { Scope::Cluster } else { Scope::Namespaced },
            served: served.iter().map(|v| v.name).collect(),
            storage: versions.iter().find(|v| v.stored).map_or("", |v| v.name),
            deprecated: versions.iter().filter(|v| v.deprecated).map(|v| v.name).collect(),
        }
    }

    fn serve(&mut self, version: &'static str, on: bool) {
        self.served.retain(|served| *served != version);
        if on {
            self.served.push(version);
        }
    }
}

/// A version as the table has it: `v1*`, `v1beta1(unserved)(depr)`.
struct Version {
    name: &'static str,
    stored: bool,
    served: bool,
    deprecated: bool,
}

impl Version {
    fn parse(text: &'static str) -> Self {
        Self {
            name: text.split(['*', '(']).next().unwrap_or(text),
            stored: text.contains('*'),
            served: !text.contains("(unserved)"),
            deprecated: text.contains("(depr)"),
        }
    }
}

/// The CRDs that a build of a folder brings at a tag, by group and kind.
///
/// Between 0.7.0 and 0.9.17 the kustomization in `config/crds/bases` left some out; they are not here then.
#[must_use]
pub fn crds(version: EsoVersion, path: CrdPath) -> Vec<Crd> {
    let since = |row: &Row| if path == CrdPath::Bundle { row.column(5) } else { row.column(7) };
    CRDS.rows().filter(|row| version.is_in(since(row), row.column(6))).map(Crd::of).collect()
}

/// The CRDs that the chart's templates bring with these values. The chart has no `crds/` folder, at no version.
#[must_use]
pub fn chart_crds(version: EsoVersion, values: Option<&Value>) -> Vec<Crd> {
    let mut all = crds(version, CrdPath::Bundle);
    for switch in SWITCHES.rows().filter(|row| version.is_in(row.column(4), row.column(5))) {
        let on = is_on(values, switch.column(0), switch.column(1) == "true");
        let of = |crd: &Crd| [crd.kind, "*"].contains(&switch.column(2));
        match switch.column(3) {
            "crd" => all.retain(|crd| on || !of(crd)),
            served => all.iter_mut().filter(|crd| of(crd)).for_each(|crd| crd.serve(served, on)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::lookup::tests::yaml;
    use crate::facts::table::tests::{is_sorted, is_well_formed};

    const BOTH: [CrdPath; 2] = [CrdPath::Bundle, CrdPath::Bases];

    fn version(text: &str) -> EsoVersion {
        EsoVersion::parse(text).expect("a version")
    }

    fn of(all: Vec<Crd>, kind: &str) -> Option<Crd> {
        all.into_iter().find(|crd| crd.kind == kind)
    }

    fn served_of(at: &str, kind: &str, path: CrdPath) -> Vec<&'static str> {
        of(crds(version(at), path), kind).map(|crd| crd.served).unwrap_or_default()
    }

    fn chart_serves(at: &str, kind: &str, values: &str) -> Vec<&'static str> {
        of(chart_crds(version(at), Some(&yaml(values))), kind).map(|crd| crd.served).unwrap_or_default()
    }

    #[test]
    fn the_tables_are_sorted_and_sourced() {
        for table in [&CRDS, &PATHS, &SWITCHES] {
            is_well_formed(table);
        }
        is_sorted(&SWITCHES, &[0, 2, 3]);
        let kinds: Vec<(&str, &str, Option<EsoVersion>)> =
            CRDS.rows().map(|row| (row.column(0), row.column(1), EsoVersion::parse(row.column(5)))).collect();
        assert!(kinds.is_sorted());
        let paths: Vec<(&str, Option<EsoVersion>)> =
            PATHS.rows().map(|row| (row.column(0), EsoVersion::parse(row.column(2)))).collect();
        assert!(paths.is_sorted());
    }

    #[test]
    fn no_version_has_a_kind_twice() {
        for at in CRDS.rows().flat_map(|row| [row.column(5), row.column(6)]).filter_map(EsoVersion::parse) {
            let kinds: Vec<(&str, &str)> = crds(at, CrdPath::Bundle).iter().map(|crd| (crd.group, crd.kind)).collect();
            assert!(kinds.windows(2).all(|pair| pair[0] < pair[1]), "{at} {kinds:?}");
        }
    }

    #[test]
    fn every_crd_stores_one_version_and_serves_it() {
        for row in CRDS.rows() {
            let crd = Crd::of(row);
            assert_eq!(crd.served.first(), Some(&crd.storage), "{crd:?}");
            assert_eq!(crd.plural, format!("{}s", crd.kind.to_lowercase()));
            assert_eq!(crd.scope == Scope::Cluster, crd.kind.starts_with("Cluster"), "{crd:?}");
            assert_eq!(crd.group.starts_with("generators."), !is_main(crd.kind), "{crd:?}");
        }
    }

    fn is_main(kind: &str) -> bool {
        kind != "ClusterGenerator" && ["ExternalSecret", "SecretStore", "PushSecret"].iter().any(|k| kind.contains(k))
    }

    #[test]
    fn served_versions_follow_the_history() {
        for (at, expected) in [
            ("0.4.4", vec!["v1alpha1"]),
            ("0.5.0", vec!["v1beta1", "v1alpha1"]),
            ("0.10.3", vec!["v1beta1", "v1alpha1"]),
            ("0.15.1", vec!["v1beta1", "v1alpha1"]),
            ("0.16.0", vec!["v1", "v1beta1"]),
            ("0.16.2", vec!["v1", "v1beta1"]),
            ("0.17.0", vec!["v1"]),
            ("1.3.1", vec!["v1"]),
            ("2.9.0", vec!["v1"]),
            ("3.0.0", vec!["v1"]),
        ] {
            for kind in ["ClusterSecretStore", "SecretStore", "ExternalSecret"] {
                assert_eq!(served_of(at, kind, CrdPath::Bundle), expected, "{kind} {at}");
            }
        }
        assert_eq!(served_of("0.5.0", "ClusterExternalSecret", CrdPath::Bundle), ["v1beta1"]);
    }

    #[test]
    fn old_versions_are_deprecated_before_they_go() {
        let store = |at| of(crds(version(at), CrdPath::Bundle), "SecretStore").expect("a CRD");
        assert_eq!((store("0.5.0").storage, store("0.5.0").deprecated), ("v1beta1", vec!["v1alpha1"]));
        assert_eq!((store("0.16.0").storage, store("0.16.0").deprecated), ("v1", vec![]));
        assert_eq!((store("2.9.0").storage, store("2.9.0").deprecated), ("v1", vec!["v1beta1"]));
    }

    #[test]
    fn push_secrets_and_generators_stay_v1alpha1() {
        for at in ["0.15.0", "0.16.0", "2.9.0"] {
            for crd in crds(version(at), CrdPath::Bundle) {
                let stays = crd.group.starts_with("generators.") || crd.kind.ends_with("PushSecret");
                assert_eq!(crd.served == ["v1alpha1"], stays, "{at} {crd:?}");
            }
        }
    }

    #[test]
    fn kinds_came_one_by_one() {
        for (kind, first, before) in [
            ("ClusterExternalSecret", "0.5.0", "0.4.4"),
            ("PushSecret", "0.7.0", "0.6.1"),
            ("Password", "0.7.0", "0.6.1"),
            ("VaultDynamicSecret", "0.7.3", "0.7.2"),
            ("Webhook", "0.9.13", "0.9.12"),
            ("GithubAccessToken", "0.9.15", "0.9.14"),
            ("UUID", "0.10.3", "0.10.2"),
            ("STSSessionToken", "0.10.6", "0.10.5"),
            ("ClusterGenerator", "0.11.0", "0.10.7"),
            ("QuayAccessToken", "0.13.0", "0.12.1"),
            ("Grafana", "0.14.0", "0.13.0"),
            ("GeneratorState", "0.14.0", "0.13.0"),
            ("ClusterPushSecret", "0.15.0", "0.14.4"),
            ("MFA", "0.18.0", "0.17.0"),
            ("SSHKey", "0.19.0", "0.18.2"),
            ("CloudsmithAccessToken", "0.20.0", "0.19.2"),
            ("BeyondtrustWorkloadCredentialsDynamicSecret", "2.7.0", "2.6.0"),
            ("GitlabDeployToken", "2.8.0", "2.7.0"),
        ] {
            assert!(!served_of(first, kind, CrdPath::Bundle).is_empty(), "{kind} {first}");
            assert!(served_of(before, kind, CrdPath::Bundle).is_empty(), "{kind} {before}");
        }
    }

    #[test]
    fn the_bases_folder_has_25_crds_at_2_9_0_and_23_at_1_3_1() {
        assert_eq!(crds(EsoVersion(2, 9, 0), CrdPath::Bases).len(), 25);
        assert_eq!(crds(EsoVersion(1, 3, 1), CrdPath::Bases).len(), 23);
        assert!(crds(EsoVersion(0, 4, 4), CrdPath::Bases).is_empty(), "the folder came with 0.5.0");
        assert_eq!(crds(EsoVersion(0, 4, 4), CrdPath::Bundle).len(), 3);
    }

    #[test]
    fn the_kustomization_of_bases_left_some_out() {
        let left_out = |at: &str| -> Vec<&str> {
            let bases = crds(version(at), CrdPath::Bases);
            crds(version(at), CrdPath::Bundle).iter().filter(|crd| !bases.contains(crd)).map(|crd| crd.kind).collect()
        };
        assert_eq!(left_out("0.5.8"), [""; 0]);
        assert_eq!(left_out("0.6.1"), [""; 0]);
        assert_eq!(left_out("0.7.0"), ["PushSecret"]);
        assert_eq!(left_out("0.7.2"), ["PushSecret"]);
        assert_eq!(left_out("0.7.3"), ["VaultDynamicSecret"]);
        assert_eq!(left_out("0.9.12"), ["VaultDynamicSecret"]);
        assert_eq!(left_out("0.9.14"), ["VaultDynamicSecret", "Webhook"]);
        assert_eq!(left_out("0.9.17"), ["GithubAccessToken", "VaultDynamicSecret", "Webhook"]);
        assert_eq!(left_out("0.9.18"), [""; 0]);
        assert_eq!(left_out("2.9.0"), [""; 0]);
    }

    #[test]
    fn folders_are_found_however_they_are_written() {
        for path in ["./deploy/crds", "deploy/crds", "/deploy/crds/", "./deploy//crds/."] {
            assert_eq!(crd_path(path), Some(CrdPath::Bundle), "{path}");
        }
        assert_eq!(crd_path("./config/crds/bases"), Some(CrdPath::Bases));
        for path in ["", "./", "./deploy", "./config/crds", "./deploy/crds/bundle.yaml"] {
            assert_eq!(crd_path(path), None, "{path}");
        }
    }

    #[test]
    fn bases_are_good_from_0_16_1_and_the_bundle_exists_at_every_tag() {
        for (at, bundle, bases) in [
            ("0.4.4", PathState::Good, PathState::Absent),
            ("0.5.0", PathState::Converts, PathState::NeverReady),
            ("0.14.1", PathState::Converts, PathState::NeverReady),
            ("0.14.2", PathState::Converts, PathState::OneVersion),
            ("0.16.0", PathState::Converts, PathState::OneVersion),
            ("0.16.1", PathState::Good, PathState::Good),
            ("2.9.0", PathState::Good, PathState::Good),
            ("2.10.0", PathState::Good, PathState::Good),
        ] {
            assert_eq!(BOTH.map(|path| path_state(version(at), path)), [bundle, bases], "{at}");
        }
    }

    #[test]
    fn install_crds_is_the_only_master_switch() {
        for at in ["0.3.9", "0.10.3", "1.3.1", "2.9.0"] {
            assert_eq!(chart_crds(version(at), None), crds(version(at), CrdPath::Bundle), "{at}");
            assert!(chart_crds(version(at), Some(&yaml("installCRDs: false"))).is_empty(), "{at}");
            assert!(chart_crds(version(at), Some(&yaml("installCRDs: null"))).is_empty(), "{at}");
            let bogus = chart_crds(version(at), Some(&yaml("crds: { create: false }")));
            assert_eq!(bogus, crds(version(at), CrdPath::Bundle), "crds.create changes nothing at {at}");
        }
    }

    #[test]
    fn single_crds_have_switches_from_some_version_on() {
        for (kind, since, before) in [
            ("ClusterExternalSecret", "0.5.0", None),
            ("ClusterSecretStore", "0.5.0", Some("0.4.4")),
            ("PushSecret", "0.8.0", Some("0.7.2")),
            ("ClusterGenerator", "0.11.0", None),
            ("ClusterPushSecret", "0.15.0", None),
        ] {
            let off = format!("crds: {{ create{kind}: false }}");
            assert!(chart_serves(since, kind, &off).is_empty(), "{kind} {since}");
            assert!(before.is_none_or(|before| !chart_serves(before, kind, &off).is_empty()), "{kind} {before:?}");
        }
        assert_eq!(chart_serves("2.9.0", "SecretStore", "crds: { createSecretStore: false }"), ["v1"], "never read");
    }

    #[test]
    fn values_can_bring_old_versions_back_or_take_them_away() {
        let unsafe_beta = "crds: { unsafeServeV1Beta1: true }";
        assert_eq!(chart_serves("1.3.1", "ExternalSecret", unsafe_beta), ["v1", "v1beta1"]);
        assert_eq!(chart_serves("2.9.0", "ClusterSecretStore", unsafe_beta), ["v1", "v1beta1"]);
        assert_eq!(chart_serves("1.2.1", "ExternalSecret", unsafe_beta), ["v1"], "before the value came");
        assert_eq!(chart_serves("2.9.0", "PushSecret", unsafe_beta), ["v1alpha1"]);
        let no_conversion = "crds: { conversion: { enabled: false } }";
        assert_eq!(chart_serves("0.14.2", "SecretStore", no_conversion), ["v1beta1"]);
        assert_eq!(chart_serves("0.14.1", "SecretStore", no_conversion), ["v1beta1", "v1alpha1"]);
        assert_eq!(chart_serves("0.16.0", "SecretStore", no_conversion), ["v1", "v1beta1"]);
    }
}
