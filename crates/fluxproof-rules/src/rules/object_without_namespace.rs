//! Objects that must have a namespace and have none after the build.

use crate::many::{self, Placed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::facts::{flux, kubernetes};
use fluxproof_delivery::{KustomizationNode, ObjectRef};
use fluxproof_kustomize::Resource;
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    name: "object-without-namespace",
    summary: "an object of a namespaced kind has no namespace after the build",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/object-without-namespace.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let namespaced = namespaced(cx);
    // An entry that the repository does not hold may set a targetNamespace.
    for node in cx.delivery.kustomizations.iter().filter(|node| node.doubt.is_none() && !cx.is_implied(&node.object)) {
        let lacks = |r: &&Resource| r.namespace().is_none() && r.doubts.is_empty() && needs_one(r, &namespaced);
        let lacking = node.resources().iter().filter(lacks);
        let placed: Vec<Placed> = lacking.map(|r| (ObjectRef::of(r), r.name_span())).collect();
        out.extend(finding(cx, node, &placed));
    }
}

/// The namespaced kinds of the CRDs in the repository, as `group/Kind`.
fn namespaced(cx: &Context<'_>) -> BTreeSet<String> {
    let scope = |r: &Resource| r.value.str_at(&["spec", "scope"]) == Some("Namespaced");
    let crds = cx.resources().filter(|(_, r)| r.kind() == "CustomResourceDefinition" && scope(r));
    let name = |(_, r): (_, &Resource)| {
        Some(format!("{}/{}", r.value.str_at(&["spec", "group"])?, r.value.str_at(&["spec", "names", "kind"])?))
    };
    crds.filter_map(name).collect()
}

fn needs_one(resource: &Resource, namespaced: &BTreeSet<String>) -> bool {
    let (group, kind) = (resource.group(), resource.kind());
    kubernetes::is_cluster_scoped(group, kind) == Some(false)
        || !flux::served(group, kind).is_empty()
        || namespaced.contains(&format!("{group}/{kind}"))
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, placed: &[Placed]) -> Option<Finding> {
    let (object, span) = placed.first()?;
    let message =
        format!("{} of {} {} no namespace", many::names(placed), node.object, many::verb(placed, "has", "have"));
    let why = format!(
        "Flux fills none in (\"{object} namespace not specified: the server could not find the requested resource\"), and \
         nothing of {} is applied",
        node.object
    );
    let help = "add metadata.namespace, or a namespace: to the kustomization.yaml, or spec.targetNamespace to the Kustomization";
    let finding = cx.finding(&RULE, *span, "has no namespace", message).because(why).mend(help);
    Some(many::with_others(finding.of(&node.object, object.clone(), "metadata.namespace"), placed))
}
