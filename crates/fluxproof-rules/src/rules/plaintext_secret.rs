//! A Secret whose value anyone who reads the repository can read.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{KustomizationNode, ObjectRef};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Entry, Value};

pub(crate) static RULE: Rule = Rule {
    name: "plaintext-secret",
    summary: "a Secret has its value in plain text in the repository",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/plaintext-secret.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for node in &cx.delivery.kustomizations {
        let secrets = node.resources().iter().filter(|r| r.api_version() == "v1" && r.kind() == "Secret");
        out.extend(secrets.filter_map(|resource| finding(cx, node, resource)));
    }
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, resource: &Resource) -> Option<Finding> {
    if resource.at(&["sops"]).is_some() {
        return None;
    }
    let fields = [("stringData", resource.at(&["stringData"])), ("data", resource.at(&["data"]))];
    let (field, entry) = fields.iter().find_map(|(name, map)| Some((*name, plain(map.as_ref()?)?)))?;
    let object = ObjectRef::of(resource);
    let message = format!("{object} has {} in plain text", entry.key);
    // The label stands at the key: the value itself is never printed.
    let mut finding = cx.finding(&RULE, entry.key_span, "is not encrypted", message);
    finding.confidence = Confidence::Likely;
    finding.why =
        "whoever can read the repository, or any copy of it, can read this, also after it is changed".to_owned();
    finding.cause = Some(String::new());
    finding.help =
        "encrypt the file with SOPS, fetch the value by an ExternalSecret, or leave it out of Git".to_owned();
    finding.owner = Some(node.object.clone());
    finding.object = Some(object);
    finding.field = format!("{field}.{}", entry.key);
    Some(finding)
}

/// The first entry with a value that is neither empty, encrypted nor a variable of Flux.
fn plain(map: &Value) -> Option<&Entry> {
    let is_plain = |text: &str| !text.trim().is_empty() && !text.starts_with("ENC[") && !text.contains("${");
    map.entries().iter().find(|entry| entry.value.as_str().is_some_and(is_plain))
}
