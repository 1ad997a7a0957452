//! Building a tree with the real program and with our engine.

use crate::explained::{is_double_of_deleted, is_hash_of_changed_kind};
use crate::tree::{TOP, Tree};
use fluxproof_kustomize::{Options, Workspace, build};
use fluxproof_yaml::{RepoPath, Sources};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What two builds of a tree came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The same bytes.
    Same,
    /// Not the same, as is known and explained.
    Explained,
    /// Both refuse, in the same words or not.
    BothFail { same_words: bool, theirs: String, ours: String },
    /// Both build, but not the same.
    Bytes { theirs: String, ours: String },
    /// Only ours refuses.
    OursFails { ours: String },
    /// Only theirs refuses.
    TheirsFails { theirs: String },
}

impl Outcome {
    pub(crate) fn is_difference(&self) -> bool {
        !matches!(self, Self::Same | Self::Explained | Self::BothFail { .. })
    }

    /// Whether both are differences of one kind.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes { .. }, Self::Bytes { .. }) => true,
            (Self::OursFails { ours: one }, Self::OursFails { ours: two })
            | (Self::TheirsFails { theirs: one }, Self::TheirsFails { theirs: two }) => one == two,
            _ => false,
        }
    }
}

/// A real program, and a folder that is its own.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) scratch: PathBuf,
}

impl Program {
    /// Builds a tree both ways.
    pub(crate) fn compare(&self, tree: &Tree) -> Result<Outcome, String> {
        let ours = ours(tree)?;
        let theirs = self.theirs(tree)?;
        Ok(match (theirs, ours) {
            (Ok(theirs), Ok(ours)) if theirs == ours => Outcome::Same,
            (Ok(theirs), Ok(ours)) if is_hash_of_changed_kind(tree, &theirs, &ours) => Outcome::Explained,
            (Ok(theirs), Ok(ours)) => Outcome::Bytes { theirs, ours },
            (Ok(_), Err(ours)) if is_double_of_deleted(tree, &ours) => Outcome::Explained,
            (Ok(_), Err(ours)) => Outcome::OursFails { ours },
            (Err(theirs), Ok(_)) => Outcome::TheirsFails { theirs },
            (Err(theirs), Err(ours)) => Outcome::BothFail { same_words: theirs == ours, theirs, ours },
        })
    }

    fn theirs(&self, tree: &Tree) -> Result<Result<String, String>, String> {
        let io = |error: std::io::Error| format!("{}: {error}", self.scratch.display());
        write(&self.scratch, tree).map_err(io)?;
        let run = Command::new(&self.path).arg("build").arg(self.scratch.join(TOP)).output();
        let run = run.map_err(|error| format!("{}: {error}", self.path.display()))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(if run.status.success() { Ok(text(&run.stdout)) } else { Err(self.error(&text(&run.stderr))) })
    }

    /// The error itself: warnings stand before it, and paths are said from the root of the tree.
    fn error(&self, text: &str) -> String {
        let error = text.find("Error: ").map_or(text, |at| &text[at + "Error: ".len()..]);
        error.trim_end().replace(&self.scratch.display().to_string(), "")
    }
}

fn write(folder: &Path, tree: &Tree) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    for (name, text) in tree {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn ours(tree: &Tree) -> Result<Result<String, String>, String> {
    let path = |text: &str| RepoPath::new(text).map_err(|error| format!("{text}: {error}"));
    let files: Result<Vec<_>, String> = tree.iter().map(|(name, text)| Ok((path(name)?, text.as_str()))).collect();
    let sources = Sources::from_texts(files?);
    Ok(build(&Workspace::new(&sources), &path(TOP)?, Options::kustomize()).to_yaml())
}
