//! A `spec.path` that the repository does not have.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need};
use fluxproof_yaml::RepoPath;

pub(crate) static RULE: Rule = Rule {
    name: "missing-path",
    summary: "a spec.path names a folder that the repository does not have",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/missing-path.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    for failure in order::failed(cx).filter(|f| f.1.kind == BrokenKind::Unsatisfiable) {
        if let Need::Path(path) = &failure.0.need {
            out.extend(finding(cx, failure, path));
        }
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, path: &str) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "no such folder")?;
    finding.message = format!("{owner} applies {path}, which this repository does not have");
    finding.why = "kustomize-controller says \"kustomization path not found\" and applies nothing".to_owned();
    finding.field = "spec.path".to_owned();
    finding.help = help(cx, path);
    Some(finding)
}

/// Names the folder that differs in case only, or that has the same last parts.
fn help(cx: &Context<'_>, path: &str) -> String {
    let wanted = RepoPath::root().join_clamped(path);
    if cx.sources.find(&wanted).is_some() {
        return "it is a file: name its folder".to_owned();
    }
    let folders = || cx.sources.ids().map(|id| cx.sources.path(id).parent());
    let lower = wanted.as_str().to_lowercase();
    if let Some(same) = folders().find(|folder| folder.as_str().to_lowercase() == lower) {
        return format!("paths distinguish case: did you mean ./{same}?");
    }
    let tail = |folder: &RepoPath| folder.name() == wanted.name() && !wanted.name().is_empty();
    match folders().find(tail) {
        Some(near) => format!("did you mean ./{near}?"),
        None => "mend the path, or add the folder".to_owned(),
    }
}
