//! The record of what was generated, in the config that travels in the tree.

use crate::report::json::hex;
use fluxproof_layout::{LAYOUT_FILE, Record, Tree, read_with, render};
use fluxproof_yaml::RepoPath;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Notes in the config that travels in a tree what the tree is.
pub(super) fn sealed(mut tree: Tree) -> Tree {
    let files = tree.files.iter().filter(|file| !is_config(&file.path));
    let files: Vec<(String, String)> = files.map(|file| (file.path.to_string(), digest(&file.text))).collect();
    for file in tree.files.iter_mut().filter(|file| is_config(&file.path)) {
        file.text = Record::new(VERSION, &file.text, files.clone()).behind(&file.text);
    }
    tree
}

pub(super) fn is_config(path: &RepoPath) -> bool {
    path.name() == LAYOUT_FILE
}

/// Enough of a digest to tell whether somebody has edited a file.
fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))[..16].to_owned()
}

/// The tree as it was generated: rendered again from the recorded config. Where this program renders a file otherwise than
/// the one that wrote it, the file that is there, if nobody has edited it.
pub(super) fn base(record: &Record, yours: &BTreeMap<RepoPath, String>, crds: Vec<(String, String)>) -> Tree {
    let rendered = read_with(record.config.as_bytes(), crds)
        .and_then(|layout| render(&layout))
        .unwrap_or(Tree { files: Vec::new() });
    let mut tree = Tree { files: rendered.files.into_iter().filter(|file| !is_config(&file.path)).collect() };
    for (path, recorded) in &record.files {
        let Ok(path) = RepoPath::new(path) else { continue };
        let place = tree.files.binary_search_by(|file| file.path.cmp(&path));
        let again = place.ok().is_some_and(|at| digest(&tree.files[at].text) == *recorded);
        let Some(text) = yours.get(&path).filter(|text| !again && digest(text) == *recorded) else { continue };
        let file = fluxproof_layout::TreeFile { path, text: text.clone() };
        match place {
            Ok(at) => tree.files[at] = file,
            Err(at) => tree.files.insert(at, file),
        }
    }
    tree
}
