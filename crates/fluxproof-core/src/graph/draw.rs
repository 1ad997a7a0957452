//! What every drawing with places has in common: how wide a node is, what it says, and where it stands.

use super::model::{Edge, Graph, Node};
use super::place::{Layout, place};
use std::fmt::Write;

/// How many characters of a name a node shows.
const SHOWN: usize = 30;

/// A graph with places: the edges that are drawn, in the order of the layout's paths.
pub(crate) struct Drawing<'g> {
    pub(crate) edges: Vec<(usize, &'g Edge)>,
    pub(crate) layout: Layout,
}

/// Lays a graph out.
pub(crate) fn drawing<'g>(graph: &'g Graph<'_>) -> Drawing<'g> {
    let edges: Vec<(usize, &Edge)> = graph.shown().collect();
    let ends: Vec<(usize, usize)> = edges.iter().map(|(_, edge)| (edge.from, edge.to)).collect();
    let widths: Vec<i32> = graph.nodes.iter().map(width).collect();
    Drawing { layout: place(&graph.waves.starts, &widths, &ends), edges }
}

fn width(node: &Node) -> i32 {
    let longest = name(node).chars().count().max(kind(node).chars().count());
    48 + 7 * i32::try_from(longest).unwrap_or(0)
}

/// The name that a node shows: the end of a long one is left out.
pub(crate) fn name(node: &Node) -> String {
    let name = &node.object.name;
    if name.chars().count() <= SHOWN { name.clone() } else { name.chars().take(SHOWN - 1).chain(['…']).collect() }
}

/// Kind and namespace, above the name.
pub(crate) fn kind(node: &Node) -> String {
    let whole = match node.object.namespace.as_deref() {
        Some(namespace) if namespace != "flux-system" => format!("{} · {namespace}", node.object.kind),
        _ => node.object.kind.clone(),
    };
    if whole.chars().count() <= SHOWN + 4 { whole } else { whole.chars().take(SHOWN + 3).chain(['…']).collect() }
}

/// A sentence about a node, for a title.
pub(crate) fn about(node: &Node, wave: usize) -> String {
    let mut text = format!("{}, wave {wave}, {}", node.object, node.fate);
    if node.broken > 0 {
        let _ = write!(text, ", {} broken", node.broken);
    }
    text
}

/// A sentence about an edge.
pub(crate) fn said(graph: &Graph<'_>, edge: &Edge) -> String {
    let (from, to) = (&graph.nodes[edge.from].object, &graph.nodes[edge.to].object);
    format!("{from} to {to}: {}", edge.label())
}
