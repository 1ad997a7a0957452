//! The arena as it is filled: where collections end, which anchor an alias means.

use crate::document::{Cell, Comment, NO_TARGET, Properties};
use crate::message::unknown_anchor;
use crate::read::{Fault, Flaw, Read};
use crate::{Document, FileId, NodeKind, Parsed, Problem, Span, Style};
use std::collections::BTreeMap;

/// How deep a tree may be, before and after aliases are expanded: so consumers may recurse on it, even in the 1 MB of
/// stack of WebAssembly. Twice what serde_json allows; the deepest CRD schemas have about 40 levels.
pub const DEPTH_LIMIT: usize = 256;

/// How a collection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Mapping,
    Sequence,
    /// A sequence as the value of a mapping, at the mapping's own column.
    Indentless,
    FlowMapping,
    FlowSequence,
    /// `key: value` in a flow sequence, without braces.
    Pair,
}

impl Form {
    fn kind(self) -> NodeKind {
        match self {
            Self::Mapping | Self::FlowMapping | Self::Pair => NodeKind::Mapping,
            Self::Sequence | Self::Indentless | Self::FlowSequence => NodeKind::Sequence,
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Mapping | Self::Sequence | Self::Indentless => Style::Block,
            Self::FlowMapping | Self::FlowSequence | Self::Pair => Style::Flow,
        }
    }
}

/// A collection that is being read.
pub(crate) struct Open {
    node: u32,
    children: u32,
    /// Where its last child ends; its own start while it has none.
    pub(crate) end: u32,
    pub(crate) form: Form,
    /// Whether a node may come: behind `-`, `?`, `:`, a comma or a bracket.
    pub(crate) pending: bool,
    /// Whether the key that is being read began with `?`.
    pub(crate) explicit: bool,
    /// Where a pending node stands that is not written; between brackets also where the last one began.
    pub(crate) gap: u32,
    /// Of a block the first column that is inside of it; between brackets the line on which the last node began.
    pub(crate) inside: u32,
    /// The last node between brackets.
    pub(crate) last: u32,
}

impl Open {
    pub(crate) fn node(&self) -> u32 {
        self.node
    }

    /// Whether this is a mapping that has a key without its value.
    pub(crate) fn has_key(&self) -> bool {
        self.children % 2 == 1 && self.form.kind() == NodeKind::Mapping
    }
}

/// The anchor and the tag of a node that is being read.
pub(crate) struct Names<'t> {
    pub(crate) anchor: Option<(&'t str, Span)>,
    pub(crate) tag: Option<(Box<str>, Span)>,
    pub(crate) end: u32,
}

impl Names<'_> {
    /// Where the first of the two begins.
    pub(crate) fn start(&self) -> usize {
        let anchor = self.anchor.map_or(u32::MAX, |(_, span)| span.start);
        self.tag.as_ref().map_or(anchor, |(_, span)| span.start.min(anchor)) as usize
    }
}

/// What is done with each document.
pub(crate) type Each<'e> = dyn FnMut(&mut Document) + 'e;

/// Builds the documents of one text.
pub(crate) struct Builder<'t> {
    pub(crate) file: FileId,
    source: &'t str,
    parsed: Parsed,
    /// What a document is given to at its end.
    each: &'t mut Each<'t>,
    pub(crate) document: Document,
    /// The problems of the document that is being read.
    pub(crate) problems: Vec<Problem>,
    comments: Vec<Comment>,
    pub(crate) open: Vec<Open>,
    anchors: BTreeMap<&'t str, u32>,
    /// Room for the keys of a mapping that is looked at.
    pub(crate) keys: Vec<(u64, u32)>,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(file: FileId, source: &'t str, each: &'t mut Each<'t>) -> Self {
        Self {
            file,
            source,
            parsed: Parsed::default(),
            each,
            document: Document::new(file, 0),
            problems: Vec::new(),
            comments: Vec::new(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            keys: Vec::new(),
        }
    }

    pub(crate) fn start_document(&mut self, start: usize) {
        self.document.span.start = to_u32(start);
        self.document.comments = std::mem::take(&mut self.comments);
    }

    pub(crate) fn end_document(&mut self, end: usize) {
        self.document.span.end = to_u32(end);
        self.document.comments.append(&mut self.comments);
        (self.each)(&mut self.document);
        self.document.clear();
        self.parsed.problems.append(&mut self.problems);
        self.anchors.clear();
    }

    /// Reports what broke the document, and forgets it. What was reported of it stays true.
    pub(crate) fn break_with(&mut self, problem: Problem) {
        self.parsed.problems.append(&mut self.problems);
        self.parsed.problems.push(problem);
        self.parsed.comments.append(&mut self.document.comments);
        self.parsed.comments.append(&mut self.comments);
        self.document.clear();
        self.open.clear();
        self.anchors.clear();
    }

    pub(crate) fn finish(mut self) -> Parsed {
        self.parsed.comments.append(&mut self.comments);
        fluxproof_order::sort_by_key(&mut self.parsed.comments, |comment| comment.span);
        fluxproof_order::sort(&mut self.parsed.problems);
        self.parsed
    }

    pub(crate) fn comment(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        self.comments.push(Comment { span });
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, to_u32(start), to_u32(end))
    }

    /// Where a node begins.
    pub(crate) fn start_of(&self, node: u32) -> usize {
        self.document.nodes[node as usize].start as usize
    }

    /// The index of the node that comes next.
    pub(crate) fn next(&self) -> u32 {
        to_u32(self.document.nodes.len())
    }

    /// Begins a collection. Its first node is pending.
    pub(crate) fn open(&mut self, form: Form, start: usize, inside: usize) -> Read<u32> {
        self.check_depth(start)?;
        let start = to_u32(start);
        let node = self.push(Self::cell(form.kind(), form.style(), start, start));
        self.enter(form, node, start, to_u32(inside));
        Ok(node)
    }

    fn check_depth(&self, at: usize) -> Read {
        if self.open.len() < DEPTH_LIMIT { Ok(()) } else { Err(Fault { flaw: Flaw::TooDeep, at: to_u32(at) }) }
    }

    fn enter(&mut self, form: Form, node: u32, end: u32, inside: u32) {
        let (children, pending, explicit) = (0, true, false);
        self.open.push(Open { node, children, end, form, pending, explicit, gap: end, inside, last: node });
    }

    /// Makes `key`, the last node of its collection, the first key of a new mapping in its place.
    pub(crate) fn wrap(&mut self, key: u32, form: Form, start: usize, inside: usize) -> Read {
        self.check_depth(start)?;
        let end = self.document.nodes[key as usize].end;
        let cell = Self::cell(form.kind(), form.style(), to_u32(start), end);
        self.document.nodes.insert(key as usize, Cell { next: key + 1, ..cell });
        for cell in &mut self.document.nodes[key as usize + 1..] {
            cell.next += 1;
            // What leads to the place of a block's key was announced for the mapping.
            let moved = cell.text_start > key || cell.text_start == key && form == Form::Pair;
            if cell.kind == NodeKind::Alias && cell.text_start != NO_TARGET && moved {
                cell.text_start += 1;
            }
        }
        self.shift_properties(key);
        self.enter(form, key, end, to_u32(inside));
        if let Some(open) = self.open.last_mut() {
            (open.children, open.pending) = (1, false);
        }
        Ok(())
    }

    /// The nodes from `from` on have moved by one.
    fn shift_properties(&mut self, from: u32) {
        for properties in self.document.properties.iter_mut().rev().take_while(|properties| properties.node >= from) {
            let name = properties.anchor.as_ref().map_or("", |(name, _)| name);
            if let Some(node) = self.anchors.get_mut(name).filter(|node| **node == properties.node) {
                *node += 1;
            }
            properties.node += 1;
        }
    }

    /// Ends the innermost collection: a block with its last child, one in brackets behind its bracket at `end`.
    pub(crate) fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let next = self.next();
        let first = self.document.nodes.get(open.node as usize + 1).map(|child| child.start);
        let cell = &mut self.document.nodes[open.node as usize];
        cell.next = next;
        cell.text_end = open.children;
        cell.start = first.map_or(cell.start, |first| first.min(cell.start));
        cell.end = open.end.max(to_u32(end));
        let (kind, end) = (cell.kind, cell.end);
        if let Some(parent) = self.open.last_mut() {
            parent.end = parent.end.max(end);
        }
        if kind == NodeKind::Mapping && open.children > 2 {
            self.report_doubles(open.node);
        }
    }

    /// A scalar whose text is written as it is meant, at `text`.
    pub(crate) fn written(&mut self, style: Style, start: usize, end: usize, text: std::ops::Range<usize>) {
        let from = self.document.text.len();
        self.copy(text);
        self.scalar(style, start, end, from);
    }

    /// Takes a part of the source into the text of the document.
    pub(crate) fn copy(&mut self, part: std::ops::Range<usize>) {
        self.document.text.push_str(self.source.get(part).unwrap_or_default());
    }

    /// Takes line breaks that are folded: one is a space, more are one less.
    pub(crate) fn fold(&mut self, breaks: usize) {
        match breaks {
            1 => self.document.text.push(' '),
            _ => self.breaks(breaks.saturating_sub(1)),
        }
    }

    /// Takes line breaks.
    pub(crate) fn breaks(&mut self, breaks: usize) {
        for _ in 0..breaks {
            self.document.text.push('\n');
        }
    }

    /// Drops the blanks at the end of the text, but for those before `fixed`.
    pub(crate) fn trim(&mut self, fixed: usize) {
        let text = &mut self.document.text;
        let rest = text.get(fixed..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_end_matches([' ', '\t']).len();
        text.truncate(text.len() - blanks);
    }

    /// A scalar whose text is that of the document from `text_start` on.
    pub(crate) fn scalar(&mut self, style: Style, start: usize, end: usize, text_start: usize) {
        let text_end = to_u32(self.document.text.len());
        let cell = Self::cell(NodeKind::Scalar, style, to_u32(start), to_u32(end));
        self.push(Cell { text_start: to_u32(text_start), text_end, ..cell });
    }

    /// Nothing where a node could be.
    pub(crate) fn empty(&mut self, at: usize) {
        self.scalar(Style::Plain, at, at, self.document.text.len());
    }

    pub(crate) fn alias(&mut self, name: &'t str, start: usize, end: usize) {
        let target = self.anchors.get(name).copied().unwrap_or(NO_TARGET);
        let cell = Self::cell(NodeKind::Alias, Style::Plain, to_u32(start), to_u32(end));
        let node = self.push(Cell { text_start: target, has_properties: true, ..cell });
        let span = self.span(start, end);
        self.document.properties.push(Properties { node, anchor: Some((name.into(), span)), tag: None });
        if target == NO_TARGET {
            self.problems.push(unknown_anchor(span));
        }
    }

    /// The node that comes next has this anchor: aliases may lead to it from now on.
    #[inline]
    pub(crate) fn announce(&mut self, names: Option<&Names<'t>>) {
        if let Some(names) = names {
            self.announce_named(names);
        }
    }

    fn announce_named(&mut self, names: &Names<'t>) {
        if let Some((name, _)) = names.anchor {
            let node = self.next();
            self.anchors.insert(name, node);
        }
    }

    /// The anchor that was announced of the first key of a mapping is that of the key, not of the mapping.
    pub(crate) fn announced_key(&mut self, names: &Names<'t>, mapping: u32) {
        let Some((name, _)) = names.anchor else { return };
        if let Some(node) = self.anchors.get_mut(name).filter(|node| **node == mapping) {
            *node += 1;
        }
        for alias in self.document.properties.iter().rev().take_while(|alias| alias.node > mapping) {
            let cell = &mut self.document.nodes[alias.node as usize];
            let leads_here = cell.kind == NodeKind::Alias && cell.text_start == mapping;
            if leads_here && alias.anchor.as_ref().is_some_and(|(known, _)| **known == *name) {
                cell.text_start += 1;
            }
        }
    }

    /// Gives a node its anchor and its tag.
    pub(crate) fn name(&mut self, node: u32, names: Names<'t>) -> Read {
        let cell = &mut self.document.nodes[node as usize];
        let at = to_u32(names.start());
        let fault = |flaw| Err(Fault { flaw, at });
        if cell.kind == NodeKind::Alias {
            return fault(Flaw::AliasProperty);
        }
        let place = self.document.properties.partition_point(|properties| properties.node < node);
        if !std::mem::replace(&mut cell.has_properties, true) {
            self.document.properties.insert(place, Properties { node, anchor: None, tag: None });
        }
        let properties = &mut self.document.properties[place];
        if properties.anchor.is_some() && names.anchor.is_some() || properties.tag.is_some() && names.tag.is_some() {
            return fault(Flaw::SecondProperty);
        }
        if let Some((name, span)) = names.anchor {
            properties.anchor = Some((name.into(), span));
        }
        if let Some((tag, span)) = names.tag {
            properties.tag = Some((tag, Some(span)));
        }
        Ok(())
    }

    fn cell(kind: NodeKind, style: Style, start: u32, end: u32) -> Cell {
        let (has_properties, has_doubles) = (false, false);
        Cell { kind, style, has_properties, has_doubles, start, end, next: 0, text_start: 0, text_end: 0 }
    }

    fn push(&mut self, mut cell: Cell) -> u32 {
        let node = self.next();
        cell.next = node + 1;
        if let Some(open) = self.open.last_mut() {
            open.children += 1;
            open.pending = false;
            open.end = open.end.max(cell.end);
        }
        self.document.nodes.push(cell);
        node
    }
}

/// Sizes and positions are below 4 GiB: `parse` refuses longer texts.
pub(crate) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
