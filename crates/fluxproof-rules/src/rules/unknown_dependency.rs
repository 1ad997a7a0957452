//! A `dependsOn` that names nothing.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, ObjectRef, Owner, distance};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-dependency",
    summary: "a dependsOn names an object that nothing applies",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-dependency.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx).filter(|f| f.1.kind == BrokenKind::Unsatisfiable && f.0.provider.is_none()) {
        match &failure.0.need {
            Need::Dependency(target) if !exists(cx, failure) => out.extend(finding(cx, failure, target)),
            Need::Object(target) if failure.0.object.kind == "ResourceSet" => out.extend(nameless(cx, failure, target)),
            _ => {}
        }
    }
}

/// One that exists has an expression that is never true: another rule's matter.
fn exists(cx: &Context<'_>, failure: Failed<'_>) -> bool {
    let dependencies = match failure.0.owner {
        Owner::Kustomization(index) => &cx.delivery.kustomizations[index].depends_on,
        Owner::Release(index) => &cx.delivery.releases[index].depends_on,
    };
    dependencies.iter().any(|dependency| Some(dependency.span) == failure.0.span && dependency.target.is_some())
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, target: &ObjectRef) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "nothing has this name")?;
    finding.message = format!("{owner} depends on {target}, which nothing applies");
    finding.why =
        format!("Flux waits for it for ever: \"dependency '{}/{}' not found\"", namespace(target), target.name);
    finding.field = "spec.dependsOn".to_owned();
    finding.help = help(cx, failure.0.owner, target);
    Some(finding)
}

/// A ResourceSet that names an object of a namespaced kind without its namespace.
fn nameless(cx: &Context<'_>, failure: Failed<'_>, target: &ObjectRef) -> Option<Finding> {
    let set = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "has no namespace")?;
    finding.message = format!("{set} depends on {target}, which has no namespace");
    finding.why = format!("flux-operator fills none in, and finds no {} without one: it waits for ever", target.kind);
    finding.field = "spec.dependsOn".to_owned();
    finding.help = "add its namespace".to_owned();
    Some(finding)
}

fn namespace(object: &ObjectRef) -> &str {
    object.namespace.as_deref().unwrap_or_default()
}

fn help(cx: &Context<'_>, owner: Owner, target: &ObjectRef) -> String {
    let kustomizations: Vec<&ObjectRef> = cx.delivery.kustomizations.iter().map(|k| &k.object).collect();
    let releases: Vec<&ObjectRef> = cx.delivery.releases.iter().map(|r| &r.object).collect();
    let is_set = |index: usize| cx.delivery.kustomizations[index].object.kind == "ResourceSet";
    let (same, other) = match owner {
        // It may depend on any kind.
        Owner::Kustomization(index) if is_set(index) => {
            let all = kustomizations.into_iter().chain(releases);
            (all.filter(|object| object.kind == target.kind).collect(), Vec::new())
        }
        Owner::Kustomization(_) => (kustomizations, releases),
        Owner::Release(_) => (releases, kustomizations),
    };
    if let Some(elsewhere) = same.iter().find(|o| o.name == target.name) {
        return format!("it exists in another namespace: add namespace: {}", namespace(elsewhere));
    }
    if let Some(cross) = other.iter().find(|o| o.name == target.name) {
        return format!("{cross} has that name, but a {} can only depend on a {}", target.kind, target.kind);
    }
    let near =
        same.iter().filter(|o| namespace(o) == namespace(target)).min_by_key(|o| distance(&o.name, &target.name));
    match near.filter(|o| distance(&o.name, &target.name) <= 3) {
        Some(near) => format!("did you mean {}?", near.name),
        None => "remove the entry, or add what it names".to_owned(),
    }
}
