//! `kustomize build`: `build ROOT [FOLDER]` builds a folder of a tree, of which its kustomizations may name all.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]
#![expect(clippy::disallowed_methods, reason = "an example is a host: it reads what the crate is to see")]

use fluxproof_kustomize::{Options, Workspace, build};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

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

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let root = args.next().unwrap_or_else(|| ".".to_owned());
    let folder = RepoPath::new(&args.next().unwrap_or_default()).map_err(|why| why.to_string())?;
    let mut all = Vec::new();
    files(Path::new(&root), Path::new(&root), &mut all)?;
    let sources = Sources::new(all);
    Ok(match build(&Workspace::new(&sources), &folder, Options::kustomize()).to_yaml() {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    })
}
