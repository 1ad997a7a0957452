//! A document as an owned tree: aliases expanded under a budget, merge keys merged.

use crate::document::NO_TARGET;
use crate::{Data, Entry, Node, NodeKind, Problem, Scalar, Table, Value};
use std::sync::Arc;

/// How many nodes an expansion may make, all together: what an alias bomb runs out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The nodes left.
    pub nodes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: 1_000_000 }
    }
}

/// Aliases may nest trees, but not beyond this.
const DEPTH: usize = 512;

impl Node<'_> {
    /// The value of this node.
    ///
    /// # Errors
    /// When the budget runs out, an alias leads nowhere or into itself, a merge key has no mapping, or a key is a collection.
    pub fn to_value(self, table: Table, budget: &mut Budget) -> Result<Value, Problem> {
        Expansion { table, budget }.value(self, DEPTH)
    }
}

struct Expansion<'b> {
    table: Table,
    budget: &'b mut Budget,
}

impl Expansion<'_> {
    fn value(&mut self, node: Node<'_>, depth: usize) -> Result<Value, Problem> {
        let target = self.target(node, depth)?;
        let data = match target.kind() {
            NodeKind::Scalar => scalar(target.scalar(self.table)),
            NodeKind::Sequence => {
                Data::Seq(target.items().map(|item| self.value(item, depth - 1)).collect::<Result<_, _>>()?)
            }
            NodeKind::Mapping => Data::Map(self.mapping(target, depth)?),
            NodeKind::Alias => Data::Null,
        };
        Ok(Value { span: node.span(), data })
    }

    /// Follows an alias, and pays for the node.
    fn target<'d>(&mut self, node: Node<'d>, depth: usize) -> Result<Node<'d>, Problem> {
        self.budget.nodes = self.budget.nodes.saturating_sub(1);
        if self.budget.nodes == 0 || depth == 0 {
            let problem = Problem::new(node.span(), "the aliases of this document expand to too many nodes");
            return Err(problem
                .note("an alias stands for a whole tree, and aliases in it for more")
                .help("write out what is meant"));
        }
        if node.kind() != NodeKind::Alias {
            return Ok(node);
        }
        if node.cell().text_start == NO_TARGET {
            return Err(Problem::new(node.span(), format!("unknown anchor {:?}", node.text())));
        }
        let target = node.resolved();
        if (target.index()..target.cell().next).contains(&node.index()) {
            return Err(Problem::new(node.span(), format!("anchor {:?} contains itself", node.text())));
        }
        Ok(target)
    }

    fn mapping(&mut self, node: Node<'_>, depth: usize) -> Result<Vec<Entry>, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged = Vec::new();
        for (key, value) in node.entries() {
            if is_merge(key) {
                merged.extend(self.merged(value, depth - 1)?);
                continue;
            }
            let entry = Entry { key: self.key(key)?, key_span: key.span(), value: self.value(value, depth - 1)? };
            entries.push(entry);
        }
        if !merged.is_empty() {
            let fresh = |entries: &[Entry], entry: &Entry| !entries.iter().any(|old| old.key == entry.key);
            merged.into_iter().for_each(|entry| {
                if fresh(&entries, &entry) {
                    entries.push(entry)
                }
            });
        }
        Ok(entries)
    }

    /// The entries that `<<` brings: those of a mapping, or of a list of mappings where the first one wins.
    fn merged(&mut self, node: Node<'_>, depth: usize) -> Result<Vec<Entry>, Problem> {
        let value = self.value(node, depth)?;
        let wrong = || Problem::new(node.span(), "map merge requires map or sequence of maps as the value");
        match value.data {
            Data::Map(entries) => Ok(entries),
            Data::Seq(items) if items.iter().all(|item| matches!(item.data, Data::Map(_))) => Ok(items
                .into_iter()
                .flat_map(|item| match item.data {
                    Data::Map(entries) => entries,
                    _ => Vec::new(),
                })
                .collect()),
            _ => Err(wrong()),
        }
    }

    fn key(&mut self, key: Node<'_>) -> Result<Arc<str>, Problem> {
        let target = self.target(key, DEPTH)?;
        match target.kind() {
            NodeKind::Scalar => Ok(Arc::from(target.text())),
            _ => {
                Err(Problem::new(key.span(), "a key is a collection")
                    .note("the keys of a Kubernetes object are strings"))
            }
        }
    }
}

fn is_merge(key: Node<'_>) -> bool {
    key.kind() == NodeKind::Scalar
        && key.text() == "<<"
        && key.style() == crate::Style::Plain
        && key.tag().is_none_or(|tag| tag.ends_with("merge"))
}

fn scalar(scalar: Scalar<'_>) -> Data {
    match scalar {
        Scalar::Null => Data::Null,
        Scalar::Bool(value) => Data::Bool(value),
        Scalar::Int(value) => Data::Int(value),
        Scalar::Float(value) => Data::Float(value),
        Scalar::Str(text) => Data::Str(Arc::from(text)),
    }
}
