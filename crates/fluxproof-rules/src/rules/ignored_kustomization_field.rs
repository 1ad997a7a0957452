//! A field of the root kustomization.yaml that Flux drops.

use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{KustomizationNode, is_dropped_field};
use fluxproof_yaml::Problem;

pub(crate) static RULE: Rule = Rule {
    name: "ignored-kustomization-field",
    summary: "a kustomization.yaml at spec.path has a field that does not exist, and Flux drops it in silence",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/ignored-kustomization-field.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for node in &cx.delivery.kustomizations {
        let dropped = node.build.notes.iter().filter(|note| is_dropped_field(note));
        out.extend(dropped.map(|note| finding(cx, node, note)));
    }
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, note: &Problem) -> Finding {
    let message = format!("{} in the kustomization of {}", note.message, node.object);
    let why = "at spec.path Flux reads the file without strictness and drops what it does not know, so that the Kustomization is \
               Ready without it; kustomize build refuses the same file";
    let finding = cx.finding(&RULE, note.span, "has no effect", message).because(why);
    let help = "mend the name of the field, or remove it";
    finding.mend(help).of(&node.object, node.object.clone(), note.message.clone())
}
