//! Spans as people and programs read them.

use fluxproof_yaml::{FileId, LineColumn, Sources, Span};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A span with its path and its lines.
#[derive(Debug, Clone)]
pub(crate) struct Place<'s> {
    pub(crate) path: &'s str,
    pub(crate) start: LineColumn,
    pub(crate) end: LineColumn,
}

/// Where spans are. It remembers where the lines of a file begin: a report asks thousands of times about the same file,
/// and to count its lines each time would take minutes on a large one.
pub(crate) struct Places<'s> {
    sources: &'s Sources,
    lines: RefCell<BTreeMap<FileId, Rc<[usize]>>>,
}

impl<'s> Places<'s> {
    /// Places in these sources.
    pub(crate) fn new(sources: &'s Sources) -> Self {
        Self { sources, lines: RefCell::default() }
    }

    /// Where a span is.
    pub(crate) fn place(&self, span: Span) -> Place<'s> {
        Place {
            path: self.sources.path(span.file).as_str(),
            start: self.line_column(span.file, span.start),
            end: self.line_column(span.file, span.end),
        }
    }

    /// `path:line`
    pub(crate) fn short(&self, span: Span) -> String {
        let place = self.place(span);
        format!("{}:{}", place.path, place.start.line)
    }

    /// `path:line:column`
    pub(crate) fn long(&self, span: Span) -> String {
        let place = self.place(span);
        format!("{}:{}:{}", place.path, place.start.line, place.start.column)
    }

    /// The bytes of a line, from 1, with its line break; empty behind the last.
    pub(crate) fn line(&self, file: FileId, line: u32) -> std::ops::Range<usize> {
        let (starts, end) = (self.starts(file), self.sources.text(file).len());
        let index = line as usize;
        let start = index.checked_sub(1).and_then(|before| starts.get(before)).copied().unwrap_or(end);
        start..starts.get(index).copied().unwrap_or(end)
    }

    fn line_column(&self, file: FileId, byte: u32) -> LineColumn {
        let (text, starts) = (self.sources.text(file), self.starts(file));
        let at = text.floor_char_boundary(byte as usize);
        let line = starts.partition_point(|start| *start <= at);
        let before = line.checked_sub(1).and_then(|index| text.get(*starts.get(index)?..at)).unwrap_or("");
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        LineColumn { line: small(line), column: small(before.chars().count() + 1) }
    }

    fn starts(&self, file: FileId) -> Rc<[usize]> {
        let count = || {
            let breaks = self.sources.text(file).bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        };
        Rc::clone(self.lines.borrow_mut().entry(file).or_insert_with(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::RepoPath;

    #[test]
    fn lines_and_columns_are_those_of_the_sources() {
        for text in ["", "a", "\n", "a\u{e9}\u{1f680}b\r\n\nc: d\n", "x\ny"] {
            let sources = Sources::from_texts([(RepoPath::new("a.yaml").expect("a path"), text)]);
            let places = Places::new(&sources);
            for byte in 0..=u32::try_from(text.len() + 2).expect("small") {
                let expected = sources.line_column(FileId(0), byte);
                assert_eq!(places.line_column(FileId(0), byte), expected, "{text:?} at {byte}");
            }
        }
    }
}
