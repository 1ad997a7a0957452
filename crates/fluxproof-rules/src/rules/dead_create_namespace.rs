//! `createNamespace` without a `targetNamespace`.

use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::ReleaseNode;

pub(crate) static RULE: Rule = Rule {
    name: "dead-create-namespace",
    summary: "install.createNamespace does nothing without targetNamespace",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/dead-create-namespace.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(cx.delivery.releases.iter().filter(|r| r.doubt.is_none()).filter_map(|release| finding(cx, release)));
}

fn finding(cx: &Context<'_>, release: &ReleaseNode) -> Option<Finding> {
    let spec = release.resource.value.get("spec")?;
    let entry = spec.get("install")?.entry("createNamespace")?;
    if entry.value.as_bool() != Some(true) || spec.get("targetNamespace").is_some() {
        return None;
    }
    let namespace = &release.target_namespace;
    let message =
        format!("{} creates no namespace: it has no targetNamespace, and installs into {namespace}", release.object);
    let mut finding = cx.finding(&RULE, entry.key_span.to(entry.value.span), "does nothing", message);
    finding.why = format!(
        "helm-controller honours createNamespace only together with targetNamespace; without one the release and its \
         service accounts go into {namespace}, the namespace of the HelmRelease"
    );
    finding.help = "set targetNamespace (with releaseName and storageNamespace), or remove createNamespace; \
                    on a living cluster a new targetNamespace uninstalls and installs anew"
        .to_owned();
    if !in_namespace_of_flux(cx, release) {
        (finding.severity, finding.help) = (Severity::Info, "remove createNamespace".to_owned());
    }
    finding.cause = Some(String::new());
    finding.owner = Some(cx.delivery.kustomizations[release.owner].object.clone());
    finding.object = Some(release.object.clone());
    finding.field = "spec.install.createNamespace".to_owned();
    Some(finding)
}

/// Whether the release goes into the namespace of Flux itself, where nobody means it to be. In one of its own the field is
/// only dead.
fn in_namespace_of_flux(cx: &Context<'_>, release: &ReleaseNode) -> bool {
    let flux = cx.delivery.kustomizations.first().and_then(|root| root.object.namespace.as_deref());
    flux == Some(release.target_namespace.as_str())
}
