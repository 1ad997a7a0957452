//! Where the files of a Kustomization are: in this repository, in a part of it, or outside.

use super::Expander;
use super::root::cut;
use crate::build::{Builds, Cut};
use crate::facts::{git, normal_url};
use crate::model::{Content, ObjectRef, SourceNode};
use crate::paths::{Found, find_folder};
use crate::read::{self, SOURCE_API};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{RepoPath, Span, Value};
use std::rc::Rc;

/// Where the files of a source come from.
#[derive(Clone)]
pub(super) enum Origin<'a> {
    /// This repository, cut so.
    Cut(Cut),
    /// Files of this repository, put together anew.
    Made(Rc<Builds<'a>>),
    /// Elsewhere: why.
    Outside(String),
}

/// Where the content of a Kustomization is.
pub(super) enum Place<'a> {
    /// A folder of an artifact of this repository.
    Here {
        builds: Rc<Builds<'a>>,
        /// Its path in the artifact.
        folder: RepoPath,
        /// Its path in the repository.
        shown: RepoPath,
        /// Why it may be another folder.
        doubt: Option<String>,
    },
    /// Not in this repository.
    Not(Content),
    /// Nobody has applied its source so far.
    Unknown(String),
}

impl<'a> Expander<'a> {
    /// Where the files of a source come from.
    pub(super) fn origin(&self, source: &SourceNode) -> Origin<'a> {
        if let Some(folder) = self.all.world.source(&source.object) {
            return Origin::Cut(source.resource.as_ref().map_or_else(|| Cut::of_folder(folder), |r| cut(folder, r)));
        }
        if source.home == 0 && super::same_name(&source.object, &self.here.object) {
            return Origin::Cut(self.here.cut.clone());
        }
        match (&source.url, &source.resource) {
            (Some(url), _) if url.contains("${") => {
                Origin::Outside(format!("the url of {} holds a variable", source.object))
            }
            (Some(url), Some(resource)) if self.here.url.as_ref() == Some(&normal_url(url)) => {
                self.same_url(source, resource)
            }
            _ => Origin::Outside(format!("{} is not this repository", source.object)),
        }
    }

    /// A source of the same url is this repository if it follows the same branch.
    fn same_url(&self, source: &SourceNode, resource: &Resource) -> Origin<'a> {
        if branch(source.reference.as_deref()) != branch(self.here.reference.as_deref()) {
            return Origin::Outside(format!("{} is another revision of this repository", source.object));
        }
        Origin::Cut(cut(&self.here.cut.root, resource))
    }

    /// Whether the source of a Kustomization is known by now.
    pub(super) fn has_source(&self, index: usize) -> bool {
        self.source_of(index)
            .is_some_and(|source| self.all.find_source(self.all.kustomizations[index].home, &source).is_some())
    }

    /// The source that a Kustomization names.
    pub(super) fn source_of(&self, index: usize) -> Option<ObjectRef> {
        let node = &self.all.kustomizations[index];
        let Some(resource) = &node.resource else { return Some(self.here.object.clone()) };
        let namespace = node.object.namespace.as_deref().unwrap_or_default();
        read::reference(SOURCE_API, resource.value.at(&["spec", "sourceRef"])?, namespace, "GitRepository")
    }

    /// Decides where the content of a Kustomization is.
    pub(super) fn place(&self, index: usize) -> Place<'a> {
        let node = &self.all.kustomizations[index];
        let Some(resource) = &node.resource else { return self.entry_place(index) };
        let Some(source) = self.source_of(index) else {
            return Place::Not(Content::Outside("it names no source".to_owned()));
        };
        let path = resource.value.at(&["spec", "path"]);
        let text = path.and_then(Value::as_str).unwrap_or("");
        let origin = match self.all.find_source(node.home, &source) {
            Some(at) => self.origins[at].clone(),
            None => match self.all.world.source(&source) {
                Some(folder) => Origin::Cut(Cut::of_folder(folder)),
                None => return Place::Unknown(format!("{source} is not this repository")),
            },
        };
        match origin {
            Origin::Outside(why) => Place::Not(self.outside(node.home, &source, text, why)),
            Origin::Cut(cut) => {
                self.folder(self.artifacts.of(&cut), text, path.map_or(resource.span, |p| p.span), &source)
            }
            Origin::Made(builds) => self.folder(builds, text, path.map_or(resource.span, |p| p.span), &source),
        }
    }

    /// The folder of an entry whose Kustomization is not in the repository.
    fn entry_place(&self, index: usize) -> Place<'a> {
        let Content::Here(shown) = self.all.kustomizations[index].content.clone() else {
            return Place::Not(Content::Outside(String::new()));
        };
        let builds = self.artifacts.of(&self.here.cut);
        let folder = crate::build::below(&shown, &self.here.cut.root);
        Place::Here { builds, folder, shown, doubt: None }
    }

    fn folder(&self, builds: Rc<Builds<'a>>, path: &str, span: Span, source: &ObjectRef) -> Place<'a> {
        match find_folder(builds.sources(), path) {
            Found::Is(folder) => self.here(builds, folder, None),
            Found::Fits(folder) => {
                let why = format!("its path {path} holds a variable that is not known; only {folder} fits it");
                self.here(builds, folder, Some(why))
            }
            Found::Unknown => Place::Not(Content::Outside(format!("its path {path} holds a variable"))),
            Found::No(_) if self.includes(source) => {
                Place::Not(Content::Outside(format!("{source} includes other repositories")))
            }
            Found::No(folder) => Place::Not(Content::Missing(folder, span)),
        }
    }

    /// Whether a source adds files of other sources (`spec.include`).
    fn includes(&self, source: &ObjectRef) -> bool {
        let resource = self.all.find_source(0, source).and_then(|at| self.all.sources[at].resource.as_ref());
        resource.is_some_and(|r| r.value.at(&["spec", "include"]).is_some_and(|list| !list.items().is_empty()))
    }

    fn here(&self, builds: Rc<Builds<'a>>, folder: RepoPath, doubt: Option<String>) -> Place<'a> {
        let shown = self.in_the_repository(&builds, &folder);
        Place::Here { builds, folder, shown, doubt }
    }

    /// Where the folder of an artifact lies in the repository, by the first file in it.
    fn in_the_repository(&self, builds: &Builds<'_>, folder: &RepoPath) -> RepoPath {
        let Some(file) = builds.sources().in_folder(folder).next() else { return folder.clone() };
        let inside = crate::build::below(builds.sources().path(file), folder);
        let real = self.artifacts.workspace().sources().path(file);
        let around = real.as_str().strip_suffix(inside.as_str()).map(|text| RepoPath::root().join_clamped(text));
        around.unwrap_or_else(|| real.parent())
    }

    /// What a source outside this repository is known to hold.
    fn outside(&self, home: usize, source: &ObjectRef, path: &str, why: String) -> Content {
        let found = self.all.find_source(home, source).map(|index| &self.all.sources[index]);
        let (url, tag) = found.map_or((None, None), |s| (s.url.as_deref(), s.reference.clone()));
        match (url, tag) {
            (Some(url), Some(tag)) if self.all.facts.is_external_secrets_repository(url) => {
                Content::ExternalSecretsCrds { tag, path: path.to_owned() }
            }
            (Some(url), Some(tag)) if !git::crds(url, &tag, path).is_empty() => {
                Content::KnownCrds { url: normal_url(url), tag, path: path.to_owned() }
            }
            _ => Content::Outside(why),
        }
    }
}

/// A reference as a branch name: `refs/heads/main` of a FluxInstance is `main`. Without one, Flux takes `master`
/// (docs/spec/v1/gitrepositories.md).
fn branch(reference: Option<&str>) -> &str {
    let reference = reference.unwrap_or("master");
    reference.strip_prefix("refs/heads/").or_else(|| reference.strip_prefix("refs/tags/")).unwrap_or(reference)
}
