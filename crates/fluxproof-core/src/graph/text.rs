//! DOT and Mermaid.

use super::draw::said;
use super::model::{Graph, Node, Relation};
use std::fmt::Write;

fn in_waves<'g>(graph: &'g Graph<'_>) -> impl Iterator<Item = (usize, Vec<(usize, &'g Node)>)> {
    let waves = graph.waves.starts.iter().max().map_or(0, |last| last + 1);
    let of = |wave: usize| graph.nodes.iter().enumerate().filter(|(at, _)| graph.waves.starts[*at] == wave).collect();
    (0..waves).map(move |wave| (wave, of(wave)))
}

/// A graph of Graphviz.
pub(crate) fn dot(graph: &Graph<'_>) -> String {
    let mut out = format!("digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&graph.delivery.name));
    for (wave, nodes) in in_waves(graph).filter(|(_, nodes)| !nodes.is_empty()) {
        let _ = writeln!(out, "  {{ rank=same; // wave {wave}");
        for (at, node) in nodes {
            let color = if node.broken > 0 { ", color=red" } else { "" };
            let label = format!("{}\\n{}", quoted(&node.object.kind), quoted(&full_name(node)));
            let _ = writeln!(out, "    n{at} [label=\"{label}\"{color}];");
        }
        out.push_str("  }\n");
    }
    for (_, edge) in graph.shown() {
        let style = match edge.relation {
            Relation::Missing => "style=dashed, color=red, fontcolor=red, constraint=false",
            Relation::DependsOn => "style=bold",
            Relation::Provides | Relation::Wait | Relation::HealthChecks => "style=dotted, constraint=false",
            _ => "style=solid",
        };
        let _ = writeln!(out, "  n{} -> n{} [label=\"{}\", {style}];", edge.from, edge.to, quoted(&edge.label()));
    }
    out + "}\n"
}

/// A flowchart of Mermaid: one subgraph a wave.
pub(crate) fn mermaid(graph: &Graph<'_>) -> String {
    let mut out = format!("%% cluster {}\nflowchart LR\n", plain(&graph.delivery.name));
    for (wave, nodes) in in_waves(graph).filter(|(_, nodes)| !nodes.is_empty()) {
        let _ = writeln!(out, "  subgraph w{wave}[\"wave {wave}\"]");
        for (at, node) in nodes {
            let _ = writeln!(out, "    n{at}[\"{}<br/>{}\"]", entities(&node.object.kind), entities(&full_name(node)));
        }
        out.push_str("  end\n");
    }
    for (_, edge) in graph.shown() {
        let arrow = match edge.relation {
            Relation::DependsOn => "==>",
            Relation::Missing | Relation::Provides => "-.->",
            _ => "-->",
        };
        let _ = writeln!(out, "  n{} {arrow}|\"{}\"| n{}", edge.from, entities(&edge.label()), edge.to);
    }
    let missing = graph.shown().enumerate().filter(|(_, (_, edge))| edge.relation == Relation::Missing);
    for (at, (_, edge)) in missing {
        let _ = writeln!(out, "  linkStyle {at} stroke:#d4483f,color:#d4483f %% {}", plain(&said(graph, edge)));
    }
    out
}

fn full_name(node: &Node) -> String {
    let namespace = node.object.namespace.as_deref().map(|n| format!("{n}/")).unwrap_or_default();
    format!("{namespace}{}", node.object.name)
}

/// Text inside the quotes of DOT.
fn quoted(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('"', "\\\"")
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Text inside the quotes of Mermaid, which knows entities by number: what could end the text, be Markdown or be HTML.
fn entities(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '|' | '*' | '_' | '\\' | '[' | ']' | '{' | '}' | '(' | ')' | ';' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(quoted("a\"b\\c\nd"), "a\\\"b\\\\c\u{fffd}d");
        assert_eq!(entities("a\"]; click<b>"), "a#34;#93;#59; click#60;b#62;");
    }
}
