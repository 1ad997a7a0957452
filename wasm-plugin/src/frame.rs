//! Frames: header length, header, blobs.

/// A frame taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'b> {
    /// The JSON header.
    pub header: &'b [u8],
    /// What follows it.
    pub blobs: &'b [u8],
}

/// Takes a frame apart.
///
/// # Errors
/// When it is shorter than it says.
pub fn read(bytes: &[u8]) -> Result<Frame<'_>, String> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or("the frame is shorter than 4 bytes")?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|error| error.to_string())?;
    let (header, blobs) = rest.split_at_checked(length).ok_or("the header is longer than the frame")?;
    Ok(Frame { header, blobs })
}

/// Makes a frame.
#[must_use]
pub fn write(header: &[u8], blobs: &[&[u8]]) -> Vec<u8> {
    let size = blobs.iter().map(|blob| blob.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(4 + header.len() + size);
    bytes.extend(u32::try_from(header.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(header);
    blobs.iter().for_each(|blob| bytes.extend_from_slice(blob));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_went() {
        let bytes = write(b"{}", &[b"ab", b"", b"c"]);
        assert_eq!(read(&bytes), Ok(Frame { header: b"{}", blobs: b"abc" }));
    }

    #[test]
    fn short_frames_are_refused() {
        for bytes in [&b""[..], b"abc", &[9, 0, 0, 0, b'{'], &[255, 255, 255, 255]] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }
}
