//! An object that the API server refuses.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{Before, Fault, Need};

pub(crate) static RULE: Rule = Rule {
    name: "refused-object",
    summary: "the API server or Flux refuses an object whatever else is there",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/refused-object.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx) {
        // What does not build is another rule's.
        if let Need::Valid(fault) = &failure.0.need
            && failure.0.before != Before::Start
        {
            out.extend(finding(cx, failure, fault));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, fault: &Fault) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "is refused")?;
    finding.message = match failure.0.before {
        Before::Ready => format!("{owner} never is Ready: {}", fault.error),
        _ => format!("{} is refused", failure.0.object),
    };
    finding.why = match failure.0.before {
        Before::Ready => "the check cannot be made, now or later".to_owned(),
        _ => format!("{}; nothing of {owner} is applied", fault.error),
    };
    finding.help = help(&fault.error).to_owned();
    finding.field.clone_from(&fault.what);
    Some(finding)
}

fn help(error: &str) -> &'static str {
    match error {
        e if e.contains("SOPS") => "add spec.decryption to the Kustomization",
        e if e.contains("namespace is not set") => "name the namespace in the health check",
        e if e.contains("expected string") => {
            "quote the value; a variable needs quotes inside the value: '\"${name}\"'"
        }
        e if e.contains("not declared") => "remove the field, or correct its name",
        _ => "give the value the type that the schema asks for",
    }
}
