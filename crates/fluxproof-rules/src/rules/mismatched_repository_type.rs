//! A HelmRepository whose url and type do not go together.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Value;

pub(crate) static RULE: Rule = Rule {
    name: "mismatched-repository-type",
    summary: "a HelmRepository has an oci:// url without type: oci, or the other way round",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/mismatched-repository-type.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let repositories = flux::known_objects(cx).filter(|(_, resource)| resource.kind() == "HelmRepository");
    out.extend(repositories.filter_map(|(owner, resource)| finding(cx, owner, resource)));
}

fn finding(cx: &Context<'_>, owner: &ObjectRef, resource: &Resource) -> Option<Finding> {
    let spec = resource.at(&["spec"])?;
    let url = spec.get("url")?;
    let text = url.as_str().filter(|text| !text.starts_with("${"))?;
    let of_type = spec.get("type").and_then(Value::as_str).unwrap_or("default");
    let (why, help) = match (text.starts_with("oci://"), of_type) {
        (true, "default") => (
            "source-controller says \"'oci' URL scheme cannot be used with 'default' HelmRepository type\", and no chart \
             comes from it",
            "add type: oci",
        ),
        (false, "oci") => (
            "source-controller says \"invalid OCI registry URL\", and no chart comes from it",
            "write the url with oci://, or remove type: oci",
        ),
        _ => return None,
    };
    let object = ObjectRef::of(resource);
    let message = format!("{object} is of type {of_type} and has the url {text}");
    let finding = cx.finding(&RULE, url.span, format!("with type {of_type}"), message);
    Some(finding.because(why).mend(help).of(owner, object, "spec.type"))
}
