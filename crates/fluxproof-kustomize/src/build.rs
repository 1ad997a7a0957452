//! Building a folder: its kustomization file, the resources that it lists, and its operators in kustomize's order.

use crate::{Doubt, Resource, Workspace, generate, patch, replacement, transform};
use fluxproof_yaml::{FileId, Problem, RepoPath, Sources, Span, Value};

/// How deep kustomizations may nest: a bound for hostile trees.
const MAX_DEPTH: usize = 64;

/// Something that lies outside the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Its url.
    pub url: String,
    /// The entry that names it.
    pub span: Span,
}

/// What a build gave.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The resources, in the order they were added.
    pub resources: Vec<Resource>,
    /// What kustomize would refuse.
    pub problems: Vec<Problem>,
    /// Remote bases and files.
    pub external: Vec<External>,
    /// Operators that may add or remove resources and are not modelled.
    pub doubts: Vec<Doubt>,
}

/// The kustomization file of a folder, by kustomize's three names.
#[must_use]
pub fn kustomization_file(sources: &Sources, folder: &RepoPath) -> Option<FileId> {
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    names.iter().find_map(|name| sources.find(&folder.join_clamped(name)))
}

/// Builds a folder that has a kustomization file.
#[must_use]
pub fn build(workspace: &Workspace<'_>, root: &RepoPath) -> Build {
    let mut builder = Builder { workspace, out: Build::default(), stack: Vec::new() };
    builder.folder(root, None);
    builder.out
}

/// Builds a folder with a kustomization that lies in no file, or differs from the one in the folder.
#[must_use]
pub fn build_with(workspace: &Workspace<'_>, root: &RepoPath, kustomization: &Value) -> Build {
    let mut builder = Builder { workspace, out: Build::default(), stack: vec![root.clone()] };
    builder.kustomization(root, kustomization, 0);
    builder.out
}

struct Builder<'a, 's> {
    workspace: &'a Workspace<'s>,
    out: Build,
    stack: Vec<RepoPath>,
}

/// The fields of a kustomization that are modelled, or that do not change what is built.
const KNOWN: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "bases",
    "components",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "commonAnnotations",
    "commonLabels",
    "labels",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "replacements",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "images",
    "replicas",
    "buildMetadata",
    "sortOptions",
    "openapi",
    "configurations",
    "crds",
];

impl Builder<'_, '_> {
    /// Adds the resources of a folder, from the entry that names it.
    fn folder(&mut self, folder: &RepoPath, entry: Option<Span>) {
        let sources = self.workspace.sources();
        let Some(file) = kustomization_file(sources, folder) else {
            let span = entry.unwrap_or(Span::new(FileId(0), 0, 0));
            let message = format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{folder}'"
            );
            self.out.problems.push(Problem::new(span, message));
            return;
        };
        if self.stack.contains(folder) || self.stack.len() > MAX_DEPTH {
            let span = entry.unwrap_or(Span::new(file, 0, 0));
            self.out.problems.push(Problem::new(span, format!("cycle detected: {folder} includes itself")));
            return;
        }
        self.out.problems.extend(self.workspace.problems(file).iter().cloned());
        let Some(value) = self.workspace.documents(file).first() else { return };
        let before = self.out.resources.len();
        self.stack.push(folder.clone());
        self.kustomization(folder, value, before);
        self.stack.pop();
    }

    /// Adds what a kustomization lists, then applies its operators to all that came since `from`.
    fn kustomization(&mut self, folder: &RepoPath, value: &Value, from: usize) {
        for key in ["resources", "bases"] {
            for item in items(value, key) {
                self.resource(folder, item);
            }
        }
        let generated = generate::resources(self.workspace, folder, value);
        self.out.resources.extend(generated);
        for item in items(value, "components") {
            self.component(folder, item, from);
        }
        self.operators(folder, value, from);
    }

    fn operators(&mut self, folder: &RepoPath, value: &Value, from: usize) {
        let resources = &mut self.out.resources;
        patch::apply(self.workspace, folder, value, resources, from, &mut self.out.problems);
        transform::apply(value, &mut resources[from..]);
        replacement::apply(self.workspace, folder, value, &mut resources[from..], &mut self.out.problems);
        for entry in value.entries().iter().filter(|entry| !KNOWN.contains(&&*entry.key) && !entry.value.is_null()) {
            let what = format!("{} of {folder} is not modelled", entry.key);
            self.out.doubts.push(Doubt { span: entry.key_span, what: what.clone() });
            resources[from..].iter_mut().for_each(|resource| resource.doubt(entry.key_span, &what));
        }
    }

    /// A component works on what its parent has so far.
    fn component(&mut self, folder: &RepoPath, item: &Value, from: usize) {
        let Some(target) = self.local(folder, item) else { return };
        let sources = self.workspace.sources();
        let Some(file) = kustomization_file(sources, &target) else {
            self.missing(item);
            return;
        };
        if self.stack.contains(&target) || self.stack.len() > MAX_DEPTH {
            self.out.problems.push(Problem::new(item.span, format!("cycle detected: {target} includes itself")));
            return;
        }
        let Some(value) = self.workspace.documents(file).first() else { return };
        self.stack.push(target.clone());
        self.kustomization(&target, value, from);
        self.stack.pop();
    }

    fn resource(&mut self, folder: &RepoPath, item: &Value) {
        let Some(target) = self.local(folder, item) else { return };
        let sources = self.workspace.sources();
        match sources.find(&target) {
            Some(file) => self.file(file),
            None if sources.has_folder(&target) => self.folder(&target, Some(item.span)),
            None => self.missing(item),
        }
    }

    fn file(&mut self, file: FileId) {
        self.out.problems.extend(self.workspace.problems(file).iter().cloned());
        if let Some(why) = self.workspace.sources().file(file).and_then(|f| f.unread.clone()) {
            self.out.doubts.push(Doubt {
                span: Span::new(file, 0, 0),
                what: format!("{} is {why}", self.workspace.sources().path(file)),
            });
        }
        let documents = self.workspace.documents(file).iter();
        self.out.resources.extend(documents.map(|value| Resource::new(value.clone(), file)));
    }

    fn missing(&mut self, item: &Value) {
        let text = item.as_str().unwrap_or_default();
        let mut problem = Problem::new(item.span, format!("accumulating resources: '{text}' does not exist"));
        problem.note = Some("kustomize builds nothing of a kustomization that lists what is not there".to_owned());
        self.out.problems.push(problem);
    }

    /// The path of an entry, or none for a remote one or one that leaves the repository.
    fn local(&mut self, folder: &RepoPath, item: &Value) -> Option<RepoPath> {
        let text = item.as_str()?;
        if is_remote(text) {
            self.out.external.push(External { url: text.to_owned(), span: item.span });
            return None;
        }
        match folder.join(text) {
            Ok(path) => Some(path),
            Err(error) => {
                self.out.problems.push(Problem::new(item.span, format!("'{text}': {error}")));
                None
            }
        }
    }
}

fn is_remote(text: &str) -> bool {
    let hosts = ["github.com/", "gitlab.com/", "bitbucket.org/", "git@", "git::", "ssh://"];
    text.contains("://") || hosts.iter().any(|host| text.starts_with(host)) || text.contains("?ref=")
}

/// The items of a list field; none where it is absent.
pub(crate) fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).map_or(&[], Value::items)
}
