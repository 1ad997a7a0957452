//! A kustomization that takes a part from the network at every build.

use crate::{Confidence, Context, Finding, Rule, Severity, flux};
use fluxproof_delivery::KustomizationNode;
use fluxproof_yaml::Span;

pub(crate) static RULE: Rule = Rule {
    name: "remote-base",
    summary: "a kustomization takes a part of itself from the network at every build",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/remote-base.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let forbidden = flux::forbids_remote_bases(cx);
    for node in &cx.delivery.kustomizations {
        out.extend(node.build.external.iter().map(|base| finding(cx, node, &base.url, base.span, forbidden)));
    }
}

/// Whether a url names a tag or a commit; what is released under a version in its path stays as it is.
fn is_pinned(url: &str) -> bool {
    let reference = url.split_once("ref=").map(|(_, rest)| rest.split('&').next().unwrap_or_default());
    let moves = |name: &str| name.is_empty() || ["main", "master", "HEAD", "latest"].contains(&name);
    match reference {
        Some(name) => !moves(name),
        None => url.split('/').any(|part| part.starts_with('v') && part[1..].starts_with(|c: char| c.is_ascii_digit())),
    }
}

fn finding(cx: &Context<'_>, node: &KustomizationNode, url: &str, span: Span, forbidden: bool) -> Finding {
    let finding = cx.finding(&RULE, span, "from the network", format!("{} builds with {url}", node.object));
    let finding = match (forbidden, is_pinned(url)) {
        (true, _) => finding
            .rated(Severity::Error, Confidence::Certain)
            .because("kustomize-controller runs with --no-remote-bases and refuses the build"),
        (false, true) => finding.because("every build needs that server, and what it brings cannot be checked here"),
        (false, false) => finding
            .rated(Severity::Warning, Confidence::Likely)
            .because("it names no tag or commit: what is applied changes without a commit in this repository"),
    };
    let finding = finding
        .mend("use a GitRepository or OCIRepository with a tag, and a Kustomization with its path")
        .caused_by("");
    finding.of(&node.object, node.object.clone(), format!("resources {url}"))
}
