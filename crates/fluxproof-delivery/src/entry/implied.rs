//! Folders that somebody must apply from outside.

use super::candidate::{Candidate, has};
use super::{DocumentId, Entry, around};
use crate::build::Artifacts;
use crate::model::Reason;
use fluxproof_yaml::RepoPath;
use std::collections::BTreeSet;

/// Folders that somebody must apply from outside, for Kustomizations that no entry reaches. Beside entries that are
/// known, only their siblings (`clusters/<name>`) count: the rest is listed as orphans.
pub(super) fn implied(artifacts: &Artifacts<'_>, loose: &[&Candidate], found: &[&Entry]) -> Vec<Entry> {
    let held: BTreeSet<DocumentId> = loose.iter().flat_map(|c| c.holds()).collect();
    let tops = loose.iter().filter(|c| !held.contains(&c.id()));
    let folders: BTreeSet<RepoPath> = tops.map(|c| entry_folder(&c.path)).collect();
    let parents: BTreeSet<RepoPath> = found.iter().map(|entry| entry.folder.parent()).collect();
    let mut taken: Vec<RepoPath> = Vec::new();
    for folder in folders {
        let sibling = found.is_empty() || (parents.contains(&folder.parent()) && !folder.parent().as_str().is_empty());
        let inside = |outer: &RepoPath| folder.is_in(outer);
        if sibling && !taken.iter().any(inside) && !found.iter().any(|entry| inside(&entry.folder)) {
            taken.push(folder);
        }
    }
    taken.into_iter().map(|folder| entry(artifacts, loose.iter().copied(), folder)).collect()
}

/// An entry of which only the folder is known. Its artifact's root is the folder around it where most of the paths are that
/// its Kustomizations name; of several the outermost.
pub(super) fn entry<'c>(
    artifacts: &Artifacts<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
    folder: RepoPath,
) -> Entry {
    let sources = artifacts.workspace().sources();
    let paths: Vec<&str> = candidates.filter(|c| c.path.is_in(&folder)).map(|c| c.names.as_str()).collect();
    let mut roots = around(&folder);
    roots.push(folder.clone());
    let count = |root: &RepoPath| paths.iter().filter(|path| has(sources, root, path)).count();
    let best = roots.iter().map(|root| (count(root), root)).rev().max_by_key(|(count, _)| *count);
    let within = best.map(|(_, root)| root.clone()).unwrap_or_default();
    Entry::of_folder(folder, within, Reason::Outside)
}

/// `clusters/<name>` where the path has one, else the file's own folder.
fn entry_folder(path: &RepoPath) -> RepoPath {
    let parts: Vec<&str> = path.parts().collect();
    let clusters = parts.iter().position(|part| *part == "clusters" || *part == "cluster");
    match clusters {
        Some(at) if at + 2 < parts.len() => RepoPath::root().join_clamped(&parts[..at + 2].join("/")),
        _ => path.parent(),
    }
}
