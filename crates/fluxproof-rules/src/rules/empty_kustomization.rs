//! A Kustomization that applies nothing, and prunes.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Content, KustomizationNode};

pub(crate) static RULE: Rule = Rule {
    name: "empty-kustomization",
    summary: "a Kustomization with prune applies nothing: it deletes all that it applied before",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/empty-kustomization.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let known = cx.delivery.kustomizations.iter().filter(|node| node.doubt.is_none() && node.open.is_none());
    let empty = known.filter(|node| node.prune && node.resources().is_empty() && node.build.problems.is_empty());
    out.extend(empty.filter_map(|node| finding(cx, node)));
}

fn finding(cx: &Context<'_>, node: &KustomizationNode) -> Option<Finding> {
    let Content::Here(folder) = &node.content else { return None };
    let path = node.resource.as_ref()?.at(&["spec", "path"])?;
    let message = format!("{} applies nothing from {folder}, and prunes", node.object);
    let why =
        "an empty build is no error: the Kustomization is Ready, and every object that it applied before is deleted";
    let help = "mend the kustomization.yaml (a misspelt resources: makes it empty), or remove the Kustomization";
    let owner = node.parent.map_or(&node.object, |parent| &cx.delivery.kustomizations[parent].object);
    let finding = cx.finding(&RULE, path.span, "nothing is applied", message);
    let finding = finding.rated(Severity::Warning, Confidence::Likely).because(why).mend(help);
    Some(finding.of(owner, node.object.clone(), "spec.path"))
}
