//! Bringing a new config to a tree that somebody has edited.
//!
//! Three trees: what was generated (the base), what you made of it, and what the new config gives. What only you changed
//! stays, what only the config changed arrives, and what both changed differently is a [`Conflict`].

mod file;
mod lines;
mod lines3;
mod place;
mod plan;
mod record;
mod same;

use crate::{Tree, TreeFile};
use fluxproof_yaml::RepoPath;
use std::collections::{BTreeMap, BTreeSet};

pub use file::Conflict;
use file::{Texts, merge, whole};
pub use lines::{LineChange, line_changes};
pub use record::{LAYOUT_FILE, Record};

/// What becomes of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Update {
    /// The files of the layout as they are to be, sorted by path.
    pub files: Vec<TreeFile>,
    /// Files that the new config has no more, and that you did not touch.
    pub removed: Vec<RepoPath>,
    /// Files that you removed, and that stay away.
    pub absent: Vec<RepoPath>,
    /// What both sides changed.
    pub conflicts: Vec<Conflict>,
}

/// Merges what a new config gives into what is there. Where both changed the same, yours stays, or with `force` the new.
#[must_use]
pub fn update(base: &Tree, yours: &BTreeMap<RepoPath, String>, new: &Tree, force: bool) -> Update {
    let (base, new) = (texts(base), texts(new));
    let mut out = Update::default();
    let paths: BTreeSet<&RepoPath> = base.keys().chain(new.keys()).copied().collect();
    for path in paths {
        let mine = yours.get(path).map(String::as_str);
        one(&mut out, path, (base.get(path).copied(), mine, new.get(path).copied()), force);
    }
    out
}

fn texts(tree: &Tree) -> BTreeMap<&RepoPath, &str> {
    tree.files.iter().map(|file| (&file.path, file.text.as_str())).collect()
}

type Sides<'t> = (Option<&'t str>, Option<&'t str>, Option<&'t str>);

fn one(out: &mut Update, path: &RepoPath, sides: Sides<'_>, force: bool) {
    match sides {
        // What stands there was never generated: nothing says what of it is yours.
        (None, Some(yours), Some(new)) => both(out, path, Texts { base: yours, yours, new }, yours != new, force),
        (Some(base), Some(yours), Some(new)) => both(out, path, Texts { base, yours, new }, false, force),
        (None, None, Some(new)) => put(out, path, new.to_owned()),
        (Some(_), None, Some(_)) => out.absent.push(path.clone()),
        (Some(base), Some(yours), None) if base == yours || force => out.removed.push(path.clone()),
        (Some(_), Some(yours), None) => {
            out.conflicts.push(whole(path));
            put(out, path, yours.to_owned());
        }
        _ => {}
    }
}

fn both(out: &mut Update, path: &RepoPath, texts: Texts<'_>, strange: bool, force: bool) {
    let (text, conflicts) =
        if strange && !force { (texts.yours.to_owned(), vec![whole(path)]) } else { merge(path, texts, force) };
    out.conflicts.extend(conflicts);
    put(out, path, text);
}

fn put(out: &mut Update, path: &RepoPath, text: String) {
    out.files.push(TreeFile { path: path.clone(), text });
}
