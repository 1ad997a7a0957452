//! CRDs that go when their Kustomization goes.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::{Content, KustomizationNode, Provider, What};
use fluxproof_yaml::Value;

pub(crate) static RULE: Rule = Rule {
    name: "crds-pruned",
    summary: "CRDs are deleted, with every custom resource, when their Kustomization is removed or renamed",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/crds-pruned.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for (index, node) in cx.delivery.kustomizations.iter().enumerate() {
        out.extend(finding(cx, index, node));
    }
}

fn finding(cx: &Context<'_>, index: usize, node: &KustomizationNode) -> Option<Finding> {
    let spec = node.resource.as_ref()?.value.get("spec")?;
    let prune = spec.entry("prune")?;
    if !node.prune || node.doubt.is_some() || is_protected(spec) {
        return None;
    }
    let (count, first) = unprotected(cx, index, node)?;
    let message =
        format!("{} prunes {count} CRD{}, {first} among them", node.object, if count == 1 { "" } else { "s" });
    let mut finding = cx.finding(&RULE, prune.key_span.to(prune.value.span), "prunes CRDs", message);
    finding.confidence = Confidence::Likely;
    finding.why =
        "removing, renaming or moving this Kustomization deletes the CRDs, and with them every custom resource \
                   and what those own"
            .to_owned();
    finding.help =
        "set prune: false here, or annotate the CRDs with kustomize.toolkit.fluxcd.io/prune: disabled".to_owned();
    finding.owner = node.parent.map(|parent| cx.delivery.kustomizations[parent].object.clone());
    finding.object = Some(node.object.clone());
    finding.field = "spec.prune".to_owned();
    Some(finding)
}

fn is_protected(spec: &Value) -> bool {
    let disabled =
        |value: &Value| value.str_at(&["annotations", "kustomize.toolkit.fluxcd.io/prune"]) == Some("disabled");
    spec.str_at(&["deletionPolicy"]) == Some("Orphan")
        || spec.get("commonMetadata").is_some_and(disabled)
        || spec.get("patches").is_some()
}

/// How many CRDs go, and the first kind among them. Flux's own are left to Flux.
fn unprotected(cx: &Context<'_>, index: usize, node: &KustomizationNode) -> Option<(usize, String)> {
    let kept =
        |r: &fluxproof_kustomize::Resource| r.annotation("kustomize.toolkit.fluxcd.io/prune") == Some("disabled");
    let is_crd = |r: &&fluxproof_kustomize::Resource| {
        r.kind() == "CustomResourceDefinition" && !kept(r) && !r.name().ends_with("fluxcd.io")
    };
    let mut names: Vec<String> = node.resources().iter().filter(is_crd).map(|r| r.name().to_owned()).collect();
    if matches!(node.content, Content::ExternalSecretsCrds { .. }) {
        names.extend(cx.delivery.provided.iter().filter(|p| p.by == Provider::Kustomization(index)).filter_map(|p| {
            match &p.what {
                What::Definition { kind, .. } => kind.clone(),
                _ => None,
            }
        }));
    }
    names.first().cloned().map(|first| (names.len(), first))
}
