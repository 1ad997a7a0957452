//! A field of a HelmRelease that helm-controller does not look at.

use crate::many::{self, Placed};
use crate::{Confidence, Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;

pub(crate) static RULE: Rule = Rule {
    name: "dead-release-field",
    summary: "a HelmRelease sets a field that helm-controller does not look at",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/dead-release-field.md"),
    check,
};

/// A field without effect, and what does what it seems to do.
const DEAD: [(&str, &str, &str); 3] = [
    ("install", "skipCRDs", "use install.crds: Skip"),
    ("upgrade", "skipCRDs", "use upgrade.crds: Skip"),
    ("rollback", "recreate", "remove it: Helm no longer restarts pods on a rollback"),
];

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for (action, field, help) in DEAD {
        // Where a patch sets the field in many, they share the place.
        let set = flux::known_objects(cx).filter(|(_, r)| r.kind() == "HelmRelease").filter_map(|(owner, resource)| {
            let entry = resource.at(&["spec", action])?.entry(field)?;
            let is_set = entry.value.as_bool() == Some(true);
            is_set.then(|| (entry.key_span.to(entry.value.span), (owner, ObjectRef::of(resource))))
        });
        for (span, objects) in many::by(set) {
            out.extend(finding(cx, &format!("spec.{action}.{field}"), help, span, &objects));
        }
    }
}

fn finding(
    cx: &Context<'_>,
    field: &str,
    help: &str,
    span: fluxproof_yaml::Span,
    objects: &[(&ObjectRef, ObjectRef)],
) -> Option<Finding> {
    let (owner, object) = objects.first()?;
    let placed: Vec<Placed> = objects.iter().map(|(_, object)| (object.clone(), span)).collect();
    let message =
        format!("{} {} {field}, which has no effect", many::names(&placed), many::verb(&placed, "sets", "set"));
    let finding = cx.finding(&RULE, span, "does nothing", message).rated(Severity::Info, Confidence::Certain);
    let why = "helm-controller keeps the field for old manifests and does not read it";
    Some(finding.because(why).mend(help).of(owner, object.clone(), field))
}
