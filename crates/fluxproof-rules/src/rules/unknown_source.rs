//! A `sourceRef` that names nothing.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need, ObjectRef};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-source",
    summary: "a sourceRef names a source that nothing applies",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-source.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx).filter(|f| f.1.kind == BrokenKind::Unsatisfiable) {
        if let Need::Source(source) = &failure.0.need {
            out.extend(finding(cx, failure, source));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, source: &ObjectRef) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "no source has this name")?;
    finding.message = format!("{owner} takes its content from {source}, which nothing applies");
    finding.why = "Flux waits for its artifact for ever".to_owned();
    finding.field = "spec.sourceRef".to_owned();
    finding.help = help(cx, source);
    Some(finding)
}

fn help(cx: &Context<'_>, source: &ObjectRef) -> String {
    let all = || cx.delivery.sources.iter().map(|s| &s.object);
    if let Some(other) = all().find(|o| o.name == source.name && o.kind == source.kind) {
        return format!(
            "it exists in another namespace: add namespace: {}",
            other.namespace.as_deref().unwrap_or_default()
        );
    }
    if let Some(other) = all().find(|o| o.name == source.name) {
        return format!("{other} has that name: is the kind wrong?");
    }
    let names: Vec<String> = all().filter(|o| o.kind == source.kind).map(ToString::to_string).collect();
    match names.is_empty() {
        true => format!("add a {} of that name", source.kind),
        false => format!("sources of that kind here: {}", names.join(", ")),
    }
}
