//! Writing what an outcome asks for: all of it, or nothing.

use crate::read::reason;
use fluxproof_core::command::Writes;
use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::{Component, Path, PathBuf};

/// Writes the files of an outcome.
///
/// # Errors
/// What could not be written. The files that were there before are as they were then.
pub(crate) fn all(writes: Option<Writes>) -> std::result::Result<(), String> {
    let Some(writes) = writes else { return Ok(()) };
    let root = PathBuf::from(&writes.root);
    if let Some((path, _)) = writes.files.iter().find(|(path, _)| leaves(path)) {
        return Err(format!("{path} would be outside {}", writes.root));
    }
    let staging = staging(&root);
    let done = stage(&staging, &writes).and_then(|()| settle(&staging, &root, &writes));
    let cleaned = if staging.exists() { fs::remove_dir_all(&staging) } else { Ok(()) };
    done.and(cleaned).map_err(|error| format!("{} cannot be written: {}", writes.root, reason(&error)))
}

fn leaves(path: &str) -> bool {
    path.is_empty() || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A temporary folder: inside a target that exists, beside one that does not, so that a rename stays on one file system.
fn staging(root: &Path) -> PathBuf {
    let name = format!(".fluxproof-{}", process_id());
    let parent = root.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if root.exists() { root.join(name) } else { parent.join(name) }
}

fn process_id() -> u32 {
    if cfg!(target_family = "wasm") { 0 } else { std::process::id() }
}

fn stage(staging: &Path, writes: &Writes) -> Result<()> {
    if let Some(parent) = staging.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::create_dir(staging)?;
    for (path, bytes) in &writes.files {
        let file = staging.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

/// A new folder appears by one rename; in an existing one each file does, once all of them can.
fn settle(staging: &Path, root: &Path, writes: &Writes) -> Result<()> {
    if !root.exists() {
        return fs::rename(staging, root);
    }
    for (path, _) in &writes.files {
        free(root, path)?;
    }
    for (path, _) in &writes.files {
        let target = root.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::rename(staging.join(path), target)?;
    }
    Ok(())
}

/// On the way to a file stand folders only, no links, and at its end no folder.
fn free(root: &Path, path: &str) -> Result<()> {
    let mut at = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let Ok(meta) = fs::symlink_metadata(&at) else { return Ok(()) };
        let fits = if parts.peek().is_some() { meta.is_dir() } else { !meta.is_dir() };
        if !fits {
            let what = if meta.is_symlink() {
                "a symlink"
            } else if meta.is_dir() {
                "a folder"
            } else {
                "a file"
            };
            return Err(Error::new(ErrorKind::AlreadyExists, format!("{} is {what}", at.display())));
        }
    }
    Ok(())
}
