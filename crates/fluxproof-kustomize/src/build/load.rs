//! Finding the files and folders that a kustomization names (`api/internal/loader`).

use super::{Builder, External, Level, Restriction};
use crate::kustomization::{NAMES, accept};
use fluxproof_yaml::{FileId, Problem, RepoPath, Span, Value};

/// How deep kustomizations may nest: a bound for hostile trees.
const MAX_NESTING: usize = 64;

/// What an entry leads to.
pub(crate) enum Target {
    File(FileId),
    /// A folder, and why it is no file.
    Folder(RepoPath, String),
    /// It lies outside the sources and was recorded.
    External,
}

impl<'w> Builder<'w, '_> {
    /// The kustomization of a folder that `entry` names, read and accepted.
    pub(crate) fn kustomization(&mut self, folder: &RepoPath, entry: Span) -> Result<&'w Value, Problem> {
        let workspace = self.workspace;
        let mut found = NAMES.iter().filter_map(|name| workspace.find(folder, name));
        let Some(file) = found.next() else {
            let names = "'kustomization.yaml', 'kustomization.yml' or 'Kustomization'";
            let message = format!("unable to find one of {names} in directory '{folder}'");
            return Err(Problem::new(entry, message));
        };
        if found.next().is_some() {
            return Err(Problem::new(
                Span::new(file, 0, 0),
                format!("Found multiple kustomization files under: {folder}"),
            ));
        }
        if let Some(problem) = workspace.configuration_problems(file).first() {
            let message = format!("invalid Kustomization: {}", problem.message);
            return Err(Problem { message, ..problem.clone() });
        }
        let empty = || Problem::new(Span::new(file, 0, 0), "kustomization.yaml is empty");
        let kustomization = workspace.configuration(file).ok_or_else(empty)?;
        let mut refused = accept(kustomization).into_iter();
        let first = refused.next();
        self.problems.extend(refused);
        first.map_or(Ok(kustomization), Err)
    }

    /// The file or folder that an entry of `resources` leads to.
    pub(crate) fn target(&mut self, level: Level<'_>, item: &Value) -> Result<Target, Problem> {
        let text = text_of(item)?;
        if let Some(file) = self.workspace.find(level.folder, text) {
            self.may_read(level, file, item)?;
            return Ok(Target::File(file));
        }
        match self.folder_at(level, text) {
            Some(folder) => {
                let why = format!("'{folder}' must resolve to a file");
                Ok(Target::Folder(folder, why))
            }
            None if is_remote(text) => {
                self.external.push(External { url: text.to_owned(), span: item.span });
                Ok(Target::External)
            }
            None => Err(missing(level, item, text)),
        }
    }

    /// The folder that an entry of `components` leads to.
    pub(crate) fn folder(&mut self, level: Level<'_>, item: &Value) -> Result<Option<RepoPath>, Problem> {
        match self.target(level, item)? {
            Target::Folder(folder, _) => Ok(Some(folder)),
            Target::External => Ok(None),
            Target::File(file) => {
                let path = self.sources().path(file);
                let message = format!("must build at directory: '{path}': file is not directory");
                Err(Problem::new(item.span, message))
            }
        }
    }

    /// The file that an entry names (`FileLoader.Load`); `None` where it is a url, which is recorded.
    pub(crate) fn file(&mut self, level: Level<'_>, item: &Value) -> Result<Option<FileId>, Problem> {
        self.file_named(level, item, text_of(item)?)
    }

    /// The file of a name that `item` says among other things.
    pub(crate) fn file_named(&mut self, level: Level<'_>, item: &Value, text: &str) -> Result<Option<FileId>, Problem> {
        if text.starts_with("http://") || text.starts_with("https://") {
            self.external.push(External { url: text.to_owned(), span: item.span });
            return Ok(None);
        }
        let Some(file) = self.workspace.find(level.folder, text) else {
            return Err(match self.folder_at(level, text) {
                Some(folder) => Problem::new(item.span, format!("'{folder}' must resolve to a file")),
                None => missing(level, item, text),
            });
        };
        self.may_read(level, file, item)?;
        Ok(Some(file))
    }

    /// The folder that a text names, where there is one.
    fn folder_at(&self, level: Level<'_>, text: &str) -> Option<RepoPath> {
        relative(level, text).filter(|path| self.sources().has_folder(path))
    }

    /// The text of a file that an entry names; the doubt of one that was not read is recorded.
    pub(crate) fn text(&mut self, file: FileId, entry: Span) -> &str {
        self.doubt_unread(file, entry);
        self.sources().text(file)
    }

    /// `RestrictionRootOnly`
    fn may_read(&self, level: Level<'_>, file: FileId, item: &Value) -> Result<(), Problem> {
        let path = self.sources().path(file);
        if self.options.restriction == Restriction::None || path.is_in(level.folder) {
            return Ok(());
        }
        let message = format!("security; file '{path}' is not in or below '{}'", level.folder);
        let note = "kustomize reads no file above the folder of the kustomization that names it; Flux does";
        Err(Problem::new(item.span, message).note(note))
    }

    /// Whether a folder may be built below those that are.
    pub(crate) fn may_enter(&mut self, folder: &RepoPath, entry: Span) -> Result<(), Problem> {
        if let Some(visited) = self.open.iter().rev().find(|visited| visited.is_in(folder)) {
            let message = format!("cycle detected: candidate root '{folder}' contains visited root '{visited}'");
            return Err(Problem::new(entry, message));
        }
        if self.open.len() >= MAX_NESTING {
            let message = format!("{folder} is not followed: kustomizations nest deeper than {MAX_NESTING}");
            return Err(Problem::new(entry, message));
        }
        Ok(())
    }
}

fn text_of(item: &Value) -> Result<&str, Problem> {
    match item.as_str() {
        Some("") => Err(Problem::new(item.span, "new root cannot be empty")),
        Some(text) => Ok(text),
        None => Err(Problem::new(item.span, "an entry is not a string")),
    }
}

/// The path that a text names below the folder of a level; none for an absolute one, and one that leaves the sources.
fn relative(level: Level<'_>, text: &str) -> Option<RepoPath> {
    (!text.starts_with('/')).then(|| level.folder.join(text).ok()).flatten()
}

fn missing(level: Level<'_>, item: &Value, text: &str) -> Problem {
    if text.starts_with('/') {
        return Problem::new(item.span, format!("new root '{text}' cannot be absolute"));
    }
    match level.folder.join(text) {
        Ok(path) => Problem::new(item.span, format!("{path}: no such file or directory")),
        Err(_) => {
            let problem = Problem::new(item.span, format!("'{text}': the path leaves the repository"));
            problem.note("Flux gives kustomize nothing but the repository")
        }
    }
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
