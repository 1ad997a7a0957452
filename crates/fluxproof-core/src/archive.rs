//! A tree as a zip: the same bytes for the same tree, wherever it is made.

use crate::report::json::hex;
use fluxproof_layout::Tree;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

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
    let bytes = pack(tree).map_err(|error| format!("the zip could not be written: {error}"))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok(Archive { name: format!("fluxproof-{}.zip", &content_hash(tree)[..8]), bytes, sha256 })
}

fn pack(tree: &Tree) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in &tree.files {
        writer.start_file(file.path.as_str(), options)?;
        writer.write_all(file.text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

fn content_hash(tree: &Tree) -> String {
    let mut hash = Sha256::new();
    for file in &tree.files {
        hash.update(format!("{}\0{}\0", file.path.as_str(), file.text.len()));
        hash.update(&file.text);
    }
    hex(&hash.finalize())
}
