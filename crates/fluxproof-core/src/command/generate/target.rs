//! What stands where the tree is to be written.

use crate::command::options::Args;
use crate::command::types::{Content, Inputs};
use crate::diff::unified;
use crate::report::redact;
use crate::style::{Ink, Style, tame};
use fluxproof_layout::Tree;
use fluxproof_yaml::RepoPath;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What writing makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    New,
    Changed,
    Same,
    /// It is yours, and stays: another file, or one that you removed.
    Kept,
    Removed,
}

impl Change {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Kept => "kept",
            Self::Removed => "removed",
        }
    }

    fn ink(self) -> Ink {
        match self {
            Self::New => Ink::Good,
            Self::Changed => Ink::Warn,
            Self::Removed => Ink::Bad,
            Self::Same | Self::Kept => Ink::Faint,
        }
    }
}

/// The target, and what writing would make of it.
pub(super) struct Target<'i> {
    /// Every file of the tree, and those that stand beside them, by path.
    pub(super) changes: Vec<(String, Change)>,
    contents: BTreeMap<&'i str, &'i Content>,
}

impl<'i> Target<'i> {
    /// Compares a tree with what is there, by its content where that was read.
    pub(super) fn of(inputs: &'i Inputs, tree: &Tree) -> Self {
        let contents: BTreeMap<&str, &Content> =
            inputs.tree.iter().map(|file| (file.path.as_str(), &file.content)).collect();
        let existing: BTreeSet<&str> = inputs.existing.iter().map(String::as_str).collect();
        let mut changes: Vec<(String, Change)> = tree
            .files
            .iter()
            .map(|file| {
                let path = file.path.as_str();
                let same = bytes(contents.get(path)) == Some(file.text.as_bytes());
                (
                    path.to_owned(),
                    if same {
                        Change::Same
                    } else if existing.contains(path) {
                        Change::Changed
                    } else {
                        Change::New
                    },
                )
            })
            .collect();
        changes.extend(beside(&existing, tree).map(|path| (path.to_owned(), Change::Kept)));
        fluxproof_order::sort(&mut changes);
        Self { changes, contents }
    }

    /// As [`Target::of`], with files that go, and files that stay away.
    pub(super) fn updated(inputs: &'i Inputs, tree: &Tree, removed: &[String], absent: &[RepoPath]) -> Self {
        let mut target = Self::of(inputs, tree);
        target.changes.retain(|(path, _)| !removed.contains(path));
        target.changes.extend(removed.iter().map(|path| (path.clone(), Change::Removed)));
        target.changes.extend(absent.iter().map(|path| (path.to_string(), Change::Kept)));
        fluxproof_order::sort(&mut target.changes);
        target
    }

    /// Whether writing would change this file of the tree.
    pub(super) fn changes_file(&self, path: &str) -> bool {
        self.changes.iter().any(|(own, change)| own == path && *change != Change::Same)
    }

    /// The paths of one change.
    pub(super) fn paths(&self, wanted: Change) -> impl Iterator<Item = &str> {
        self.changes.iter().filter(move |(_, change)| *change == wanted).map(|(path, _)| path.as_str())
    }

    /// Whether writing would change anything.
    pub(super) fn differs(&self) -> bool {
        self.changes.iter().any(|(_, change)| matches!(change, Change::New | Change::Changed | Change::Removed))
    }

    /// The list of changes, and their count.
    pub(super) fn list(&self, root: &str, style: Style) -> String {
        let mut out = format!("{}\n", style.paint(Ink::Strong, root));
        for (path, change) in &self.changes {
            let _ = writeln!(out, "  {} {path}", style.paint(change.ink(), &format!("{:<8}", change.name())));
        }
        let all = [Change::New, Change::Changed, Change::Removed, Change::Same, Change::Kept];
        let counted = all.iter().map(|change| (self.paths(*change).count(), change.name()));
        let counts: Vec<String> =
            counted.filter(|(count, _)| *count > 0).map(|(n, name)| format!("{n} {name}")).collect();
        let _ = writeln!(out, "{}", counts.join(", "));
        tame(&out, style.color)
    }

    /// What would change, as a unified diff. The values of Secrets are not in it.
    pub(super) fn diff(&self, tree: &Tree, style: Style) -> String {
        let files = tree.files.iter().map(|file| (file.path.as_str(), Some(file.text.as_str())));
        let mut all: Vec<(&str, Option<&str>)> =
            files.chain(self.paths(Change::Removed).map(|path| (path, None))).collect();
        fluxproof_order::sort(&mut all);
        all.into_iter().map(|(path, text)| self.diff_of(path, text, style)).collect()
    }

    fn diff_of(&self, path: &str, new: Option<&str>, style: Style) -> String {
        let old = match self.contents.get(path) {
            None => None,
            Some(content) => match bytes(Some(content)).map(std::str::from_utf8) {
                Some(Ok(text)) => Some(text),
                _ => return format!("{} cannot be compared\n", tame(path, false)),
            },
        };
        if old == new {
            return String::new();
        }
        // Prose may speak of Secrets; it holds none.
        let shown = |text| if path.ends_with(".md") { Cow::Borrowed(text) } else { redact::text(text) };
        let shown = unified(path, old.map(shown).as_deref(), new.map(shown).as_deref(), style);
        if shown.is_empty() { format!("{path} differs in the values of a Secret\n") } else { shown }
    }
}

fn bytes<'c>(content: Option<&&'c Content>) -> Option<&'c [u8]> {
    match content {
        Some(Content::Bytes(bytes)) => Some(bytes),
        _ => None,
    }
}

/// Files that exist in the folders of the tree and are none of it. At the root stands whatever else is in the repository.
fn beside<'e>(existing: &BTreeSet<&'e str>, tree: &Tree) -> impl Iterator<Item = &'e str> {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let folders: BTreeSet<String> = tree.files.iter().filter_map(|file| folder(file.path.as_str())).collect();
    let own: BTreeSet<String> = tree.files.iter().map(|file| file.path.as_str().to_owned()).collect();
    let beside = move |path: &&str| !own.contains(*path) && folder(path).is_some_and(|at| folders.contains(&at));
    existing.iter().copied().filter(beside).collect::<Vec<_>>().into_iter()
}

/// What stands in the way of a file whatever the user wants: something else than a folder above it, or files below it.
pub(super) fn blocked(args: &Args, inputs: &Inputs, tree: &Tree) -> Option<String> {
    let root = args.operand.as_deref().unwrap_or(".");
    let existing: BTreeSet<&str> = inputs.existing.iter().map(String::as_str).collect();
    let below = |folder: &str| {
        existing
            .range(format!("{folder}/").as_str()..)
            .next()
            .is_some_and(|path| path.starts_with(&format!("{folder}/")))
    };
    tree.files.iter().find_map(|file| {
        let path = file.path.as_str();
        let ends = path.match_indices('/').map(|(end, _)| &path[..end]);
        let above = ends.into_iter().find(|folder| existing.contains(folder));
        match above {
            Some(folder) => {
                Some(format!("{root}/{folder} is no folder, but {path} is to be written; nothing was written"))
            }
            None if below(path) => {
                Some(format!("{root}/{path} is a folder, but a file is to be written; nothing was written"))
            }
            None => None,
        }
    })
}
