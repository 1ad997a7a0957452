//! From document to document: markers, directives, and where to go on behind what is broken.

use super::names::{decoded, is_uri};
use super::scan::{BREAK, WORD, is, line_end, spaces};
use super::{Flaw, Read, Reader};
use crate::build::Builder;
use crate::message::describe;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl<'t> Reader<'t> {
    /// Reads every document. A broken one ends in a problem, and the next is read all the same.
    pub(crate) fn read(mut self) -> Builder<'t> {
        loop {
            match self.document() {
                Ok(true) => {}
                Ok(false) => return self.builder,
                Err(fault) => {
                    let problem = describe(self.builder.file, self.text, fault);
                    self.builder.break_with(problem);
                    self.outer = None;
                    if !self.skip() {
                        return self.builder;
                    }
                }
            }
        }
    }

    /// Goes to the next marker, over the document whose directives are broken; `false` where there is none.
    fn skip(&mut self) -> bool {
        let mut line = if self.at == self.line { self.at } else { self.next_line(self.at) };
        while line < self.bytes.len() {
            if self.is_byte_order_mark(line) {
                line += BYTE_ORDER_MARK.len();
            }
            let starts = self.byte_at(line) == b'-';
            if self.is_marker(line) && (starts || self.is_blank_line(line + 3)) {
                (self.at, self.line) = (line, line);
                if !(std::mem::take(&mut self.header) && starts) {
                    return true;
                }
            }
            line = self.next_line(line);
        }
        false
    }

    pub(super) fn is_byte_order_mark(&self, at: usize) -> bool {
        self.bytes.get(at..).unwrap_or_default().starts_with(BYTE_ORDER_MARK)
    }

    fn next_line(&self, at: usize) -> usize {
        self.behind_break(line_end(self.bytes, at))
    }

    fn is_blank_line(&self, from: usize) -> bool {
        let rest = self.slice(from, line_end(self.bytes, from));
        let rest = rest.trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with('#')
    }

    /// Reads the next document; `false` where there is none.
    fn document(&mut self) -> Read<bool> {
        self.handles.clear();
        self.header = false;
        if !self.prefix()? {
            return Ok(false);
        }
        self.builder.start_document(self.at);
        let mut gap = self.at;
        if self.column() == 0 && self.is_marker(self.at) {
            self.at += 3;
            gap = self.at;
            self.header = false;
            self.blanks();
            if !self.line_ends()? {
                self.block_node(false)?;
            }
        } else {
            self.line_node()?;
        }
        while self.next_content()? {
            self.line_node()?;
        }
        self.end(gap)?;
        Ok(true)
    }

    /// Ends the document at its marker, or at the end of the text.
    fn end(&mut self, gap: usize) -> Read {
        while !self.builder.open.is_empty() {
            self.close()?;
        }
        if self.builder.document.nodes.is_empty() {
            self.absent(gap)?;
        }
        if self.byte() == b'.' {
            self.dots()?;
        }
        self.builder.end_document(self.at);
        Ok(())
    }

    /// Goes over what is before a document, to its `---` or its content; `false` where there is none.
    fn prefix(&mut self) -> Read<bool> {
        loop {
            if self.column() == 0 && self.is_byte_order_mark(self.at) {
                self.at += BYTE_ORDER_MARK.len();
                self.line = self.at;
            }
            let content = self.next_content()?;
            match self.byte() {
                b'%' if self.column() == 0 => self.directive()?,
                b'-' if !content => return Ok(true),
                _ if std::mem::take(&mut self.header) => return self.fault(Flaw::DocumentStart, self.at),
                b'.' if !content => self.dots()?,
                0xEF if self.column() == 0 && self.is_byte_order_mark(self.at) => {}
                _ => return Ok(content),
            }
        }
    }

    /// Goes over `...`, behind which nothing but a comment may stand.
    fn dots(&mut self) -> Read {
        self.at += 3;
        let end = self.at;
        self.blanks();
        if !self.line_ends()? {
            return self.fault(Flaw::DocumentEnd, self.at);
        }
        self.at = end;
        Ok(())
    }

    fn directive(&mut self) -> Read {
        self.header = true;
        let start = self.at;
        let end = line_end(self.bytes, start);
        let line = self.slice(start + 1, end);
        let comment = [" #", "\t#"].iter().filter_map(|sign| line.find(sign)).min();
        let mut words = line[..comment.unwrap_or(line.len())].split([' ', '\t']).filter(|word| !word.is_empty());
        let good = !line.starts_with([' ', '\t'])
            && match (words.next(), words.next(), words.next(), words.next()) {
                (Some("YAML"), version, None, None) => self.version(version.unwrap_or("")),
                (Some("TAG"), Some(handle), Some(prefix), None) => self.declare(handle, prefix)?,
                (Some("YAML" | "TAG") | None, ..) => false,
                // YAML leaves room for others, which are to be ignored.
                _ => true,
            };
        if !good {
            return self.fault(Flaw::Directive, start);
        }
        self.at = comment.map_or(end, |comment| start + 1 + comment);
        Ok(())
    }

    /// `1.2` and its like, once.
    fn version(&mut self, version: &str) -> bool {
        const VERSION: &str = "%YAML";
        let number = |text: &str| !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        let first = !self.handles.iter().any(|(handle, _)| *handle == VERSION);
        self.handles.push((VERSION, String::new()));
        first
            && version
                .split_once('.')
                .is_some_and(|(major, minor)| number(major) && number(minor) && major.trim_start_matches('0') == "1")
    }

    fn declare(&mut self, handle: &'t str, prefix: &'t str) -> Read<bool> {
        let name = handle.trim_matches('!');
        let is_handle = matches!(handle, "!" | "!!")
            || handle.len() == name.len() + 2 && handle.starts_with('!') && name.bytes().all(|byte| is(byte, WORD));
        let known = self.handles.iter().any(|(known, _)| *known == handle);
        let start = self.at;
        let good = prefix.bytes().all(is_uri) && !prefix.starts_with([',', '[', ']']);
        let Some(decoded) = decoded(prefix).filter(|_| good) else {
            return self.fault(Flaw::Directive, start);
        };
        self.handles.push((handle, decoded));
        Ok(is_handle && !known)
    }

    /// Goes to what comes next in a document: over blanks, comments and line breaks; `false` at its end.
    pub(super) fn next_content(&mut self) -> Read<bool> {
        self.tab = None;
        loop {
            self.at += spaces(self.bytes, self.at);
            match self.byte() {
                b'\n' | b'\r' => {
                    self.newline();
                    self.tab = None;
                }
                b'#' => self.comment(),
                b'\t' => self.tab = self.indented_by_tab(self.inside())?,
                0 => return Ok(false),
                _ => return Ok(self.at != self.line || !self.is_marker(self.at)),
            }
        }
    }

    /// Goes over the blanks from a tab on, and gives its place. A tab is no indentation, so that content in a block with
    /// this first column cannot depend on it.
    pub(super) fn indented_by_tab(&mut self, inside: usize) -> Read<Option<usize>> {
        let column = self.column();
        let leads = self.bytes[self.line..self.at].iter().all(|byte| *byte == b' ');
        let tab = self.at;
        self.blanks();
        let content = self.byte() != b'#' && !is(self.byte(), BREAK);
        if leads && content && column < inside {
            return self.fault(Flaw::Tab, tab);
        }
        Ok(Some(tab))
    }
}
