//! A `strategy.retryInterval` beside a strategy that has none.

use crate::{Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ObjectRef;
use fluxproof_kustomize::Resource;

pub(crate) static RULE: Rule = Rule {
    name: "refused-retry-interval",
    summary: "a HelmRelease sets strategy.retryInterval without RetryOnFailure",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/refused-retry-interval.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for (owner, resource) in flux::known_objects(cx).filter(|(_, resource)| resource.kind() == "HelmRelease") {
        for action in ["install", "upgrade"] {
            out.extend(finding(cx, owner, resource, action));
        }
    }
}

fn finding(cx: &Context<'_>, owner: &ObjectRef, resource: &Resource, action: &str) -> Option<Finding> {
    let strategy = resource.at(&["spec", action, "strategy"])?;
    let interval = strategy.entry("retryInterval")?;
    let name = strategy.str_at(&["name"]).filter(|name| *name == "RemediateOnFailure")?;
    let object = ObjectRef::of(resource);
    let field = format!("spec.{action}.strategy.retryInterval");
    let message = format!("{object} sets {field} with the strategy {name}");
    let why = format!(
        "the API server refuses it (\".retryInterval cannot be set when .name is 'RemediateOnFailure'\"), and nothing of \
         {owner} is applied"
    );
    let finding = cx.finding(&RULE, interval.key_span.to(interval.value.span), "is refused", message);
    Some(finding.because(why).mend("use name: RetryOnFailure, or remove retryInterval").of(owner, object, field))
}
