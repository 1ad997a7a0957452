//! A variable that nothing sets, where Flux puts nothing in its place.

use crate::many::{self, Placed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{KustomizationNode, is_unset_variable};
use fluxproof_yaml::{Problem, Span};

pub(crate) static RULE: Rule = Rule {
    name: "undefined-variable",
    summary: "a ${variable} that nothing sets becomes an empty text, and fails the build from Flux 2.9 on",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/undefined-variable.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let unset = cx.delivery.kustomizations.iter().flat_map(|node| {
        let notes = node.build.notes.iter().filter(|note| is_unset_variable(note) && !is_of_flux(cx, note));
        notes.map(move |note| (name(note), (node, note.span)))
    });
    // One variable that nothing sets is one cause, however often it is used.
    out.extend(many::by(unset).iter().filter_map(|(name, uses)| finding(cx, name, uses)));
}

/// The descriptions in Flux's own components are the business of Flux, which leaves them alone since 2.9.2.
fn is_of_flux(cx: &Context<'_>, note: &Problem) -> bool {
    cx.sources.path(note.span.file).name().starts_with("gotk-components")
}

fn name(note: &Problem) -> &str {
    note.message.split('"').nth(1).unwrap_or_default()
}

fn finding(cx: &Context<'_>, name: &str, uses: &[(&KustomizationNode, Span)]) -> Option<Finding> {
    let (node, span) = *uses.first()?;
    let placed: Vec<Placed> = uses.iter().map(|(node, span)| (node.object.clone(), *span)).collect();
    let message = format!(
        "{} {} ${{{name}}}, which nothing sets",
        many::names(&placed),
        many::verb(&placed, "substitutes", "substitute")
    );
    let why = "this Flux puts an empty text in its place without a word; from 2.9 on the build fails";
    let help = format!(
        "set {name} in postBuild, or write ${{{name}:=default}}; if it is meant for another program, write $${{{name}}}"
    );
    let finding = cx.finding(&RULE, span, "is not set", message).because(why).mend(help).caused_by(name);
    Some(many::with_others(finding.of(&node.object, node.object.clone(), format!("${{{name}}}")), &placed))
}
