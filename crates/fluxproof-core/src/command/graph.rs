//! `graph`: what Flux applies in each cluster, and in which order.

use super::check::{nothing, read};
use super::options::Args;
use super::types::{Inputs, Outcome, Terminal};
use crate::report::json;
use crate::style::{Ink, Style, tame};
use fluxproof_delivery::{Content, Delivery, KustomizationNode};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GraphDto {
    schema_version: &'static str,
    clusters: Vec<ClusterDto>,
}

#[derive(Serialize)]
struct ClusterDto {
    name: String,
    entry: String,
    nodes: Vec<NodeDto>,
    edges: Vec<EdgeDto>,
}

#[derive(Serialize)]
struct NodeDto {
    id: String,
    kind: &'static str,
    wave: usize,
    resources: usize,
}

#[derive(Serialize)]
struct EdgeDto {
    from: String,
    to: String,
    kind: &'static str,
}

pub(crate) fn run(args: &Args, terminal: Terminal, inputs: Inputs) -> Outcome {
    let analysis = match read(args, terminal, inputs.tree, None) {
        Ok(analysis) => analysis,
        Err(outcome) => return outcome,
    };
    let clusters = &analysis.deliveries.clusters;
    if clusters.is_empty() {
        return nothing(args, String::new());
    }
    let text = match args.format.as_str() {
        "json" => json::text(&GraphDto { schema_version: "1", clusters: clusters.iter().map(dto).collect() }),
        "mermaid" => clusters.iter().map(mermaid).collect(),
        "dot" => clusters.iter().map(dot).collect(),
        _ => clusters.iter().map(|delivery| human(delivery, Style { color: terminal.color })).collect(),
    };
    Outcome::out(if args.format == "json" { text } else { tame(&text, terminal.color) })
}

/// The wave of each Kustomization: after its parent, and after what it depends on. Cycles stay where they are met.
fn waves(delivery: &Delivery) -> Vec<usize> {
    let nodes = &delivery.kustomizations;
    let mut waves = vec![0; nodes.len()];
    for _ in 0..nodes.len() {
        let mut changed = false;
        for (index, node) in nodes.iter().enumerate() {
            let before = node.parent.into_iter().chain(node.depends_on.iter().filter_map(|d| d.target));
            let wave = before.filter(|b| *b != index).map(|b| waves[b] + 1).max().unwrap_or(0);
            changed |= wave > waves[index] && wave < nodes.len();
            waves[index] = waves[index].max(wave.min(nodes.len() - 1));
        }
        if !changed {
            break;
        }
    }
    waves
}

fn human(delivery: &Delivery, style: Style) -> String {
    let mut out =
        format!("{}\n", style.paint(Ink::Strong, &format!("cluster {}, entry {}", delivery.name, delivery.entry)));
    let waves = waves(delivery);
    for wave in 0..=waves.iter().copied().max().unwrap_or(0) {
        let in_wave: Vec<usize> = (0..waves.len()).filter(|index| waves[*index] == wave).collect();
        if in_wave.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n  {}", style.paint(Ink::Faint, &format!("wave {wave}")));
        for index in in_wave {
            node(delivery, index, style, &mut out);
        }
    }
    out.push('\n');
    out
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
        let _ = writeln!(
            out,
            "    installs {} {} into {}",
            chart,
            release.version.as_deref().unwrap_or(""),
            release.target_namespace
        );
    }
}

fn content(node: &KustomizationNode) -> String {
    match &node.content {
        Content::Here(folder) => format!("./{folder}"),
        Content::Missing(folder, _) => format!("./{folder} (missing)"),
        Content::ExternalSecretsCrds { tag, path } => format!("{path} of external-secrets {tag}"),
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

/// Edges as names: who applies whom, and who waits for whom.
fn edges(delivery: &Delivery) -> Vec<EdgeDto> {
    let name = |index: usize| delivery.kustomizations[index].object.to_string();
    let mut edges = Vec::new();
    for node in &delivery.kustomizations {
        let to = node.object.to_string();
        edges.extend(node.parent.map(|parent| EdgeDto { from: name(parent), to: to.clone(), kind: "applies" }));
        let targets = node.depends_on.iter().filter_map(|dependency| dependency.target);
        edges.extend(targets.map(|target| EdgeDto { from: name(target), to: to.clone(), kind: "dependsOn" }));
    }
    for release in &delivery.releases {
        edges.push(EdgeDto { from: name(release.owner), to: release.object.to_string(), kind: "applies" });
    }
    edges
}

fn dto(delivery: &Delivery) -> ClusterDto {
    let waves = waves(delivery);
    let kustomization = |(index, node): (usize, &KustomizationNode)| NodeDto {
        id: node.object.to_string(),
        kind: "Kustomization",
        wave: waves[index],
        resources: node.resources().len(),
    };
    let mut nodes: Vec<NodeDto> = delivery.kustomizations.iter().enumerate().map(kustomization).collect();
    nodes.extend(delivery.releases.iter().map(|release| NodeDto {
        id: release.object.to_string(),
        kind: "HelmRelease",
        wave: waves[release.owner],
        resources: 0,
    }));
    ClusterDto { name: delivery.name.clone(), entry: delivery.entry.to_string(), nodes, edges: edges(delivery) }
}

fn mermaid(delivery: &Delivery) -> String {
    let edges = edges(delivery);
    let mut names: Vec<&str> = edges.iter().flat_map(|edge| [edge.from.as_str(), edge.to.as_str()]).collect();
    fluxproof_order::sort(&mut names);
    names.dedup();
    let mut out = format!("%% cluster {}\nflowchart LR\n", label(&delivery.name));
    for (id, name) in names.iter().enumerate() {
        let _ = writeln!(out, "  n{id}[\"{}\"]", label(name));
    }
    for edge in &edges {
        let arrow = if edge.kind == "dependsOn" { "==>" } else { "-->" };
        let [from, to] = [&edge.from, &edge.to].map(|name| names.partition_point(|known| *known < name.as_str()));
        let _ = writeln!(out, "  n{from} {arrow}|{}| n{to}", edge.kind);
    }
    out
}

fn dot(delivery: &Delivery) -> String {
    let mut out = format!("digraph \"{}\" {{\n  rankdir=LR; node [shape=box];\n", label(&delivery.name));
    for edge in edges(delivery) {
        let style = if edge.kind == "dependsOn" { "bold" } else { "solid" };
        let _ = writeln!(
            out,
            "  \"{}\" -> \"{}\" [label=\"{}\", style={style}];",
            label(&edge.from),
            label(&edge.to),
            edge.kind
        );
    }
    out.push_str("}\n");
    out
}

/// A name inside quotes, for both formats.
fn label(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).map(|c| if c == '"' || c == '\\' { '\'' } else { c }).collect()
}
