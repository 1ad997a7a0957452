//! `!!binary`: standard base64 with padding, line breaks left out, as Go's `base64.StdEncoding` reads it.

/// The decoded text, bytes that are no UTF-8 replaced as Go's JSON does; `None` where it is no base64.
pub(crate) fn decode(text: &str) -> Option<String> {
    let clean: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    if !clean.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(clean.len() / 4 * 3);
    let groups = clean.len() / 4;
    for (index, group) in clean.chunks(4).enumerate() {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && index + 1 < groups) {
            return None;
        }
        let bits = group[..4 - padding].iter().try_fold(0u32, |bits, byte| Some(bits << 6 | sextet(*byte)?))?;
        let group = (bits << (6 * padding)).to_be_bytes();
        bytes.extend_from_slice(&group[1..4 - padding]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn padding_and_breaks() {
        assert_eq!(decode("aGk=").as_deref(), Some("hi"));
        assert_eq!(decode("aGVs\nbG8h\n").as_deref(), Some("hello!"));
        assert_eq!(decode("aGVsbG8=").as_deref(), Some("hello"));
        assert_eq!(decode("").as_deref(), Some(""));
        for wrong in ["aGk", "***=", "a===", "aGk=aGk="] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
