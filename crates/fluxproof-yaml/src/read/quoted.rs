//! Texts in quotes.

use super::scan::{BREAK, DOUBLE, SINGLE, find, is};
use super::{Flaw, Read, Reader};
use crate::Style;

impl Reader<'_> {
    pub(super) fn single_quoted(&mut self) -> Read {
        let start = self.at;
        let end = find(self.bytes, start + 1, SINGLE);
        if self.byte_at(end) == b'\'' && self.byte_at(end + 1) != b'\'' {
            self.at = end + 1;
            self.builder.written(Style::SingleQuoted, start, self.at, start + 1..end);
            return Ok(());
        }
        self.quoted_lines(Style::SingleQuoted, SINGLE)
    }

    pub(super) fn double_quoted(&mut self) -> Read {
        let start = self.at;
        let end = find(self.bytes, start + 1, DOUBLE);
        if self.byte_at(end) == b'"' {
            self.at = end + 1;
            self.builder.written(Style::DoubleQuoted, start, self.at, start + 1..end);
            return Ok(());
        }
        self.quoted_lines(Style::DoubleQuoted, DOUBLE)
    }

    /// A text with escapes or line breaks.
    fn quoted_lines(&mut self, style: Style, class: u8) -> Read {
        let start = self.at;
        let text = self.builder.document.text.len();
        // What is before this was escaped, or folded: blanks in it stay.
        let mut fixed = text;
        self.at += 1;
        loop {
            let end = find(self.bytes, self.at, class);
            self.builder.copy(self.at..end);
            self.at = end;
            match self.byte() {
                b'\'' if self.byte_at(end + 1) == b'\'' => {
                    self.at += 2;
                    self.builder.document.text.push('\'');
                }
                b'\'' | b'"' => break,
                b'\\' => self.escape(start)?,
                0 => return self.fault(Flaw::QuoteNotClosed, start),
                _ => {
                    self.builder.trim(fixed);
                    let breaks = self.quoted_breaks(start)?;
                    self.builder.fold(breaks);
                }
            }
            fixed = self.builder.document.text.len();
        }
        self.at += 1;
        self.builder.scalar(style, start, self.at, text);
        Ok(())
    }

    /// Goes over line breaks and the blanks around them; gives the number of breaks.
    fn quoted_breaks(&mut self, start: usize) -> Read<usize> {
        let mut breaks = 0;
        while matches!(self.byte(), b'\n' | b'\r') {
            self.newline();
            breaks += 1;
            if self.is_marker(self.at) {
                return self.fault(Flaw::QuoteNotClosed, start);
            }
            self.blanks();
        }
        Ok(breaks)
    }

    fn escape(&mut self, start: usize) -> Read {
        let at = self.at;
        let byte = self.byte_at(at + 1);
        if is(byte, BREAK) {
            return self.escaped_break(start);
        }
        self.at += 2;
        let Some(meant) = short_escape(byte) else { return self.long_escape(at, byte) };
        self.builder.document.text.push(meant);
        Ok(())
    }

    /// A line break behind `\` is nothing; empty lines behind it are line breaks.
    fn escaped_break(&mut self, start: usize) -> Read {
        self.at += 1;
        let breaks = self.quoted_breaks(start)?;
        self.builder.breaks(breaks.saturating_sub(1));
        Ok(())
    }

    /// `\x`, `\u` and `\U` with the number of a character.
    fn long_escape(&mut self, at: usize, byte: u8) -> Read {
        let length = match byte {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => return self.fault(Flaw::Escape, at),
        };
        let digits = self.slice(self.at, self.at + length);
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        let Some(number) = number.filter(|_| digits.len() == length) else { return self.fault(Flaw::Escape, at) };
        // As go-yaml has it: the halves of a JSON pair are no characters.
        let Some(meant) = char::from_u32(number) else { return self.fault(Flaw::Surrogate, at) };
        self.at += length;
        self.builder.document.text.push(meant);
        Ok(())
    }
}

fn short_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' | b'"' | b'/' | b'\\' => char::from(byte),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
