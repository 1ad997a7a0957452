//! One case: its repository, read, and its record.

use crate::record::{self, Outcome};
use fluxproof_delivery::{ChartFolder, SourceName, World, deliver};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A case.
pub(crate) struct Case {
    /// The folder's name.
    pub(crate) name: String,
    /// The repository, with all that its sources serve beside it.
    pub(crate) sources: Sources,
    /// What its sources serve.
    pub(crate) world: World,
    /// What became of each Flux object.
    pub(crate) outcomes: BTreeMap<String, Outcome>,
}

impl Case {
    /// Reads a case's folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let record = std::fs::read_to_string(folder.join("observed.json")).map_err(|error| error.to_string())?;
        let record = serde_json::from_str(&record).map_err(|error| error.to_string())?;
        let mut files = Vec::new();
        for (from, to) in [("repo", ""), ("repo2", UPSTREAM), ("charts", CHARTS)] {
            add(&folder.join(from), to, &mut files)?;
        }
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let sources = Sources::new(files);
        let world = world(&sources)?;
        Ok(Self { name, sources, world, outcomes: record::outcomes(&record) })
    }
}

/// Where the second repository and the charts lie in the tree: nothing of the first one names these folders.
const UPSTREAM: &str = ".observed/upstream/";
const CHARTS: &str = ".observed/charts/";

/// The url of the second repository.
const UPSTREAM_URL: &str = "http://git.demo/upstream.git";

/// What the sources serve: the second repository under every name that the first one gives it, and the charts.
fn world(sources: &Sources) -> Result<World, String> {
    let mut world = World { charts: charts(sources)?, ..World::default() };
    let upstream = RepoPath::new(UPSTREAM.trim_end_matches('/')).map_err(|error| error.to_string())?;
    if sources.has_folder(&upstream) {
        let clusters = deliver(sources, &world).clusters;
        let named = clusters.iter().flat_map(|cluster| &cluster.sources);
        for source in named.filter(|source| source.url.as_deref() == Some(UPSTREAM_URL)) {
            world.sources.insert(SourceName::parse(&source.object.to_string())?, upstream.clone());
        }
    }
    Ok(world)
}

/// The charts, by the folders with a `Chart.yaml`: `NAME-VERSION`.
fn charts(sources: &Sources) -> Result<Vec<ChartFolder>, String> {
    let root = RepoPath::new(CHARTS.trim_end_matches('/')).map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    for id in sources.in_folder(&root).filter(|id| sources.path(*id).name() == "Chart.yaml") {
        let folder = sources.path(id).parent();
        if folder.parent() == root {
            let (name, version) = name_and_version(folder.name()).ok_or("a chart's folder is no NAME-VERSION")?;
            all.push(ChartFolder { name, version: Some(version), folder, outside: false });
        }
    }
    Ok(all)
}

/// `widget-operator-1.0.0` taken apart at the first part that begins with a digit.
fn name_and_version(folder: &str) -> Option<(String, String)> {
    let at = folder.match_indices('-').find(|(at, _)| folder[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?.0;
    Some((folder[..at].to_owned(), folder[at + 1..].to_owned()))
}

/// Adds the files below a folder under a path of the tree.
fn add(folder: &Path, under: &str, files: &mut Vec<SourceFile>) -> Result<(), String> {
    for path in all(folder) {
        let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let below = path.strip_prefix(folder).map_err(|error| error.to_string())?;
        let name = format!("{under}{}", below.to_string_lossy());
        files.push(SourceFile::read(RepoPath::new(&name).map_err(|error| format!("{name}: {error}"))?, bytes));
    }
    Ok(())
}

fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    found.sort();
    found.into_iter().flat_map(|path| if path.is_dir() { all(&path) } else { vec![path] }).collect()
}
