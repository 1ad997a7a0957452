//! A tree as a zip: the same bytes for the same tree, wherever it is made.

use crate::report::json::hex;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use fluxproof_layout::{Tree, TreeFile};
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use sha2::{Digest, Sha256};
use std::io::Write;

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

fn pack(tree: &Tree) -> Result<Vec<u8>, rawzip::Error> {
    let mut bytes = Vec::new();
    let mut writer = ZipArchiveWriter::new(&mut bytes);
    for file in &tree.files {
        add(&mut writer, file)?;
    }
    writer.finish()?;
    Ok(bytes)
}

fn add(writer: &mut ZipArchiveWriter<&mut Vec<u8>>, file: &TreeFile) -> Result<(), rawzip::Error> {
    let builder =
        writer.new_file(file.path.as_str()).compression_method(CompressionMethod::DEFLATE).unix_permissions(0o644);
    let dated = match UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0) {
        Some(date) => builder.last_modified(date),
        None => builder,
    };
    let (mut entry, config) = dated.start()?;
    let mut data = config.wrap(DeflateEncoder::new(&mut entry, Compression::best()));
    data.write_all(file.text.as_bytes())?;
    let (deflated, descriptor) = data.finish()?;
    deflated.finish()?;
    entry.finish(descriptor)?;
    Ok(())
}

fn content_hash(tree: &Tree) -> String {
    let mut hash = Sha256::new();
    for file in &tree.files {
        hash.update(format!("{}\0{}\0", file.path.as_str(), file.text.len()));
        hash.update(&file.text);
    }
    hex(&hash.finalize())
}
