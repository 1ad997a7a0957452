//! Base64 as kustomize writes it: broken into lines where it is long (`encodeBase64` in `kyaml/yaml/datamap.go`).

const LINE: usize = 70;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The encoded bytes; with a line break behind every 70 characters and at the end where there are as many.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    bytes.chunks(3).for_each(|group| push_group(&mut text, group));
    if text.len() < LINE {
        return text;
    }
    let mut lines = String::with_capacity(text.len() + text.len() / LINE + 1);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = behind;
    }
    lines
}

fn push_group(text: &mut String, group: &[u8]) {
    let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for at in 0..4 {
        let sextet = (bits >> (18 - 6 * at)) as usize & 63;
        text.push(if at <= group.len() { char::from(ALPHABET[sextet]) } else { '=' });
    }
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn padding() {
        for (bytes, expected) in
            [(&b""[..], ""), (b"a", "YQ=="), (b"ab", "YWI="), (b"abc", "YWJj"), (b"\xff\xfe", "//4=")]
        {
            assert_eq!(encode(bytes), expected);
        }
    }

    #[test]
    fn lines() {
        assert!(!encode(&[0; 51]).contains('\n'));
        let long: Vec<usize> = encode(&[0; 54]).split('\n').map(str::len).collect();
        assert_eq!(long, [70, 2, 0]);
        let exact: Vec<usize> = encode(&[0; 105]).split('\n').map(str::len).collect();
        assert_eq!(exact, [70, 70, 0]);
    }
}
