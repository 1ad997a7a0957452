//! What the controllers see of a repository: the artifacts that source-controller and source-watcher make of it.

use super::Builds;
use super::ignore::Ignore;
use fluxproof_kustomize::Workspace;
use fluxproof_yaml::{FileId, RepoPath, Sources, Value};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How an artifact is cut out of the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cut {
    /// The folder that is the root of the artifact.
    pub(crate) root: RepoPath,
    /// `spec.ignore` of the source.
    pub(crate) ignore: String,
    /// `spec.sparseCheckout` of the source; empty for everything.
    pub(crate) only: Vec<RepoPath>,
}

impl Cut {
    /// The artifact of a folder, without patterns of its own.
    pub(crate) fn of_folder(root: &RepoPath) -> Self {
        Self { root: root.clone(), ..Self::default() }
    }
}

/// Keeps the views that artifacts borrow: a chain, so that one can be added while others are in use.
#[derive(Debug, Default)]
pub(crate) struct Views {
    view: OnceCell<Sources>,
    next: OnceCell<Box<Views>>,
}

impl Views {
    fn keep(&self, view: Sources) -> &Sources {
        let mut at = self;
        while at.view.get().is_some() {
            at = at.next.get_or_init(Box::default);
        }
        at.view.get_or_init(|| view)
    }
}

/// The artifacts of one analysis, each with its builds.
pub(crate) struct Artifacts<'w> {
    workspace: &'w Workspace<'w>,
    views: &'w Views,
    known: RefCell<BTreeMap<Cut, Rc<Builds<'w>>>>,
    injects: OnceCell<bool>,
}

impl<'w> Artifacts<'w> {
    /// Nothing is cut yet.
    pub(crate) fn new(workspace: &'w Workspace<'w>, views: &'w Views) -> Self {
        Self { workspace, views, known: RefCell::default(), injects: OnceCell::new() }
    }

    /// The whole repository.
    pub(crate) fn workspace(&self) -> &'w Workspace<'w> {
        self.workspace
    }

    /// Whether a webhook of the repository adds variables to Kustomizations in the cluster.
    pub(crate) fn injects(&self) -> bool {
        *self.injects.get_or_init(|| injects(self.workspace))
    }

    /// The artifact of a cut.
    pub(crate) fn of(&self, cut: &Cut) -> Rc<Builds<'w>> {
        if let Some(known) = self.known.borrow().get(cut) {
            return Rc::clone(known);
        }
        let files = kept(self.workspace.sources(), cut);
        let all = cut.root.as_str().is_empty() && files.len() == self.workspace.sources().len();
        let made = if all { self.seen(self.workspace.sources()) } else { self.composed(files) };
        self.known.borrow_mut().insert(cut.clone(), Rc::clone(&made));
        made
    }

    /// An artifact of these files, each at its path in it.
    pub(crate) fn composed(&self, files: Vec<(FileId, RepoPath)>) -> Rc<Builds<'w>> {
        let views: &'w Views = self.views;
        self.seen(views.keep(self.workspace.sources().view(files)))
    }

    fn seen(&self, sources: &'w Sources) -> Rc<Builds<'w>> {
        Rc::new(Builds::new(self.workspace.of_view(sources)))
    }
}

/// The name of a chart whose webhook adds `substituteFrom` to Kustomizations (github.com/xunholy/kustomize-mutating-webhook).
const INJECTOR: &str = "kustomize-mutating-webhook";

fn injects(workspace: &Workspace<'_>) -> bool {
    let sources = workspace.sources();
    let documents =
        sources.ids().filter(|id| sources.text(*id).contains(INJECTOR)).flat_map(|id| workspace.documents(id));
    let is_release = |value: &Value| {
        let named = [&["metadata", "name"][..], &["spec", "chart", "spec", "chart"]];
        value.str_at(&["kind"]) == Some("HelmRelease") && named.iter().any(|path| value.str_at(path) == Some(INJECTOR))
    };
    documents.into_iter().any(is_release)
}

/// The files of a cut, each at its path in the artifact.
fn kept(sources: &Sources, cut: &Cut) -> Vec<(FileId, RepoPath)> {
    let files: Vec<(FileId, RepoPath)> =
        sources.in_folder(&cut.root).map(|id| (id, below(sources.path(id), &cut.root))).collect();
    let is_ignore = |(_, path): &&(FileId, RepoPath)| path.name() == ".sourceignore";
    let texts = files.iter().filter(is_ignore).map(|(id, path)| (path.parent(), sources.text(*id)));
    let ignore = Ignore::new(texts, &cut.ignore);
    let checked_out = |path: &RepoPath| cut.only.is_empty() || cut.only.iter().any(|folder| path.is_in(folder));
    files.into_iter().filter(|(_, path)| checked_out(path) && !ignore.leaves_out(path)).collect()
}

/// A path as seen from a folder around it.
pub(crate) fn below(path: &RepoPath, folder: &RepoPath) -> RepoPath {
    let rest = path.as_str().strip_prefix(folder.as_str()).unwrap_or(path.as_str());
    RepoPath::root().join_clamped(rest.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).expect("a path")
    }

    /// The paths of an artifact of a repository.
    fn paths(cut: &Cut) -> Vec<String> {
        let all =
            ["deploy/.sourceignore", "deploy/a.yaml", "deploy/docs/b.yaml", "deploy/logo.png", "x/.sops.yaml", "y.png"];
        let text = |name: &&str| if name.ends_with("ignore") { "/docs\n" } else { "" };
        let sources = Sources::from_texts(all.iter().map(|name| (path(name), text(name))));
        let (workspace, views) = (Workspace::new(&sources), Views::default());
        let builds = Artifacts::new(&workspace, &views).of(cut);
        builds.sources().ids().map(|id| builds.sources().path(id).to_string()).collect()
    }

    #[test]
    fn an_artifact_has_its_own_root_and_lacks_what_is_ignored() {
        assert_eq!(paths(&Cut::of_folder(&path("deploy"))), [".sourceignore", "a.yaml", "logo.png"]);
        assert_eq!(paths(&Cut::of_folder(&path("x"))), Vec::<String>::new(), "the defaults, where there is no pattern");
        let whole = paths(&Cut::default());
        assert_eq!(whole, ["deploy/.sourceignore", "deploy/a.yaml", "deploy/logo.png", "x/.sops.yaml", "y.png"]);
        let ignored = Cut { ignore: "*.yaml\n".to_owned(), ..Cut::default() };
        assert_eq!(paths(&ignored), ["deploy/.sourceignore", "deploy/logo.png", "y.png"]);
        let sparse = Cut { only: vec![path("x")], ..Cut::default() };
        assert_eq!(paths(&sparse), ["x/.sops.yaml"]);
    }

    #[test]
    fn one_cut_is_made_once() {
        let sources = Sources::from_texts([(path("a.yaml"), ""), (path("b.png"), "")]);
        let (workspace, views) = (Workspace::new(&sources), Views::default());
        let artifacts = Artifacts::new(&workspace, &views);
        let (one, other) = (artifacts.of(&Cut::default()), artifacts.composed(vec![(FileId(1), path("c"))]));
        assert!(Rc::ptr_eq(&one, &artifacts.of(&Cut::default())));
        assert_eq!((one.sources().len(), other.sources().find(&path("c"))), (1, Some(FileId(1))));
    }
}
