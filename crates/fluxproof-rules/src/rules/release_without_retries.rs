//! HelmReleases that stay failed after their first failure.

use crate::many::{self, Placed};
use crate::{Confidence, Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::ReleaseNode;
use fluxproof_yaml::Value;

pub(crate) static RULE: Rule = Rule {
    name: "release-without-retries",
    summary: "a HelmRelease has no retries: one failed install or upgrade stays failed",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/release-without-retries.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    if flux::has_gate(cx, "DefaultToRetryOnFailure") {
        return;
    }
    let known = cx.delivery.releases.iter().filter(|release| release.doubt.is_none() && !release.suspend);
    let stuck: Vec<&ReleaseNode> = known.filter(|release| gives_up(release)).collect();
    out.extend(finding(cx, &stuck));
}

/// Whether the first failure of an install or an upgrade is the last try. The retry of a failed install is an upgrade.
fn gives_up(release: &ReleaseNode) -> bool {
    let spec = release.resource.at(&["spec"]);
    let once = |action: &str| {
        let settings = spec.and_then(|spec| spec.get(action));
        let retries = settings.and_then(|s| s.at(&["remediation", "retries"])).and_then(Value::as_int);
        let strategy = settings.and_then(|s| s.str_at(&["strategy", "name"]));
        strategy != Some("RetryOnFailure") && retries.unwrap_or(0) == 0
    };
    once("install") || once("upgrade")
}

/// One finding a cluster: the cause is a default.
fn finding(cx: &Context<'_>, stuck: &[&ReleaseNode]) -> Option<Finding> {
    let first = stuck.first()?;
    let placed: Vec<Placed> = stuck.iter().map(|r| (r.object.clone(), r.resource.name_span())).collect();
    let message = format!(
        "{} {} no retries for a failed install or upgrade",
        many::names(&placed),
        many::verb(&placed, "has", "have")
    );
    let why = "the default is RemediateOnFailure with 0 retries: after one failure the HelmRelease is Stalled \
               (RetriesExceeded) until its spec, values or chart change, however short the cause was";
    let help = "set strategy.name: RetryOnFailure under install and under upgrade (a retried install is an upgrade); a patch \
                of the parent Kustomization does it for all";
    let owner = &cx.delivery.kustomizations[first.owner].object;
    let finding = cx.finding(&RULE, first.resource.name_span(), "gives up at once", message);
    let finding = finding.rated(Severity::Info, Confidence::Likely).because(why).mend(help);
    Some(many::with_others(finding.of(owner, first.object.clone(), "spec.install.strategy"), &placed))
}
