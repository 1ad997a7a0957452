//! An API version that the CRD does not serve.

use crate::flux::installed;
use crate::{Confidence, Context, Finding, Label, Rule, Severity, many};
use fluxproof_delivery::facts::flux::{self, ApiState, Release};
use fluxproof_delivery::{Need, ObjectRef, Provided, Requirement, What};
use fluxproof_kustomize::Resource;
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    name: "unserved-api-version",
    summary: "an object has an apiVersion that its CRD does not serve",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unserved-api-version.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let brought = brought(cx);
    out.extend(cx.delivery.requirements.iter().filter_map(|requirement| unserved(cx, &brought, requirement)));
    let installed = installed(cx);
    // One document that several Kustomizations build is one cause.
    let old = cx.resources().filter_map(|(owner, r)| Some((r.at(&["apiVersion"])?.span, (owner, r))));
    for (_, objects) in many::by(old) {
        let (owner, resource) = objects[0];
        out.extend(removed(cx, resource, owner, installed));
    }
}

/// The CRDs whose versions are known, by cluster, group and kind: `0 external-secrets.io/ExternalSecret`.
type Brought = BTreeMap<String, Vec<usize>>;

fn brought(cx: &Context<'_>) -> Brought {
    let mut brought = Brought::new();
    for (index, thing) in cx.delivery.provided.iter().enumerate() {
        if let What::Definition { group, kind: Some(kind), served } = &thing.what
            && !served.is_empty()
        {
            let universe = cx.delivery.universe(thing.by);
            brought.entry(format!("{universe} {group}/{kind}")).or_default().push(index);
        }
    }
    brought
}

fn unserved(cx: &Context<'_>, brought: &Brought, requirement: &Requirement) -> Option<Finding> {
    let Need::Definition { group, kind, version } = &requirement.need else { return None };
    let brought = brought.get(&format!("{} {group}/{kind}", requirement.universe))?;
    let brought: Vec<&Provided> = brought.iter().map(|index| &cx.delivery.provided[*index]).collect();
    let serves = |what: &What| matches!(what, What::Definition { served, .. } if served.contains(version));
    let first = brought.first().filter(|_| !brought.iter().any(|thing| serves(&thing.what)))?;
    let What::Definition { served, .. } = &first.what else { return None };
    let (brings, span) = cx.provider(first.by)?;
    let message = format!("{} is {group}/{version}, which its CRD does not serve", requirement.object);
    let mut finding = cx.finding(&RULE, requirement.span?, "not served", message);
    finding.why = format!(
        "{brings} brings the CRD of {kind} with {}: the API server has no matches for the kind in that version",
        served.join(", ")
    );
    finding.help = format!("write apiVersion: {group}/{}", served.first()?);
    finding.cause = Some(format!("{group}/{version} {brings}"));
    finding.owner = Some(cx.owner(requirement.owner).clone());
    finding.object = Some(requirement.object.clone());
    finding.field = "apiVersion".to_owned();
    finding.related.extend(span.map(|span| Label { span, message: format!("{brings} brings the CRD") }));
    Some(finding)
}

/// A version of Flux's own API that a release of Flux no longer serves: the one that the cluster runs, or a later one.
fn removed(cx: &Context<'_>, resource: &Resource, owner: &ObjectRef, installed: Option<Release>) -> Option<Finding> {
    let ApiState::Removed { in_release, use_instead } = flux::flux_api(resource.api_version(), resource.kind()) else {
        return None;
    };
    let object = ObjectRef::of(resource);
    let span = resource.at(&["apiVersion"])?.span;
    let message = format!("{object} is {}, which Flux {in_release} removed", resource.api_version());
    let finding = cx.finding(&RULE, span, "removed", message);
    let removed = Release::parse(in_release);
    let finding = match installed.map(|release| Some(release) >= removed) {
        Some(true) => finding.because(format!("the API server has no such version: nothing of {owner} is applied")),
        Some(false) => finding
            .rated(Severity::Info, Confidence::Certain)
            .because(format!("it works with this Flux, and no longer after the upgrade to {in_release}")),
        None => finding.rated(Severity::Warning, Confidence::Likely).because(format!(
            "Flux {in_release} and later do not serve it; the Kustomization that applies it fails there"
        )),
    };
    let finding = finding.mend(format!("write apiVersion: {use_instead}")).caused_by(resource.api_version());
    Some(finding.of(owner, object, "apiVersion"))
}
