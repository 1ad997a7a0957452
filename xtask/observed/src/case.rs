//! One case: its repository, read, and its record.

use crate::record::{self, Outcome};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A case.
pub(crate) struct Case {
    /// The folder's name.
    pub(crate) name: String,
    /// The repository and what its sources serve.
    pub(crate) sources: Sources,
    /// What became of each Flux object.
    pub(crate) outcomes: BTreeMap<String, Outcome>,
}

impl Case {
    /// Reads a case's folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let record = std::fs::read_to_string(folder.join("observed.json")).map_err(|error| error.to_string())?;
        let record = serde_json::from_str(&record).map_err(|error| error.to_string())?;
        let mut files = Vec::new();
        add(&folder.join("repo"), "", &mut files)?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, sources: Sources::new(files), outcomes: record::outcomes(&record) })
    }
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
