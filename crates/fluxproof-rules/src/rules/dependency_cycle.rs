//! Flux objects that wait for each other.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, KustomizationNode, Need, ObjectRef};

pub(crate) static RULE: Rule = Rule {
    name: "dependency-cycle",
    summary: "Flux objects wait for each other, so none of them ever starts",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/dependency-cycle.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let is_edge = |f: &Failed<'_>| f.1.kind == BrokenKind::Deadlock && matches!(f.0.need, Need::Dependency(_));
    let mut edges: Vec<Failed<'_>> = order::failed(cx).filter(is_edge).collect();
    fluxproof_order::sort_by_key(&mut edges, |(requirement, _)| requirement.span);
    while !edges.is_empty() {
        let cycle = take_cycle(cx, &mut edges);
        out.extend(finding(cx, &cycle));
    }
}

/// Follows the edges from the first one, and takes those it meets.
fn take_cycle<'a>(cx: &Context<'_>, edges: &mut Vec<Failed<'a>>) -> Vec<Failed<'a>> {
    let mut cycle = vec![edges.remove(0)];
    while let Some(at) =
        target(cycle[cycle.len() - 1]).and_then(|next| edges.iter().position(|e| is_named(cx, *e, next)))
    {
        cycle.push(edges.remove(at));
    }
    cycle
}

fn target<'a>(edge: Failed<'a>) -> Option<&'a ObjectRef> {
    match &edge.0.need {
        Need::Dependency(target) => Some(target),
        _ => None,
    }
}

fn is_named(cx: &Context<'_>, edge: Failed<'_>, object: &ObjectRef) -> bool {
    let owner = cx.owner(edge.0.owner);
    owner.kind == object.kind && owner.name == object.name && owner.namespace == object.namespace
}

fn finding(cx: &Context<'_>, cycle: &[Failed<'_>]) -> Option<Finding> {
    let first = cx.owner(cycle.first()?.0.owner);
    let last = target(*cycle.last()?)?;
    let closed = is_named(cx, cycle[0], last);
    let mut finding = order::finding(cx, &RULE, cycle, "waits for this")?;
    let chain: Vec<String> = cycle.iter().filter_map(|edge| target(*edge)).map(ToString::to_string).collect();
    finding.message = match (cycle.len(), closed) {
        (1, true) => format!("{first} depends on itself"),
        (_, true) => format!("{first} depends on itself, through {}", chain[..chain.len() - 1].join(", ")),
        (_, false) if applies(cx, first, last) => format!("{first} depends on {last}, which comes only with it"),
        (_, false) => format!("{first} depends on {last}, which waits for it"),
    };
    (finding.why, finding.help) = match (closed, applies(cx, first, last)) {
        (true, _) => (CLOSED.to_owned(), "remove one of these dependencies".to_owned()),
        (_, true) => (
            format!("{first} applies {last} and starts only after it: on an empty cluster neither ever comes"),
            format!("remove the dependency, or apply {last} from a Kustomization that comes before"),
        ),
        _ => (WAITS.to_owned(), "remove the dependency, or the wait of the parent".to_owned()),
    };
    finding.field = "spec.dependsOn".to_owned();
    for (requirement, _) in &cycle[1..] {
        order::relate(&mut finding, requirement.span, format!("{} waits for this", requirement.object));
    }
    Some(finding)
}

/// Whether one Kustomization applies the other, by itself or by others that it applies.
fn applies(cx: &Context<'_>, outer: &ObjectRef, inner: &ObjectRef) -> bool {
    let nodes = &cx.delivery.kustomizations;
    let same = |node: &KustomizationNode, object: &ObjectRef| {
        (&node.object.name, &node.object.namespace) == (&object.name, &object.namespace)
    };
    let start = nodes.iter().find(|node| same(node, inner)).filter(|node| node.object.kind == inner.kind);
    let above = |node: &&KustomizationNode| node.parent.map(|at| &nodes[at]);
    std::iter::successors(start, above).take(nodes.len()).skip(1).any(|node| same(node, outer))
}

const CLOSED: &str = "none of them is ever Ready; and as long as a cycle exists, kustomize-controller follows no new revision \
                      of their source, for any Kustomization (fluxcd/kustomize-controller#1712)";

const WAITS: &str = "a Kustomization that waits is Ready only when everything it applies is, this one included";
