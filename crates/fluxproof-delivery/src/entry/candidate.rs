//! The Flux Kustomizations of a repository, and those of them that begin a cluster.

use super::{DocumentId, Entry, around, id, yaml_documents};
use crate::build::{Artifacts, Cut, below, substitute_known};
use crate::expand::null_spec;
use crate::model::Reason;
use crate::paths::{Found, find_folder};
use crate::read::{FluxKind, flux_kind};
use fluxproof_kustomize::{Resource, Workspace, kustomization_file};
use fluxproof_yaml::{FileId, RepoPath, Sources, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A Kustomization as its file says, and what the folder that it names holds.
pub(super) struct Candidate {
    pub(super) resource: Resource,
    /// Its file.
    pub(super) path: RepoPath,
    place: Option<Place>,
}

struct Place {
    within: RepoPath,
    folder: RepoPath,
    /// The Kustomizations in it.
    holds: BTreeSet<DocumentId>,
    /// The one of them that applies this very folder.
    root: Option<Resource>,
}

impl Candidate {
    pub(super) fn id(&self) -> DocumentId {
        id(&self.resource)
    }

    /// What it holds beside itself.
    pub(super) fn holds(&self) -> impl Iterator<Item = DocumentId> {
        let own = self.id();
        self.place.iter().flat_map(|place| place.holds.iter().copied()).filter(move |held| *held != own)
    }

    fn root(&self) -> Option<&Resource> {
        self.place.as_ref()?.root.as_ref()
    }
}

/// The documents of Flux's kinds.
pub(super) fn documents(workspace: &Workspace<'_>) -> Vec<Resource> {
    // The kind is looked at first: a copy of every document would cost as much as the builds.
    let is_flux = |value: &Value| {
        let group = value.str_at(&["apiVersion"]).and_then(|text| text.split_once('/')).map_or("", |(group, _)| group);
        flux_kind(group, value.str_at(&["kind"]).unwrap_or_default()) != FluxKind::Other
    };
    let wanted = yaml_documents(workspace).filter(|(_, value)| is_flux(value));
    wanted.map(|(file, value)| Resource::new(value.clone(), file)).collect()
}

/// Every kustomization of the repository and its folder.
pub(super) fn kustomizations<'w>(workspace: &'w Workspace<'_>) -> impl Iterator<Item = (RepoPath, &'w Value)> {
    let sources = workspace.sources();
    let all = sources.ids().filter(move |id| is_kustomization(sources, *id));
    all.filter_map(move |id| Some((sources.path(id).parent(), workspace.configuration(id)?)))
}

/// The files that kustomizations name as patches.
pub(super) fn patches(workspace: &Workspace<'_>) -> BTreeSet<FileId> {
    let sources = workspace.sources();
    let mut all = BTreeSet::new();
    for (folder, value) in kustomizations(workspace) {
        let items = |key| value.get(key).map_or(&[][..], Value::items).iter();
        let paths = items("patches").filter_map(|item| item.str_at(&["path"]));
        let paths = paths.chain(items("patchesStrategicMerge").filter_map(Value::as_str));
        all.extend(paths.filter_map(|path| sources.find(&folder.join(path).ok()?)));
    }
    all
}

fn is_kustomization(sources: &Sources, id: FileId) -> bool {
    let path = sources.path(id);
    path.name().to_lowercase().starts_with("kustomization") && kustomization_file(sources, &path.parent()) == Some(id)
}

/// The Kustomizations of the repository. Patches are among them: the path in a patch is that of a cluster, too.
pub(super) fn candidates(artifacts: &Artifacts<'_>, documents: &[Resource]) -> Vec<Candidate> {
    let sources = artifacts.workspace().sources();
    let is_kustomization = |r: &&Resource| flux_kind(r.group(), r.kind()) == FluxKind::Kustomization;
    let named = |r: &Resource| (r.clone(), sources.path(r.file).clone(), own_path(&r.value));
    let all: Vec<(Resource, RepoPath, String)> = documents.iter().filter(is_kustomization).map(named).collect();
    let from_here = all.iter().filter(|(resource, ..)| may_be_here(&resource.value));
    let paths: Vec<(&RepoPath, &str)> = from_here.map(|(_, file, names)| (file, names.as_str())).collect();
    let votes = Votes::new(sources, &paths);
    let of = |(resource, path, names): &(Resource, RepoPath, String)| Candidate {
        place: place_of(artifacts, &votes, resource, path, names),
        resource: resource.clone(),
        path: path.clone(),
    };
    all.iter().map(of).collect()
}

/// Whether the source of a Kustomization may be this repository: an ExternalArtifact has paths of its own.
pub(super) fn may_be_here(kustomization: &Value) -> bool {
    kustomization.str_at(&["spec", "sourceRef", "kind"]) != Some("ExternalArtifact")
}

fn place_of(
    artifacts: &Artifacts<'_>,
    votes: &Votes,
    resource: &Resource,
    file: &RepoPath,
    names: &str,
) -> Option<Place> {
    let found = may_be_here(&resource.value).then(|| place(artifacts, votes, file, names));
    let (within, folder) =
        found.flatten().filter(|(within, folder)| folder != within || is_bootstrap(resource, file))?;
    let spec = resource.value.get("spec").cloned();
    Some(held(artifacts, within, folder, &spec.unwrap_or_else(null_spec)))
}

/// Whether a Kustomization of a whole repository is its bootstrap's, not that of another repository's root.
fn is_bootstrap(resource: &Resource, file: &RepoPath) -> bool {
    resource.name() == "flux-system" || file.name() == "gotk-sync.yaml"
}

/// How many paths of Kustomizations there are under each folder that may be the root of an artifact, of those in it.
struct Votes {
    under: BTreeMap<RepoPath, (usize, usize)>,
}

impl Votes {
    fn new(sources: &Sources, paths: &[(&RepoPath, &str)]) -> Self {
        let mut under: BTreeMap<RepoPath, (usize, usize)> = BTreeMap::new();
        for (file, path) in paths {
            let at_root = usize::from(has(sources, &RepoPath::root(), path));
            for root in around(file) {
                let (own, outermost) = under.entry(root.clone()).or_default();
                *own += usize::from(has(sources, &root, path));
                *outermost += at_root;
            }
        }
        Self { under }
    }

    /// Whether more paths are found from this folder than from the root of the repository.
    fn are_for(&self, root: &RepoPath) -> bool {
        root.as_str().is_empty() || self.under.get(root).is_some_and(|(own, outermost)| own > outermost)
    }
}

/// Whether a path leads to a folder below a root.
pub(super) fn has(sources: &Sources, root: &RepoPath, path: &str) -> bool {
    let folder = root.join_clamped(path);
    folder != *root && folder.is_in(root) && sources.has_folder(&folder)
}

/// `spec.path` of a Kustomization, with the variables that its own `postBuild` sets.
pub(super) fn own_path(kustomization: &Value) -> String {
    let path = kustomization.str_at(&["spec", "path"]).unwrap_or("");
    substitute_known(path, kustomization.at(&["spec", "postBuild", "substitute"]))
}

/// The root of the artifact and the folder in it that a path names. The file that names it mostly lies in the artifact, so
/// the root is a folder around it: one whose folder holds that file, else the outermost one that has the folder.
fn place(artifacts: &Artifacts<'_>, votes: &Votes, file: &RepoPath, path: &str) -> Option<(RepoPath, RepoPath)> {
    let sources = artifacts.workspace().sources();
    let may_be_root = |root: &RepoPath| !is_hidden(root) && votes.are_for(root);
    let roots: Vec<RepoPath> = around(file).into_iter().filter(may_be_root).collect();
    let at = |root: &RepoPath| {
        let folder = root.join_clamped(path);
        (!path.contains("${") && sources.has_folder(&folder) && folder.is_in(root)).then_some(folder)
    };
    let holding = roots.iter().find(|root| at(root).is_some_and(|folder| folder != **root && file.is_in(&folder)));
    let root = holding.or_else(|| roots.iter().find(|root| at(root).is_some()))?;
    Some((root.clone(), at(root)?))
}

/// Whether a folder is put away (`.archive`): no cluster begins there by itself.
pub(super) fn is_hidden(folder: &RepoPath) -> bool {
    folder.parts().any(|part| part.starts_with('.'))
}

/// What the build of a folder holds, with the spec of the one that applies it.
fn held(artifacts: &Artifacts<'_>, within: RepoPath, folder: RepoPath, spec: &Value) -> Place {
    let inside = below(&folder, &within);
    let builds = artifacts.of(&Cut::of_folder(&within));
    let build = builds.plain(&inside, spec);
    let is_kustomization = |r: &&Resource| flux_kind(r.group(), r.kind()) == FluxKind::Kustomization;
    let all = || build.resources.iter().filter(is_kustomization);
    let applies = |r: &&Resource| find_folder(builds.sources(), &own_path(&r.value)) == Found::Is(inside.clone());
    let root = all().find(applies).cloned();
    Place { holds: all().map(id).collect(), root, within, folder }
}

/// The folders that hold the Kustomization which applies them. One whose Kustomization another applies, which is none of
/// these, is no beginning.
pub(super) fn roots(candidates: &[Candidate]) -> Vec<Entry> {
    let others = candidates.iter().filter(|c| c.root().is_none());
    let held: BTreeSet<DocumentId> = fluxproof_order::gather(others.flat_map(Candidate::holds));
    let entry = |candidate: &Candidate| {
        let place = candidate.place.as_ref()?;
        let root = place.root.clone().filter(|root| !held.contains(&id(root)))?;
        let span = Some(root.span);
        let entry = Entry::of_folder(place.folder.clone(), place.within.clone(), Reason::AppliesItself);
        Some(Entry { root: Some(root), span, ..entry })
    };
    candidates.iter().filter_map(entry).collect()
}
