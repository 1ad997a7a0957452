//! One YAML document as a flat tree: nodes in the order of the text, each knowing where its subtree ends.

use crate::{FileId, Node, Problem, Span};

/// What a text holds: its documents, and what could not be read.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The documents that could be read, in the order of the text.
    pub documents: Vec<Document>,
    /// What is wrong, in the order of the text. A broken document is not among `documents`.
    pub problems: Vec<Problem>,
    /// Comments behind the last document and in broken ones; the others belong to their documents.
    pub comments: Vec<Comment>,
}

/// A comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` up to the end of the line.
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A text, a number, nothing.
    Scalar,
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
    /// `*name`: another node once more.
    Alias,
}

/// How a node is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// A scalar without quotes, an alias, or nothing at all.
    Plain,
    /// A scalar in `'`.
    SingleQuoted,
    /// A scalar in `"`.
    DoubleQuoted,
    /// A scalar after `|`.
    Literal,
    /// A scalar after `>`.
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets.
    Flow,
}

/// A node as it is stored: 24 bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) kind: NodeKind,
    pub(crate) style: Style,
    /// Whether [`Document::properties`] has an entry for this node.
    pub(crate) has_properties: bool,
    /// Whether a mapping has two keys of one text.
    pub(crate) has_doubles: bool,
    /// The first byte in the file.
    pub(crate) start: u32,
    /// The byte after the last.
    pub(crate) end: u32,
    /// The index of the first node that is not below this one.
    pub(crate) next: u32,
    /// Where the text starts in [`Document::text`]; of an alias the target's index.
    pub(crate) text_start: u32,
    /// Where the text ends; of a collection the number of its children.
    pub(crate) text_end: u32,
}

/// The target of an alias whose name nothing has.
pub(crate) const NO_TARGET: u32 = u32::MAX;

/// The anchor and the tag of one node; few nodes have them.
#[derive(Debug, Clone)]
pub(crate) struct Properties {
    pub(crate) node: u32,
    pub(crate) anchor: Option<(Box<str>, Span)>,
    pub(crate) tag: Option<(Box<str>, Option<Span>)>,
}

/// One YAML document: a tree in one vector, with its own copy of the scalars' text.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) span: Span,
    pub(crate) nodes: Vec<Cell>,
    pub(crate) text: String,
    pub(crate) properties: Vec<Properties>,
    pub(crate) comments: Vec<Comment>,
}

impl Document {
    pub(crate) fn new(file: FileId, start: u32) -> Self {
        Self {
            span: Span::new(file, start, start),
            nodes: Vec::new(),
            text: String::new(),
            properties: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// What was built, in vectors of just its size; this one stays empty, but with its room for the next document.
    pub(crate) fn take_exact(&mut self) -> Self {
        let exact = Self {
            span: self.span,
            nodes: self.nodes.clone(),
            text: self.text.clone(),
            properties: std::mem::take(&mut self.properties),
            comments: std::mem::take(&mut self.comments),
        };
        self.clear();
        exact
    }

    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.text.clear();
        self.properties.clear();
        self.comments.clear();
    }

    /// The top node; `None` where nothing is between the markers.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        let root = self.nodes.first()?;
        let empty = self.nodes.len() == 1
            && root.kind == NodeKind::Scalar
            && root.style == Style::Plain
            && root.start == root.end
            && !root.has_properties;
        (!empty).then(|| Node::new(self, 0))
    }

    /// From the `---` (the first node where there is none) up to the end; directives before it are not part.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The comments of this document and those between it and the one before, in the order of the text.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// How many nodes there are, keys and aliases included.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn properties_of(&self, node: u32) -> Option<&Properties> {
        let at = self.properties.binary_search_by_key(&node, |properties| properties.node).ok()?;
        self.properties.get(at)
    }
}
