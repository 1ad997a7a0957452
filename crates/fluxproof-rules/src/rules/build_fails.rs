//! A folder that Flux cannot build.

use crate::{Context, Finding, Rule, Severity};
use fluxproof_yaml::Problem;

pub(crate) static RULE: Rule = Rule {
    name: "build-fails",
    summary: "Flux cannot build what a Kustomization applies",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/build-fails.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(cx.delivery.problems.iter().map(|(index, problem)| finding(cx, *index, problem)));
}

fn finding(cx: &Context<'_>, index: usize, problem: &Problem) -> Finding {
    let owner = &cx.delivery.kustomizations[index].object;
    let mut finding = cx.finding(&RULE, problem.span, "here", format!("{owner} cannot be built: {}", problem.message));
    let note = problem.note.as_ref().map(|note| format!("{note}; ")).unwrap_or_default();
    finding.why = format!("{note}one error fails the whole build, and nothing of {owner} is applied");
    finding.help = problem.help.clone().unwrap_or_else(|| "mend it, and try kustomize build on the folder".to_owned());
    finding.owner = Some(owner.clone());
    finding.cause = Some(owner.to_string());
    finding.field.clone_from(&problem.message);
    finding
        .related
        .extend(problem.related.iter().map(|other| crate::Label { span: other.span, message: other.label.clone() }));
    finding
}
