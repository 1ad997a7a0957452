//! Folders that somebody must apply from outside.

use super::candidate::{Candidate, has, is_hidden, may_be_here, own_path};
use super::{DocumentId, Entry, around};
use crate::build::{Artifacts, Cut};
use crate::expand::null_spec;
use crate::model::Reason;
use crate::read::{FluxKind, flux_kind};
use fluxproof_kustomize::Workspace;
use fluxproof_yaml::{RepoPath, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Folders that somebody must apply from outside, for Kustomizations that no entry reaches. Beside entries that are
/// known, only their siblings (`clusters/<name>`) count: the rest is listed as orphans.
pub(super) fn implied(artifacts: &Artifacts<'_>, loose: &[&Candidate], found: &[&Entry]) -> Vec<Entry> {
    let held: BTreeSet<DocumentId> = fluxproof_order::gather(loose.iter().flat_map(|c| c.holds()));
    let tops = loose.iter().filter(|c| !held.contains(&c.id()));
    let users = Users::new(artifacts.workspace());
    let folders: BTreeSet<RepoPath> = fluxproof_order::gather(tops.flat_map(|c| users.outermost(&c.path)));
    let parents: BTreeSet<RepoPath> = fluxproof_order::gather(found.iter().map(|entry| entry.folder.parent()));
    let open = !found.is_empty() || folders.iter().any(|folder| !is_hidden(folder));
    let folders: Vec<RepoPath> = folders.into_iter().filter(|folder| !open || !is_hidden(folder)).collect();
    let clusters = found.is_empty() && folders.iter().any(is_of_a_cluster);
    let mut taken: Vec<RepoPath> = Vec::new();
    for folder in folders.into_iter().filter(|folder| !clusters || is_of_a_cluster(folder)) {
        let sibling = found.is_empty() || (parents.contains(&folder.parent()) && !folder.parent().as_str().is_empty());
        let inside = |outer: &RepoPath| folder.is_in(outer);
        if sibling && !taken.iter().any(inside) && !found.iter().any(|entry| inside(&entry.folder)) {
            taken.push(folder);
        }
    }
    taken.into_iter().map(|folder| entry(artifacts, folder)).collect()
}

/// An entry of which only the folder is known. Its artifact's root is the folder around it where most of the paths are that
/// its Kustomizations name; of several the outermost.
pub(super) fn entry(artifacts: &Artifacts<'_>, folder: RepoPath) -> Entry {
    let sources = artifacts.workspace().sources();
    let build = artifacts.of(&Cut::default()).plain(&folder, &null_spec());
    let of_flux = build.resources.iter().filter(|r| flux_kind(r.group(), r.kind()) == FluxKind::Kustomization);
    let paths: Vec<String> = of_flux.filter(|r| may_be_here(&r.value)).map(|r| own_path(&r.value)).collect();
    let mut roots = around(&folder);
    roots.push(folder.clone());
    let count = |root: &RepoPath| paths.iter().filter(|path| has(sources, root, path)).count();
    let best = roots.iter().map(|root| (count(root), root)).rev().max_by_key(|(count, _)| *count);
    let within = best.map(|(_, root)| root.clone()).unwrap_or_default();
    Entry::of_folder(folder, within, Reason::Outside)
}

fn is_cluster(part: &&str) -> bool {
    *part == "clusters" || *part == "cluster"
}

fn is_of_a_cluster(folder: &RepoPath) -> bool {
    folder.parts().any(|part| is_cluster(&part))
}

/// `clusters/<name>` where the path has one, else the file's own folder.
fn entry_folder(path: &RepoPath) -> RepoPath {
    let parts: Vec<&str> = path.parts().collect();
    match parts.iter().position(is_cluster) {
        Some(at) if at + 2 < parts.len() => RepoPath::root().join_clamped(&parts[..at + 2].join("/")),
        _ => path.parent(),
    }
}

/// Which kustomizations use which files and folders.
struct Users {
    of: BTreeMap<RepoPath, Vec<RepoPath>>,
}

impl Users {
    fn new(workspace: &Workspace<'_>) -> Self {
        let mut of: BTreeMap<RepoPath, Vec<RepoPath>> = BTreeMap::new();
        for (folder, value) in super::candidate::kustomizations(workspace) {
            for path in ["resources", "bases", "components"].iter().flat_map(|key| items(value, key)) {
                if let Ok(used) = folder.join(path) {
                    of.entry(used).or_default().push(folder.clone());
                }
            }
        }
        Self { of }
    }

    /// The kustomizations that use a file and that no other one uses; the folder of the file where none does.
    fn outermost(&self, file: &RepoPath) -> BTreeSet<RepoPath> {
        let (mut seen, mut tops) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![file.clone()];
        while let Some(path) = open.pop() {
            let users = self.of.get(&path).map_or(&[][..], Vec::as_slice);
            let beyond: Vec<&RepoPath> = users.iter().filter(|user| **user != path).collect();
            if beyond.is_empty() && path != *file {
                tops.insert(path);
            }
            open.extend(beyond.into_iter().filter(|user| seen.insert((*user).clone())).cloned());
        }
        // A kustomization in a folder of a cluster is applied with the rest of that folder, if it is.
        let whole = entry_folder(file);
        let only_here = tops.iter().all(|top| top.is_in(&whole));
        if tops.is_empty() || only_here { BTreeSet::from([whole]) } else { tops }
    }
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    value.get(key).map_or(&[][..], Value::items).iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::Sources;

    #[test]
    fn a_base_is_entered_by_those_that_use_it() {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let sources = Sources::from_texts([
            (path("fleet/base/kustomization.yaml"), "resources: [apps.yaml]"),
            (path("fleet/base/apps.yaml"), ""),
            (path("fleet/a/kustomization.yaml"), "resources: [../base]"),
            (path("fleet/b/kustomization.yaml"), "resources: [../base]"),
            (path("clusters/c/flux/kustomization.yaml"), "resources: [x.yaml]"),
        ]);
        let users = Users::new(&Workspace::new(&sources));
        let outermost = |file| users.outermost(&path(file)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(outermost("fleet/base/apps.yaml"), ["fleet/a", "fleet/b"]);
        assert_eq!(outermost("fleet/a/other.yaml"), ["fleet/a"]);
        assert_eq!(outermost("clusters/c/flux/x.yaml"), ["clusters/c"]);
    }
}
