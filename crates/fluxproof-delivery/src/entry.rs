//! Where a cluster begins: the Kustomizations that nothing else applies.
//!
//! The folder of every Flux Kustomization of the repository is built. One that holds itself is the root that `flux bootstrap`
//! writes (gotk-sync.yaml); a FluxInstance names the path of another; what no build reaches lies in a folder that
//! somebody applies from outside (flux-semantics: pkg/manifestgen/sync, internal/builder/templates.go).

use crate::build::Builds;
use crate::model::{ObjectRef, Orphan};
use crate::read::{FluxKind, flux_kind};
use crate::world::World;
use fluxproof_kustomize::{Resource, Workspace};
use fluxproof_yaml::{FileId, RepoPath, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Where a cluster begins.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The folder that the first Kustomization applies.
    pub(crate) folder: RepoPath,
    /// That Kustomization, where the repository holds it.
    pub(crate) root: Option<Resource>,
    /// Where a FluxInstance says so.
    pub(crate) span: Option<Span>,
}

/// The entries of a repository and the Kustomizations that none of them reaches.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) entries: Vec<Entry>,
    pub(crate) orphans: Vec<Orphan>,
}

type DocumentId = (FileId, u32);

struct Candidate {
    resource: Resource,
    folder: Option<RepoPath>,
    holds: BTreeSet<DocumentId>,
}

impl Candidate {
    fn id(&self) -> DocumentId {
        (self.resource.file, self.resource.span.start)
    }

    fn holds_itself(&self) -> bool {
        self.holds.contains(&self.id())
    }
}

/// Finds the entries of a repository, in path order.
pub(crate) fn entries(builds: &Builds<'_>, world: &World) -> Entries {
    let candidates = candidates(builds);
    let mut entries = match world.entries.is_empty() {
        true => guessed(builds, &candidates),
        false => said(&candidates, world),
    };
    fluxproof_order::sort_by(&mut entries, |a, b| a.folder.cmp(&b.folder));
    entries.dedup_by(|b, a| a.folder == b.folder);
    let reached = reached(builds, &candidates, &entries);
    let orphan = |c: &&Candidate| Orphan { object: ObjectRef::of(&c.resource), span: c.resource.span };
    let orphans = candidates.iter().filter(|c| !reached.contains(&c.id())).map(|c| orphan(&c)).collect();
    Entries { entries, orphans }
}

/// The entries that somebody named: with the Kustomization of the repository that applies the folder, where one holds itself.
fn said(candidates: &[Candidate], world: &World) -> Vec<Entry> {
    let roots = roots(candidates);
    let of = |folder: &RepoPath| roots.iter().find(|entry| entry.folder == *folder).cloned();
    let implied = |folder: &RepoPath| Entry { folder: folder.clone(), root: None, span: None };
    world.entries.iter().map(|folder| of(folder).unwrap_or_else(|| implied(folder))).collect()
}

fn guessed(builds: &Builds<'_>, candidates: &[Candidate]) -> Vec<Entry> {
    let workspace = builds.workspace();
    let mut entries = roots(candidates);
    entries.extend(instances(workspace));
    let known = reached(builds, candidates, &entries);
    let loose: Vec<&Candidate> = candidates.iter().filter(|c| !known.contains(&c.id())).collect();
    entries.extend(implied(workspace, &loose, &entries));
    entries
}

fn candidates(builds: &Builds<'_>) -> Vec<Candidate> {
    let mut all = Vec::new();
    // The kind is looked at first: a copy of every document would cost as much as the builds.
    let named = |value: &Value| value.str_at(&["kind"]) == Some("Kustomization");
    for (file, value) in yaml_documents(builds.workspace()).filter(|(_, value)| named(value)) {
        let resource = Resource::new(value.clone(), file);
        if flux_kind(resource.group(), resource.kind()) == FluxKind::Kustomization {
            all.push(candidate(builds, resource));
        }
    }
    all
}

/// Every document of every YAML file, in path order.
pub(crate) fn yaml_documents<'w>(workspace: &'w Workspace<'_>) -> impl Iterator<Item = (FileId, &'w Value)> {
    let sources = workspace.sources();
    let is_yaml = move |id: &FileId| {
        let name = sources.path(*id).name();
        name.ends_with(".yaml") || name.ends_with(".yml")
    };
    sources.ids().filter(is_yaml).flat_map(|id| workspace.documents(id).iter().map(move |value| (id, value)))
}

fn candidate(builds: &Builds<'_>, resource: Resource) -> Candidate {
    let folder = local_folder(builds.workspace(), &resource);
    let holds = folder.as_ref().map(|folder| held(builds, folder, resource.value.get("spec"))).unwrap_or_default();
    Candidate { resource, folder, holds }
}

fn local_folder(workspace: &Workspace<'_>, resource: &Resource) -> Option<RepoPath> {
    let path = resource.value.str_at(&["spec", "path"]).unwrap_or("");
    let folder = RepoPath::root().join_clamped(path);
    (!path.contains("${") && workspace.sources().has_folder(&folder)).then_some(folder)
}

/// The Flux Kustomizations that the build of a folder holds, with the spec of the one that applies it, where there is one.
fn held(builds: &Builds<'_>, folder: &RepoPath, spec: Option<&Value>) -> BTreeSet<DocumentId> {
    let null = Value::null(Span::new(FileId(0), 0, 0));
    let build = builds.plain(folder, spec.unwrap_or(&null));
    let is_kustomization = |r: &&Resource| flux_kind(r.group(), r.kind()) == FluxKind::Kustomization;
    build.resources.iter().filter(is_kustomization).map(|r| (r.file, r.span.start)).collect()
}

fn roots(candidates: &[Candidate]) -> Vec<Entry> {
    let is_root = |c: &&Candidate| {
        c.holds_itself()
            && !candidates.iter().any(|o| o.id() != c.id() && !o.holds_itself() && o.holds.contains(&c.id()))
    };
    let entry = |c: &Candidate| {
        let folder = c.folder.clone()?;
        Some(Entry { folder, root: Some(c.resource.clone()), span: Some(c.resource.span) })
    };
    candidates.iter().filter(is_root).filter_map(entry).collect()
}

/// FluxInstances, as resources or as values of the flux-instance chart (`instance.sync.path`).
fn instances(workspace: &Workspace<'_>) -> Vec<Entry> {
    let paths: [&[&str]; 3] = [&["spec", "sync"], &["spec", "values", "instance", "sync"], &["instance", "sync"]];
    let mut found = Vec::new();
    for (_, value) in yaml_documents(workspace) {
        let instance = value.str_at(&["kind"]) == Some("FluxInstance");
        let paths = if instance { &paths[..1] } else { &paths[1..] };
        found.extend(paths.iter().find_map(|path| value.at(path)).and_then(|sync| instance_entry(workspace, sync)));
    }
    found
}

fn instance_entry(workspace: &Workspace<'_>, sync: &Value) -> Option<Entry> {
    let path = sync.get("path")?;
    let folder = RepoPath::root().join_clamped(path.as_str()?);
    let known = !folder.as_str().is_empty() && workspace.sources().has_folder(&folder);
    known.then_some(Entry { folder, root: None, span: Some(path.span) })
}

/// The documents that the entries reach, through any number of Kustomizations.
fn reached(builds: &Builds<'_>, candidates: &[Candidate], entries: &[Entry]) -> BTreeSet<DocumentId> {
    let by_id: BTreeMap<DocumentId, &Candidate> = fluxproof_order::gather(candidates.iter().map(|c| (c.id(), c)));
    let mut seen = BTreeSet::new();
    let mut open: Vec<DocumentId> = Vec::new();
    for entry in entries {
        match &entry.root {
            Some(root) => open.push((root.file, root.span.start)),
            None => open.extend(held(builds, &entry.folder, None)),
        }
    }
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(by_id.get(&id).into_iter().flat_map(|c| c.holds.iter().copied()));
        }
    }
    seen
}

/// Folders that somebody must apply from outside, for Kustomizations that no entry reaches. Beside entries that are
/// known, only their siblings (`clusters/<name>`) count: the rest is listed as orphans.
fn implied(workspace: &Workspace<'_>, loose: &[&Candidate], found: &[Entry]) -> Vec<Entry> {
    let held: BTreeSet<DocumentId> =
        loose.iter().flat_map(|c| c.holds.iter().copied().filter(|id| *id != c.id())).collect();
    let tops = loose.iter().filter(|c| !held.contains(&c.id()));
    let folders: BTreeSet<RepoPath> =
        fluxproof_order::gather(tops.map(|c| entry_folder(workspace.sources().path(c.resource.file))));
    let parents: BTreeSet<RepoPath> = fluxproof_order::gather(found.iter().map(|entry| entry.folder.parent()));
    let mut taken: Vec<Entry> = Vec::new();
    for folder in folders {
        let sibling = found.is_empty() || (parents.contains(&folder.parent()) && !folder.parent().as_str().is_empty());
        if sibling && !taken.iter().any(|outer| folder.is_in(&outer.folder)) {
            taken.push(Entry { folder, root: None, span: None });
        }
    }
    taken
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
