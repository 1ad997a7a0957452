//! `resources`, `bases` and `components`: files, folders, and what lies elsewhere.

use crate::Resource;
use crate::build::{Accumulator, Builder, External, Level};
use crate::fields::{field, items};
use fluxproof_yaml::{FileId, Problem, RepoPath, Span, Value};

impl Builder<'_, '_> {
    /// Adds `resources` and `bases`.
    pub(crate) fn resources(&mut self, level: &Level<'_>, set: &mut Accumulator) {
        for name in ["resources", "bases"] {
            for item in items(level.kustomization, name) {
                self.resource(level, item, set);
            }
        }
    }

    /// Works through `components`, each on all that its parent has.
    pub(crate) fn components(&mut self, level: &Level<'_>, set: &mut Accumulator) {
        for item in items(level.kustomization, "components") {
            self.component(level, item, set);
        }
    }

    fn resource(&mut self, level: &Level<'_>, item: &Value, set: &mut Accumulator) {
        let Some(path) = self.local(level, item, "accumulating resources from") else { return };
        match self.sources().find(&path) {
            Some(file) => self.file(file, item.span, set),
            None => self.folder(&path, item.span, set),
        }
    }

    /// The path of an entry. None for remote ones and for those that are not there.
    fn local(&mut self, level: &Level<'_>, item: &Value, doing: &str) -> Option<RepoPath> {
        let Some(text) = item.as_str() else {
            self.problem(item.span, format!("{doing} an entry that is not a string"));
            return None;
        };
        let path = level.folder.join(text).ok().filter(|_| !text.starts_with('/'));
        let exists = path.as_ref().is_some_and(|p| self.sources().find(p).is_some() || self.sources().has_folder(p));
        if !exists && is_remote(text) {
            self.external.push(External { url: text.to_owned(), span: item.span });
            return None;
        }
        match path {
            Some(path) if exists => Some(path),
            Some(_) => {
                self.problem(item.span, format!("{doing} '{text}': no such file or directory"));
                None
            }
            None => {
                let problem = Problem::new(item.span, format!("{doing} '{text}': the path leaves the repository"));
                self.problems.push(problem.note("Flux gives kustomize nothing but the repository"));
                None
            }
        }
    }

    fn file(&mut self, file: FileId, entry: Span, set: &mut Accumulator) {
        let workspace = self.workspace;
        let problems = self.problems_of(file, entry);
        self.problems.extend(problems);
        for document in workspace.documents(file) {
            if !self.spend(10, entry) {
                return;
            }
            self.document(document, file, set);
        }
    }

    fn document(&mut self, document: &Value, file: FileId, set: &mut Accumulator) {
        match missing(document) {
            Some(what) if self.sources().file(file).is_none_or(|file| file.unread.is_none()) => {
                let path = self.sources().path(file);
                self.problem(document.span, format!("accumulating resources from '{path}': missing {what} in object"));
            }
            Some(_) => {}
            None => self.append(Resource::new(document.clone(), file), set),
        }
    }

    fn append(&mut self, resource: Resource, set: &mut Accumulator) {
        if let Err(problem) = set.append(resource) {
            self.problems.push(problem);
        }
    }

    fn folder(&mut self, folder: &RepoPath, entry: Span, set: &mut Accumulator) {
        if !self.may_enter(folder, entry) {
            return;
        }
        let Some(kustomization) = self.read(folder, entry) else { return };
        if is_component(kustomization) {
            self.problem(entry, format!("expected kind != 'Component' for path '{folder}'"));
            return;
        }
        let mut inner = Accumulator::default();
        self.level(folder, kustomization, &mut inner);
        for resource in inner.resources {
            self.append(resource, set);
        }
    }

    fn component(&mut self, level: &Level<'_>, item: &Value, set: &mut Accumulator) {
        let Some(path) = self.local(level, item, "accumulating components from") else { return };
        if self.sources().find(&path).is_some() {
            self.problem(item.span, format!("accumulating components from '{path}': not a directory"));
            return;
        }
        if !self.may_enter(&path, item.span) {
            return;
        }
        let Some(kustomization) = self.read(&path, item.span) else { return };
        if !is_component(kustomization) {
            let kind = field(kustomization, "kind").and_then(Value::as_str).unwrap_or("Kustomization");
            self.problem(item.span, format!("expected kind 'Component' for path '{path}' but got '{kind}'"));
            return;
        }
        self.level(&path, kustomization, set);
    }
}

fn is_component(kustomization: &Value) -> bool {
    field(kustomization, "kind").and_then(Value::as_str) == Some("Component")
}

/// What kustomize misses in a document that is to be a resource.
fn missing(document: &Value) -> Option<&'static str> {
    let has = |path: &[&str]| document.str_at(path).is_some_and(|text| !text.is_empty());
    let named = document.at(&["metadata", "name"]).is_some_and(|name| !name.is_null()) && !is_empty_name(document);
    match (has(&["kind"]), named) {
        (false, _) => Some("kind"),
        (true, false) => Some("metadata.name"),
        (true, true) => None,
    }
}

fn is_empty_name(document: &Value) -> bool {
    document.str_at(&["metadata", "name"]) == Some("")
}

/// Whether kustomize would fetch an entry: a url, or one of the short forms that it knows.
fn is_remote(text: &str) -> bool {
    let prefixes = ["git::", "git@", "gh:", "github.com/", "github.com:"];
    let user = text.split_once('@').is_some_and(|(user, rest)| {
        !user.contains('/') && rest.split('/').next().is_some_and(|host| host.contains(':'))
    });
    text.contains("://") || user || prefixes.iter().any(|prefix| text.starts_with(prefix)) || text.contains("?ref=")
}

#[cfg(test)]
mod tests {
    use super::is_remote;

    #[test]
    fn remote_entries_are_told_by_their_spelling() {
        for text in [
            "https://h/x.yaml",
            "ssh://git@h/r",
            "git@h:o/r",
            "github.com/o/r//p",
            "git::h/r",
            "me@h:o/r",
            "../x?ref=v1",
        ] {
            assert!(is_remote(text), "{text}");
        }
        for text in ["../base", "a.yaml", "apps/github.com", "h.example/x", "a@b/c:d"] {
            assert!(!is_remote(text), "{text}");
        }
    }
}
