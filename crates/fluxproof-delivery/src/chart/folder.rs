//! A chart as it lies in a folder: Chart.yaml, values.yaml, templates, `crds/`, and the charts below it.

use super::template::{Names, Template, Val, document};
use fluxproof_yaml::{RepoPath, Sources, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep charts may lie in each other.
const MAX_DEPTH: usize = 6;

/// A chart, read once for all of its releases.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) name: String,
    /// The name of its folder.
    pub(super) folder: String,
    pub(super) version: String,
    pub(super) app_version: String,
    /// Whether it only has named templates for others (`type: library`).
    pub(super) library: bool,
    /// What values.yaml says.
    pub(super) values: Val,
    /// The templates by their paths in the chart.
    pub(super) templates: Vec<(String, Template)>,
    /// The files of `crds/`.
    pub(super) crds: Vec<(String, String)>,
    /// The files of the chart by their paths in it, for `.Files`.
    pub(super) files: BTreeMap<String, Rc<str>>,
    pub(super) dependencies: Vec<Dependency>,
    /// The charts in `charts/`.
    pub(super) charts: Vec<Chart>,
    /// Charts in `charts/` that are packed, by their file names.
    pub(super) packed: Vec<String>,
    /// What could not be read.
    pub(super) problems: Vec<String>,
}

/// An entry of `dependencies` in Chart.yaml (or of requirements.yaml).
#[derive(Debug, Clone)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) alias: Option<String>,
    pub(super) version: String,
    pub(super) repository: String,
    pub(super) condition: String,
    pub(super) tags: Vec<String>,
    pub(super) imports_values: bool,
}

impl Chart {
    /// Reads the chart of a folder; none where there is no Chart.yaml with a name.
    pub(super) fn read(sources: &Sources, folder: &RepoPath) -> Option<Self> {
        Self::read_at(sources, folder, 0)
    }

    fn read_at(sources: &Sources, folder: &RepoPath, depth: usize) -> Option<Self> {
        let file = |name: &str| sources.find(&folder.join(name).ok()?).map(|id| sources.text(id));
        let about = document(file("Chart.yaml")?)?;
        let text = |key: &str| about.get(key).and_then(crate::read::scalar_text).unwrap_or_default();
        let mut chart = Self {
            name: Some(text("name")).filter(|name| !name.is_empty())?,
            folder: folder.name().to_owned(),
            version: text("version"),
            app_version: text("appVersion"),
            library: text("type") == "library",
            values: file("values.yaml").and_then(document).map_or_else(|| Val::map(BTreeMap::new()), |v| Val::of(&v)),
            templates: Vec::new(),
            crds: Vec::new(),
            files: BTreeMap::new(),
            dependencies: dependencies(&about, file("requirements.yaml")),
            charts: Vec::new(),
            packed: Vec::new(),
            problems: Vec::new(),
        };
        chart.take_files(sources, folder);
        if depth < MAX_DEPTH {
            chart.take_charts(sources, folder, depth);
        }
        Some(chart)
    }

    fn take_files(&mut self, sources: &Sources, folder: &RepoPath) {
        for id in sources.in_folder(folder) {
            let path = relative(sources.path(id), folder);
            let unread = sources.file(id).is_some_and(|file| file.unread.is_some());
            if path.starts_with("charts/") {
                self.packed.extend(packed(path));
            } else if path.starts_with("templates/") {
                if unread {
                    self.problems.push(format!("{path} was not read"));
                }
                self.take_template(path, sources.text(id));
            } else if path.starts_with("crds/") && is_manifest(path) {
                if unread {
                    self.problems.push(format!("{path} was not read"));
                }
                self.crds.push((path.to_owned(), sources.text(id).to_owned()));
            } else if !matches!(path, "Chart.yaml" | "values.yaml") {
                self.files.insert(path.to_owned(), sources.text(id).into());
            }
        }
    }

    fn take_template(&mut self, path: &str, text: &str) {
        let template = Template::read(text);
        if let Some(problem) = template.problem().filter(|_| is_rendered(path)) {
            self.problems.push(format!("{path} has {problem}"));
        }
        self.templates.push((path.to_owned(), template));
    }

    fn take_charts(&mut self, sources: &Sources, folder: &RepoPath, depth: usize) {
        let Ok(charts) = folder.join("charts") else { return };
        let mut names: Vec<String> = Vec::new();
        for id in sources.in_folder(&charts) {
            let path = relative(sources.path(id), &charts);
            if let Some((name, "Chart.yaml")) = path.split_once('/') {
                names.push(name.to_owned());
            }
        }
        let read = |name: &String| Self::read_at(sources, &charts.join(name).ok()?, depth + 1);
        self.charts = names.iter().filter_map(read).collect();
    }

    /// What the chart and those below it define; the chart itself is heard last.
    pub(super) fn names(&self) -> Names {
        let mut names = Names::default();
        self.add_names(&mut names);
        names
    }

    fn add_names(&self, names: &mut Names) {
        self.charts.iter().for_each(|chart| chart.add_names(names));
        self.templates.iter().for_each(|(_, template)| names.add(template));
    }
}

impl Dependency {
    /// The key of its values.
    pub(super) fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

fn relative<'p>(path: &'p RepoPath, folder: &RepoPath) -> &'p str {
    let path = path.as_str();
    path.strip_prefix(folder.as_str()).map_or(path, |rest| rest.trim_start_matches('/'))
}

fn is_manifest(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

/// The file name of an archive that lies in `charts/` itself.
fn packed(path: &str) -> Option<String> {
    let name = path.strip_prefix("charts/").filter(|name| !name.contains('/'))?;
    name.strip_suffix(".tgz").map(str::to_owned)
}

fn dependencies(about: &Value, requirements: Option<&str>) -> Vec<Dependency> {
    let old = requirements.and_then(document);
    let listed = about.get("dependencies").or_else(|| old.as_ref().and_then(|old| old.get("dependencies")));
    listed.map_or(&[][..], Value::items).iter().filter_map(dependency).collect()
}

fn dependency(item: &Value) -> Option<Dependency> {
    let text = |key: &str| item.get(key).and_then(crate::read::scalar_text).unwrap_or_default();
    let tags = item.get("tags").map_or(&[][..], Value::items);
    Some(Dependency {
        name: Some(text("name")).filter(|name| !name.is_empty())?,
        alias: Some(text("alias")).filter(|alias| !alias.is_empty()),
        version: text("version"),
        repository: text("repository"),
        condition: text("condition"),
        tags: tags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        imports_values: item.get("import-values").is_some(),
    })
}

/// Helm prints every file of `templates/` but partials and notes (pkg/engine); tests are no part of an install.
pub(super) fn is_rendered(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.starts_with('_') && !name.eq_ignore_ascii_case("NOTES.txt") && !path.starts_with("templates/tests/")
}
