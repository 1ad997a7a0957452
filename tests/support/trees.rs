//! Trees in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder with a repository in it, `repo`, and room beside it; removed at the end.
#[derive(Debug)]
pub struct Tree {
    folder: PathBuf,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Tree {
    /// An empty repository.
    ///
    /// # Panics
    /// When the temporary folder cannot be written to.
    #[must_use]
    pub fn empty() -> Self {
        let name = format!("fluxproof-tests-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let tree = Self { folder: std::env::temp_dir().join(name) };
        fs::create_dir_all(tree.repo()).unwrap_or_else(|error| panic!("{}: {error}", tree.folder.display()));
        tree
    }

    /// A repository that Flux delivers, and these files.
    #[must_use]
    pub fn with(files: &[(&str, &[u8])]) -> Self {
        let tree = Self::empty();
        tree.put("repo/clusters/demo/apps.yaml", flux("apps", "./apps").as_bytes());
        tree.put("repo/apps/namespace.yaml", b"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: apps\n");
        for (path, bytes) in files {
            tree.put(&format!("repo/{path}"), bytes);
        }
        tree
    }

    /// Writes a file; `path` begins with `repo/` for one of the repository.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        let file = self.folder.join(path);
        let parent = file.parent().unwrap_or(&self.folder);
        let done = fs::create_dir_all(parent).and_then(|()| fs::write(&file, bytes));
        done.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Makes a symlink of the repository.
    ///
    /// # Panics
    /// When it cannot be made.
    #[cfg(unix)]
    pub fn link(&self, path: &str, target: &str) {
        let link = self.repo().join(path);
        std::os::unix::fs::symlink(target, &link).unwrap_or_else(|error| panic!("{}: {error}", link.display()));
    }

    /// The folder that holds the repository.
    #[must_use]
    pub fn outside(&self) -> &Path {
        &self.folder
    }

    /// The repository.
    #[must_use]
    pub fn repo(&self) -> PathBuf {
        self.folder.join("repo")
    }

    /// Every path below a folder of the tree, sorted, with the bytes of the files.
    ///
    /// # Panics
    /// When one cannot be read.
    #[must_use]
    pub fn listing(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        let mut open = vec![self.folder.join(folder)];
        while let Some(at) = open.pop() {
            let Ok(entries) = fs::read_dir(&at) else { continue };
            for path in entries.flatten().map(|entry| entry.path()) {
                let shown = path.strip_prefix(&self.folder).unwrap_or(&path).display().to_string();
                if path.is_dir() && !path.is_symlink() {
                    all.push((format!("{shown}/"), Vec::new()));
                    open.push(path);
                } else {
                    all.push((shown, fs::read(&path).unwrap_or_default()));
                }
            }
        }
        all.sort();
        all
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // What a test leaves in the temporary folder is no failure.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A Flux Kustomization.
#[must_use]
pub fn flux(name: &str, path: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: {name}\n  namespace: flux-system\n\
         spec:\n  interval: 10m\n  path: {path}\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n"
    )
}

/// The repositories of `tests/repos`, by name.
///
/// # Panics
/// When there are none.
#[must_use]
pub fn repositories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("repos");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    all.sort();
    assert!(!all.is_empty(), "{} has no repositories", folder.display());
    all
}
