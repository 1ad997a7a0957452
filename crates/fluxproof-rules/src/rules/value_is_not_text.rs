//! A number or a boolean where the API server takes text only.

use crate::{Context, Finding, Rule, Severity, faults};
use fluxproof_delivery::{Fault, FaultKind, Requirement};

pub(crate) static RULE: Rule = Rule {
    name: "value-is-not-text",
    summary: "a ConfigMap's data, a label or an annotation is a number or a boolean",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/value-is-not-text.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(faults::of(cx, FaultKind::Text).filter_map(|fault| finding(cx, fault)));
}

fn finding(cx: &Context<'_>, fault: (&Requirement, &Fault)) -> Option<Finding> {
    let message = format!("{} has a value that is not text", fault.0.object);
    let mut finding = faults::finding(cx, &RULE, fault, "is not text", message)?;
    finding.help =
        "quote it; where a variable of Flux becomes a number, the quotes are lost on the way: put it into a text \
                    that is none (x: \"v${n}\"), or give the value quotes of its own (n: '\"12\"')"
            .to_owned();
    finding.field = "data".to_owned();
    Some(finding)
}
