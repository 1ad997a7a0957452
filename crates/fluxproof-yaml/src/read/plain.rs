//! Texts without quotes.

use super::scan::{BLANK, BREAK, FLOW, PLAIN, find, is};
use super::{Flaw, Read, Reader};
use crate::Style;

impl Reader<'_> {
    /// A text in a block; only to the end of its line, but for `lines`.
    pub(super) fn plain(&mut self, lines: bool) -> Read {
        let start = self.at;
        let end = self.plain_piece(PLAIN);
        let inside = self.inside();
        if lines && is(self.byte(), BREAK) && self.may_go_on(inside) {
            return self.plain_lines(start, end, PLAIN, inside);
        }
        self.builder.written(Style::Plain, start, end, start..end);
        Ok(())
    }

    /// A text between brackets, which stand in a block with this first column.
    pub(super) fn plain_in_flow(&mut self, inside: usize) -> Read {
        let start = self.at;
        let end = self.plain_piece(PLAIN | FLOW);
        if is(self.byte(), BREAK) {
            return self.plain_lines(start, end, PLAIN | FLOW, inside);
        }
        self.builder.written(Style::Plain, start, end, start..end);
        Ok(())
    }

    /// Goes over the text that is on this line; gives its end, without blanks.
    fn plain_piece(&mut self, class: u8) -> usize {
        let start = self.at;
        loop {
            self.at = find(self.bytes, self.at, class);
            let goes_on = match self.byte() {
                b':' => !self.ends_key(self.at + 1, class),
                b'#' => self.at == start || !is(self.byte_at(self.at - 1), BLANK),
                _ => false,
            };
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        let text = &self.bytes[start..self.at];
        let blanks = text.iter().rev().take_while(|byte| is(**byte, BLANK)).count();
        self.at - blanks
    }

    /// Whether the byte behind a `:` makes it the end of a key.
    fn ends_key(&self, at: usize, class: u8) -> bool {
        is(self.byte_at(at), BLANK | BREAK | class & FLOW)
    }

    /// Whether the line behind this one may be part of the text: a quick look that need not be right.
    fn may_go_on(&self, inside: usize) -> bool {
        let line = self.behind_break(self.at);
        let start = self.bytes.get(line..).unwrap_or_default();
        let spaces = start.iter().take(inside).take_while(|byte| **byte == b' ').count();
        spaces == inside || is(self.byte_at(line + spaces), BLANK | BREAK)
    }

    /// Goes on with a text that began on the line before: line breaks are folded.
    fn plain_lines(&mut self, start: usize, mut end: usize, class: u8, inside: usize) -> Read {
        let text = self.builder.document.text.len();
        self.builder.copy(start..end);
        while is(self.byte(), BREAK) {
            let (at, line) = (self.at, self.line);
            let breaks = self.plain_breaks(inside)?;
            let piece = self.at;
            let inner = class & FLOW != 0 || self.column() >= inside;
            let goes_on = breaks > 0 && inner && self.byte() != b'#' && !(self.column() == 0 && self.is_marker(piece));
            let piece_end = if goes_on { self.plain_piece(class) } else { piece };
            if piece == piece_end {
                (self.at, self.line) = (at, line);
                break;
            }
            self.builder.fold(breaks);
            self.builder.copy(piece..piece_end);
            end = piece_end;
        }
        self.builder.scalar(Style::Plain, start, end, text);
        Ok(())
    }

    /// Goes over line breaks and the blanks around them; gives the number of breaks.
    fn plain_breaks(&mut self, inside: usize) -> Read<usize> {
        let mut breaks = 0;
        while matches!(self.byte(), b'\n' | b'\r') {
            self.newline();
            breaks += 1;
            while self.byte() == b' ' {
                self.at += 1;
            }
            let indentation = self.column();
            let tab = self.blanks();
            let content = self.byte() != b'#' && !is(self.byte(), BREAK);
            if let Some(tab) = tab.filter(|_| content && indentation < inside) {
                return self.fault(Flaw::Tab, tab);
            }
        }
        Ok(breaks)
    }
}
