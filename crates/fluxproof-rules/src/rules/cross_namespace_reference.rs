//! A source of another namespace where references across namespaces are blocked.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_kustomize::Resource;

pub(crate) static RULE: Rule = Rule {
    name: "cross-namespace-reference",
    summary: "an object takes its source from another namespace, which this installation of Flux blocks",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/cross-namespace-reference.md"),
    check,
};

/// Who blocks what: controller, kind, where its sources are named.
const PLACES: [(&str, &str, &[&str]); 3] = [
    ("kustomize-controller", "Kustomization", &["sourceRef"]),
    ("helm-controller", "HelmRelease", &["chart", "spec", "sourceRef"]),
    ("helm-controller", "HelmRelease", &["chartRef"]),
];

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for (controller, kind, path) in PLACES {
        if !flux::is_locked_down(cx, controller) {
            continue;
        }
        let of_kind = flux::known_objects(cx).filter(|(_, resource)| resource.kind() == kind);
        out.extend(of_kind.filter_map(|(owner, resource)| finding(cx, owner, resource, controller, path)));
    }
}

fn finding(
    cx: &Context<'_>,
    owner: &ObjectRef,
    resource: &Resource,
    controller: &str,
    path: &[&str],
) -> Option<Finding> {
    let reference = resource.at(&["spec"])?.at(path)?;
    let namespace = reference.get("namespace")?;
    let other = namespace.as_str().filter(|text| Some(*text) != resource.namespace() && !text.contains("${"))?;
    let object = ObjectRef::of(resource);
    let name = reference.str_at(&["name"]).unwrap_or_default();
    let message = format!("{object} takes its source {name} from the namespace {other}");
    let why = format!(
        "{controller} runs with --no-cross-namespace-refs: it denies the access, and the object is Stalled (\"cross-namespace \
         references have been blocked\")"
    );
    let help = format!("put a source of its own into the namespace {}", resource.namespace().unwrap_or_default());
    let finding = cx.finding(&RULE, namespace.span, "another namespace", message).because(why).mend(help);
    Some(finding.of(owner, object, format!("spec.{}.namespace", path.join("."))))
}
