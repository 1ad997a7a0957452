//! A tree as a zip: the same bytes for the same tree, wherever it is made.

mod zip;

use crate::report::json::hex;
use fluxproof_layout::Tree;
use sha2::{Digest, Sha256};

/// A zip and what is said of it.
pub(crate) struct Archive {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

/// Packs a tree: files in path order, mode 0644, dated 1980-01-01.
///
/// # Errors
/// What the writer says, which for a tree in memory is nothing.
pub(crate) fn archive(tree: &Tree) -> Result<Archive, String> {
    let files = tree.files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    let bytes = zip::zip(files).map_err(|error| format!("the zip could not be written: {error}"))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok(Archive { name: format!("fluxproof-{}.zip", &content_hash(tree)[..8]), bytes, sha256 })
}

fn content_hash(tree: &Tree) -> String {
    let mut hash = Sha256::new();
    for file in &tree.files {
        hash.update(format!("{}\0{}\0", file.path.as_str(), file.text.len()));
        hash.update(&file.text);
    }
    hex(&hash.finalize())
}
