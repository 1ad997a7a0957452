//! `kustomize build DIR`, for a folder whose kustomizations name nothing above it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]
#![expect(clippy::disallowed_methods, reason = "an example is a host: it reads what the crate is to see")]

use fluxproof_kustomize::{Options, Workspace, build};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use std::path::Path;

fn files(root: &Path, folder: &Path, all: &mut Vec<SourceFile>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        match (path.is_dir(), RepoPath::new(&name)) {
            (true, _) => files(root, &path, all)?,
            (false, Ok(name)) => all.push(SourceFile::read(name, std::fs::read(&path)?)),
            (false, Err(why)) => eprintln!("{name}: {why}"),
        }
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut all = Vec::new();
    files(Path::new(&root), Path::new(&root), &mut all)?;
    let sources = Sources::new(all);
    match build(&Workspace::new(&sources), &RepoPath::root(), Options::kustomize()).to_yaml() {
        Ok(text) => print!("{text}"),
        Err(error) => eprintln!("Error: {error}"),
    }
    Ok(())
}
