//! A field that the CRD of a Flux kind does not declare.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_delivery::facts::fields::{OddField, Oddity, odd_fields};
use fluxproof_delivery::facts::flux::Release;
use fluxproof_kustomize::Resource;

pub(crate) static RULE: Rule = Rule {
    name: "unknown-flux-field",
    summary: "a Flux object has a field that its API version does not have",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-flux-field.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    // A release after the one that the table describes may have fields that the table lacks.
    if flux::installed(cx).is_some_and(|release| release > Release::LATEST) {
        return;
    }
    for (owner, resource) in flux::known_objects(cx) {
        let odd = odd_fields(resource.kind(), &resource.value);
        out.extend(odd.iter().filter_map(|odd| finding(cx, owner, resource, odd)));
    }
}

fn finding(cx: &Context<'_>, owner: &ObjectRef, resource: &Resource, odd: &OddField) -> Option<Finding> {
    let (said, help) = match odd.what {
        Oddity::Unknown { meant: Some(meant) } => ("has no such field", format!("did you mean {meant}?")),
        Oddity::Unknown { meant: None } => ("has no such field", format!("remove {}", odd.path)),
        Oddity::Removed { instead: Some(instead) } => ("no longer has it", format!("use {instead}")),
        Oddity::Removed { instead: None } => ("no longer has it", format!("remove {}", odd.path)),
        Oddity::Since(_) | Oddity::Missing => return None,
    };
    let object = ObjectRef::of(resource);
    let message = format!("{object} sets {}, but {} {said}", odd.path, resource.api_version());
    let finding = cx.finding(&RULE, odd.span, "not in the CRD", message);
    let why = format!(
        "the API server refuses the dry run (\"field not declared in schema\"), and nothing of {owner} is applied"
    );
    Some(finding.because(why).mend(help).of(owner, object, odd.path.clone()))
}
