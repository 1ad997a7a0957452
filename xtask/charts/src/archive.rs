//! A chart archive: a gzipped tar, as `helm package` writes it.

use flate2::read::MultiGzDecoder;
use std::io::Read;

/// How large an archive may be once it is unpacked: a bound for hostile archives.
const MAX_BYTES: u64 = 256 << 20;

/// The size of a block of a tar.
const BLOCK: usize = 512;

/// The regular files of an archive by path, without the folder that all of them lie in.
///
/// # Errors
/// Where it is no such archive.
pub(crate) fn files(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut tar = Vec::new();
    MultiGzDecoder::new(bytes).take(MAX_BYTES).read_to_end(&mut tar).map_err(|error| error.to_string())?;
    let (mut files, mut rest, mut long) = (Vec::new(), &tar[..], None);
    while let Some((header, behind)) = rest.split_at_checked(BLOCK).filter(|(header, _)| header[0] != 0) {
        let size = octal(&header[124..136]).ok_or("a size that is no number")?;
        let content = behind.get(..size).ok_or("an archive that is cut")?;
        let name = long.take().unwrap_or_else(|| name(header));
        match header[156] {
            b'L' => long = Some(text(content)),
            b'0' | 0 => files.extend(name.split_once('/').map(|(_, path)| (path.to_owned(), content.to_vec()))),
            _ => {}
        }
        rest = behind.get(size.next_multiple_of(BLOCK)..).unwrap_or_default();
    }
    Ok(files)
}

fn octal(field: &[u8]) -> Option<usize> {
    usize::from_str_radix(text(field).trim(), 8).ok()
}

/// The path of a ustar header: prefix and name.
fn name(header: &[u8]) -> String {
    let (name, prefix) = (text(&header[..100]), text(&header[345..500]));
    if prefix.is_empty() || !header[257..].starts_with(b"ustar\0") { name } else { format!("{prefix}/{name}") }
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        for (path, text) in files {
            let mut block = [0; BLOCK];
            block[..path.len()].copy_from_slice(path.as_bytes());
            let size = format!("{:011o}", text.len());
            block[124..135].copy_from_slice(size.as_bytes());
            block[156] = b'0';
            gzip.write_all(&block).expect("to write");
            let mut content = text.as_bytes().to_vec();
            content.resize(text.len().next_multiple_of(BLOCK), 0);
            gzip.write_all(&content).expect("to write");
        }
        gzip.write_all(&[0; 2 * BLOCK]).expect("to write");
        gzip.finish().expect("to write")
    }

    #[test]
    fn files_of_an_archive_lose_their_outer_folder() {
        let archive = packed(&[("app/Chart.yaml", "name: app\n"), ("app/templates/a.yaml", &"x".repeat(600))]);
        let files = files(&archive).expect("an archive");
        assert_eq!(files[0], ("Chart.yaml".to_owned(), b"name: app\n".to_vec()));
        assert_eq!((files[1].0.as_str(), files[1].1.len()), ("templates/a.yaml", 600));
        assert!(super::files(b"no archive").is_err());
    }
}
