//! Random documents of which the meaning is known.

use fluxproof_yaml::{Node, NodeKind};
use proptest::prelude::*;

/// A node and how it is written.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Plain(String),
    Single(String),
    Double(String),
    /// The lines of a `|-` block.
    Literal(Vec<String>),
    Block(Vec<Tree>),
    Flow(Vec<Tree>),
    BlockMap(Vec<(String, Tree)>),
    FlowMap(Vec<(String, Tree)>),
}

fn leaf() -> impl Strategy<Value = Tree> {
    prop_oneof![
        "[a-zA-Z0-9][a-zA-Z0-9._+-]{0,8}".prop_map(Tree::Plain),
        "[0-9+-][0-9._xobeE+-]{0,5}"
            .prop_filter("a list, a marker", |s| !s.starts_with("---") && s != "-")
            .prop_map(Tree::Plain),
        prop::sample::select(vec!["yes", "null", "~", "true", "on", "1e3", "0o17", ".inf"])
            .prop_map(|s| Tree::Plain(s.into())),
        "[ -~é𐍈]{0,12}".prop_map(Tree::Single),
        "[ -~é𐍈\t\n]{0,12}".prop_map(Tree::Double),
        prop::collection::vec("[a-zé][ -~]{0,8}[a-z#:]", 1..4).prop_map(Tree::Literal),
    ]
}

/// A tree whose root is a collection with something in it.
pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let node = leaf().prop_recursive(5, 40, 5, |inner| {
        let entries = prop::collection::vec(("[a-z]{1,5}", inner.clone()), 0..5);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Tree::Block),
            prop::collection::vec(inner, 0..5).prop_map(Tree::Flow),
            entries.clone().prop_filter("empty", |list| !list.is_empty()).prop_map(Tree::BlockMap),
            entries.prop_map(Tree::FlowMap),
        ]
    });
    prop::collection::vec(("[a-z]{1,5}", node), 1..4).prop_map(Tree::BlockMap)
}

pub(crate) fn written(tree: &Tree) -> String {
    let mut text = String::new();
    block(tree, 0, &mut text);
    text
}

/// Keys are made different by their number.
fn key(at: usize, name: &str) -> String {
    format!("{name}{at}")
}

fn block(tree: &Tree, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match tree {
        Tree::Block(items) => items.iter().for_each(|item| {
            out.push_str(&format!("{pad}-"));
            child(item, indent + 2, out);
        }),
        Tree::BlockMap(entries) => entries.iter().enumerate().for_each(|(at, (name, value))| {
            out.push_str(&format!("{pad}{}:", key(at, name)));
            child(value, indent + 2, out);
        }),
        other => out.push_str(&flow(other)),
    }
}

/// What follows a `-` or a `key:`.
fn child(tree: &Tree, indent: usize, out: &mut String) {
    match tree {
        Tree::Block(_) | Tree::BlockMap(_) => {
            out.push_str(" # c\n");
            block(tree, indent, out);
        }
        Tree::Literal(lines) => {
            out.push_str(" |-\n");
            lines.iter().for_each(|line| out.push_str(&format!("{}{line}\n", " ".repeat(indent))));
        }
        other => out.push_str(&format!(" {}\n", flow(other))),
    }
}

fn flow(tree: &Tree) -> String {
    match tree {
        Tree::Plain(text) => text.clone(),
        Tree::Single(text) => format!("'{}'", text.replace('\'', "''")),
        Tree::Double(text) => {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
            format!("\"{text}\"")
        }
        Tree::Literal(lines) => flow(&Tree::Double(lines.join("\n"))),
        Tree::Block(items) | Tree::Flow(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Tree::BlockMap(entries) | Tree::FlowMap(entries) => {
            let entry = |(at, (name, value)): (usize, &(String, Tree))| format!("{}: {}", key(at, name), flow(value));
            format!("{{{}}}", entries.iter().enumerate().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Whether a node is what was written.
pub(crate) fn is_meant(tree: &Tree, node: Node<'_>) -> bool {
    match tree {
        Tree::Plain(text) | Tree::Single(text) | Tree::Double(text) => {
            node.kind() == NodeKind::Scalar && node.text() == text
        }
        Tree::Literal(lines) => node.text() == lines.join("\n"),
        Tree::Block(items) | Tree::Flow(items) => {
            node.items().count() == items.len()
                && items.iter().zip(node.items()).all(|(tree, node)| is_meant(tree, node))
        }
        Tree::BlockMap(entries) | Tree::FlowMap(entries) => {
            node.entries().count() == entries.len()
                && entries
                    .iter()
                    .enumerate()
                    .zip(node.entries())
                    .all(|((at, (name, tree)), (found, value))| found.text() == key(at, name) && is_meant(tree, value))
        }
    }
}
