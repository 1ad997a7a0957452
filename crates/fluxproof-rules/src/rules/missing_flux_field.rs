//! A field that the CRD of a Flux kind requires and the object lacks.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_delivery::facts::fields::{OddField, Oddity, odd_fields};
use fluxproof_kustomize::Resource;

pub(crate) static RULE: Rule = Rule {
    name: "missing-flux-field",
    summary: "a Flux object lacks a field that its API version requires",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/missing-flux-field.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    // What applies an entry may patch it.
    for (owner, resource) in flux::known_objects(cx).filter(|(owner, _)| !cx.is_implied(owner)) {
        let odd = odd_fields(resource.kind(), &resource.value);
        let missing: Vec<&OddField> = odd.iter().filter(|odd| odd.what == Oddity::Missing).collect();
        out.extend(finding(cx, owner, resource, &missing));
    }
}

fn finding(cx: &Context<'_>, owner: &ObjectRef, resource: &Resource, missing: &[&OddField]) -> Option<Finding> {
    let first = missing.first()?;
    let fields = missing.iter().map(|odd| odd.path.as_str()).collect::<Vec<_>>().join(", ");
    let object = ObjectRef::of(resource);
    let message = format!("{object} has no {fields}, which {} requires", resource.api_version());
    let why = format!("the API server refuses the dry run (\"Required value\"), and nothing of {owner} is applied");
    let finding = cx.finding(&RULE, first.span, "lacks a field", message);
    Some(finding.because(why).mend(format!("add {fields}")).of(owner, object, first.path.clone()))
}
