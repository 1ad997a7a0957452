//! Where a cluster begins: the Kustomizations that nothing else applies.
//!
//! The folder of every Flux Kustomization of the repository is built. One that holds the Kustomization which applies it is
//! what `flux bootstrap` writes (gotk-sync.yaml); a FluxInstance or a Terraform file names the path of another; what no
//! build reaches lies in a folder that somebody applies from outside (pkg/manifestgen/sync, internal/builder/templates.go).

mod candidate;
mod implied;
mod instance;
mod terraform;

use crate::build::{Artifacts, below};
use crate::expand::{Expansion, expand};
use crate::facts::Facts;
use crate::model::{ObjectRef, Orphan, Reason};
use crate::read::{FluxKind, flux_kind};
use crate::world::World;
use candidate::Candidate;
use fluxproof_kustomize::{Resource, Workspace};
use fluxproof_yaml::{FileId, RepoPath, Span, Value};
use std::collections::BTreeSet;

/// Where a cluster begins.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The folder that the first Kustomization applies.
    pub(crate) folder: RepoPath,
    /// The folder that is the root of its source.
    pub(crate) within: RepoPath,
    /// That Kustomization, where the repository holds it.
    pub(crate) root: Option<Resource>,
    /// What a FluxInstance says of its source.
    pub(crate) sync: Option<Sync>,
    /// Where it is said.
    pub(crate) span: Option<Span>,
    /// Why it is one.
    pub(crate) reason: Reason,
}

/// The source that flux-operator makes for a FluxInstance; the Kustomization has the same name (internal/builder, syncTmpl).
#[derive(Debug, Clone)]
pub(crate) struct Sync {
    pub(crate) source: ObjectRef,
    pub(crate) url: Option<String>,
    pub(crate) reference: Option<String>,
}

impl Entry {
    /// An entry of which only the folder is known.
    fn of_folder(folder: RepoPath, within: RepoPath, reason: Reason) -> Self {
        Self { folder, within, root: None, sync: None, span: None, reason }
    }

    /// The folder as the artifact has it.
    pub(crate) fn folder_within(&self) -> RepoPath {
        below(&self.folder, &self.within)
    }
}

/// The clusters of a repository, and what none of them reaches.
pub(crate) struct Clusters<'a> {
    pub(crate) all: Vec<(Entry, Expansion<'a>)>,
    pub(crate) orphans: Vec<Orphan>,
}

/// A document, by its file and its first byte.
type DocumentId = (FileId, u32);

fn id(resource: &Resource) -> DocumentId {
    (resource.file, resource.span.start)
}

/// Finds the clusters of a repository, in the order of their entries, and expands each.
pub(crate) fn clusters<'a>(artifacts: &'a Artifacts<'a>, facts: &'a Facts, world: &'a World) -> Clusters<'a> {
    let documents = candidate::documents(artifacts.workspace());
    let candidates = candidate::candidates(artifacts, &documents);
    let first = match world.entries.is_empty() {
        true => sure(artifacts, &candidates),
        false => named(artifacts, &candidates, world),
    };
    let mut all = expanded(artifacts, facts, world, first);
    let mut reached = reached(&all);
    // A patch is no object of its own.
    let patches = candidate::patches(artifacts.workspace());
    reached.extend(documents.iter().filter(|r| patches.contains(&r.file)).map(id));
    // Once for what nothing reaches, once more for the siblings of what was found then.
    let rounds = if world.entries.is_empty() { 2 } else { 0 };
    for _ in 0..rounds {
        let loose: Vec<&Candidate> = candidates.iter().filter(|c| !reached.contains(&c.id())).collect();
        let entries: Vec<&Entry> = all.iter().map(|(entry, _)| entry).collect();
        let more = expanded(artifacts, facts, world, implied::implied(artifacts, &loose, &entries));
        reached.extend(self::reached(&more));
        all.extend(more);
    }
    fluxproof_order::sort_by(&mut all, |(a, _), (b, _)| a.folder.cmp(&b.folder));
    let lost = documents.iter().filter(|resource| !reached.contains(&id(resource)));
    let orphans = lost.map(|r| Orphan { object: ObjectRef::of(r), span: r.span }).collect();
    Clusters { all, orphans }
}

fn expanded<'a>(
    artifacts: &'a Artifacts<'a>,
    facts: &'a Facts,
    world: &'a World,
    entries: Vec<Entry>,
) -> Vec<(Entry, Expansion<'a>)> {
    let with = |entry: Entry| {
        let expansion = expand(artifacts, facts, world, &entry);
        (entry, expansion)
    };
    entries.into_iter().map(with).collect()
}

/// The Flux objects that clusters reach.
fn reached(clusters: &[(Entry, Expansion<'_>)]) -> BTreeSet<DocumentId> {
    let mut reached = BTreeSet::new();
    for (entry, expansion) in clusters {
        reached.extend(entry.root.as_ref().map(id));
        let of_flux = |r: &&Resource| flux_kind(r.group(), r.kind()) != FluxKind::Other;
        let resources = expansion.kustomizations.iter().flat_map(|node| node.resources());
        reached.extend(resources.filter(of_flux).map(id));
    }
    reached
}

/// The entries that somebody named: with the Kustomization of the repository that applies the folder, where one does.
fn named(artifacts: &Artifacts<'_>, candidates: &[Candidate], world: &World) -> Vec<Entry> {
    let known = sure(artifacts, candidates);
    let of = |folder: &RepoPath| known.iter().find(|entry| entry.folder == *folder).cloned();
    let implied = |folder: &RepoPath| implied::entry(artifacts, folder.clone());
    let entry = |folder| Entry { reason: Reason::Named, ..of(folder).unwrap_or_else(|| implied(folder)) };
    let mut entries: Vec<Entry> = world.entries.iter().map(entry).collect();
    one_a_folder(&mut entries);
    entries
}

/// The entries that the files name.
fn sure(artifacts: &Artifacts<'_>, candidates: &[Candidate]) -> Vec<Entry> {
    let mut entries = candidate::roots(candidates);
    entries.extend(instance::entries(artifacts));
    let known: BTreeSet<RepoPath> = fluxproof_order::gather(entries.iter().map(|entry| entry.folder.clone()));
    entries.extend(terraform::entries(artifacts.workspace().sources()).filter(|entry| !known.contains(&entry.folder)));
    one_a_folder(&mut entries);
    entries
}

/// Of several entries of one folder the one with the strongest reason stays; what a FluxInstance says is kept.
fn one_a_folder(entries: &mut Vec<Entry>) {
    fluxproof_order::sort_by(entries, |a, b| (&a.folder, a.reason).cmp(&(&b.folder, b.reason)));
    entries.dedup_by(|next, kept| {
        let same = next.folder == kept.folder;
        if same && kept.sync.is_none() {
            kept.sync = next.sync.take();
        }
        same
    });
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

/// The folders around a file, the root first.
fn around(path: &RepoPath) -> Vec<RepoPath> {
    let above = |path: &RepoPath| (!path.as_str().is_empty()).then(|| path.parent());
    let mut all: Vec<RepoPath> = std::iter::successors(above(path), above).collect();
    all.reverse();
    all
}
