//! The walk of a folder, the same in every host: `.git` and `node_modules` left out, nothing outside the root, paths in the
//! order of their bytes, bounds for files and bytes.

use crate::link;
use fluxproof_core::command::{Content, InputFile, KUSTOMIZATION_FILES, WalkLimits};
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of a repository's own.
const LEFT_OUT: &[&str] = &[".git", "node_modules"];
const NOT_READABLE: &str = "it cannot be read";

/// What stands at a path.
enum Found {
    Folder,
    /// A file: where it really is, and its size in bytes.
    File(PathBuf, u64),
    /// Why it is not read.
    Not(&'static str),
}

/// Reads a folder: all its files, or those that a check needs.
///
/// # Errors
/// Why there is nothing to read.
pub(crate) fn tree(root: &Path, limits: WalkLimits, all: bool) -> Result<Vec<InputFile>, &'static str> {
    is_folder(root)?;
    let mut budget = limits;
    Ok(listed(root).into_iter().map(|(path, found)| admit(path, found, (limits, all), &mut budget)).collect())
}

/// What stands at a path: a file, or the kustomization files of a folder; the name of some file where it has none, for the
/// folder exists.
pub(crate) fn look(root: &Path, path: &str, limits: WalkLimits, budget: &mut WalkLimits) -> Vec<InputFile> {
    let mut read = |path: String| {
        let found = at(root, &path).filter(|found| !matches!(found, Found::Folder))?;
        Some(admit(path, found, (limits, true), budget))
    };
    if !matches!(at(root, path), Some(Found::Folder)) {
        return read(path.to_owned()).into_iter().collect();
    }
    let files: Vec<InputFile> =
        KUSTOMIZATION_FILES.iter().filter_map(|name| read(joined(path, OsStr::new(name)))).collect();
    if files.is_empty() { some_file(root, path).into_iter().collect() } else { files }
}

/// What stands at a path, where something does. A link to a folder is not followed, neither at its end nor on the way.
fn at(root: &Path, path: &str) -> Option<Found> {
    let real = match link::follow(root, path) {
        Err(link::LEAVES) => return Some(Found::Not(link::LEAVES)),
        real => real.ok()?,
    };
    let meta = fs::symlink_metadata(&real).ok()?;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if link::follow(root, folder).ok()? != below(root, folder) || (meta.is_dir() && real != below(root, path)) {
        return Some(Found::Not("a symlink to a folder"));
    }
    Some(if meta.is_dir() { Found::Folder } else { found(root, path, OsStr::new(name)) })
}

fn below(root: &Path, path: &str) -> PathBuf {
    if path.is_empty() { root.to_owned() } else { root.join(path) }
}

/// The first file below a folder, in the order of names; after a thousand folders without one there is none.
fn some_file(root: &Path, folder: &str) -> Option<InputFile> {
    let mut open = vec![folder.to_owned()];
    for _ in 0..1000 {
        let folder = open.pop()?;
        let entries = fs::read_dir(below(root, &folder)).ok()?;
        let mut names: Vec<_> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort_by(|a, b| b.cmp(a));
        let (folders, files): (Vec<_>, Vec<_>) = names
            .into_iter()
            .filter(|name| !LEFT_OUT.contains(&name.as_str()))
            .map(|name| joined(&folder, OsStr::new(&name)))
            .partition(|path| root.join(path).is_dir());
        if let Some(path) = files.into_iter().next_back() {
            return Some(InputFile { path, content: Content::Listed });
        }
        open.extend(folders);
    }
    None
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

/// Whether this is a folder that can be read.
///
/// # Errors
/// Why it is none.
pub(crate) fn is_folder(root: &Path) -> Result<(), &'static str> {
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
        for entry in entries {
            let Ok(entry) = entry else {
                all.push((folder.clone(), Found::Not(NOT_READABLE)));
                break;
            };
            let name = entry.file_name();
            let path = joined(&folder, &name);
            match found(root, &path, &name) {
                Found::Folder if LEFT_OUT.iter().any(|left| name == *left) => {}
                Found::Folder => open.push(path),
                other => all.push((path, other)),
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

fn found(root: &Path, path: &str, name: &OsStr) -> Found {
    if name.to_str().is_none() {
        return Found::Not("its name is not UTF-8");
    }
    let full = root.join(path);
    match fs::symlink_metadata(&full) {
        Err(_) => Found::Not(NOT_READABLE),
        Ok(meta) if meta.is_dir() => Found::Folder,
        Ok(meta) if meta.is_file() => Found::File(full, meta.len()),
        Ok(meta) if meta.is_symlink() => linked(root, path),
        Ok(_) => Found::Not("it is neither a file nor a folder"),
    }
}

/// A link is read where it leads to a file inside the root.
fn linked(root: &Path, path: &str) -> Found {
    let real = match link::follow(root, path) {
        Ok(real) => real,
        Err(why) => return Found::Not(why),
    };
    match fs::symlink_metadata(&real) {
        Ok(meta) if meta.is_file() => Found::File(real, meta.len()),
        Ok(meta) if meta.is_dir() => Found::Not("a symlink to a folder"),
        Ok(_) => Found::Not("it is neither a file nor a folder"),
        Err(_) => Found::Not(link::NOWHERE),
    }
}

/// Reads what is needed and fits into the budget, which is what is left of the limits.
fn admit(path: String, found: Found, (limits, all): (WalkLimits, bool), budget: &mut WalkLimits) -> InputFile {
    let content = match found {
        Found::Folder => Content::Listed,
        Found::Not(why) => Content::Unread(why.to_owned()),
        Found::File(..) if !all && !is_read(path.rsplit('/').next().unwrap_or(&path)) => Content::Listed,
        Found::File(_, size) if size > limits.file_bytes => Content::TooLarge(size),
        Found::File(..) if budget.files == 0 => Content::Unread(format!("over the limit of {} files", limits.files)),
        Found::File(_, size) if size > budget.total_bytes => {
            Content::Unread(format!("over the limit of {} bytes in all", limits.total_bytes))
        }
        Found::File(real, size) => {
            budget.files -= 1;
            budget.total_bytes -= size;
            bytes(&real, size)
        }
    };
    InputFile { path, content }
}

/// Reads a file, and no more of it than its size was.
fn bytes(real: &Path, size: u64) -> Content {
    let mut bytes = Vec::new();
    match fs::File::open(real).and_then(|file| file.take(size).read_to_end(&mut bytes)) {
        Ok(_) => Content::Bytes(bytes),
        Err(_) => Content::Unread(NOT_READABLE.to_owned()),
    }
}

/// Files whose text somebody needs; of others it is enough that they exist.
fn is_read(name: &str) -> bool {
    const ENDS: &[&str] = &[
        ".yaml",
        ".yml",
        ".json",
        ".env",
        ".properties",
        ".txt",
        ".sops",
        ".toml",
        ".ini",
        ".conf",
        ".cfg",
        ".sh",
        ".tf",
        ".j2",
        ".tpl",
        ".tmpl",
        ".tftpl",
        ".just",
        ".gotmpl",
    ];
    const NAMES: &[&str] = &["Kustomization", ".sourceignore", ".gitignore", "justfile", "Makefile", "README.md"];
    ENDS.iter().any(|end| name.ends_with(end)) || NAMES.contains(&name)
}
