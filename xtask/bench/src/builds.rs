//! Every kustomization of a tree, built through one workspace.

use fluxproof_kustomize::{Options, Restriction, Workspace, build, kustomization_file};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use std::collections::BTreeSet;

/// What was built.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// Folders that kustomize would build.
    pub folders: usize,
    /// Folders that it would refuse.
    pub refused: usize,
    /// The bytes of all output.
    pub bytes: usize,
}

/// Files as one text of bytes: for each its path, its size, and itself.
#[must_use]
pub fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut all = Vec::new();
    for (path, bytes) in files {
        all.extend(format!("{path}\n{}\n", bytes.len()).into_bytes());
        all.extend(bytes);
    }
    all
}

fn unpacked(mut rest: &[u8]) -> Sources {
    let mut files = Vec::new();
    while let Some((path, behind)) = line(rest) {
        let Some((size, behind)) = line(behind) else { break };
        let size = size.parse::<usize>().unwrap_or(0).min(behind.len());
        if let Ok(path) = RepoPath::new(path) {
            files.push(SourceFile::read(path, behind[..size].to_vec()));
        }
        rest = &behind[size..];
    }
    Sources::new(files)
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

/// The folders of a packed tree that have a kustomization.
#[must_use]
pub fn folders(packed: &[u8]) -> BTreeSet<RepoPath> {
    folders_of(&unpacked(packed))
}

fn folders_of(sources: &Sources) -> BTreeSet<RepoPath> {
    let all = sources.ids().map(|id| sources.path(id).parent());
    all.filter(|folder| kustomization_file(sources, folder).is_some()).collect()
}

/// Reads a packed tree and builds each folder that has a kustomization, as `kustomize build` does: with a load restriction
/// or without.
#[must_use]
pub fn build_all(packed: &[u8], restricted: bool) -> Built {
    let restriction = if restricted { Restriction::RootOnly } else { Restriction::None };
    let options = Options { restriction, ..Options::kustomize() };
    let sources = unpacked(packed);
    let workspace = Workspace::frugal(&sources);
    let mut built = Built::default();
    for folder in folders_of(&sources) {
        match build(&workspace, &folder, options).to_yaml() {
            Ok(text) => (built.folders, built.bytes) = (built.folders + 1, built.bytes + text.len()),
            Err(_) => built.refused += 1,
        }
    }
    built
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_tree_is_built_whole() {
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
        let object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
        let files = [
            file("a/kustomization.yaml", "resources: [a.yaml]\n"),
            file("a/a.yaml", object),
            file("b/kustomization.yaml", "resources: [gone.yaml]\n"),
        ];
        let expected = Built { folders: 1, refused: 1, bytes: object.len() };
        assert_eq!(build_all(&packed(&files), true), expected);
        assert_eq!(folders(&packed(&files)).len(), 2);
    }
}
