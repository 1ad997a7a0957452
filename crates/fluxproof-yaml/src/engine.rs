//! The way in: what no text may have is refused, the rest goes to the reader.

use crate::build::Builder;
use crate::message::{self, too_long};
use crate::read::Reader;
use crate::{Document, FileId, Parsed};

/// The longest text that is read, in bytes: what is longer is no configuration, and a tree takes ten times its text.
pub(crate) const TEXT_LIMIT: usize = 64 << 20;

/// Reads every document of a text. What cannot be read becomes a problem, and reading goes on at the next `---`.
///
/// ```
/// use fluxproof_yaml::{FileId, parse};
///
/// let parsed = parse(FileId(0), "kind: Namespace\n---\nkind: [broken\n---\nkind: Secret\n");
/// assert_eq!(parsed.documents.len(), 2);
/// assert_eq!(parsed.problems.len(), 1);
/// let kind = parsed.documents[1].root().and_then(|root| root.get("kind"));
/// assert_eq!(kind.map(|kind| kind.text()), Some("Secret"));
/// ```
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut documents = Vec::new();
    let parsed = parse_each(file, text, &mut |document| documents.push(document.take_exact()));
    Parsed { documents, ..parsed }
}

/// Reads the documents of a text as [`parse`] does, and gives each away before the next is read: all of them together
/// take several times the room of the text. What is returned has no documents.
#[must_use]
pub fn parse_each<'t>(file: FileId, text: &'t str, each: &'t mut (dyn FnMut(&mut Document) + 't)) -> Parsed {
    let mut builder = Builder::new(file, text, each);
    if text.len() > TEXT_LIMIT {
        builder.break_with(too_long(file));
        return builder.finish();
    }
    let mut from = 0;
    while let Some(at) = control_character(text, from) {
        // go-yaml reads nothing with such a character. Here it costs the document that has it.
        let document = markers(text, from, at).last().unwrap_or(from);
        builder = read(&text[..document], from, builder);
        builder.break_with(message::control_character(file, text, at));
        let Some(next) = markers(text, at, text.len()).next() else { return builder.finish() };
        from = next;
    }
    read(text, from, builder).finish()
}

/// Reads the documents of `text` from `base` on.
fn read<'t>(text: &'t str, base: usize, builder: Builder<'t>) -> Builder<'t> {
    Reader::new(text, base, builder).read()
}

/// Where a `---` begins a document: at the beginning of a line, and alone.
fn markers(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    text[from..to].match_indices("---").map(move |(at, _)| from + at).filter(move |at| {
        (*at == 0 || matches!(bytes[at - 1], b'\n' | b'\r')) && bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace)
    })
}

/// The first character from `from` on that YAML does not allow, as go-yaml has it (`readerc.go`): control characters but
/// for tab, line breaks and NEL, and the non-characters U+FFFE and U+FFFF.
fn control_character(text: &str, from: usize) -> Option<usize> {
    const BLOCK: usize = 64;
    let bytes = text.as_bytes().get(from..)?;
    for (index, block) in bytes.chunks(BLOCK).enumerate() {
        let (words, rest) = block.as_chunks();
        // Without branches, so that it is done on many bytes at once.
        let suspicious = words.iter().fold(!rest.is_empty(), |found, word| found | may_have_control(*word));
        if suspicious {
            let start = from + index * BLOCK;
            let found = (start..start + block.len()).find(|at| is_control(text, *at));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// Whether one of eight bytes may be a control character: a quick look that takes other bytes for one, too, but not
/// printable ASCII and line feeds.
fn may_have_control(bytes: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // A zero byte gets its high bit, and so may bytes above one.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let word = u64::from_le_bytes(bytes);
    let feeds = word ^ (ONES * 0x0A);
    let feeds = !(((feeds & !HIGH) + !HIGH) | feeds | !HIGH);
    // Line feeds become `J`.
    let word = word | feeds >> 1;
    (word | zeros(word ^ (ONES * 0x7F)) | (word.wrapping_sub(ONES * 0x20) & !word)) & HIGH != 0
}

fn may_be_control(byte: u8) -> bool {
    (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7F | 0xC2 | 0xEF)
}

fn is_control(text: &str, at: usize) -> bool {
    let bytes = &text.as_bytes()[at..];
    may_be_control(bytes[0])
        && match bytes {
            [0xC2, next, ..] => (0x80..0xA0).contains(next) && *next != 0x85,
            [0xEF, 0xBF, 0xBE | 0xBF, ..] => true,
            [0xEF, ..] => false,
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::control_character;

    #[test]
    fn what_no_text_may_have_is_found_at_every_place() {
        let refused = |c: char| {
            let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
            control || matches!(c, '\u{fffe}' | '\u{ffff}')
        };
        let some = ['\u{fffd}', '\u{fffe}', '\u{ffff}', '\u{feff}', '\u{10ffff}'];
        for c in ('\0'..'\u{180}').chain(some) {
            for before in 0..70 {
                let text = format!("{}{c}\r\n\tx", "~ a\nJ".repeat(14).split_at(before).0);
                assert_eq!(control_character(&text, 0), refused(c).then_some(before), "{c:?} at {before}");
            }
        }
    }
}
