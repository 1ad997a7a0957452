//! Writing what an outcome asks for: all of it, or nothing.

use fluxproof_core::command::Writes;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Writes the files of an outcome.
///
/// # Errors
/// What could not be written. Nothing is left behind then but what was there before.
pub(crate) fn all(writes: Option<Writes>) -> Result<(), String> {
    let Some(writes) = writes else { return Ok(()) };
    let root = PathBuf::from(&writes.root);
    if let Some((path, _)) = writes.files.iter().find(|(path, _)| leaves(Path::new(path))) {
        return Err(format!("{path} would be outside {}", writes.root));
    }
    let staging = staging(&root);
    let done = stage(&staging, &writes).and_then(|()| settle(&staging, &root, &writes));
    let cleaned = if staging.exists() { fs::remove_dir_all(&staging) } else { Ok(()) };
    done.and(cleaned).map_err(|error| format!("{} cannot be written: {error}", writes.root))
}

fn leaves(path: &Path) -> bool {
    !path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// A folder beside the target, so that a rename stays on one file system.
fn staging(root: &Path) -> PathBuf {
    let name = root.file_name().map_or_else(|| "tree".to_owned(), |name| name.to_string_lossy().into_owned());
    let parent = root.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    parent.join(format!(".{name}.fluxproof-{}", process_id()))
}

fn process_id() -> u32 {
    if cfg!(target_family = "wasm") { 0 } else { std::process::id() }
}

fn stage(staging: &Path, writes: &Writes) -> std::io::Result<()> {
    for (path, bytes) in &writes.files {
        let file = staging.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

/// A new folder appears by one rename; in an existing one each file does.
fn settle(staging: &Path, root: &Path, writes: &Writes) -> std::io::Result<()> {
    if !root.exists() {
        return fs::rename(staging, root);
    }
    for (path, _) in &writes.files {
        let target = root.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
            inside(root, folder)?;
        }
        fs::rename(staging.join(path), target)?;
    }
    Ok(())
}

/// No folder on the way is a link that leads out.
fn inside(root: &Path, folder: &Path) -> std::io::Result<()> {
    let (root, folder) = (root.canonicalize()?, folder.canonicalize()?);
    if folder.starts_with(&root) { Ok(()) } else { Err(std::io::Error::other("a folder on the way is a link that leads out")) }
}
