//! Where the text stands: the state of libyaml's emitter, as `emitterc.go` keeps it.

use crate::{Change, Span};
use std::sync::Arc;

/// Lines are folded at the first space behind this column (`best_width` in `emitterc.go`).
const WIDTH: usize = 80;

/// Where a line of the text comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The text of the value on this line; of the key, where its collection begins on the next line.
    pub span: Span,
    /// What wrote it, or the nearest collection around it that was written whole; `None` for what the text itself says.
    pub change: Option<Arc<Change>>,
}

/// The text so far, and where on its last line the next thing goes.
pub(super) struct Emitter {
    text: String,
    /// The place of the last line, in characters.
    column: usize,
    /// Where the lines of the open collection begin; -1 outside all.
    pub(super) indent: isize,
    /// Whether white space (or nothing) stands before this place.
    whitespace: bool,
    /// Whether only white space and indicators stand before this place.
    indention: bool,
    /// How many lines are complete.
    complete: usize,
    /// The origins of lines, where they are asked for.
    lines: Option<Vec<Line>>,
}

impl Emitter {
    pub(super) fn new(mapped: bool) -> Self {
        Self {
            text: String::new(),
            column: 0,
            indent: -1,
            whitespace: true,
            indention: true,
            complete: 0,
            lines: mapped.then(Vec::new),
        }
    }

    pub(super) fn finish(self) -> (String, Vec<Line>) {
        (self.text, self.lines.unwrap_or_default())
    }

    pub(super) fn indention(&self) -> bool {
        self.indention
    }

    /// Whether the line is so long that it goes on below at the next space.
    pub(super) fn is_wide(&self) -> bool {
        self.column > WIDTH
    }

    /// An indicator such as `-` or `:`; `keeps_indention` for those behind which a collection may begin on the same line.
    pub(super) fn indicator(&mut self, indicator: &str, needs_space: bool, keeps_indention: bool) {
        if needs_space {
            self.separate();
        }
        self.ascii(indicator);
        self.whitespace = false;
        self.indention &= keeps_indention;
    }

    /// A space, where none stands here.
    pub(super) fn separate(&mut self) {
        if !self.whitespace {
            self.ascii(" ");
        }
    }

    /// Text of one column a byte.
    pub(super) fn ascii(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.len();
    }

    pub(super) fn char(&mut self, character: char) {
        self.text.push(character);
        self.column += 1;
    }

    /// Text without breaks.
    pub(super) fn chars(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    /// Text of a scalar that is not white space.
    pub(super) fn words(&mut self, text: &str) {
        self.chars(text);
        self.indention = false;
    }

    /// The end of a scalar.
    pub(super) fn end_scalar(&mut self) {
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn line_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
        self.complete += 1;
    }

    /// A break of the scalar's own: of U+2028 and U+2029 libyaml believes that they end a line, and writes them as they are.
    pub(super) fn own_break(&mut self, character: char) {
        if character == '\n' {
            self.line_break();
        } else {
            self.text.push(character);
            self.column = 0;
        }
        self.indention = true;
    }

    /// The end of a literal's first line.
    pub(super) fn begin_literal(&mut self) {
        self.line_break();
        self.indention = true;
        self.whitespace = true;
    }

    /// The place where the lines of the open collection begin: on a new line, if this one is already behind it.
    pub(super) fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        while self.column < indent {
            self.ascii(" ");
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// Says where the lines come from that have no origin yet.
    pub(super) fn claim(&mut self, span: Span, change: Option<&Arc<Change>>) {
        let end = self.complete + usize::from(self.column > 0);
        if let Some(lines) = &mut self.lines
            && lines.len() < end
        {
            lines.resize(end, Line { span, change: change.cloned() });
        }
    }
}
