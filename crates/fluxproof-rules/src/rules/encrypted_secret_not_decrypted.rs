//! An encrypted Secret in a Kustomization that does not decrypt.

use crate::{Context, Finding, Rule, Severity, faults};
use fluxproof_delivery::{Fault, FaultKind, Requirement};

pub(crate) static RULE: Rule = Rule {
    name: "encrypted-secret-not-decrypted",
    summary: "a Secret is encrypted with SOPS and its Kustomization has no decryption",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/encrypted-secret-not-decrypted.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(faults::of(cx, FaultKind::Encrypted).filter_map(|fault| finding(cx, fault)));
}

fn finding(cx: &Context<'_>, fault: (&Requirement, &Fault)) -> Option<Finding> {
    let owner = cx.owner(fault.0.owner);
    let message = format!("{} is encrypted, and {owner} does not decrypt", fault.0.object);
    let mut finding = faults::finding(cx, &RULE, fault, "encrypted with SOPS", message)?;
    finding.help = format!("add decryption: {{provider: sops, secretRef: …}} to the spec of {owner}");
    finding.field = "sops".to_owned();
    Some(finding)
}
