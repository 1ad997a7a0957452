//! A HelmRelease that does not wait, though others depend on it.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::ReleaseNode;
use fluxproof_yaml::Span;

pub(crate) static RULE: Rule = Rule {
    name: "disabled-wait",
    summary: "a HelmRelease that others depend on is Ready before its workloads are",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/disabled-wait.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for (index, release) in cx.delivery.releases.iter().enumerate() {
        let Some(span) = release.disable_wait.filter(|_| release.doubt.is_none()) else { continue };
        let dependents = cx.delivery.releases.iter().flat_map(|other| {
            let names_it = other.depends_on.iter().filter(move |dependency| dependency.target == Some(index));
            names_it.map(move |dependency| (other, dependency.span))
        });
        out.extend(finding(cx, release, span, &dependents.collect::<Vec<_>>()));
    }
}

fn finding(
    cx: &Context<'_>,
    release: &ReleaseNode,
    span: Span,
    dependents: &[(&ReleaseNode, Span)],
) -> Option<Finding> {
    let (dependent, depends) = dependents.first()?;
    let message = format!("{} does not wait for its workloads, and {} depends on it", release.object, dependent.object);
    let why = "with disableWait a HelmRelease is Ready as soon as its objects are applied, so that dependsOn orders nothing but \
               that";
    let owner = &cx.delivery.kustomizations[release.owner].object;
    let finding = cx.finding(&RULE, span, "does not wait", message).rated(Severity::Info, Confidence::Likely);
    let finding = finding.because(why).mend("remove disableWait, or the dependsOn if it orders nothing that matters");
    let finding = finding.of(owner, release.object.clone(), "spec.install.disableWait");
    Some(finding.with(*depends, format!("{} depends on it", dependent.object)))
}
