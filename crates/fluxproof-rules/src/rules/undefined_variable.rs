//! A variable that nothing sets, where Flux puts nothing in its place.

use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{KustomizationNode, is_unset_variable};
use fluxproof_yaml::Problem;

pub(crate) static RULE: Rule = Rule {
    name: "undefined-variable",
    summary: "a ${variable} that nothing sets becomes an empty text, and fails the build from Flux 2.9 on",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/undefined-variable.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for node in &cx.delivery.kustomizations {
        let unset = node.build.notes.iter().filter(|note| is_unset_variable(note));
        out.extend(unset.map(|note| finding(cx, node, note)));
    }
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, note: &Problem) -> Finding {
    let name = note.message.split('"').nth(1).unwrap_or_default();
    let message = format!("{} substitutes ${{{name}}}, which nothing sets", node.object);
    let why = "this Flux puts an empty text in its place without a word; from 2.9 on the build fails";
    let help = format!(
        "set {name} in postBuild, or write ${{{name}:=default}}; if it is meant for another program, write $${{{name}}}"
    );
    let finding = cx.finding(&RULE, note.span, "is not set", message).because(why).mend(help);
    finding.of(&node.object, node.object.clone(), format!("${{{name}}}"))
}
