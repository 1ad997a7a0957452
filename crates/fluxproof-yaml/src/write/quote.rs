//! The scalars of a text, written in their style (`yaml_emitter_write_*_scalar` in `emitterc.go`).

use super::emitter::Emitter;
use super::style::{Marks, choose, choose_on_one_line, is_break, is_printable};
use crate::Style;

/// A key of more bytes is not written on one line with its value.
const LONGEST_SIMPLE_KEY: usize = 128;

/// Writes a key; whether it has lines of its own.
pub(super) fn key(out: &mut Emitter, text: &str, marks: Marks) -> bool {
    let simple = !marks.breaks && text.len() <= LONGEST_SIMPLE_KEY;
    if simple {
        styled(out, text, choose_on_one_line(text, marks), false);
    } else {
        out.indicator("?", true, true);
        value(out, text, marks);
    }
    !simple
}

/// Writes the colon behind a key.
pub(super) fn colon(out: &mut Emitter, own_lines: bool) {
    if own_lines {
        out.write_indent();
    }
    out.indicator(":", own_lines, own_lines);
}

/// Writes a text as a value.
pub(super) fn value(out: &mut Emitter, text: &str, marks: Marks) {
    let outer = out.indent;
    out.indent = outer.max(0) + 2;
    styled(out, text, choose(text, marks), true);
    out.indent = outer;
}

/// Writes a text that is no string: a number, a boolean, null.
pub(super) fn bare(out: &mut Emitter, text: &str) {
    out.separate();
    out.ascii(text);
    out.end_scalar();
}

fn styled(out: &mut Emitter, text: &str, style: Style, folds: bool) {
    match style {
        Style::SingleQuoted => single_quoted(out, text, folds),
        Style::DoubleQuoted => double_quoted(out, text, folds),
        Style::Literal => literal(out, text),
        _ => plain(out, text, folds),
    }
}

fn plain(out: &mut Emitter, text: &str, folds: bool) {
    out.separate();
    let mut rest = text;
    while let Some(at) = rest.find(' ') {
        out.words(&rest[..at]);
        let spaces = leading_spaces(&rest[at..]);
        if folds && spaces == 1 && out.is_wide() {
            out.write_indent();
        } else {
            out.ascii(&rest[at..at + spaces]);
        }
        rest = &rest[at + spaces..];
    }
    out.words(rest);
    out.end_scalar();
}

fn leading_spaces(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

fn single_quoted(out: &mut Emitter, text: &str, folds: bool) {
    out.indicator("'", true, false);
    let mut breaks = false;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if is_break(rest.as_bytes()) {
            at += own_break(out, rest);
            breaks = true;
        } else if rest.starts_with(' ') {
            at += spaces(out, text, at, folds);
        } else {
            if std::mem::take(&mut breaks) {
                out.write_indent();
            }
            at += quoted_words(out, rest);
        }
    }
    out.indicator("'", false, false);
}

/// Writes a break as it is; its length.
fn own_break(out: &mut Emitter, rest: &str) -> usize {
    rest.chars().next().map_or(1, |character| {
        out.own_break(character);
        character.len_utf8()
    })
}

/// Writes the spaces at `at`, or goes on below instead of a single one; how many they are.
fn spaces(out: &mut Emitter, text: &str, at: usize, folds: bool) -> usize {
    let count = leading_spaces(&text[at..]);
    if folds && count == 1 && at > 0 && at + 1 < text.len() && out.is_wide() {
        out.write_indent();
    } else {
        out.ascii(&text[at..at + count]);
    }
    count
}

/// Writes up to the next space or break, quotes doubled; the length.
fn quoted_words(out: &mut Emitter, rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let end = (0..bytes.len()).find(|at| bytes[*at] == b' ' || is_break(&bytes[*at..])).unwrap_or(bytes.len());
    for (nth, part) in rest[..end].split('\'').enumerate() {
        if nth > 0 {
            out.ascii("''");
        }
        out.words(part);
    }
    end
}

fn double_quoted(out: &mut Emitter, text: &str, folds: bool) {
    out.indicator("\"", true, false);
    // libyaml looks for the byte order mark at the start of the text, whichever character it is about to write.
    let escapes_all = text.starts_with('\u{FEFF}');
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let raw = if escapes_all { 0 } else { raw_length(rest) };
        out.chars(&rest[..raw]);
        at += raw;
        let Some(next) = rest[raw..].chars().next() else { break };
        if next == ' ' && !escapes_all {
            at += double_quoted_spaces(out, text, at, folds);
        } else {
            escape(out, next);
            at += next.len_utf8();
        }
    }
    out.indicator("\"", false, false);
}

/// How much of a text can be written as it is, up to the next space.
fn raw_length(text: &str) -> usize {
    let is_raw = |at: usize, character: char| {
        let bytes = &text.as_bytes()[at..at + character.len_utf8()];
        !matches!(character, ' ' | '"' | '\\') && is_printable(bytes) && !is_break(bytes)
    };
    text.char_indices().find(|(at, character)| !is_raw(*at, *character)).map_or(text.len(), |(at, _)| at)
}

/// Writes spaces; where the line is long, the first of them becomes its end, and a backslash keeps the others.
fn double_quoted_spaces(out: &mut Emitter, text: &str, at: usize, folds: bool) -> usize {
    let count = leading_spaces(&text[at..]);
    if folds && at > 0 && at + 1 < text.len() && out.is_wide() {
        out.write_indent();
        if count > 1 {
            out.ascii("\\");
        }
        out.ascii(&text[at + 1..at + count]);
    } else {
        out.ascii(&text[at..at + count]);
    }
    count
}

fn escape(out: &mut Emitter, character: char) {
    let short = match character {
        '\0' => "\\0",
        '\u{07}' => "\\a",
        '\u{08}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{0B}' => "\\v",
        '\u{0C}' => "\\f",
        '\r' => "\\r",
        '\u{1B}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{A0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ => return escape_code(out, u32::from(character)),
    };
    out.ascii(short);
}

fn escape_code(out: &mut Emitter, code: u32) {
    let (prefix, digits) = match code {
        0..=0xFF => ("\\x", 2),
        0x100..=0xFFFF => ("\\u", 4),
        _ => ("\\U", 8),
    };
    out.ascii(prefix);
    for nth in (0..digits).rev() {
        let digit = char::from_digit(code >> (4 * nth) & 0xF, 16).unwrap_or('0');
        out.char(digit.to_ascii_uppercase());
    }
}

fn literal(out: &mut Emitter, text: &str) {
    out.indicator("|", true, false);
    if text.starts_with(' ') || is_break(text.as_bytes()) {
        out.ascii("2");
    }
    out.ascii(chomping(text));
    out.begin_literal();
    let mut rest = text;
    while !rest.is_empty() {
        let end = line_length(rest);
        if end > 0 {
            out.write_indent();
            out.words(&rest[..end]);
        }
        rest = &rest[end..];
        rest = &rest[if rest.is_empty() { 0 } else { own_break(out, rest) }..];
    }
}

fn line_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_end = |at: &usize| matches!(bytes[*at], b'\n' | 0xE2) && is_break(&bytes[*at..]);
    (0..bytes.len()).find(is_end).unwrap_or(bytes.len())
}

/// What happens to the breaks at a literal's end: one is kept by default.
fn chomping(text: &str) -> &'static str {
    let mut last = text.chars().rev();
    let mut ends = || last.next().is_some_and(|character| is_break(character.encode_utf8(&mut [0; 4]).as_bytes()));
    match (ends(), text.chars().nth(1).is_none() || ends()) {
        (false, _) => "-",
        (true, true) => "+",
        (true, false) => "",
    }
}
