//! What is known of the world outside the repository: said in `fluxproof.yaml` at its root, or by options of a command.
//!
//! Everything here is a claim of its owner, not something that the files show. What is not claimed stays unknown.

mod config;
mod schema;

pub use config::{CONFIG, ChartFacts};
pub use schema::SCHEMA;

use crate::model::ObjectRef;
use fluxproof_yaml::{Problem, RepoPath, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the world outside the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct World {
    /// Folders that a cluster's first Kustomization applies. Where there is one, no other entry is looked for.
    pub entries: Vec<RepoPath>,
    /// Flux sources, each with the folder of the tree that it holds (like `--local-sources` of `flux build kustomization`).
    pub sources: BTreeMap<SourceName, RepoPath>,
    /// Charts, each with the folder of the tree that it lies in.
    pub charts: Vec<ChartFolder>,
    /// The files of charts that lie outside the tree; [`ChartFolder::outside`] tells which are there.
    pub chart_files: Sources,
    /// What charts bring that lie nowhere in the tree, by their names.
    pub chart_facts: BTreeMap<String, ChartFacts>,
    /// What is in the cluster before Flux.
    pub preinstalled: Preinstalled,
    /// The version of Flux that the clusters run: `2.9.4`.
    pub flux: Option<String>,
    /// The version of Kubernetes that they run: `1.36`.
    pub kubernetes: Option<String>,
}

/// The name of a Flux source: `GitRepository/flux-system/flux-system`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceName {
    /// `GitRepository`
    pub kind: String,
    /// `flux-system`
    pub namespace: String,
    /// `flux-system`
    pub name: String,
}

/// Where a chart lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartFolder {
    /// Its name.
    pub name: String,
    /// The only version that lies there; absent where the folder stands for every version.
    pub version: Option<String>,
    /// The folder with its `Chart.yaml`.
    pub folder: RepoPath,
    /// Whether that is a folder of [`World::chart_files`], not of the tree.
    pub outside: bool,
}

/// Where the chart of a release is said to lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartPlace {
    /// The folder.
    pub folder: RepoPath,
    /// Whether that is a folder of [`World::chart_files`], not of the tree.
    pub outside: bool,
}

/// What is in a cluster before Flux reads anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preinstalled {
    /// API groups, or kinds as `group/Kind`, whose CRDs are there.
    pub crds: Vec<String>,
    /// Namespaces.
    pub namespaces: Vec<String>,
    /// Secrets, as `namespace/name`.
    pub secrets: Vec<String>,
    /// ConfigMaps, as `namespace/name`.
    pub config_maps: Vec<String>,
    /// Admission webhooks, by their own names or by the groups they admit.
    pub webhooks: Vec<String>,
}

impl World {
    /// What the repository's own config says; nothing where it has none. A config with problems counts for what could be
    /// read of it.
    #[must_use]
    pub fn of(sources: &Sources) -> (Self, Vec<Problem>) {
        config::read(sources)
    }

    /// Adds an entry, as `--entry DIR` names it.
    ///
    /// # Errors
    /// Why that is no folder of the repository.
    pub fn add_entry(&mut self, text: &str, sources: &Sources) -> Result<(), String> {
        self.entries.push(folder(text, sources)?);
        Ok(())
    }

    /// Adds a source, as `--local-source Kind/namespace/name=PATH` names it.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn add_source(&mut self, text: &str, sources: &Sources) -> Result<(), String> {
        let (name, path) = text.split_once('=').ok_or_else(|| format!("'{text}' is not Kind/namespace/name=PATH"))?;
        self.sources.insert(SourceName::parse(name)?, folder(path, sources)?);
        Ok(())
    }

    /// Adds a chart that lies in a folder, as `--chart NAME=DIR` or `NAME@VERSION=DIR` names it.
    ///
    /// # Errors
    /// That no chart lies there.
    pub fn add_chart(&mut self, name: &str, place: ChartPlace, sources: &Sources) -> Result<(), String> {
        if crate::chart::name_and_version(self.files(&place, sources), &place.folder).is_none() {
            return Err(format!("the folder of {name} has no Chart.yaml with a name and a version"));
        }
        self.charts.push(ChartFolder { outside: place.outside, ..ChartFolder::new(name, place.folder) });
        Ok(())
    }

    /// Adds every chart in a folder by its own name and version, as `--charts DIR` names it; those that lie within another
    /// are that one's.
    ///
    /// # Errors
    /// That no chart lies there.
    pub fn add_charts(&mut self, place: &ChartPlace, sources: &Sources) -> Result<(), String> {
        let files = self.files(place, sources);
        let charts = charts_in(files, &place.folder);
        let of = |folder: RepoPath| {
            let (name, version) = crate::chart::name_and_version(files, &folder)?;
            Some(ChartFolder { name, version: Some(version), folder, outside: place.outside })
        };
        let found: Vec<ChartFolder> = charts.into_iter().filter_map(of).collect();
        if found.is_empty() {
            return Err("no folder in it has a Chart.yaml with a name and a version".to_owned());
        }
        self.charts.extend(found);
        Ok(())
    }

    fn files<'s>(&'s self, place: &ChartPlace, sources: &'s Sources) -> &'s Sources {
        if place.outside { &self.chart_files } else { sources }
    }

    /// A folder of the tree that exists.
    ///
    /// # Errors
    /// Why there is none of that name.
    pub fn folder(text: &str, sources: &Sources) -> Result<RepoPath, String> {
        folder(text, sources)
    }

    /// The folder that a source is said to hold.
    #[must_use]
    pub fn source(&self, source: &ObjectRef) -> Option<&RepoPath> {
        self.sources.get(&SourceName {
            kind: source.kind.clone(),
            namespace: source.namespace.clone().unwrap_or_default(),
            name: source.name.clone(),
        })
    }

    /// Where a chart is said to lie: the folder of its version, else the one for every version. A range of versions takes
    /// the folder of the only version that there is.
    #[must_use]
    pub fn chart(&self, name: &str, version: Option<&str>) -> Option<ChartPlace> {
        let name = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
        let named: Vec<&ChartFolder> = self.charts.iter().filter(|chart| chart.name == name).collect();
        let wanted = version.map(plain_version);
        let exact = named.iter().find(|c| c.version.is_some() && c.version.as_deref().map(plain_version) == wanted);
        let any = named.iter().find(|chart| chart.version.is_none());
        let only = || match &named[..] {
            [one] if version.is_none_or(is_range) => Some(*one),
            _ => None,
        };
        let found = exact.or(any).copied().or_else(only)?;
        Some(ChartPlace { folder: found.folder.clone(), outside: found.outside })
    }
}

/// The folders below one that hold a chart, but for those within another chart.
fn charts_in(files: &Sources, folder: &RepoPath) -> Vec<RepoPath> {
    let all = files.in_folder(folder).map(|id| files.path(id)).filter(|path| path.name() == "Chart.yaml");
    let all: BTreeSet<RepoPath> = fluxproof_order::gather(all.map(RepoPath::parent));
    let above = |path: &RepoPath| (path != folder && !path.as_str().is_empty()).then(|| path.parent());
    let within = |path: &&RepoPath| !std::iter::successors(above(path), above).any(|outer| all.contains(&outer));
    all.iter().filter(within).cloned().collect()
}

/// A version without the `v` or `=` that it may be written with.
fn plain_version(version: &str) -> &str {
    version.trim_start_matches(['v', '='])
}

/// Whether a version is a range (github.com/Masterminds/semver), which only the chart's repository can resolve.
fn is_range(version: &str) -> bool {
    let starts = plain_version(version).starts_with(|c: char| c.is_ascii_digit());
    !starts || version.contains(['*', ' ', '|']) || version.ends_with(".x")
}

impl SourceName {
    /// Reads `Kind/namespace/name`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let [kind, namespace, name] = parts[..] else {
            return Err(format!("'{text}' is not the name of a source: Kind/namespace/name"));
        };
        if !KINDS.contains(&kind) {
            return Err(format!("'{kind}' is no kind of a source: one of {}", KINDS.join(", ")));
        }
        Ok(Self { kind: kind.to_owned(), namespace: namespace.to_owned(), name: name.to_owned() })
    }
}

/// The kinds of sources that hold files.
const KINDS: &[&str] = &["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"];

impl ChartFolder {
    /// A chart as `NAME` or `NAME@VERSION`, and its folder.
    fn new(name: &str, folder: RepoPath) -> Self {
        let (name, version) = name.split_once('@').map_or((name, None), |(name, version)| (name, Some(version)));
        Self { name: name.to_owned(), version: version.map(str::to_owned), folder, outside: false }
    }
}

impl Preinstalled {
    /// Whether the CRD of a kind is there.
    #[must_use]
    pub fn has_crd(&self, group: &str, kind: &str) -> bool {
        let is_it = |text: &String| match text.split_once('/') {
            Some((of, only)) => of == group && only == kind,
            None => text == group,
        };
        self.crds.iter().any(is_it)
    }

    /// Whether a namespace is there.
    #[must_use]
    pub fn has_namespace(&self, name: &str) -> bool {
        self.namespaces.iter().any(|known| known == name)
    }

    /// Whether a Secret or ConfigMap is there.
    #[must_use]
    pub fn has_object(&self, kind: &str, namespace: &str, name: &str) -> bool {
        let all = match kind {
            "Secret" => &self.secrets,
            "ConfigMap" => &self.config_maps,
            _ => return false,
        };
        all.iter().any(|known| known.split_once('/') == Some((namespace, name)))
    }

    /// Whether the webhook of a name, or those of a group, answer.
    #[must_use]
    pub fn has_webhook(&self, name: &str, group: &str) -> bool {
        self.webhooks.iter().any(|known| known == name || known == group)
    }
}

/// A folder of the tree that exists.
fn folder(text: &str, sources: &Sources) -> Result<RepoPath, String> {
    let path = RepoPath::new(text).map_err(|why| format!("'{text}' is no folder of the repository: {why}"))?;
    match path.as_str().is_empty() || sources.has_folder(&path) {
        true => Ok(path),
        false => Err(format!("there is no folder {path} in the repository")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let file = |path: &str| RepoPath::new(path).unwrap();
        Sources::from_texts([
            (file("clusters/a/x.yaml"), ""),
            (file("charts/app-2/Chart.yaml"), "name: app\nversion: 2.0.0\n"),
            (file("more/app/Chart.yaml"), "name: app\nversion: 1.0.0\n"),
            (file("more/app/charts/sub/Chart.yaml"), "name: sub\nversion: 1.0.0\n"),
            (file("more/app-3/Chart.yaml"), "name: app\nversion: 3.0.0\n"),
        ])
    }

    #[test]
    fn options_name_folders_that_exist() {
        let (mut world, sources) = (World::default(), sources());
        assert_eq!(world.add_entry("./clusters/a/", &sources), Ok(()));
        assert_eq!(world.entries, [RepoPath::new("clusters/a").unwrap()]);
        let missing = world.add_entry("clusters/b", &sources);
        assert_eq!(missing, Err("there is no folder clusters/b in the repository".to_owned()));
        let outside = world.add_entry("/clusters/a", &sources);
        assert_eq!(outside, Err("'/clusters/a' is no folder of the repository: the path is absolute".to_owned()));
    }

    #[test]
    fn options_name_sources_and_charts() {
        let (mut world, sources) = (World::default(), sources());
        assert_eq!(world.add_source("GitRepository/a/b=.", &sources), Ok(()));
        let source = ObjectRef {
            api_version: String::new(),
            kind: "GitRepository".to_owned(),
            namespace: Some("a".to_owned()),
            name: "b".to_owned(),
        };
        assert_eq!(world.source(&source), Some(&RepoPath::root()));
        assert!(world.add_source("HelmRepository/a/b=.", &sources).is_err());
        assert!(world.add_source("a/b=.", &sources).is_err());
        assert!(world.add_source("GitRepository/a/b", &sources).is_err());
        let place = |folder: &str| ChartPlace { folder: RepoPath::new(folder).unwrap(), outside: false };
        assert_eq!(world.add_chart("app@2.0.0", place("charts/app-2"), &sources), Ok(()));
        assert_eq!(world.chart("app", Some("1.0.0")), None);
        assert!(world.add_chart("app", place("charts"), &sources).is_err(), "no chart lies there");
        assert_eq!(world.add_chart("app", place("more/app"), &sources), Ok(()));
        let at = |version| world.chart("app", version).map(|c| c.folder.to_string());
        assert_eq!(at(Some("2.0.0")).as_deref(), Some("charts/app-2"));
        assert_eq!(at(None).as_deref(), Some("more/app"));
    }

    #[test]
    fn a_folder_of_charts_has_each_by_its_own_name_but_those_within_others() {
        let mut world = World::default();
        let place = |folder: &str| ChartPlace { folder: RepoPath::new(folder).unwrap(), outside: false };
        assert_eq!(world.add_charts(&place("more"), &sources()), Ok(()));
        let found = |c: &ChartFolder| format!("{}@{} in {}", c.name, c.version.as_deref().unwrap_or(""), c.folder);
        let all: Vec<String> = world.charts.iter().map(found).collect();
        assert_eq!(all, ["app@1.0.0 in more/app", "app@3.0.0 in more/app-3"]);
        assert!(world.add_charts(&place("clusters"), &sources()).is_err(), "no chart lies there");
    }

    #[test]
    fn what_is_preinstalled_is_named_by_group_or_kind() {
        let there = Preinstalled {
            crds: vec!["cert-manager.io".to_owned(), "gateway.networking.k8s.io/Gateway".to_owned()],
            secrets: vec!["flux-system/sops-age".to_owned()],
            ..Preinstalled::default()
        };
        assert!(there.has_crd("cert-manager.io", "Certificate"));
        assert!(there.has_crd("gateway.networking.k8s.io", "Gateway"));
        assert!(!there.has_crd("gateway.networking.k8s.io", "HTTPRoute"));
        assert!(there.has_object("Secret", "flux-system", "sops-age"));
        assert!(!there.has_object("ConfigMap", "flux-system", "sops-age"));
    }
}
