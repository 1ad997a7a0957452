//! From text to nodes, in one pass over its bytes, without tokens or events in between and without recursion.
//!
//! [`Reader`] stands at a byte of a text. `stream` goes from document to document, `block` from line to line,
//! `flow` through what is in brackets; `plain`, `quoted` and `literal` read scalars, `names` anchors and tags.
//! Nodes go straight into the [`Builder`], which also holds the collections that are open.

mod block;
mod doubles;
mod fault;
mod flow;
mod literal;
mod names;
mod plain;
mod quoted;
mod scan;
mod stream;

pub(crate) use fault::{Fault, Flaw, Read};

use crate::build::{Builder, Names, to_u32};
use scan::{BLANK, BREAK, is, line_end};

/// The longest key without `?`, in characters: what libyaml, and so go-yaml, looks back.
const LONGEST_KEY: usize = 1024;

/// Reads the documents of one text.
pub(crate) struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the line begins that `at` is on.
    line: usize,
    /// The tab in the blanks before `at`, where nothing else stands between it and an indicator or the line's begin.
    tab: Option<usize>,
    /// The anchor and the tag on lines above their node.
    outer: Option<Box<Names<'t>>>,
    /// What `%TAG` declares: handles and what they stand for.
    handles: Vec<(&'t str, String)>,
    /// Whether directives were read, and the `---` of their document was not.
    header: bool,
    builder: Builder<'t>,
}

impl<'t> Reader<'t> {
    /// Reads a text from `base` on.
    pub(crate) fn new(text: &'t str, base: usize, builder: Builder<'t>) -> Self {
        let (tab, outer, handles, header) = (None, None, Vec::new(), false);
        Self { text, bytes: text.as_bytes(), at: base, line: base, tab, outer, handles, header, builder }
    }

    /// The byte at a place; 0 behind the end.
    fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn byte(&self) -> u8 {
        self.byte_at(self.at)
    }

    /// Whether a blank, a line break or the end of the text is at a place.
    fn is_space(&self, at: usize) -> bool {
        is(self.byte_at(at), BLANK | BREAK)
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn fault<T>(&self, flaw: Flaw, at: usize) -> Read<T> {
        Err(Fault { flaw, at: to_u32(at) })
    }

    /// The place behind the line break at `at`.
    fn behind_break(&self, at: usize) -> usize {
        match self.byte_at(at) {
            b'\r' if self.byte_at(at + 1) == b'\n' => at + 2,
            b'\r' | b'\n' => at + 1,
            _ => at,
        }
    }

    fn newline(&mut self) {
        self.at = self.behind_break(self.at);
        self.line = self.at;
    }

    /// Whether `---` or `...` stands alone at the beginning of a line.
    fn is_marker(&self, line: usize) -> bool {
        let mark = self.byte_at(line);
        (mark == b'-' || mark == b'.')
            && self.byte_at(line + 1) == mark
            && self.byte_at(line + 2) == mark
            && self.is_space(line + 3)
    }

    /// Goes over spaces and tabs; gives the place of the last tab.
    fn blanks(&mut self) -> Option<usize> {
        let mut tab = None;
        loop {
            match self.byte() {
                b' ' => {}
                b'\t' => tab = Some(self.at),
                _ => return tab,
            }
            self.at += 1;
        }
    }

    /// Whether nothing but a comment is left on the line, where blanks have been gone over.
    fn line_ends(&self) -> Read<bool> {
        match self.byte() {
            b'#' if self.is_separated() => Ok(true),
            b'#' => self.fault(Flaw::Comment, self.at),
            byte => Ok(is(byte, BREAK)),
        }
    }

    /// Whether a blank or the beginning of a line is before `at`.
    fn is_separated(&self) -> bool {
        self.at == self.line || is(self.byte_at(self.at - 1), BLANK | BREAK)
    }

    /// Takes the comment at `at`.
    fn comment(&mut self) {
        let end = line_end(self.bytes, self.at);
        self.builder.comment(self.at, end);
        self.at = end;
    }

    /// Whether the text from `start` up to here is too long for a key.
    fn is_long(&self, start: usize) -> bool {
        self.at - start > LONGEST_KEY && self.slice(start, self.at).chars().count() > LONGEST_KEY
    }
}
