//! The graph as JSON: nodes, edges, times, and the geometry that the SVG is drawn with.

use super::draw::drawing;
use super::model::{Edge, Graph};
use super::place::{Layout, Rect};
use super::time::Span;
use crate::report::place::Places;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GraphDto<'a> {
    pub(crate) schema_version: &'static str,
    pub(crate) clusters: Vec<ClusterDto<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterDto<'a> {
    name: &'a str,
    entry: String,
    nodes: Vec<NodeDto<'a>>,
    edges: Vec<EdgeDto<'a>>,
    critical_path: PathDto,
    width: i32,
    height: i32,
    columns: Vec<ColumnDto>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NodeDto<'a> {
    id: String,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
    wave: usize,
    resources: usize,
    fate: &'static str,
    broken: usize,
    ready: SpanDto,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<PlaceDto<'a>>,
    #[serde(rename = "box")]
    rect: RectDto,
}

#[derive(Serialize)]
struct EdgeDto<'a> {
    from: String,
    to: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<PlaceDto<'a>>,
    /// The path of its line; absent where a drawing leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanDto {
    least_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    most_seconds: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PathDto {
    #[serde(flatten)]
    ready: SpanDto,
    unbounded: usize,
    steps: Vec<LinkDto>,
}

#[derive(Serialize)]
struct LinkDto {
    id: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    because: &'static str,
    ready: SpanDto,
}

#[derive(Serialize)]
struct PlaceDto<'a> {
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct RectDto {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

#[derive(Serialize)]
struct ColumnDto {
    x: i32,
    width: i32,
}

/// A cluster as JSON.
pub(crate) fn dto<'a>(places: &Places<'a>, graph: &'a Graph<'_>) -> ClusterDto<'a> {
    let drawing = drawing(graph);
    let Layout { boxes, paths, columns, width, height, .. } = drawing.layout;
    let mut drawn = vec![None; graph.edges.len()];
    drawing.edges.iter().zip(paths).for_each(|((at, _), path)| drawn[*at] = Some(path));
    let edges = graph.edges.iter().zip(drawn);
    ClusterDto {
        name: &graph.delivery.name,
        entry: graph.delivery.entry.to_string(),
        nodes: boxes.iter().enumerate().map(|(at, rect)| node(places, graph, at, *rect)).collect(),
        edges: edges.map(|(one, path)| edge(places, graph, one, path)).collect(),
        critical_path: critical(graph),
        width,
        height,
        columns: columns.into_iter().map(|(x, width)| ColumnDto { x, width }).collect(),
    }
}

fn node<'a>(places: &Places<'a>, graph: &'a Graph<'_>, at: usize, rect: Rect) -> NodeDto<'a> {
    let node = &graph.nodes[at];
    let Rect { x, y, width, height } = rect;
    NodeDto {
        id: node.object.to_string(),
        kind: &node.object.kind,
        namespace: node.object.namespace.as_deref(),
        name: &node.object.name,
        wave: graph.waves.starts[at],
        resources: node.resources,
        fate: node.fate,
        broken: node.broken,
        ready: span(graph.times.ready[at]),
        location: node.span.map(|span| place(places, span)),
        rect: RectDto { x, y, width, height },
    }
}

fn edge<'a>(places: &Places<'a>, graph: &Graph<'_>, edge: &'a Edge, d: Option<String>) -> EdgeDto<'a> {
    EdgeDto {
        from: graph.nodes[edge.from].object.to_string(),
        to: graph.nodes[edge.to].object.to_string(),
        kind: edge.relation.name(),
        what: &edge.what,
        location: edge.span.map(|span| place(places, span)),
        d,
    }
}

fn critical(graph: &Graph<'_>) -> PathDto {
    let times = &graph.times;
    let link = |link: &super::time::Link| LinkDto {
        id: graph.nodes[link.node].object.to_string(),
        because: link.because,
        ready: span(link.ready),
    };
    PathDto { ready: span(times.whole), unbounded: times.unbounded, steps: times.critical.iter().map(link).collect() }
}

fn span(span: Span) -> SpanDto {
    SpanDto { least_seconds: span.least, most_seconds: span.most }
}

fn place<'a>(places: &Places<'a>, span: fluxproof_yaml::Span) -> PlaceDto<'a> {
    let place = places.place(span);
    PlaceDto { path: place.path, line: place.start.line }
}
