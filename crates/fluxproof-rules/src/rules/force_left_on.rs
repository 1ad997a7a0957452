//! `force: true` that stays on.

use crate::many::{self, Placed};
use crate::{Confidence, Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_yaml::Span;

pub(crate) static RULE: Rule = Rule {
    name: "force-left-on",
    summary: "a Kustomization has force on, so that a refused change deletes the object",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/force-left-on.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let forced =
        flux::known_objects(cx).filter(|(_, r)| r.kind() == "Kustomization").filter_map(|(owner, resource)| {
            let entry = resource.at(&["spec"])?.entry("force")?;
            let is_on = entry.value.as_bool() == Some(true);
            is_on.then(|| (entry.key_span.to(entry.value.span), (owner, ObjectRef::of(resource))))
        });
    for (span, objects) in many::by(forced) {
        out.extend(finding(cx, span, &objects));
    }
}

fn finding(cx: &Context<'_>, span: Span, objects: &[(&ObjectRef, ObjectRef)]) -> Option<Finding> {
    let (owner, object) = objects.first()?;
    let placed: Vec<Placed> = objects.iter().map(|(_, object)| (object.clone(), span)).collect();
    let message = format!("{} {} force on", many::names(&placed), many::verb(&placed, "has", "have"));
    let why = "any change that the API server refuses deletes the object, also one that is refused for being wrong; then it \
               stays gone until the manifest is mended";
    let help = "turn it off once the change it was meant for is through, or annotate the one object that needs it with \
                kustomize.toolkit.fluxcd.io/force: enabled";
    let finding = cx.finding(&RULE, span, "deletes what is refused", message);
    Some(finding.rated(Severity::Info, Confidence::Likely).because(why).mend(help).of(
        owner,
        object.clone(),
        "spec.force",
    ))
}
