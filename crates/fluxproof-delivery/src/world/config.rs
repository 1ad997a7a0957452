//! `fluxproof.yaml`, the config at the root of a repository.

use super::{ChartFolder, Preinstalled, SourceName, World, folder};
use fluxproof_yaml::{Budget, Document, Entry, Problem, RepoPath, Sources, Table, Value, from_value, parse};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The name of the config file.
pub const CONFIG: &str = "fluxproof.yaml";

/// The config as it is written. docs/configuration.md says what each field means. Folders are checked for their shape
/// here, and read once more from the text for their spans.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Config {
    entries: Vec<String>,
    sources: BTreeMap<String, String>,
    charts: BTreeMap<String, String>,
    chart_facts: BTreeMap<String, ChartFacts>,
    preinstalled: Installed,
    target: Target,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Installed {
    crds: Vec<String>,
    namespaces: Vec<String>,
    secrets: Vec<String>,
    config_maps: Vec<String>,
    webhooks: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Target {
    flux: Option<String>,
    kubernetes: Option<String>,
}

/// What a chart brings whose files nobody but its owner sees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ChartFacts {
    /// API groups, or kinds as `group/Kind`, whose CRDs the chart installs.
    pub crds: Vec<String>,
    /// API groups, or kinds as `group/Kind`, that its admission webhooks must answer for.
    pub webhooks: Vec<String>,
    /// Namespaces that its templates create.
    pub namespaces: Vec<String>,
}

/// Reads the config of a repository, and says what is wrong with it.
pub(super) fn read(sources: &Sources) -> (World, Vec<Problem>) {
    let Some(file) = sources.find(&RepoPath::root().join_clamped(CONFIG)) else { return Default::default() };
    let parsed = parse(file, sources.text(file));
    let mut reader = Reader { sources, problems: parsed.problems };
    let world = parsed.documents.first().map(|document| reader.document(document)).unwrap_or_default();
    if let Some(second) = parsed.documents.get(1).filter(|second| second.root().is_some()) {
        let problem = Problem::new(second.span(), format!("{CONFIG} has a second document"));
        reader.problems.push(problem.help("put the whole config into one"));
    }
    (world, reader.problems)
}

struct Reader<'s> {
    sources: &'s Sources,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn document(&mut self, document: &Document) -> World {
        let Some(root) = document.root() else { return World::default() };
        let value = root.to_value(Table::GoYaml3, &mut Budget::default());
        match value.and_then(|value| Ok((from_value::<Config>(&value)?, value))) {
            Ok((config, value)) => self.world(config, &value),
            Err(problem) => {
                self.problems.push(problem);
                World::default()
            }
        }
    }

    fn world(&mut self, config: Config, value: &Value) -> World {
        let Config { chart_facts, preinstalled, target, .. } = config;
        let entries = value.get("entries").map_or(&[][..], Value::items);
        World {
            entries: entries.iter().filter_map(|entry| self.folder(entry)).collect(),
            sources: self.folders(value, "sources", |name, folder| Ok((SourceName::parse(name)?, folder))),
            charts: self.folders(value, "charts", |name, folder| Ok(ChartFolder::new(name, folder))),
            preinstalled: preinstalled.into(),
            chart_files: Sources::default(),
            chart_facts,
            flux: target.flux,
            kubernetes: target.kubernetes,
        }
    }

    /// The folders of a mapping, with what their keys name.
    fn folders<T, C: FromIterator<T>>(
        &mut self,
        value: &Value,
        field: &str,
        named: fn(&str, RepoPath) -> Result<T, String>,
    ) -> C {
        let entries = value.get(field).map_or(&[][..], Value::entries);
        let each = |entry: &Entry| {
            let folder = self.folder(&entry.value)?;
            let named = named(&entry.key, folder);
            named.map_err(|why| self.problems.push(Problem::new(entry.key_span, why))).ok()
        };
        entries.iter().filter_map(each).collect()
    }

    fn folder(&mut self, value: &Value) -> Option<RepoPath> {
        let found = folder(value.as_str().unwrap_or_default(), self.sources);
        found.map_err(|why| self.problems.push(Problem::new(value.span, why))).ok()
    }
}

impl From<Installed> for Preinstalled {
    fn from(installed: Installed) -> Self {
        let Installed { crds, namespaces, secrets, config_maps, webhooks } = installed;
        Self { crds, namespaces, secrets, config_maps, webhooks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(config: &str) -> (World, Vec<String>) {
        let file = |path: &str| RepoPath::new(path).unwrap();
        let all = [(file("clusters/a/x.yaml"), ""), (file("charts/app/Chart.yaml"), ""), (file(CONFIG), config)];
        let sources = Sources::from_texts(all);
        let (world, problems) = World::of(&sources);
        let said = |problem: &Problem| format!("{}: {}", sources.snippet(problem.span), problem.message);
        (world, problems.iter().map(said).collect())
    }

    #[test]
    fn reads_every_field() {
        let (world, problems) = of("\
entries: [clusters/a]
sources: {GitRepository/flux-system/flux-system: .}
charts: {app: charts/app, app@2.0.0: charts/app}
chartFacts: {secret-app: {crds: [example.com], webhooks: [example.com/Widget], namespaces: [widgets]}}
preinstalled:
  crds: [cert-manager.io]
  namespaces: [vault]
  secrets: [flux-system/sops-age]
  configMaps: [flux-system/settings]
  webhooks: [cert-manager.io]
target: {flux: 2.9.4, kubernetes: '1.36'}
");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(world.entries.iter().map(RepoPath::as_str).collect::<Vec<_>>(), ["clusters/a"]);
        assert_eq!((world.sources.len(), world.charts.len()), (1, 2));
        assert_eq!(world.charts[1].version.as_deref(), Some("2.0.0"));
        assert_eq!(world.chart_facts["secret-app"].namespaces, ["widgets"]);
        assert!(world.preinstalled.has_object("ConfigMap", "flux-system", "settings"));
        assert!(world.preinstalled.has_webhook("x", "cert-manager.io"));
        assert_eq!((world.flux.as_deref(), world.kubernetes.as_deref()), (Some("2.9.4"), Some("1.36")));
    }

    #[test]
    fn every_mistake_has_its_place() {
        let (world, problems) = of("entries: [clusters/a, clusters/b]\nsources: {Git/a/b: .}\n");
        assert_eq!(world.entries.len(), 1, "what could be read counts");
        assert_eq!(problems[0], "clusters/b: there is no folder clusters/b in the repository");
        assert!(problems[1].starts_with("Git/a/b: 'Git' is no kind of a source: one of GitRepository"), "{problems:?}");
        let (_, problems) = of("entry: [clusters/a]\n");
        assert!(problems[0].starts_with("entry: "), "{problems:?}");
        let (_, problems) = of("entries: []\n---\nentries: []\n");
        assert!(problems[0].ends_with("fluxproof.yaml has a second document"), "{problems:?}");
    }

    #[test]
    fn an_empty_config_says_nothing() {
        for text in ["", "# later\n", "---\n"] {
            assert_eq!(of(text), (World::default(), Vec::new()), "{text:?}");
        }
    }
}
