//! Events to the arena of a document.

use crate::document::{Cell, NO_TARGET, Properties};
use crate::engine::span;
use crate::{Comment, Document, FileId, NodeKind, Problem, Span, Style, message};
use std::collections::BTreeMap;

/// No collection is nested deeper than this, so whoever walks a tree may recurse.
pub const DEPTH_LIMIT: usize = 255;

/// Builds one document after the other.
pub(crate) struct Builder<'t> {
    file: FileId,
    source: &'t str,
    document: Document,
    open: Vec<u32>,
    anchors: BTreeMap<usize, u32>,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
    /// The node that an anchor or tag event belongs to.
    last: u32,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(file: FileId, source: &'t str) -> Self {
        Self {
            file,
            source,
            document: Document::new(file, 0),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            comments: Vec::new(),
            problems: Vec::new(),
            last: 0,
        }
    }

    pub(crate) fn start_document(&mut self, at: u32) {
        self.abandon();
        self.document = Document::new(self.file, at);
    }

    /// Forgets the document that is being built.
    pub(crate) fn abandon(&mut self) {
        self.open.clear();
        self.anchors.clear();
        self.problems.clear();
        self.document = Document::new(self.file, 0);
    }

    pub(crate) fn end_document(&mut self, end: u32) -> (Option<Document>, Vec<Problem>) {
        let mut document = std::mem::replace(&mut self.document, Document::new(self.file, end));
        document.comments = std::mem::take(&mut self.comments);
        document.properties.sort_by_key(|properties| properties.node);
        let first = document.nodes.first().map_or(end, |root| root.end);
        document.span.end = first.max(document.span.start);
        self.anchors.clear();
        (Some(document), std::mem::take(&mut self.problems))
    }

    pub(crate) fn take_comments(&mut self) -> Vec<Comment> {
        std::mem::take(&mut self.comments)
    }

    pub(crate) fn comment(&mut self, at: (u32, u32)) {
        self.comments.push(Comment { span: span(self.file, at) });
    }

    fn push(&mut self, kind: NodeKind, style: Style, at: (u32, u32), text: (u32, u32)) -> u32 {
        let index = u32::try_from(self.document.nodes.len()).unwrap_or(u32::MAX);
        let (text_start, text_end) = text;
        let cell =
            Cell { kind, style, has_properties: false, start: at.0, end: at.1, next: index + 1, text_start, text_end };
        self.document.nodes.push(cell);
        self.last = index;
        index
    }

    pub(crate) fn scalar(&mut self, text: &str, style: Style, at: (u32, u32), anchor: usize) {
        // A scalar that is not written arrives as "~" with an empty span.
        let text = if at.0 == at.1 && style == Style::Plain { "" } else { text };
        let start = u32::try_from(self.document.text.len()).unwrap_or(u32::MAX);
        self.document.text.push_str(text);
        let end = u32::try_from(self.document.text.len()).unwrap_or(u32::MAX);
        let index = self.push(NodeKind::Scalar, style, self.trimmed(style, at), (start, end));
        self.name(anchor, index);
    }

    /// A block scalar's span without the line breaks behind it.
    fn trimmed(&self, style: Style, at: (u32, u32)) -> (u32, u32) {
        if !matches!(style, Style::Literal | Style::Folded) {
            return at;
        }
        let text = self.source.get(at.0 as usize..at.1 as usize).unwrap_or("").trim_end_matches(['\n', '\r']);
        (at.0, at.0 + u32::try_from(text.len()).unwrap_or(0))
    }

    fn name(&mut self, anchor: usize, index: u32) {
        if anchor != 0 {
            self.anchors.insert(anchor, index);
        }
    }

    pub(crate) fn open(&mut self, mapping: bool, flow: bool, at: (u32, u32), anchor: usize) {
        let kind = if mapping { NodeKind::Mapping } else { NodeKind::Sequence };
        let style = if flow { Style::Flow } else { Style::Block };
        let index = self.push(kind, style, at, (0, 0));
        self.name(anchor, index);
        self.open.push(index);
    }

    /// Ends the innermost collection: a block ends with its last child, a flow collection with its bracket.
    pub(crate) fn close(&mut self, end: u32) {
        let Some(index) = self.open.pop() else { return };
        let next = u32::try_from(self.document.nodes.len()).unwrap_or(u32::MAX);
        let last_child = self.last_child_end(index, next);
        let cell = &mut self.document.nodes[index as usize];
        cell.next = next;
        cell.end = if cell.style == Style::Flow { end } else { last_child };
        if cell.kind == NodeKind::Mapping {
            self.find_duplicates(index);
        }
    }

    fn last_child_end(&self, index: u32, next: u32) -> u32 {
        let below = &self.document.nodes[index as usize + 1..next as usize];
        let own = self.document.nodes[index as usize];
        // The children are closed already: of those that end with `next`, the first is the last child.
        below.iter().rfind(|cell| cell.end > cell.start).map_or(own.start, |cell| cell.end.max(own.start))
    }

    fn find_duplicates(&mut self, index: u32) {
        let mut keys = self.keys(index);
        keys.sort_by(|a, b| self.text(*a).cmp(self.text(*b)).then(a.cmp(b)));
        let twice = keys.windows(2).filter(|pair| self.text(pair[0]) == self.text(pair[1]));
        let problem = |pair: &[u32]| message::duplicate_key(self.span(pair[0]), self.span(pair[1]), self.text(pair[1]));
        let problems: Vec<Problem> = twice.map(problem).collect();
        self.problems.extend(problems);
    }

    /// The scalar keys of a mapping that is closed.
    fn keys(&self, index: u32) -> Vec<u32> {
        let end = self.document.nodes[index as usize].next;
        let (mut at, mut keys) = (index + 1, Vec::new());
        while at < end {
            let key = self.document.nodes[at as usize];
            if key.kind == NodeKind::Scalar {
                keys.push(at);
            }
            at = self.document.nodes.get(key.next as usize).map_or(end, |value| value.next);
        }
        keys
    }

    fn text(&self, index: u32) -> &str {
        let cell = self.document.nodes[index as usize];
        self.document.text.get(cell.text_start as usize..cell.text_end as usize).unwrap_or("")
    }

    fn span(&self, index: u32) -> Span {
        let cell = self.document.nodes[index as usize];
        Span::new(self.file, cell.start, cell.end)
    }

    pub(crate) fn alias(&mut self, id: Option<usize>, at: (u32, u32)) {
        let target = id.and_then(|id| self.anchors.get(&id).copied());
        let index = self.push(NodeKind::Alias, Style::Plain, at, (target.unwrap_or(NO_TARGET), 0));
        let name = self.source.get(at.0 as usize + 1..at.1 as usize).unwrap_or("").to_owned();
        self.document.has_aliases = true;
        if target.is_none() {
            let problem = Problem::new(span(self.file, at), format!("unknown anchor {name:?}"));
            self.problems.push(problem.note("an alias repeats an anchor that stands before it in the same document"));
        }
        self.properties(index).anchor = Some((name.into(), span(self.file, at)));
    }

    pub(crate) fn anchor(&mut self, name: &str, at: (u32, u32)) {
        let place = span(self.file, at);
        self.properties(self.last).anchor = Some((name.into(), place));
    }

    pub(crate) fn tag(&mut self, tag: Option<String>, at: Option<u32>) {
        let Some(tag) = tag else { return };
        let place = at.map(|at| Span::new(self.file, at, at));
        self.properties(self.last).tag = Some((tag.into(), place));
    }

    fn properties(&mut self, node: u32) -> &mut Properties {
        self.document.nodes[node as usize].has_properties = true;
        let list = &mut self.document.properties;
        let at = list.iter().rposition(|p| p.node == node);
        let at = at.unwrap_or_else(|| {
            list.push(Properties { node, anchor: None, tag: None });
            list.len() - 1
        });
        &mut list[at]
    }
}
