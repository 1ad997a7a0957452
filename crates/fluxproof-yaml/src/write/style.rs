//! How a text is written: what it would be taken for without quotes (`encode.go`), and what its characters allow
//! (`yaml_emitter_analyze_scalar` and `yaml_emitter_select_scalar_style` in `emitterc.go`).

use crate::scalar::{Scalar, resolve};
use crate::timestamp::is_date;
use crate::{Style, Table};

/// What is at a text's characters that matters for its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other, as in emitterc.go")]
pub(super) struct Marks {
    /// Something that begins another construct of YAML.
    indicators: bool,
    /// A character that can only be written in double quotes.
    pub(super) special: bool,
    /// What libyaml takes for the end of a line: U+2028 and U+2029 are among it.
    pub(super) breaks: bool,
    /// A line feed.
    line_feeds: bool,
    /// A space or a break at the start or at the end.
    framed: bool,
    trailing_space: bool,
    /// A space behind a break.
    break_space: bool,
    /// A break behind a space.
    space_break: bool,
}

/// What stands before a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Space,
    Break,
    /// A tab or a NUL: white space to `#` alone.
    Blank,
    Other,
}

impl Marks {
    /// Reads a text once.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut marks = Self { indicators: begins_construct(bytes), ..Self::default() };
        let mut before = Before::Blank;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let width = width(byte);
            before = match byte {
                b' ' => marks.space(before),
                b'\n' | b'\r' => marks.line_break(byte, before),
                b':' => marks.colon(bytes.get(at + 1)),
                b'#' => marks.hash(before),
                0x21..=0x7E => Before::Other,
                ..0x80 => marks.control(byte),
                _ => marks.wide(&bytes[at..at + width], before),
            };
            at += width;
        }
        marks.framed |= matches!(before, Before::Space | Before::Break);
        marks.trailing_space = before == Before::Space;
        marks.framed |= bytes.first() == Some(&b' ') || is_break(bytes);
        marks
    }

    fn space(&mut self, before: Before) -> Before {
        self.break_space |= before == Before::Break;
        Before::Space
    }

    fn line_break(&mut self, byte: u8, before: Before) -> Before {
        self.line_feeds |= byte == b'\n';
        self.special |= byte == b'\r';
        self.breaks = true;
        self.space_break |= before == Before::Space;
        Before::Break
    }

    fn colon(&mut self, next: Option<&u8>) -> Before {
        self.indicators |= matches!(next, None | Some(b' ' | b'\t'));
        Before::Other
    }

    fn hash(&mut self, before: Before) -> Before {
        self.indicators |= before != Before::Other;
        Before::Other
    }

    fn control(&mut self, byte: u8) -> Before {
        self.special = true;
        if matches!(byte, b'\t' | 0) { Before::Blank } else { Before::Other }
    }

    fn wide(&mut self, character: &[u8], before: Before) -> Before {
        self.special |= !is_printable(character);
        if is_break(character) { self.line_break(0, before) } else { Before::Other }
    }
}

fn width(byte: u8) -> usize {
    match byte {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Whether the text begins as another construct does, or as the end of a document.
fn begins_construct(bytes: &[u8]) -> bool {
    match bytes {
        [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] => true,
        [
            b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`',
            ..,
        ] => true,
        [b'-' | b'?' | b':', rest @ ..] => matches!(rest, [] | [b' ' | b'\t', ..]),
        _ => false,
    }
}

/// `is_printable` of `yamlprivateh.go`: the Basic Multilingual Plane without controls, surrogates and the byte order mark.
pub(super) fn is_printable(character: &[u8]) -> bool {
    match *character {
        [byte] => byte == b'\n' || (0x20..0x7F).contains(&byte),
        [0xC2, second] => second >= 0xA0,
        [0xEF, 0xBB, 0xBF] | [0xEF, 0xBF, 0xBE | 0xBF] => false,
        [_, _] | [_, _, _] => true,
        _ => false,
    }
}

/// `is_break` of `yamlprivateh.go`, at the start of `bytes`.
pub(super) fn is_break(bytes: &[u8]) -> bool {
    matches!(bytes, [b'\r' | b'\n', ..] | [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..])
}

/// How a text is written, for a value or for a key that is not on one line with its value.
pub(super) fn choose(text: &str, marks: Marks) -> Style {
    if marks.line_feeds && !marks.special && !marks.space_break && !marks.trailing_space {
        return Style::Literal;
    }
    choose_on_one_line(text, marks)
}

/// How a text is written where it cannot be a literal.
pub(super) fn choose_on_one_line(text: &str, marks: Marks) -> Style {
    let quoted = marks.line_feeds || marks.special || marks.break_space || marks.space_break;
    if quoted || text.is_empty() || means_something_else(text) {
        Style::DoubleQuoted
    } else if marks.breaks || marks.framed || marks.indicators {
        Style::SingleQuoted
    } else {
        Style::Plain
    }
}

/// Whether yaml.v2 takes a text without quotes for something else, or a reader of YAML 1.1 for a number with base 60.
fn means_something_else(text: &str) -> bool {
    match text.as_bytes()[0] {
        b'0'..=b'9' | b'+' | b'-' => resolves(text) || is_base_60(text) || is_date(text),
        b'.' | b'~' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => resolves(text),
        _ => false,
    }
}

fn resolves(text: &str) -> bool {
    !matches!(resolve(Table::GoYaml2, text, Style::Plain, None), Scalar::Str(_))
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
fn is_base_60(text: &str) -> bool {
    let (number, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = number.strip_prefix(['-', '+']).unwrap_or(number).split(':');
    let first = parts.next().unwrap_or("");
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut sixtieths = parts.peekable();
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && sixtieths.peek().is_some()
        && sixtieths.all(|part| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']))
}
