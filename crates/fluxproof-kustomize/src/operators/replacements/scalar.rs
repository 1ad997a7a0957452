//! Scalars as yaml.v3 writes them (`emitterc.go`, `encode.go`).

use crate::tree::NOWHERE;
use fluxproof_yaml::{Type, Value};
use std::fmt::Write;

/// How a scalar is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

impl Style {
    /// The style of a text as it is written.
    pub(super) fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            Some(b'|') => Self::Literal,
            Some(b'>') => Self::Folded,
            _ => Self::Plain,
        }
    }

    /// A key stands in one line.
    pub(super) fn for_key(self) -> Self {
        if matches!(self, Self::Literal | Self::Folded) { Self::Double } else { self }
    }
}

/// Writes a scalar; the lines of a block are indented.
pub(super) fn push(out: &mut String, text: &str, kind: Type, style: Style, indentation: usize, in_flow: bool) {
    match chosen(text, kind, style, in_flow) {
        Style::Plain => {
            if needs_tag(text, kind, style) {
                out.extend([kind.tag(), " "]);
            }
            out.push_str(text);
        }
        Style::Single => {
            let lines = format!("\n\n{}", " ".repeat(indentation));
            out.push('\'');
            out.push_str(&text.replace('\'', "''").replace('\n', &lines));
            out.push('\'');
        }
        Style::Double => double(out, text),
        Style::Literal => block(out, text, '|', indentation),
        Style::Folded => block(out, text, '>', indentation),
    }
}

/// Whether a text needs a tag, because it does not mean what its type says.
fn needs_tag(text: &str, kind: Type, style: Style) -> bool {
    style == Style::Plain && kind != Type::Str && !is_of(text, kind)
}

fn is_of(text: &str, kind: Type) -> bool {
    matches!(Value::plain(NOWHERE, text).data, fluxproof_yaml::Data::Scalar(_, found) if found == kind)
}

fn chosen(text: &str, kind: Type, style: Style, in_flow: bool) -> Style {
    let wanted = match style {
        Style::Plain if text.contains('\n') => Style::Literal,
        Style::Plain if kind == Type::Str && !is_of(text, Type::Str) => Style::Double,
        style => style,
    };
    match wanted {
        Style::Plain if may_be_plain(text, in_flow) => Style::Plain,
        Style::Plain | Style::Single if may_be_single(text) || may_be_lines(text) => Style::Single,
        Style::Literal | Style::Folded if !in_flow && may_be_block(text) => wanted,
        _ => Style::Double,
    }
}

fn may_be_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return !in_flow };
    let second = text.chars().nth(1);
    let is_sign = "#,[]{}&*!|>'\"%@`".contains(first) || ("-?:".contains(first) && second.is_none_or(|c| c == ' '));
    let inner = !text.contains(": ") && !text.contains(" #") && !text.ends_with(':');
    let flow = !in_flow || !text.contains([',', '?', '[', ']', '{', '}', ':']);
    !is_sign
        && inner
        && flow
        && !text.starts_with("---")
        && !text.starts_with("...")
        && may_be_single(text)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
}

/// In one line, and without what must be escaped.
fn may_be_single(text: &str) -> bool {
    !text.contains('\n') && text.chars().all(is_printable)
}

/// Single lines with nothing that must be escaped.
fn may_be_lines(text: &str) -> bool {
    let between = |line: &str| !line.is_empty() && !line.starts_with(' ') && !line.ends_with(' ');
    text.split('\n').all(|line| between(line) && line.chars().all(is_printable))
}

fn may_be_block(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(" \n")
        && !text.ends_with(' ')
        && text.chars().all(|c| c == '\n' || is_printable(c))
}

fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
        || c == '\t'
}

fn double(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) < 0x100 => drop(write!(out, "\\x{:02X}", u32::from(c))),
            c => drop(write!(out, "\\u{:04X}", u32::from(c))),
        }
    }
    out.push('"');
}

fn block(out: &mut String, text: &str, sign: char, indentation: usize) {
    out.push(sign);
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    let trailing = text.len() - text.trim_end_matches('\n').len();
    out.push_str(match trailing {
        0 => "-",
        1 => "",
        _ => "+",
    });
    out.push('\n');
    let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indentation));
            out.push_str(line);
        }
        out.push('\n');
        let next = lines.get(at + 1);
        let folds = |line: &str| !line.is_empty() && !line.starts_with(' ');
        if sign == '>' && folds(line) && next.is_some_and(|next| folds(next)) {
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_where_they_must_be() {
        let written = |text: &str, kind, style, in_flow| {
            let mut out = String::new();
            push(&mut out, text, kind, style, 2, in_flow);
            out
        };
        for (text, kind, style, in_flow, expected) in [
            ("a b", Type::Str, Style::Plain, false, "a b"),
            ("1", Type::Str, Style::Plain, false, "\"1\""),
            ("1", Type::Int, Style::Plain, false, "1"),
            ("x", Type::Int, Style::Plain, false, "!!int x"),
            ("a: b", Type::Str, Style::Plain, false, "'a: b'"),
            ("a:b", Type::Str, Style::Plain, true, "'a:b'"),
            ("it's", Type::Str, Style::Single, false, "'it''s'"),
            ("a\nb", Type::Str, Style::Plain, false, "|-\n  a\n  b\n"),
            ("a\nb\n", Type::Str, Style::Folded, false, ">\n  a\n\n  b\n"),
            ("a\tb\n", Type::Str, Style::Double, false, "\"a\\tb\\n\""),
        ] {
            assert_eq!(written(text, kind, style, in_flow), expected, "{text}");
        }
    }
}
