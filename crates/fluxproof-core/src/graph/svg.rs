//! The layered SVG. It needs no script and no `style` attribute: presentation attributes stand where a page's policy
//! refuses the style sheet inside, and then the colours are ones that can be read on light and on dark.

use super::draw::{Drawing, about, drawing, kind, name, said};
use super::model::{Graph, Relation};
use super::place::{Layout, Rect};
use std::fmt::Write;

/// Up to so many edges each has its label; beyond, only what is missing.
const LABELLED: usize = 40;
const SHEET: &str = "text{font:12px system-ui,sans-serif;fill:#14191a}.f{fill:#5d6665}.n{fill:#fff;stroke:#838c89}.bad{stroke:#b0241c}.e{stroke:#5d6665}.m{stroke:#b0241c}.mt{fill:#b0241c}.d{stroke:#0a684e}.a{fill:#5d6665}.am{fill:#b0241c}@media(prefers-color-scheme:dark){text{fill:#e8ecea}.f{fill:#929c99}.n{fill:#131718;stroke:#6f7a7b}.bad{stroke:#ff958c}.e{stroke:#929c99}.m{stroke:#ff958c}.mt{fill:#ff958c}.d{stroke:#56c79b}.a{fill:#929c99}.am{fill:#ff958c}}";

/// The pictures of these clusters, one below the other.
pub(crate) fn svg(graphs: &[Graph<'_>]) -> String {
    let drawn: Vec<Drawing<'_>> = graphs.iter().map(drawing).collect();
    let width = drawn.iter().map(|d| d.layout.width).max().unwrap_or(0).max(240);
    let height: i32 = drawn.iter().map(|d| d.layout.height + HEAD).sum();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"t d\" font-family=\"system-ui,sans-serif\" font-size=\"12\">\n<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n<style>{SHEET}</style>\n<defs>{}{}</defs>\n",
        escape(&title(graphs)),
        escape(&description(graphs)),
        marker("ok", "a", "#72807d"),
        marker("no", "am", "#d4483f"),
    );
    let mut top = 0;
    for (graph, drawing) in graphs.iter().zip(&drawn) {
        let _ = writeln!(out, "<g transform=\"translate(0 {top})\">");
        cluster(graph, drawing, &mut out);
        out.push_str("</g>\n");
        top += drawing.layout.height + HEAD;
    }
    out + "</svg>\n"
}

/// The height of a cluster's name.
const HEAD: i32 = 32;

fn title(graphs: &[Graph<'_>]) -> String {
    let names: Vec<&str> = graphs.iter().map(|graph| graph.delivery.name.as_str()).collect();
    format!("What Flux delivers, in waves: {}", names.join(", "))
}

fn description(graphs: &[Graph<'_>]) -> String {
    let one = |graph: &Graph<'_>| {
        let missing = graph.edges.iter().filter(|edge| edge.relation == Relation::Missing).count();
        let waves = graph.waves.starts.iter().max().map_or(0, |last| last + 1);
        let (name, nodes) = (&graph.delivery.name, graph.nodes.len());
        format!("Cluster {name}: {nodes} Flux objects in {waves} waves, {missing} missing guarantees.")
    };
    graphs.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn marker(id: &str, class: &str, color: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" class=\"{class}\" fill=\"{color}\"/></marker>"
    )
}

fn cluster(graph: &Graph<'_>, drawing: &Drawing<'_>, out: &mut String) {
    let _ = writeln!(
        out,
        "<text x=\"20\" y=\"20\" font-size=\"14\" font-weight=\"600\" fill=\"#72807d\">Cluster {}</text>\n<g transform=\"translate(0 {HEAD})\">",
        escape(&graph.delivery.name)
    );
    waves(&drawing.layout, out);
    for at in 0..drawing.edges.len() {
        edge(graph, drawing, at, out);
    }
    for (at, rect) in drawing.layout.boxes.iter().enumerate() {
        node(graph, at, *rect, out);
    }
    out.push_str("</g>\n");
}

fn waves(layout: &Layout, out: &mut String) {
    for (wave, (x, width)) in layout.columns.iter().enumerate() {
        let end = x + width;
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"24\" class=\"f\" fill=\"#72807d\">Wave {wave}</text><path d=\"M{x} 34H{end}\" class=\"e\" stroke=\"#72807d\" stroke-opacity=\".4\"/>"
        );
    }
}

fn edge(graph: &Graph<'_>, drawing: &Drawing<'_>, at: usize, out: &mut String) {
    let (_, edge) = drawing.edges[at];
    let (class, color, more) = look(edge.relation);
    let marker = if edge.relation == Relation::Missing { "no" } else { "ok" };
    let _ = writeln!(
        out,
        "<path d=\"{}\" class=\"{class}\" fill=\"none\" stroke=\"{color}\"{more} marker-end=\"url(#{marker})\"><title>{}</title></path>",
        drawing.layout.paths[at],
        escape(&said(graph, edge))
    );
    if edge.relation == Relation::Missing || drawing.edges.len() <= LABELLED {
        let (x, y) = drawing.layout.middles[at];
        let class = if edge.relation == Relation::Missing { "mt" } else { "f" };
        let label = if edge.relation == Relation::Missing { "missing" } else { edge.relation.name() };
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{}\" class=\"{class}\" fill=\"{color}\" font-size=\"10\" text-anchor=\"middle\">{label}</text>",
            y - 4
        );
    }
}

/// Class, colour without a sheet, and the other attributes of a line.
fn look(relation: Relation) -> (&'static str, &'static str, &'static str) {
    match relation {
        Relation::Missing => ("m", "#d4483f", " stroke-width=\"2\" stroke-dasharray=\"6 4\""),
        Relation::DependsOn => ("d", "#1f8f6d", " stroke-width=\"1.75\""),
        Relation::Applies => ("e", "#72807d", " stroke-opacity=\".55\""),
        Relation::Source => ("e", "#72807d", " stroke-opacity=\".55\" stroke-dasharray=\"2 2\""),
        Relation::Provides => ("e", "#72807d", " stroke-dasharray=\"1 3\""),
        Relation::Wait | Relation::HealthChecks => ("d", "#1f8f6d", " stroke-dasharray=\"8 2\""),
    }
}

fn node(graph: &Graph<'_>, at: usize, rect: Rect, out: &mut String) {
    let node = &graph.nodes[at];
    let bad = node.broken > 0 || !matches!(node.fate, "ready" | "suspended");
    let (class, color) = if bad { ("n bad", "#d4483f") } else { ("n", "#72807d") };
    let dash = if node.fate == "missing" { " stroke-dasharray=\"4 3\"" } else { "" };
    let mark = if bad { "☒" } else { "■" };
    let (x, y, end) = (rect.x + 12, rect.y, rect.x + rect.width - 22);
    let _ = writeln!(
        out,
        "<g><title>{}</title><rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"6\" class=\"{class}\" fill=\"#72807d\" fill-opacity=\".06\" stroke=\"{color}\"{dash}/><text x=\"{x}\" y=\"{}\" class=\"f\" fill=\"#72807d\" font-size=\"10\">{}</text><text x=\"{x}\" y=\"{}\" fill=\"#72807d\">{}</text><text x=\"{end}\" y=\"{}\" class=\"{}\" fill=\"{color}\">{mark}</text></g>",
        escape(&about(node, graph.waves.starts[at])),
        rect.x,
        rect.width,
        rect.height,
        y + 17,
        escape(&kind(node)),
        y + 34,
        escape(&name(node)),
        y + 17,
        if bad { "mt" } else { "f" },
    );
}

/// Text inside XML: what has a meaning there is escaped, and what XML cannot hold is U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
