//! The view of one node of a [`Document`].

use crate::document::{Cell, NO_TARGET};
use crate::scalar::{Scalar, Table, resolve};
use crate::{Document, NodeKind, Span, Style};
use std::fmt;

/// A node of a document. It is two words and `Copy`.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    index: u32,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}..{} {:?}", self.kind(), self.span().start, self.span().end, self.text())
    }
}

impl PartialEq for Node<'_> {
    /// Whether both are the same place of the same document.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl<'d> Node<'d> {
    pub(crate) fn new(document: &'d Document, index: u32) -> Self {
        Self { document, index }
    }

    pub(crate) fn index(self) -> u32 {
        self.index
    }

    pub(crate) fn cell(self) -> &'d Cell {
        &self.document.nodes[self.index as usize]
    }

    /// The document it is of.
    #[must_use]
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        self.cell().kind
    }

    /// How it is written.
    #[must_use]
    pub fn style(self) -> Style {
        self.cell().style
    }

    /// Where it stands, without its tag and anchor. A block scalar starts at its `|` or `>`; a block collection ends
    /// with its last child; what is not written has an empty span where it would be written.
    #[must_use]
    pub fn span(self) -> Span {
        let cell = self.cell();
        Span::new(self.document.span.file, cell.start, cell.end)
    }

    /// The text of a scalar after unfolding and unescaping, or the name of an alias; `""` for a collection.
    #[must_use]
    pub fn text(self) -> &'d str {
        let cell = self.cell();
        match cell.kind {
            NodeKind::Scalar => &self.document.text[cell.text_start as usize..cell.text_end as usize],
            NodeKind::Alias => self.anchor().unwrap_or(""),
            NodeKind::Sequence | NodeKind::Mapping => "",
        }
    }

    /// The tag with its handle resolved: `tag:yaml.org,2002:str` for `!!str`, `!x` for `!x`.
    #[must_use]
    pub fn tag(self) -> Option<&'d str> {
        let properties = self.cell().has_properties.then(|| self.document.properties_of(self.index))??;
        properties.tag.as_ref().map(|(tag, _)| &**tag)
    }

    /// Where the tag stands.
    #[must_use]
    pub fn tag_span(self) -> Option<Span> {
        let properties = self.cell().has_properties.then(|| self.document.properties_of(self.index))??;
        properties.tag.as_ref().and_then(|(_, span)| *span)
    }

    /// The anchor's name without `&`; of an alias the name it asks for.
    #[must_use]
    pub fn anchor(self) -> Option<&'d str> {
        let properties = self.cell().has_properties.then(|| self.document.properties_of(self.index))??;
        properties.anchor.as_ref().map(|(name, _)| &**name)
    }

    /// Where `&name` stands.
    #[must_use]
    pub fn anchor_span(self) -> Option<Span> {
        let properties = self.cell().has_properties.then(|| self.document.properties_of(self.index))??;
        properties.anchor.as_ref().map(|(_, span)| *span)
    }

    /// Follows an alias to the node it repeats. Itself where it is no alias, or one whose name nothing has.
    #[must_use]
    pub fn resolved(self) -> Self {
        let cell = self.cell();
        if cell.kind == NodeKind::Alias && cell.text_start != NO_TARGET {
            // An alias cannot carry an anchor, so that one step is always enough.
            return Self { document: self.document, index: cell.text_start };
        }
        self
    }

    /// The value of a key of this mapping (followed where this is an alias); of two the last, as Go has it.
    /// Merge keys are not looked into: [`Node::to_value`] merges.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key and the value of an entry of this mapping, as [`Node::get`] finds it.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        self.entries().filter(|(name, _)| name.is_text(key)).last()
    }

    fn is_text(self, text: &str) -> bool {
        let key = self.resolved();
        key.kind() == NodeKind::Scalar && key.text() == text
    }

    /// The keys and values of this mapping (followed where this is an alias), in the order of the text; none of others.
    pub fn entries(self) -> impl Iterator<Item = (Node<'d>, Node<'d>)> + use<'d> {
        let mut children = self.resolved().children_of(NodeKind::Mapping);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The items of this sequence (followed where this is an alias), in the order of the text; none of others.
    pub fn items(self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        self.resolved().children_of(NodeKind::Sequence)
    }

    fn children_of(self, kind: NodeKind) -> Children<'d> {
        let end = if self.kind() == kind { self.cell().next } else { 0 };
        Children { end, ..self.children() }
    }

    /// The items of a sequence; the keys and values of a mapping in turn; nothing below other nodes.
    pub(crate) fn children(self) -> Children<'d> {
        Children { document: self.document, at: self.index + 1, end: self.cell().next }
    }

    pub(crate) fn child_count(self) -> usize {
        match self.kind() {
            NodeKind::Sequence | NodeKind::Mapping => self.cell().text_end as usize,
            _ => 0,
        }
    }

    /// What a scalar means in a table. Collections and aliases that lead nowhere are null.
    #[must_use]
    pub fn scalar(self, table: Table) -> Scalar<'d> {
        let node = self.resolved();
        match node.kind() {
            NodeKind::Scalar => resolve(table, node.text(), node.style(), node.tag()),
            _ => Scalar::Null,
        }
    }
}

/// The direct children of a collection.
#[derive(Debug, Clone)]
pub(crate) struct Children<'d> {
    document: &'d Document,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Children<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node::new(self.document, self.at);
        self.at = node.cell().next;
        Some(node)
    }
}

/// The node at the end of a path of keys and item numbers (`["spec", "values", "0"]`), aliases followed; the root for
/// an empty path.
#[must_use]
pub fn node_at<'d>(document: &'d Document, path: &[&str]) -> Option<Node<'d>> {
    path.iter().try_fold(document.root()?, |node, part| match node.resolved().kind() {
        NodeKind::Sequence => node.items().nth(part.parse().ok()?),
        _ => node.get(part),
    })
}
