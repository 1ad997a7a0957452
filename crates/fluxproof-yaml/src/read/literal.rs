//! Block texts: what follows `|` and `>`.

use super::scan::{BLANK, is, line_end};
use super::{Flaw, Read, Reader};
use crate::Style;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    /// `-`: none stays.
    Strip,
    /// The first stays.
    Clip,
    /// `+`: all stay.
    Keep,
}

/// A block text while it is read.
struct Block {
    folded: bool,
    /// How far its lines are indented; the first one says it where the header does not.
    indent: Option<usize>,
    /// Whether a line with text was read.
    any: bool,
    /// Empty lines since the last one with text.
    breaks: usize,
    /// Whether the last line with text had a line break.
    broken: bool,
    /// Whether the last line with text began with a blank.
    blank: bool,
    /// The end of the last line with text.
    end: usize,
}

impl Reader<'_> {
    /// Reads a block text from its `|` or `>` up to the line behind it.
    pub(super) fn block_scalar(&mut self) -> Read<u32> {
        let (start, inside) = (self.at, self.inside());
        let folded = self.byte() == b'>';
        let (chomp, digit) = self.block_header()?;
        let text = self.builder.document.text.len();
        let indent = digit.map(|digit| inside.saturating_sub(1) + digit);
        let mut block = Block { folded, indent, any: false, breaks: 0, broken: false, blank: false, end: self.at };
        self.newline();
        if self.byte() == b'\t' {
            return self.fault(Flaw::Tab, self.at);
        }
        self.block_lines(&mut block, inside)?;
        self.chomp(chomp, &block);
        let end = if chomp == Chomp::Keep { self.before_break(self.at) } else { block.end };
        let style = if folded { Style::Folded } else { Style::Literal };
        let node = self.builder.next();
        self.builder.scalar(style, start, end, text);
        Ok(node)
    }

    /// Reads the rest of the line of a `|` or `>`.
    fn block_header(&mut self) -> Read<(Chomp, Option<usize>)> {
        let (start, mut chomp, mut digit) = (self.at, None, None);
        loop {
            self.at += 1;
            match self.byte() {
                b'-' if chomp.is_none() => chomp = Some(Chomp::Strip),
                b'+' if chomp.is_none() => chomp = Some(Chomp::Keep),
                byte @ b'1'..=b'9' if digit.is_none() => digit = Some(usize::from(byte - b'0')),
                _ => break,
            }
        }
        self.blanks();
        if !self.line_ends()? {
            return self.fault(Flaw::Header, start);
        }
        if self.byte() == b'#' {
            self.comment();
        }
        Ok((chomp.unwrap_or(Chomp::Clip), digit))
    }

    /// Reads the lines, from the beginning of the first one.
    fn block_lines(&mut self, block: &mut Block, inside: usize) -> Read {
        let mut longest = 0;
        loop {
            let line = self.at;
            while self.byte() == b' ' && block.indent.is_none_or(|indent| self.at - line < indent) {
                self.at += 1;
            }
            let column = self.at - line;
            longest = longest.max(column);
            if matches!(self.byte(), b'\n' | b'\r') {
                self.newline();
                block.breaks += 1;
                continue;
            }
            let indent = *block.indent.get_or_insert(longest.max(inside));
            if column < indent || self.byte() == 0 || indent == 0 && self.is_marker(line) {
                let wrong = !block.any && self.byte() != 0 && column < indent && column >= inside;
                if wrong && !(column == 0 && (self.byte() == b'#' || self.is_marker(line))) {
                    return self.fault(Flaw::BlockIndent, self.at);
                }
                self.at = line;
                return Ok(());
            }
            self.block_line(block);
            self.newline();
        }
    }

    /// Takes a line with text, and the line breaks before it.
    fn block_line(&mut self, block: &mut Block) {
        let blank = is(self.byte(), BLANK);
        if block.folded && block.broken && !block.blank && !blank {
            self.builder.fold(block.breaks + 1);
        } else {
            self.builder.breaks(block.breaks + usize::from(block.broken));
        }
        let end = line_end(self.bytes, self.at);
        self.builder.copy(self.at..end);
        self.at = end;
        let broken = self.byte() != 0;
        *block = Block { breaks: 0, any: true, broken, blank, end, ..*block };
    }

    fn chomp(&mut self, chomp: Chomp, block: &Block) {
        if chomp != Chomp::Strip {
            self.builder.breaks(usize::from(block.broken));
        }
        if chomp == Chomp::Keep {
            self.builder.breaks(block.breaks);
        }
    }

    /// The place before the line break that ends at `at`.
    fn before_break(&self, at: usize) -> usize {
        let text = self.slice(0, at);
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.strip_suffix('\r').unwrap_or(text).len()
    }
}
