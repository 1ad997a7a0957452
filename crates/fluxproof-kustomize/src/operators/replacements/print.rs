//! YAML in the text of a scalar, written as yaml.v3 writes a tree that it has read: two columns of indentation, lists
//! not indented, each scalar and collection in the style it had, comments where they were, lines of any length.

use super::lookup::text;
use super::scalar::{self, Style};
use crate::workspace::INNER;
use fluxproof_yaml::{Data, Entry, FileId, Sources, Span, Value, parse};

/// The text that a value was read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'t> {
    sources: &'t Sources,
    file: FileId,
    text: &'t str,
}

impl<'t> Written<'t> {
    /// The text of a file.
    pub(crate) fn file(sources: &'t Sources, file: FileId) -> Self {
        Self { sources, file, text: sources.text(file) }
    }

    /// A text that is itself the value of a scalar.
    pub(crate) fn inner(self, text: &'t str) -> Self {
        Self { file: INNER, text, ..self }
    }

    /// The text of a span.
    fn snippet(self, span: Span) -> &'t str {
        let inner = || self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        if span.file == self.file { inner() } else { self.sources.snippet(span) }
    }

    /// The text that says how a node is written.
    fn style(self, value: &Value) -> &'t str {
        self.snippet(origin(value))
    }

    /// Whether a scalar is written in quotes.
    pub(crate) fn is_quoted(self, scalar: &Value) -> bool {
        self.style(scalar).starts_with(['\'', '"'])
    }

    /// Where a node, or the one that it took the place of, was read from here.
    fn place(self, value: &Value) -> Option<Span> {
        let before = value.change.as_deref().and_then(|change| change.before.as_ref());
        Some(before.map_or(value.span, |before| before.span)).filter(|span| span.file == self.file)
    }

    /// Whether a node is written in brackets.
    pub(crate) fn is_flow(self, value: &Value) -> bool {
        value.scalar_text().is_none() && self.style(value).starts_with(['{', '['])
    }

    /// A value that was read from here, and may have been changed, as text without a line break at its end.
    pub(crate) fn yaml(self, value: &Value) -> String {
        let mut printer = Printer { old: self, comments: Vec::new(), text: String::new() };
        printer.root(value);
        printer.text.trim().to_owned()
    }

    /// The same with the comments of the whole text.
    pub(crate) fn document(self, value: &Value) -> String {
        let mut printer = Printer { old: self, comments: comments(self.text), text: String::new() };
        printer.root(value);
        printer.heads(u32::MAX, 0);
        printer.text.trim().to_owned()
    }
}

/// The text that says how a node is written: programs that change a text keep its quotes; what they make has none.
pub(super) fn origin(value: &Value) -> Span {
    let mut span = value.span;
    let mut change = value.change.as_deref();
    while let Some(made) = change {
        match &made.before {
            None => return Span { end: span.start, ..span },
            Some(before) if span.file == INNER || before.span.file == INNER => break,
            Some(before) => (span, change) = (before.span, before.change.as_deref()),
        }
    }
    span
}

/// A comment: its text, and whether it has a line of its own.
struct Comment {
    span: Span,
    own_line: bool,
}

/// The comments of a text, the last first.
fn comments(old: &str) -> Vec<Comment> {
    let parsed = parse(INNER, old);
    let of_documents = parsed.documents.iter().flat_map(|document| document.comments());
    let mut comments: Vec<Comment> = of_documents
        .chain(&parsed.comments)
        .map(|comment| {
            let before = old.get(..comment.span.start as usize).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            Comment { span: comment.span, own_line: line.trim().is_empty() }
        })
        .collect();
    fluxproof_order::sort_by_key(&mut comments, |comment| std::cmp::Reverse(comment.span.start));
    comments
}

struct Printer<'t> {
    old: Written<'t>,
    comments: Vec<Comment>,
    text: String,
}

impl<'t> Printer<'t> {
    fn root(&mut self, value: &Value) {
        match &value.data {
            Data::Map(entries) if !self.is_flow(value) => self.map(entries, 0),
            Data::Seq(items) if !self.is_flow(value) => self.list(items, 0),
            _ => {
                self.inline(value, 0, false);
                self.end_line(value);
            }
        }
    }

    /// Whether a collection is written in brackets, as an empty one always is.
    fn is_flow(&self, value: &Value) -> bool {
        let empty = value.items().is_empty() && value.entries().is_empty();
        self.old.is_flow(value) || (empty && value.scalar_text().is_none())
    }

    fn indent(&mut self, indentation: usize) {
        self.text.extend(std::iter::repeat_n(' ', indentation));
    }

    fn map(&mut self, entries: &[Entry], indentation: usize) {
        for (at, entry) in entries.iter().enumerate() {
            if entry.key_span.file == self.old.file {
                self.heads(entry.key_span.start, indentation);
            }
            if at > 0 || !self.text.ends_with("- ") {
                self.indent(indentation);
            }
            self.entry(entry, indentation);
        }
    }

    fn entry(&mut self, entry: &Entry, indentation: usize) {
        self.key(entry, false);
        self.text.push(':');
        match &entry.value.data {
            Data::Map(entries) if !self.is_flow(&entry.value) => {
                self.end_line_at(entry.key_span);
                self.map(entries, indentation + 2);
            }
            Data::Seq(items) if !self.is_flow(&entry.value) => {
                self.end_line_at(entry.key_span);
                self.list(items, indentation);
            }
            _ => {
                let before = self.text.len();
                self.text.push(' ');
                self.inline(&entry.value, indentation + 2, false);
                if self.text.len() == before + 1 {
                    self.text.pop();
                }
                self.end_line(&entry.value);
            }
        }
    }

    fn list(&mut self, items: &[Value], indentation: usize) {
        for (at, item) in items.iter().enumerate() {
            if let Some(place) = self.old.place(item) {
                self.heads(place.start, indentation);
            }
            if at > 0 || !self.text.ends_with("- ") {
                self.indent(indentation);
            }
            self.text.push_str("- ");
            match &item.data {
                Data::Map(entries) if !self.is_flow(item) => self.map(entries, indentation + 2),
                Data::Seq(items) if !self.is_flow(item) => self.list(items, indentation + 2),
                _ => {
                    self.inline(item, indentation + 2, false);
                    self.end_line(item);
                }
            }
        }
    }

    /// A scalar, or a collection in brackets.
    fn inline(&mut self, value: &Value, indentation: usize, in_flow: bool) {
        match &value.data {
            Data::Scalar(text, kind) => {
                let style = Style::of(self.old.style(value));
                scalar::push(&mut self.text, text, *kind, style, indentation, in_flow);
            }
            Data::Seq(items) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.text.push_str(if at > 0 { ", " } else { "" });
                    self.inline(item, indentation, true);
                }
                self.text.push(']');
            }
            Data::Map(entries) => {
                self.text.push('{');
                for (at, entry) in entries.iter().enumerate() {
                    self.text.push_str(if at > 0 { ", " } else { "" });
                    self.key(entry, true);
                    self.text.push_str(": ");
                    self.inline(&entry.value, indentation, true);
                }
                self.text.push('}');
            }
        }
    }

    fn key(&mut self, entry: &Entry, in_flow: bool) {
        let key = Value::plain(entry.key_span, entry.key.clone());
        let Data::Scalar(_, kind) = key.data else { return };
        let style = Style::of(self.old.snippet(entry.key_span));
        scalar::push(&mut self.text, text(&key), kind, style.for_key(), 0, in_flow);
    }

    /// The comments with lines of their own before a place; the empty line behind them stays.
    fn heads(&mut self, before: u32, indentation: usize) {
        while let Some(comment) = self.comments.pop_if(|comment| comment.span.start < before) {
            if !comment.own_line {
                continue;
            }
            if self.text.ends_with("- ") {
                self.text.truncate(self.text.len() - 2);
            }
            self.indent(indentation);
            let text = self.old.snippet(comment.span).trim_end().to_owned();
            self.text.push_str(&text);
            self.text.push('\n');
            let rest = self.old.text.get(comment.span.end as usize..).unwrap_or_default();
            if rest.starts_with("\n\n") && before < u32::MAX {
                self.text.push('\n');
            }
        }
    }

    /// Ends the line of a value, with the comment that stands behind it.
    fn end_line(&mut self, value: &Value) {
        match self.old.place(value) {
            Some(place) => self.end_line_at(place),
            None if self.text.ends_with('\n') => {}
            None => self.text.push('\n'),
        }
    }

    fn end_line_at(&mut self, span: Span) {
        if span.file == self.old.file && !self.text.ends_with('\n') {
            while self.comments.pop_if(|comment| comment.span.start < span.end).is_some() {}
            let rest = self.old.text.get(span.end as usize..).unwrap_or_default();
            let line_end = span.end + u32::try_from(rest.find('\n').unwrap_or(rest.len())).unwrap_or(0);
            let here = |comment: &mut Comment| !comment.own_line && comment.span.start < line_end;
            if let Some(comment) = self.comments.pop_if(here) {
                let text = self.old.snippet(comment.span).trim_end().to_owned();
                self.text.push(' ');
                self.text.push_str(&text);
            }
        }
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::first_document;

    fn round(text: &str) -> String {
        let sources = Sources::default();
        Written::file(&sources, INNER).inner(text).document(&first_document(text).expect("a document"))
    }

    #[test]
    fn styles_and_comments_stay() {
        let text = "# head\nb: 2 # line\na:\n- x\n- y: \"1\"\n  z: 'q'\n- - p\n  - {k: [v, \"w\"]}\nt: |\n  l\n   m\n\n  n\nu: >-\n  a\n  b\ne:\nf: {}";
        let expected = "# head\nb: 2 # line\na:\n- x\n- y: \"1\"\n  z: 'q'\n- - p\n  - {k: [v, \"w\"]}\nt: |\n  l\n   m\n\n  n\nu: >-\n  a b\ne:\nf: {}";
        assert_eq!(round(text), expected);
    }

    #[test]
    fn indentation_is_kustomizes() {
        let text = "a:\n    - b:\n          c: 1\n    # x\n    - d\ne: {\n  f: 1, }\n";
        assert_eq!(round(text), "a:\n- b:\n    c: 1\n# x\n- d\ne: {f: 1}");
    }
}
