//! Files as a zip: deflated, mode 0644, dated 1980-01-01, as PKWARE's APPNOTE.TXT 6.3 has it.
//!
//! Written here, because the writers there are bring a table of 16 KB for checksums, of which nothing can be compressed.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::{Error, Write};

/// The version of the format that a reader must know for deflated files.
const VERSION: u16 = 20;
/// Unix, in the upper half of "version made by": the mode below is one of its.
const UNIX: u16 = 3 << 8;
/// Checksum and sizes follow the data.
const DESCRIPTOR_FOLLOWS: u16 = 1 << 3;
/// The name is UTF-8; names of ASCII alone do not say so.
const UTF8: u16 = 1 << 11;
const DEFLATE: u16 = 8;
/// 1980-01-01 00:00 as MS-DOS has it.
const DOS_TIME: u16 = 0;
const DOS_DATE: u16 = 1 << 5 | 1;
/// The same moment in seconds since 1970, as the extra field "UT" of the directory.
const UNIX_TIME: u32 = 315_532_800;
const MODE: u32 = 0o644;

/// A file that has been written.
struct Entry<'a> {
    name: &'a str,
    offset: usize,
    crc: u32,
    packed: usize,
    size: usize,
}

/// Packs names and texts, in the given order.
///
/// # Errors
/// When a file or the whole is too large for the format without its 64-bit extension; and what the packer says, which in
/// memory is nothing.
pub(super) fn zip<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let mut entries = Vec::new();
    for (name, text) in files {
        entries.push(file(&mut out, name, text.as_bytes())?);
    }
    let start = out.len();
    for entry in &entries {
        directory(&mut out, entry)?;
    }
    let size = out.len() - start;
    let count = short(entries.len())?;
    put(&mut out, [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &long(size)?, &long(start)?, &[0; 2]]);
    Ok(out)
}

fn file<'a>(out: &mut Vec<u8>, name: &'a str, data: &[u8]) -> Result<Entry<'a>, Error> {
    let offset = out.len();
    out.extend_from_slice(b"PK\x03\x04");
    common(out, name);
    put(out, [&[0; 12], short(name.len())?.as_slice(), &[0; 2], name.as_bytes()]);
    let before = out.len();
    let mut encoder = DeflateEncoder::new(&mut *out, Compression::best());
    encoder.write_all(data)?;
    // Costs some bytes a file and serves nobody; but the digests of zips that were made before stay right.
    encoder.flush()?;
    encoder.finish()?;
    let entry = Entry { name, offset, crc: crc32(data), packed: out.len() - before, size: data.len() };
    out.extend_from_slice(b"PK\x07\x08");
    measures(out, &entry)?;
    Ok(entry)
}

fn directory(out: &mut Vec<u8>, entry: &Entry<'_>) -> Result<(), Error> {
    put(out, [b"PK\x01\x02".as_slice(), &(UNIX | VERSION).to_le_bytes()]);
    common(out, entry.name);
    measures(out, entry)?;
    // Then the lengths of the extra field and the comment, the disk, the file's inner kind, mode and place.
    put(out, [&short(entry.name.len())?, &9u16.to_le_bytes(), [0u8; 6].as_slice(), &(MODE << 16).to_le_bytes()]);
    put(out, [&long(entry.offset)?, entry.name.as_bytes(), b"UT\x05\x00\x01", &UNIX_TIME.to_le_bytes()]);
    Ok(())
}

/// What both headers of a file have in common.
fn common(out: &mut Vec<u8>, name: &str) {
    let flags = DESCRIPTOR_FOLLOWS | if name.is_ascii() { 0 } else { UTF8 };
    [VERSION, flags, DEFLATE, DOS_TIME, DOS_DATE].iter().for_each(|field| out.extend_from_slice(&field.to_le_bytes()));
}

fn measures(out: &mut Vec<u8>, entry: &Entry<'_>) -> Result<(), Error> {
    put(out, [&entry.crc.to_le_bytes(), &long(entry.packed)?, &long(entry.size)?]);
    Ok(())
}

fn put<const N: usize>(out: &mut Vec<u8>, parts: [&[u8]; N]) {
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

fn short(number: usize) -> Result<[u8; 2], Error> {
    u16::try_from(number).map(u16::to_le_bytes).map_err(Error::other)
}

fn long(number: usize) -> Result<[u8; 4], Error> {
    u32::try_from(number).map(u32::to_le_bytes).map_err(Error::other)
}

/// CRC-32 as zip has it, bit by bit: a tree is some ten thousand bytes.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rawzip::time::UtcDateTime;
    use rawzip::{CompressionMethod, ZipArchiveWriter};

    /// The same files by another writer.
    fn by_rawzip(files: &[(&str, &str)]) -> Result<Vec<u8>, rawzip::Error> {
        let mut bytes = Vec::new();
        let mut writer = ZipArchiveWriter::new(&mut bytes);
        for (name, text) in files {
            let builder = writer.new_file(name).compression_method(CompressionMethod::DEFLATE).unix_permissions(0o644);
            let builder = match UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0) {
                Some(date) => builder.last_modified(date),
                None => builder,
            };
            let (mut entry, config) = builder.start()?;
            let mut data = config.wrap(DeflateEncoder::new(&mut entry, Compression::best()));
            data.write_all(text.as_bytes())?;
            let (deflated, descriptor) = data.finish()?;
            deflated.finish()?;
            entry.finish(descriptor)?;
        }
        writer.finish()?;
        Ok(bytes)
    }

    #[test]
    fn the_bytes_are_those_of_another_writer() {
        let long = "apiVersion: v1\nkind: Namespace\n".repeat(5_000);
        let varied: String =
            (0..20_000u32).map(|n| char::from(b' ' + (n.wrapping_mul(2_654_435_761) >> 25) as u8 % 94)).collect();
        let all =
            [("a.yaml", "a: 1\n"), ("clusters/prod/é.yaml", "x"), ("empty", ""), ("long", &long), ("varied", &varied)];
        for files in [&all[..], &all[..1], &[]] {
            let own = zip(files.iter().copied()).ok();
            assert!(own.is_some() && own == by_rawzip(files).ok(), "{} files", files.len());
        }
    }

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn what_the_format_cannot_say_is_refused() {
        assert!(short(65_536).is_err());
        assert!(long(1 << 32).is_err());
    }
}
