//! Bytes by what they mean to YAML, and the search for the next one that means something.

/// A space or a tab.
pub(super) const BLANK: u8 = 1;
/// A line break, or the end of the text.
pub(super) const BREAK: u8 = 1 << 1;
/// What may end a text without quotes.
pub(super) const PLAIN: u8 = 1 << 2;
/// A bracket or a comma: what ends a text without quotes between brackets.
pub(super) const FLOW: u8 = 1 << 3;
/// What a text in `"` has to look at.
pub(super) const DOUBLE: u8 = 1 << 4;
/// What a text in `'` has to look at.
pub(super) const SINGLE: u8 = 1 << 5;
/// What a tag may consist of, but for `!` and what is in `FLOW`.
pub(super) const TAG: u8 = 1 << 6;
/// What the handle of a tag may consist of.
pub(super) const WORD: u8 = 1 << 7;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = class(byte as u8);
        byte += 1;
    }
    classes
}

const fn class(byte: u8) -> u8 {
    match byte {
        b' ' | b'\t' => BLANK,
        // No text holds a NUL, so that it stands for the end.
        b'\n' | b'\r' | 0 => BREAK | PLAIN | DOUBLE | SINGLE,
        b':' => PLAIN | TAG,
        b'#' => PLAIN | TAG,
        b'[' | b']' | b',' => FLOW,
        b'{' | b'}' => FLOW,
        b'"' | b'\\' => DOUBLE,
        b'\'' => SINGLE | TAG,
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' => TAG | WORD,
        b';' | b'/' | b'?' | b'@' | b'&' | b'=' | b'+' | b'$' | b'.' | b'~' | b'*' | b'(' | b')' | b'%' => TAG,
        _ => 0,
    }
}

/// Whether a byte is of one of the classes.
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// The first byte from `from` on that is of one of the classes; the end of the text where none is.
pub(super) fn find(bytes: &[u8], from: usize, class: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| is(*byte, class)).unwrap_or(rest.len())
}

/// How many spaces are at `from`.
pub(super) fn spaces(bytes: &[u8], from: usize) -> usize {
    const MANY: &[u8] = b"        ";
    let mut rest = bytes.get(from..).unwrap_or_default();
    let length = rest.len();
    while let Some(behind) = rest.strip_prefix(MANY) {
        rest = behind;
    }
    length - rest.len() + rest.iter().take_while(|byte| **byte == b' ').count()
}

/// The end of the line that `from` is on.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, BREAK)
}
