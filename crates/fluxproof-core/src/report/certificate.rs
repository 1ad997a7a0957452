//! The certificate: what each requirement says, in words that every format shares.

use fluxproof_delivery::{Need, Requirement, Verdict};

/// What must have happened first: `its CRD established`.
pub(crate) fn needs(requirement: &Requirement) -> String {
    match &requirement.need {
        Need::Source(source) => format!("{source} has an artifact"),
        Need::Path(path) => format!("{path} is in its source"),
        Need::Dependency(target) => format!("{target} is Ready first"),
        Need::Namespace(name) => format!("Namespace {name} is active"),
        Need::Definition { .. } => "its CRD is established".to_owned(),
        Need::Webhook(_) => "its admission webhook serves".to_owned(),
        Need::Conversion { version, .. } => format!("what converts it from {version} serves"),
        Need::Object(object) => format!("{object} exists"),
        Need::Outside(fact) => fact.clone(),
        Need::Valid(fault) => fault.what.clone(),
        Need::Worker(count) => format!("a worker is free, though {count} Kustomizations wait at once"),
        Need::Time { of, .. } => format!("{of} is Ready within its timeout"),
        Need::Lockstep(target) => format!("the new revision of {target} comes first"),
    }
}

/// One clause that says why the verdict is what it is.
pub(crate) fn why(requirement: &Requirement) -> String {
    match &requirement.verdict {
        Verdict::Proven(steps) => {
            let events: Vec<&str> = steps.iter().map(|step| step.event.as_str()).collect();
            events.join(", then ")
        }
        Verdict::Assumed(assumption) => assumption.why.clone(),
        Verdict::Broken(broken) => broken.trace.iter().find_map(|step| step.error.clone()).unwrap_or_default(),
    }
}
