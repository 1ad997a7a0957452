//! The files of a chart: from an archive or a folder, with the charts that it depends on and that lie elsewhere.

use crate::archive;
use fluxproof_delivery::ChartReader;
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use std::path::{Path, PathBuf};

/// How often charts below charts are looked for.
const MAX_ROUNDS: usize = 3;

/// Reads a chart, its Chart.yaml at the root.
pub(crate) fn read(path: &Path, with: Option<&Path>) -> Result<Sources, String> {
    let mut files = all(path)?;
    for _ in 0..MAX_ROUNDS {
        let sources = Sources::new(files.clone());
        let Some(with) = with else { return Ok(sources) };
        let missing = missing(&sources);
        let found: Vec<(String, PathBuf)> =
            missing.into_iter().filter_map(|name| Some((name.clone(), find(with, &name)?))).collect();
        if found.is_empty() {
            return Ok(sources);
        }
        for (name, folder) in found {
            let below = all(&folder)?;
            files.extend(below.into_iter().filter_map(|file| moved(file, &format!("charts/{name}"))));
        }
    }
    Ok(Sources::new(files))
}

/// The charts that it depends on, lets in by itself, and does not hold.
fn missing(sources: &Sources) -> Vec<String> {
    let Some(reader) = ChartReader::read(sources, &RepoPath::root()) else { return Vec::new() };
    reader.content("x", "x", None).missing.into_iter().map(|chart| chart.name).collect()
}

fn find(with: &Path, name: &str) -> Option<PathBuf> {
    let path = with.join(name);
    path.join("Chart.yaml").is_file().then_some(path)
}

fn moved(file: SourceFile, below: &str) -> Option<SourceFile> {
    let path = RepoPath::new(&format!("{below}/{}", file.path)).ok()?;
    Some(SourceFile { path, ..file })
}

fn all(path: &Path) -> Result<Vec<SourceFile>, String> {
    let files = match path.is_dir() {
        true => below(path, "")?,
        false => archive::files(&std::fs::read(path).map_err(|error| error.to_string())?)?,
    };
    let file = |(path, bytes): (String, Vec<u8>)| Some(SourceFile::read(RepoPath::new(&path).ok()?, bytes));
    Ok(files.into_iter().filter_map(file).collect())
}

/// The files below a folder, with paths relative to it.
fn below(folder: &Path, under: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries.flatten() {
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.extend(below(&entry.path(), &format!("{name}/"))?);
        } else if let Ok(bytes) = std::fs::read(entry.path()) {
            files.push((name, bytes));
        }
    }
    Ok(files)
}
