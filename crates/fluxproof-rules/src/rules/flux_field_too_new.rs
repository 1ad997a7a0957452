//! A field that the Flux of this cluster does not have yet.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_delivery::facts::fields::{Oddity, odd_fields};
use fluxproof_delivery::facts::flux::Release;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Span;

pub(crate) static RULE: Rule = Rule {
    name: "flux-field-too-new",
    summary: "a Flux object has a field that the Flux of its cluster does not have yet",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/flux-field-too-new.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(installed) = flux::installed(cx) else { return };
    for (owner, resource) in flux::known_objects(cx) {
        for odd in odd_fields(resource.kind(), &resource.value) {
            if let Oddity::Since(since) = odd.what
                && since > installed
            {
                out.push(finding(cx, owner, resource, (&odd.path, odd.span), (since, installed)));
            }
        }
    }
}

fn finding(
    cx: &Context<'_>,
    owner: &ObjectRef,
    resource: &Resource,
    (path, span): (&str, Span),
    (since, installed): (Release, Release),
) -> Finding {
    let object = ObjectRef::of(resource);
    let message = format!("{object} sets {path}, which Flux {installed} does not have");
    let why = format!(
        "the field came with Flux {since}: the API server refuses the dry run (\"field not declared in schema\"), and \
         nothing of {owner} is applied"
    );
    let finding = cx.finding(&RULE, span, format!("since Flux {since}"), message);
    finding.because(why).mend(format!("upgrade Flux to {since} first, or remove {path}")).of(owner, object, path)
}
