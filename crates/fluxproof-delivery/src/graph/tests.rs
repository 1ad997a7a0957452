//! Searches of the graph, on small ones.

use super::*;

/// A graph over `Applied` events; an edge whose guarantee is doubtful has `true`.
fn graph(edges: &[(usize, usize, bool)]) -> DeliveryGraph {
    let mut graph = DeliveryGraph::default();
    for (from, to, doubtful) in edges {
        let doubt = doubtful.then(|| format!("{from}-{to}"));
        graph.add_doubtful(Event::Applied(*from), Event::Applied(*to), "test", None, doubt);
    }
    graph
}

fn path(graph: &DeliveryGraph, from: usize, to: usize) -> Option<String> {
    let name = |event| if let Event::Applied(index) = event { index.to_string() } else { String::new() };
    let steps = graph.path(Event::Applied(from), Event::Applied(to), &name)?;
    Some(steps.iter().map(|step| step.event.as_str()).collect::<Vec<_>>().join(" "))
}

const EDGES: [(usize, usize, bool); 9] = [
    (0, 1, false),
    (1, 2, false),
    (1, 3, false),
    (2, 4, false),
    (3, 4, false),
    (4, 5, false),
    (5, 1, false),
    (0, 5, true),
    (5, 6, false),
];

#[test]
fn a_search_that_goes_on_finds_what_a_new_one_finds() {
    let used = graph(&EDGES);
    for (from, to) in (0..7).flat_map(|from| (0..8).rev().map(move |to| (from, to))) {
        assert_eq!(path(&used, from, to), path(&graph(&EDGES), from, to), "{from} to {to}");
    }
}

#[test]
fn paths_are_shortest_without_doubt_and_never_round() {
    let graph = graph(&EDGES);
    assert_eq!(path(&graph, 0, 5).as_deref(), Some("0 1 3 4 5"));
    assert_eq!(path(&graph, 4, 2).as_deref(), Some("4 5 1 2"));
    assert_eq!((path(&graph, 1, 1), path(&graph, 0, 0), path(&graph, 6, 0)), (None, None, None));
    assert_eq!(graph.doubt(Event::Applied(0), Event::Applied(6)).as_deref(), Some("0-5"));
    assert!(graph.doubt(Event::Applied(1), Event::Applied(6)).is_none());
}
