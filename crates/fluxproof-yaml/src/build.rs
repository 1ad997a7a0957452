//! From events to the arena: where collections end, which anchor an alias means, keys that stand twice.

use crate::document::{Cell, Comment, NO_TARGET, Properties};
use crate::message::{duplicate_key, unknown_anchor};
use crate::{Document, FileId, NodeKind, Parsed, Problem, Span, Style};
use std::collections::BTreeMap;

/// How deep a tree may be, before and after aliases are expanded: so consumers may recurse on it, even in the 1 MB of
/// stack of WebAssembly. Twice what serde_json allows; the deepest CRD schemas have about 40 levels.
pub const DEPTH_LIMIT: usize = 256;

/// From this number of keys on, doubles are found by sorting instead of comparing each with each.
const SORT_KEYS_FROM: usize = 16;

/// A scalar as the engine hands it over.
pub(crate) struct ScalarEvent<'t> {
    pub(crate) text: &'t str,
    pub(crate) style: Style,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A collection that is being read.
struct Open {
    node: u32,
    children: u32,
    /// Where its last child ends; its own start while it has none.
    end: u32,
}

/// Builds the documents of one text, event by event.
pub(crate) struct Builder<'t> {
    file: FileId,
    source: &'t str,
    parsed: Parsed,
    document: Document,
    /// The problems of the document that is being read.
    problems: Vec<Problem>,
    comments: Vec<Comment>,
    open: Vec<Open>,
    /// The engine's anchor numbers of this document and the nodes that have them.
    anchors: BTreeMap<usize, u32>,
    keys: Vec<u32>,
}

/// Whether the document may go on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Go,
    /// The document is deeper than [`DEPTH_LIMIT`].
    TooDeep,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(file: FileId, source: &'t str) -> Self {
        Self {
            file,
            source,
            parsed: Parsed::default(),
            document: Document::new(file, 0),
            problems: Vec::new(),
            comments: Vec::new(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            keys: Vec::new(),
        }
    }

    pub(crate) fn start_document(&mut self, start: u32) {
        self.abandon();
        self.document.span.start = start;
        self.document.comments = std::mem::take(&mut self.comments);
    }

    pub(crate) fn end_document(&mut self, end: u32) {
        let mut document = self.document.take_exact();
        document.span.end = document.nodes.first().map_or(end, |root| root.end.max(end)).max(document.span.start);
        document.comments.append(&mut self.comments);
        self.parsed.documents.push(document);
        self.parsed.problems.append(&mut self.problems);
    }

    /// Forgets the document that is being read: it is broken. What was reported of it stays true.
    pub(crate) fn abandon(&mut self) {
        self.parsed.comments.append(&mut self.document.comments);
        self.document.clear();
        self.parsed.problems.append(&mut self.problems);
        self.open.clear();
        self.anchors.clear();
    }

    /// Reports what broke the document.
    pub(crate) fn break_with(&mut self, problem: Problem) {
        self.parsed.comments.append(&mut self.comments);
        self.parsed.problems.push(problem);
        self.abandon();
    }

    pub(crate) fn finish(mut self) -> Parsed {
        self.abandon();
        self.parsed.comments.append(&mut self.comments);
        self.parsed.comments.sort_by_key(|comment| comment.span);
        self.parsed.problems.sort();
        self.parsed
    }

    pub(crate) fn comment(&mut self, start: u32, end: u32) {
        self.comments.push(Comment { span: Span::new(self.file, start, end) });
    }

    pub(crate) fn open_collection(&mut self, kind: NodeKind, style: Style, start: u32, end: u32) -> Step {
        if self.open.len() >= DEPTH_LIMIT {
            return Step::TooDeep;
        }
        let node = self.push(Cell { end, ..Self::cell(kind, style, start) });
        self.open.push(Open { node, children: 0, end });
        Step::Go
    }

    /// Ends the innermost collection: a block with its last child, a flow collection with its bracket at `end`.
    pub(crate) fn close_collection(&mut self, end: u32) {
        let Some(open) = self.open.pop() else { return };
        let next = to_u32(self.document.nodes.len());
        let first = self.document.nodes.get(open.node as usize + 1).map(|child| child.start);
        let cell = &mut self.document.nodes[open.node as usize];
        cell.next = next;
        cell.text_end = open.children;
        cell.start = first.map_or(cell.start, |first| first.min(cell.start));
        cell.end = if cell.style == Style::Flow { open.end.max(end) } else { open.end };
        let (kind, end) = (cell.kind, cell.end);
        self.reach(end);
        if kind == NodeKind::Mapping {
            self.report_doubles(open.node);
        }
    }

    /// A child of the innermost collection ends at `end`.
    fn reach(&mut self, end: u32) {
        if let Some(open) = self.open.last_mut() {
            open.end = open.end.max(end);
        }
    }

    pub(crate) fn scalar(&mut self, scalar: &ScalarEvent<'_>) {
        let text_start = to_u32(self.document.text.len());
        self.document.text.push_str(scalar.text);
        let text_end = to_u32(self.document.text.len());
        let cell = Self::cell(NodeKind::Scalar, scalar.style, scalar.start);
        self.push(Cell { end: scalar.end, text_start, text_end, ..cell });
    }

    /// Nothing where a node could be: its place is behind the `:` for a value.
    pub(crate) fn empty(&mut self, at: u32) {
        let at = if self.expects_value() { self.behind_colon(at) } else { at };
        self.scalar(&ScalarEvent { text: "", style: Style::Plain, start: at, end: at });
    }

    fn expects_value(&self) -> bool {
        self.open.last().is_some_and(|open| {
            self.document.nodes[open.node as usize].kind == NodeKind::Mapping && open.children % 2 == 1
        })
    }

    fn behind_colon(&self, at: u32) -> u32 {
        let rest = self.source.get(at as usize..).unwrap_or("").as_bytes();
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        if rest.get(blanks) == Some(&b':') { at + to_u32(blanks) + 1 } else { at }
    }

    pub(crate) fn alias(&mut self, anchor: Option<usize>, name: &str, start: u32, end: u32) {
        let target = anchor.and_then(|anchor| self.anchors.get(&anchor).copied()).unwrap_or(NO_TARGET);
        let cell = Self::cell(NodeKind::Alias, Style::Plain, start);
        let node = self.push(Cell { end, text_start: target, has_properties: true, ..cell });
        let span = Span::new(self.file, start, end);
        let anchor = Some((name.into(), span));
        self.document.properties.push(Properties { node, anchor, tag: None });
        if target == NO_TARGET {
            self.problems.push(unknown_anchor(span));
        }
    }

    /// Names the node that came last.
    pub(crate) fn anchor(&mut self, anchor: usize, name: &str, start: u32, end: u32) {
        let Some(node) = to_u32(self.document.nodes.len()).checked_sub(1) else { return };
        let span = Span::new(self.file, start, end);
        self.anchors.insert(anchor, node);
        self.properties_of_last(node).anchor = Some((name.into(), span));
    }

    /// Tags the node that came last.
    pub(crate) fn tag(&mut self, tag: String, span: Option<Span>) {
        let Some(node) = to_u32(self.document.nodes.len()).checked_sub(1) else { return };
        self.properties_of_last(node).tag = Some((tag.into(), span));
    }

    fn properties_of_last(&mut self, node: u32) -> &mut Properties {
        let cell = &mut self.document.nodes[node as usize];
        if !std::mem::replace(&mut cell.has_properties, true) {
            self.document.properties.push(Properties { node, anchor: None, tag: None });
        }
        let last = self.document.properties.len() - 1;
        &mut self.document.properties[last]
    }

    fn cell(kind: NodeKind, style: Style, start: u32) -> Cell {
        Cell {
            kind,
            style,
            has_properties: false,
            has_doubles: false,
            start,
            end: start,
            next: 0,
            text_start: 0,
            text_end: 0,
        }
    }

    fn push(&mut self, mut cell: Cell) -> u32 {
        let node = to_u32(self.document.nodes.len());
        cell.next = node.saturating_add(1);
        self.document.nodes.push(cell);
        if let Some(open) = self.open.last_mut() {
            open.children += 1;
            open.end = open.end.max(cell.end);
        }
        node
    }

    fn report_doubles(&mut self, mapping: u32) {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        self.collect_keys(mapping, &mut keys);
        if keys.len() < SORT_KEYS_FROM {
            for (at, key) in keys.iter().enumerate().skip(1) {
                if let Some(first) = keys[..at].iter().find(|first| self.key_text(**first) == self.key_text(*key)) {
                    self.report_double(mapping, *first, *key);
                }
            }
        } else {
            keys.sort_by(|a, b| self.key_text(*a).cmp(self.key_text(*b)).then(a.cmp(b)));
            self.report_sorted_doubles(mapping, &keys);
        }
        self.keys = keys;
    }

    fn collect_keys(&self, mapping: u32, keys: &mut Vec<u32>) {
        let end = self.document.nodes[mapping as usize].next;
        let mut at = mapping + 1;
        while at < end {
            let key = &self.document.nodes[at as usize];
            if key.kind == NodeKind::Scalar {
                keys.push(at);
            }
            let value = key.next;
            at = self.document.nodes.get(value as usize).map_or(end, |value| value.next);
        }
    }

    fn report_sorted_doubles(&mut self, mapping: u32, keys: &[u32]) {
        let mut doubles: Vec<(u32, u32)> = Vec::new();
        let mut first = keys[0];
        for key in &keys[1..] {
            if self.key_text(first) == self.key_text(*key) {
                doubles.push((first, *key));
            } else {
                first = *key;
            }
        }
        doubles.sort_by_key(|(_, key)| *key);
        for (first, key) in doubles {
            self.report_double(mapping, first, key);
        }
    }

    fn key_text(&self, key: u32) -> &str {
        let cell = &self.document.nodes[key as usize];
        &self.document.text[cell.text_start as usize..cell.text_end as usize]
    }

    fn report_double(&mut self, mapping: u32, first: u32, second: u32) {
        self.document.nodes[mapping as usize].has_doubles = true;
        let span = |node: u32| {
            let cell = &self.document.nodes[node as usize];
            Span::new(self.file, cell.start, cell.end)
        };
        let problem = duplicate_key(span(first), span(second), self.key_text(second));
        self.problems.push(problem);
    }
}

/// Sizes and positions are below 4 GiB: `parse` refuses longer texts.
pub(crate) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
