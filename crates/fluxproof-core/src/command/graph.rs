//! `graph`: what Flux applies in each cluster, and in which order.

use super::check::{nothing, read};
use super::options::Args;
use super::types::{Inputs, Outcome, Terminal};
use crate::graph::{Graph, GraphDto, dot, dto, mermaid, svg, tree};
use crate::report::{Analysis, json, place::Places};
use crate::style::{Style, tame};

pub(crate) fn run(args: &Args, terminal: Terminal, inputs: Inputs) -> Outcome {
    let analysis = match read(args, terminal, inputs, None) {
        Ok(analysis) => analysis,
        Err(outcome) => return outcome,
    };
    let clusters = &analysis.deliveries.clusters;
    if clusters.is_empty() {
        return nothing(args, String::new());
    }
    let graphs: Vec<Graph<'_>> = clusters.iter().map(Graph::of).collect();
    let style = Style { color: terminal.color };
    Outcome::out(match args.format.as_str() {
        "json" => wire(&analysis, &graphs),
        "svg" => tame(&svg(&graphs), false),
        "mermaid" => tame(&graphs.iter().map(mermaid).collect::<String>(), false),
        "dot" => tame(&graphs.iter().map(dot).collect::<String>(), false),
        _ => tame(&graphs.iter().map(|graph| tree(graph, style)).collect::<String>(), terminal.color),
    })
}

fn wire(analysis: &Analysis, graphs: &[Graph<'_>]) -> String {
    let places = Places::new(&analysis.sources);
    json::text(&GraphDto { schema_version: "1", clusters: graphs.iter().map(|graph| dto(&places, graph)).collect() })
}
