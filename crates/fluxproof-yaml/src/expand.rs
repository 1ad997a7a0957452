//! A document as an owned tree: aliases expanded under a budget, merge keys merged as Go does, without recursion.

use crate::document::NO_TARGET;
use crate::message::{too_deep, unknown_anchor};
use crate::names::Names;
use crate::scalar::{fits_tag, key_text, resolve, type_of};
use crate::write::{refolded, scalar_json};
use crate::{DEPTH_LIMIT, Data, Entry, Node, NodeKind, Problem, Span, Style, Table, Type, Value};
use ecow::{EcoString, EcoVec};
use std::collections::BTreeMap;

/// How many nodes expansions may make, all together: what an alias bomb runs out of.
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

impl Node<'_> {
    /// The value of this node: aliases expanded, `<<` merged, scalars resolved, each with the span that a person edits.
    ///
    /// Keys are texts. [`Table::GoYaml3`] keeps them as written, as kustomize does; [`Table::GoYaml2`] writes the resolved
    /// key, as sigs.k8s.io/yaml does (`y:` is `"true"`, `010:` is `"8"`). Of two equal keys the last one stays.
    ///
    /// # Errors
    /// When the budget runs out, an alias leads nowhere or into itself, a merge key has no mapping, a key is no text, or
    /// a scalar does not fit its tag.
    pub fn to_value(self, table: Table, budget: &mut Budget) -> Result<Value, Problem> {
        Expansion::new(table, Form::Written, budget).run(self)
    }

    /// The value as kustomize gives it out: as [`Node::to_value`] with [`Table::GoYaml3`], but scalars are what yaml.v3
    /// makes of them when it prints them. Folded ones are folded anew; between brackets, an empty one and a date with a
    /// time are in quotes, and are strings (`yaml_emitter_select_scalar_style`). What is an annotation of the object is
    /// its text, whatever its style and tag (`RNode.SetAnnotations`). A quoted key `<<` is gone (`removeMergeTags`). A
    /// key below the top that is no string is marked by its [`Entry::key_type`]: printing fails where it is left.
    ///
    /// # Errors
    /// As [`Node::to_value`].
    pub fn to_printed_value(self, budget: &mut Budget) -> Result<Value, Problem> {
        Expansion::new(Table::GoYaml3, Form::Printed, budget).run(self)
    }

    /// The value of a kind that ends in `List`, whose items kustomize reads through JSON (`inlineAnyEmbeddedLists`):
    /// dates are strings, numbers are decimal, and how scalars were written does not matter.
    ///
    /// # Errors
    /// As [`Node::to_value`], and for a key in an item that is no string: JSON has no others.
    pub fn to_listed_value(self, budget: &mut Budget) -> Result<Value, Problem> {
        Expansion::new(Table::GoYaml3, Form::Listed, budget).run(self)
    }
}

/// What becomes of scalars and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// What the text says.
    Written,
    /// What is left after yaml.v3 printed them.
    Printed,
    /// What is left after they were JSON.
    Listed,
}

/// A collection whose children are being expanded.
struct Open<'d> {
    span: Span,
    /// Whether it is between brackets, or in what is.
    in_flow: bool,
    children: crate::node::Children<'d>,
    data: Part,
}

enum Part {
    Seq(EcoVec<Value>),
    Map(Map),
}

struct Map {
    entries: EcoVec<Entry>,
    /// The key whose value comes next; `None` for a merge key.
    key: Option<Key>,
    /// Entries that `<<` brings, for the end.
    merged: EcoVec<Entry>,
    /// Whether two entries can have one key.
    doubles: bool,
}

/// A key: its text, what that means where it matters, and where it stands.
struct Key {
    text: EcoString,
    kind: Type,
    span: Span,
}

struct Expansion<'b, 'd> {
    table: Table,
    form: Form,
    budget: &'b mut Budget,
    open: Vec<Open<'d>>,
    names: Names,
}

impl<'b, 'd> Expansion<'b, 'd> {
    fn new(table: Table, form: Form, budget: &'b mut Budget) -> Self {
        Self { table, form, budget, open: Vec::new(), names: Names::default() }
    }

    fn run(&mut self, root: Node<'d>) -> Result<Value, Problem> {
        let mut done = self.start(root)?;
        loop {
            if let Some(value) = done.take() {
                match self.open.last_mut() {
                    Some(parent) => add(parent, value, self.table),
                    None => return Ok(value),
                }
            }
            done = self.step()?;
        }
    }

    /// Goes on with the innermost collection: its next child, or its end.
    fn step(&mut self) -> Result<Option<Value>, Problem> {
        let Some(open) = self.open.last_mut() else { return Ok(None) };
        match (open.children.next(), &mut open.data) {
            (Some(item), Part::Seq(_)) => self.start(item),
            (Some(key), Part::Map(_)) => self.start_entry(key),
            (None, _) => Ok(self.open.pop().map(|open| finish(open))),
        }
    }

    fn start_entry(&mut self, key: Node<'d>) -> Result<Option<Value>, Problem> {
        let merges = is_merge(key);
        let name = if merges { None } else { Some(self.key(key)?) };
        if self.form != Form::Written && !merges && key.text() == "<<" {
            return self.skip();
        }
        let Some(Open { children, data: Part::Map(map), .. }) = self.open.last_mut() else { return Ok(None) };
        let Some(value) = children.next() else { return Ok(None) };
        map.doubles |= merges || name.as_ref().is_some_and(|name| *name.text != *key.text());
        map.key = name;
        if merges {
            check_merge(value)?;
        }
        self.start(value)
    }

    /// Leaves out the value that comes next.
    fn skip(&mut self) -> Result<Option<Value>, Problem> {
        if let Some(open) = self.open.last_mut() {
            open.children.next();
        }
        Ok(None)
    }

    /// Begins a node: a scalar is done at once.
    fn start(&mut self, node: Node<'d>) -> Result<Option<Value>, Problem> {
        let target = self.target(node)?;
        let span = node.span();
        let data = match target.kind() {
            NodeKind::Sequence => Part::Seq(EcoVec::with_capacity(target.child_count())),
            NodeKind::Mapping => Part::Map(Map {
                entries: EcoVec::with_capacity(target.child_count() / 2),
                key: None,
                merged: EcoVec::new(),
                doubles: target.cell().has_doubles,
            }),
            _ => return self.leaf(target, span).map(Some),
        };
        if self.open.len() >= DEPTH_LIMIT {
            return Err(too_deep(span));
        }
        let in_flow = target.style() == Style::Flow || self.in_flow();
        self.open.push(Open { span, in_flow, children: target.children(), data });
        Ok(None)
    }

    fn leaf(&mut self, node: Node<'d>, span: Span) -> Result<Value, Problem> {
        let value = Value::new(span, self.scalar(node)?);
        if self.form == Form::Listed { listed(value) } else { Ok(value) }
    }

    fn in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.in_flow)
    }

    /// Whether the value that comes next is one of the object's annotations.
    fn in_annotations(&self) -> bool {
        let key = |open: &Open<'_>| match &open.data {
            Part::Map(map) => map.key.as_ref().map(|key| key.text.clone()),
            Part::Seq(_) => None,
        };
        match self.open.as_slice() {
            [top, metadata, annotations] => {
                key(top).is_some_and(|key| key == "metadata")
                    && key(metadata).is_some_and(|key| key == "annotations")
                    && key(annotations).is_some()
            }
            _ => false,
        }
    }

    /// Follows an alias, and pays for the node.
    fn target(&mut self, node: Node<'d>) -> Result<Node<'d>, Problem> {
        self.budget.nodes = self.budget.nodes.checked_sub(1).ok_or_else(|| out_of_budget(node))?;
        if node.kind() != NodeKind::Alias {
            return Ok(node);
        }
        if node.cell().text_start == NO_TARGET {
            return Err(unknown_anchor(node.span()));
        }
        let target = node.resolved();
        // An alias stands behind its anchor, so that it can only lead into itself from below.
        if (target.index()..target.cell().next).contains(&node.index()) {
            return Err(Problem::new(node.span(), "an anchor contains itself")
                .note("the alias would repeat the node that it is part of, without end")
                .help("write out what is meant")
                .related(target.span(), "the node it is part of"));
        }
        Ok(target)
    }

    fn scalar(&mut self, node: Node<'d>) -> Result<Data, Problem> {
        let tag = if node.cell().has_properties { node.tag() } else { None };
        let prints = self.form == Form::Printed;
        let is_text = prints && self.in_annotations();
        match tag {
            Some("tag:yaml.org,2002:binary") if is_text => return Ok(Data::Scalar(node.text().into(), Type::Str)),
            Some("tag:yaml.org,2002:binary") => return binary(node),
            Some(tag) => check_tag(node, tag, self.table)?,
            None => {}
        }
        let kind = type_of(self.table, node.text(), node.style(), tag);
        let folded = prints && !is_text && node.style() == Style::Folded;
        let quoted = prints && !is_text && self.in_flow() && is_quoted_in_flow(node, kind);
        let kind = if quoted { Type::Str } else { kind };
        let text = if folded { EcoString::from(&*refolded(node.text())) } else { self.names.get(node.text()) };
        Ok(Data::Scalar(text, kind))
    }

    fn key(&mut self, key: Node<'d>) -> Result<Key, Problem> {
        let target = self.target(key)?;
        if target.kind() != NodeKind::Scalar {
            return Err(Problem::new(key.span(), "a key is a collection")
                .note("the keys of Kubernetes objects are strings")
                .help("quote it if it is meant as text"));
        }
        if target.style() == Style::Plain || target.tag().is_some() {
            self.plain_key(key, target)
        } else {
            Ok(Key { text: self.names.get(target.text()), kind: Type::Str, span: key.span() })
        }
    }

    fn plain_key(&mut self, key: Node<'d>, target: Node<'d>) -> Result<Key, Problem> {
        let Data::Scalar(text, found) = self.scalar(target)? else { return Err(no_string(key.span())) };
        let matters = self.form != Form::Written && self.open.len() > 1;
        let kind = if matters { found } else { Type::Str };
        if self.form == Form::Listed && kind != Type::Str && self.in_items() {
            return Err(no_string(key.span()));
        }
        Ok(Key { text: self.key_text((text, found), key, target)?, kind, span: key.span() })
    }

    /// Whether what comes next is of an item of a list.
    fn in_items(&self) -> bool {
        let top = self.open.first().map(|top| &top.data);
        matches!(top, Some(Part::Map(map)) if map.key.as_ref().is_some_and(|key| key.text == "items"))
    }

    fn key_text(&self, (text, kind): (EcoString, Type), key: Node<'d>, target: Node<'d>) -> Result<EcoString, Problem> {
        match (kind, self.table) {
            (Type::Str | Type::Timestamp, _) => Ok(text),
            (Type::Null, Table::GoYaml3) => Ok(EcoString::new()),
            (_, Table::GoYaml3) => Ok(text),
            _ => key_text(resolve(self.table, target.text(), target.style(), target.tag()))
                .map(EcoString::from)
                .ok_or_else(|| {
                    Problem::new(key.span(), "a key is null")
                        .note("the keys of Kubernetes objects are strings")
                        .help("quote the key, or write one")
                }),
        }
    }
}

fn out_of_budget(node: Node<'_>) -> Problem {
    Problem::new(node.span(), "the aliases of this document expand to too many nodes")
        .note("an alias stands for a whole tree, and the aliases in it for more")
        .help("write out what is meant, or split the document")
}

/// Whether a key is a merge key: a plain `<<`, or one that is tagged so.
fn is_merge(key: Node<'_>) -> bool {
    key.kind() == NodeKind::Scalar
        && key.text() == "<<"
        && match key.tag() {
            None | Some("!") => key.style() == Style::Plain,
            Some(tag) => tag == "tag:yaml.org,2002:merge",
        }
}

/// Go merges a mapping, an alias of one, or a list of either; not an alias of a list.
fn check_merge(value: Node<'_>) -> Result<(), Problem> {
    let mapping = |node: Node<'_>| node.resolved().kind() == NodeKind::Mapping;
    let wrong = match value.kind() {
        NodeKind::Sequence => value.items().find(|item| !mapping(*item)),
        _ => Some(value).filter(|value| !mapping(*value)),
    };
    wrong.map_or(Ok(()), |node| {
        Err(Problem::new(node.span(), "a merge key `<<` has no mapping to merge")
            .note("go-yaml merges a mapping, an alias of one, or a list of these")
            .help("give it a mapping, or quote the key if `<<` is meant as text"))
    })
}

fn add(open: &mut Open<'_>, value: Value, table: Table) {
    match &mut open.data {
        Part::Seq(items) => items.push(value),
        Part::Map(map) => match map.key.take() {
            Some(Key { text, kind, span }) => {
                map.entries.push(Entry { key_type: kind, ..Entry::new(text, span, value) });
            }
            None => merge(map, value, table),
        },
    }
}

/// Takes what `<<` brings. yaml.v3 lets the mapping's own keys win wherever they stand; yaml.v2 takes entries in the order
/// of the text. Of several mappings in a list the first wins, in both.
fn merge(map: &mut Map, value: Value, table: Table) {
    let mut brought = EcoVec::new();
    match value.data {
        Data::Map(entries) => brought = entries,
        Data::Seq(items) => {
            // The last of equal keys stays, so that the first mapping comes last.
            let mappings = items.into_iter().rev().filter_map(|item| match item.data {
                Data::Map(entries) => Some(entries),
                _ => None,
            });
            brought.extend(mappings.flatten());
        }
        _ => {}
    }
    match table {
        Table::GoYaml2 => map.entries.extend(brought),
        Table::GoYaml3 => {
            // Of two merge keys the first wins: it comes last.
            brought.extend(std::mem::take(&mut map.merged));
            map.merged = brought;
        }
    }
}

fn finish(open: Open<'_>) -> Value {
    let data = match open.data {
        Part::Seq(items) => Data::Seq(items),
        Part::Map(map) => Data::Map(entries_of(map)),
    };
    Value::new(open.span, data)
}

fn entries_of(mut map: Map) -> EcoVec<Entry> {
    if !map.doubles {
        return map.entries;
    }
    let own = keep_last(map.entries);
    if map.merged.is_empty() {
        return own;
    }
    let mut known: BTreeMap<EcoString, ()> = fluxproof_order::gather(own.iter().map(|entry| (entry.key.clone(), ())));
    let merged = keep_last(std::mem::take(&mut map.merged));
    let fresh = merged.into_iter().filter(|entry| known.insert(entry.key.clone(), ()).is_none());
    own.into_iter().chain(fresh).collect()
}

/// Of entries with one key the last, at the place of the first.
fn keep_last(entries: EcoVec<Entry>) -> EcoVec<Entry> {
    let mut places: BTreeMap<EcoString, usize> = BTreeMap::new();
    let mut kept: EcoVec<Entry> = EcoVec::with_capacity(entries.len());
    for entry in entries {
        match places.get(&entry.key) {
            Some(place) => kept.make_mut()[*place] = entry,
            None => {
                places.insert(entry.key.clone(), kept.len());
                kept.push(entry);
            }
        }
    }
    kept
}

/// Whether yaml.v3 quotes a plain scalar of this type when it prints it between brackets.
fn is_quoted_in_flow(node: Node<'_>, kind: Type) -> bool {
    let changes = match kind {
        Type::Null => node.text().is_empty(),
        Type::Timestamp => node.text().contains(':'),
        _ => false,
    };
    changes && node.style() == Style::Plain && node.tag().is_none()
}

/// A scalar after it was JSON.
fn listed(value: Value) -> Result<Value, Problem> {
    let Data::Scalar(_, kind) = value.data else { return Ok(value) };
    let text = match kind {
        Type::Str => return Ok(value),
        Type::Timestamp => scalar_json(&value)?.trim_matches('"').into(),
        _ => scalar_json(&value)?.into(),
    };
    let kind = if kind == Type::Timestamp { Type::Str } else { kind };
    Ok(Value { data: Data::Scalar(text, kind), ..value })
}

/// Why kustomize does not print a key.
pub(crate) fn no_string(key: Span) -> Problem {
    Problem::new(key, "json: unsupported type: map[interface {}]interface {}")
        .note("the key is no string, and kustomize cannot print what has such a key")
        .help("quote the key")
}

/// A `!!binary` text, decoded.
fn binary(node: Node<'_>) -> Result<Data, Problem> {
    crate::base64::decode(node.text()).map(|text| Data::Scalar(EcoString::from(text), Type::Str)).ok_or_else(|| {
        Problem::new(node.span(), "a `!!binary` text is no base64").help("encode it anew, or drop the tag")
    })
}

fn check_tag(node: Node<'_>, tag: &str, table: Table) -> Result<(), Problem> {
    if fits_tag(table, node.text(), tag) {
        return Ok(());
    }
    let short = tag.rsplit(':').next().unwrap_or(tag);
    // The value is not said: it may be a secret.
    let message = format!("the value cannot be read as `!!{short}`");
    let problem = Problem::new(node.span(), message).help("drop the tag, or write a value of its type");
    Err(node.tag_span().into_iter().fold(problem, |problem, span| problem.related(span, "the tag")))
}
