//! The graph as text: the waves, what each object waits for, what is missing, and the critical path.

use super::model::{Edge, Graph, Relation};
use super::time::{Link, Span};
use crate::style::{Ink, Style};
use fluxproof_delivery::{Content, Delivery, KustomizationNode};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A cluster as text.
pub(crate) fn tree(graph: &Graph<'_>, style: Style) -> String {
    let delivery = graph.delivery;
    let head = format!("cluster {}, entry {}", delivery.name, delivery.entry);
    let mut out = format!("{}\n", style.paint(Ink::Strong, &head));
    let missing = missing(graph);
    for wave in 0..=graph.waves.starts.iter().copied().max().unwrap_or(0) {
        let in_wave = |index: &usize| graph.waves.starts[*index] == wave;
        let kustomizations: Vec<usize> = (0..delivery.kustomizations.len()).filter(in_wave).collect();
        if kustomizations.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n  {}", style.paint(Ink::Faint, &format!("wave {wave}")));
        for index in kustomizations {
            node(delivery, index, style, &mut out);
            broken(graph, index, missing.get(&index), style, &mut out);
        }
    }
    out.push('\n');
    out + &foot(graph, style) + "\n"
}

/// The missing edges, by the Kustomization below which they are shown.
fn missing<'g>(graph: &'g Graph<'_>) -> BTreeMap<usize, Vec<&'g Edge>> {
    let mut all: BTreeMap<usize, Vec<&Edge>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| edge.relation == Relation::Missing) {
        let release = edge.to.checked_sub(graph.delivery.kustomizations.len());
        let owner = release.and_then(|h| graph.delivery.releases.get(h)).map_or(edge.to, |release| release.owner);
        all.entry(owner).or_default().push(edge);
    }
    all
}

fn broken(graph: &Graph<'_>, index: usize, edges: Option<&Vec<&Edge>>, style: Style, out: &mut String) {
    for edge in edges.into_iter().flatten() {
        let for_whom = if edge.to == index { String::new() } else { format!(" for {}", graph.nodes[edge.to].object) };
        let mark = style.paint(Ink::Bad, "☒ missing");
        let _ = writeln!(out, "    {mark} after {}: {}{for_whom}", graph.nodes[edge.from].object, edge.what);
    }
}

fn node(delivery: &Delivery, index: usize, style: Style, out: &mut String) {
    let node = &delivery.kustomizations[index];
    let wait = if node.wait { ", waits" } else { "" };
    let _ = writeln!(
        out,
        "  {}  {}",
        style.paint(Ink::Strong, &node.object.to_string()),
        style.paint(Ink::Faint, &format!("{}{wait}", content(node)))
    );
    for dependency in &node.depends_on {
        let _ = writeln!(out, "    after    {}/{}", dependency.namespace, dependency.name);
    }
    for (kind, names) in applied(node) {
        let shown: Vec<&str> = names.iter().take(4).copied().collect();
        let more = if names.len() > 4 { format!(" and {} more", names.len() - 4) } else { String::new() };
        let _ = writeln!(out, "    applies  {kind} {}{more}", shown.join(", "));
    }
    for release in delivery.releases.iter().filter(|release| release.owner == index) {
        let chart = release.chart.as_deref().unwrap_or("a chart");
        let version = release.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let _ = writeln!(out, "    installs {chart}{version} into {}", release.target_namespace);
    }
}

fn content(node: &KustomizationNode) -> String {
    match &node.content {
        Content::Here(folder) => format!("./{folder}"),
        Content::Missing(folder, _) => format!("./{folder} (missing)"),
        Content::ExternalSecretsCrds { tag, path } => format!("{path} of external-secrets {tag}"),
        Content::KnownCrds { url, tag, path } => format!("{path} of {url} {tag}"),
        Content::Outside(why) => why.clone(),
    }
}

fn applied(node: &KustomizationNode) -> BTreeMap<&str, Vec<&str>> {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for resource in node.resources() {
        kinds.entry(resource.kind()).or_default().push(resource.name());
    }
    kinds
}

/// The critical path: for each object when it is Ready at the earliest and at the latest, and what it waited for.
fn foot(graph: &Graph<'_>, style: Style) -> String {
    let times = &graph.times;
    let head = format!("  critical path: {}", window(times.whole));
    let mut out = style.paint(Ink::Strong, &head) + ", if nothing fails but what is drawn as missing\n";
    let at = |span: Span| format!("{} to {}", clock(span.least), span.most.map_or("-".to_owned(), clock));
    let wide = times.critical.iter().map(|link| at(link.ready).len()).max().unwrap_or(0);
    for Link { node, because, ready } in &times.critical {
        let why = if because.is_empty() { String::new() } else { style.paint(Ink::Faint, &format!("  {because}")) };
        let _ = writeln!(out, "    {:<wide$}  {}{why}", at(*ready), graph.nodes[*node].object);
    }
    if times.unbounded > 0 {
        let _ = writeln!(out, "    {} more may never be Ready, or no timeout bounds them", times.unbounded);
    }
    out
}

fn window(span: Span) -> String {
    match span.most {
        Some(most) => format!("Ready after {} at the earliest, {} at the latest", clock(span.least), clock(most)),
        None => format!("Ready after {} at the earliest", clock(span.least)),
    }
}

/// `1h02m`, `4m30s`, `30s`
pub(crate) fn clock(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{s}s"),
        (0, m, 0) => format!("{m}m"),
        (0, m, s) => format!("{m}m{s:02}s"),
        (h, m, 0) => format!("{h}h{m:02}m"),
        (h, m, s) => format!("{h}h{m:02}m{s:02}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_are_written_as_flux_writes_them() {
        assert_eq!([0, 60, 270, 3720, 3661].map(clock).join(" "), "0s 1m 4m30s 1h02m 1h01m01s");
    }
}
