//! Reading what a plan asks for.

use crate::walk;
use fluxproof_core::command::{Inputs, Reads, WalkLimits};
use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Reads what a plan asks for; what cannot be read is a problem.
pub(crate) fn inputs(reads: &Reads) -> Inputs {
    let mut inputs = Inputs::default();
    if let Some(root) = &reads.tree {
        let alone = (PathBuf::from(root), String::new());
        let (tree, at) = if reads.around { around(Path::new(root)).unwrap_or(alone) } else { alone };
        match walk::tree(&tree, reads.limits, reads.around) {
            Ok(files) => (inputs.tree, inputs.at) = (files, at),
            Err(why) => inputs.problems.push(format!("{root} cannot be read: {why}")),
        }
    }
    let beside = |folder: &String| walk::tree(Path::new(folder), reads.limits, true).map_err(str::to_owned);
    inputs.beside = reads.beside.iter().map(beside).collect();
    if let Some(path) = &reads.config {
        match config(path, reads.limits) {
            Ok(bytes) => inputs.config = Some(bytes),
            Err(why) => inputs.problems.push(format!("the config {path} cannot be read: {why}")),
        }
    }
    if let Some(target) = &reads.target {
        match walk::paths(Path::new(target)) {
            Ok(paths) => inputs.existing = paths,
            Err(why) => inputs.problems.push(format!("{target} cannot be written to: {why}")),
        }
        if reads.contents && !inputs.existing.is_empty() {
            // Why it cannot be read was said above.
            inputs.tree = walk::tree(Path::new(target), reads.limits, true).unwrap_or_default();
        }
    }
    inputs.existing.extend(reads.output.iter().filter(|path| Path::new(path).exists()).cloned());
    inputs
}

/// The repository around a folder, and where in it the folder is; nothing where no repository is seen.
pub(crate) fn around(folder: &Path) -> Option<(PathBuf, String)> {
    let full = fs::canonicalize(folder).ok()?;
    let root = full.ancestors().find(|above| above.join(".git").exists())?;
    let at = full.strip_prefix(root).unwrap_or(Path::new("")).components();
    let parts: Vec<String> = at.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Some((root.to_owned(), parts.join("/")))
}

fn config(path: &str, limits: WalkLimits) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let source: std::io::Result<Box<dyn Read>> = if path == "-" {
        Ok(Box::new(std::io::stdin().lock()))
    } else {
        fs::File::open(path).map(|file| Box::new(file) as Box<dyn Read>)
    };
    source
        .and_then(|source| source.take(limits.file_bytes + 1).read_to_end(&mut bytes))
        .map_err(|error| reason(&error))?;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(format!("it is larger than {} bytes", limits.file_bytes));
    }
    Ok(bytes)
}

/// The reasons are ours, so that every host and every system says the same.
pub(crate) fn reason(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a file is where a folder should be".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::FileTooLarge => "a file would be larger than the system lets it be".to_owned(),
        _ => error.to_string(),
    }
}
