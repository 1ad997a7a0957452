//! The walk of a folder, the same in every host: `.git` and `node_modules` left out, nothing outside the root, paths in the
//! order of their bytes, bounds for files and bytes.

use crate::link;
use fluxproof_core::command::{Content, InputFile, WalkLimits};
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of a repository's own.
const LEFT_OUT: &[&str] = &[".git", "node_modules"];
const NOT_READABLE: &str = "it cannot be read";

/// What stands at a path.
enum Found {
    /// A file: where it really is, and its size in bytes.
    File(PathBuf, u64),
    /// Why it is not read.
    Not(&'static str),
}

/// Reads a folder.
///
/// # Errors
/// Why there is nothing to read.
pub(crate) fn tree(root: &Path, limits: WalkLimits) -> Result<Vec<InputFile>, &'static str> {
    is_folder(root)?;
    let mut budget = limits;
    Ok(listed(root).into_iter().map(|(path, found)| admit(path, found, limits, &mut budget)).collect())
}

/// The paths below a folder that need not exist.
///
/// # Errors
/// When it is something else than a folder.
pub(crate) fn paths(root: &Path) -> Result<Vec<String>, &'static str> {
    if fs::symlink_metadata(root).is_err() {
        return Ok(Vec::new());
    }
    is_folder(root)?;
    Ok(listed(root).into_iter().map(|(path, _)| path).collect())
}

fn is_folder(root: &Path) -> Result<(), &'static str> {
    match fs::metadata(root) {
        Err(_) => Err("there is no such folder"),
        Ok(meta) if !meta.is_dir() => Err("it is not a folder"),
        Ok(_) => fs::read_dir(root).map(drop).map_err(|_| "permission denied"),
    }
}

/// Everything below a folder, by the bytes of its path. The stack is our own: a tree may be deeper than the machine's.
fn listed(root: &Path) -> Vec<(String, Found)> {
    let mut open = vec![String::new()];
    let mut all = Vec::new();
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else {
            all.push((folder, Found::Not(NOT_READABLE)));
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let path = joined(&folder, &name);
            match found(root, &path, &name) {
                None => open.push(path),
                Some(_) if LEFT_OUT.iter().any(|left| name == *left) && folder_at(root, &path) => {}
                Some(found) => all.push((path, found)),
            }
        }
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all
}

fn joined(folder: &str, name: &OsStr) -> String {
    let name = name.to_string_lossy();
    if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") }
}
