//! A `spec.path` that the repository does not have.

use crate::order::{self, Failed};
use crate::{Context, Finding, Rule, Severity};
use fluxproof_delivery::{BrokenKind, Need};
use fluxproof_yaml::{RepoPath, Sources};
use std::cell::OnceCell;
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    name: "missing-path",
    summary: "a spec.path names a folder that the repository does not have",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/missing-path.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let folders = OnceCell::new();
    for failure in order::failed(cx).filter(|f| f.1.kind == BrokenKind::Unsatisfiable) {
        if let Need::Path(path) = &failure.0.need {
            out.extend(finding(cx, failure, path, folders.get_or_init(|| Folders::of(cx.sources))));
        }
    }
}

/// The folders that hold a file, the first of each spelling and of each last part.
#[derive(Default)]
struct Folders {
    all: Vec<RepoPath>,
    by_lower_case: BTreeMap<String, Vec<usize>>,
    by_name: BTreeMap<String, Vec<usize>>,
}

impl Folders {
    fn of(sources: &Sources) -> Self {
        let mut folders = Self::default();
        for folder in sources.ids().map(|id| sources.path(id).parent()) {
            let at = folders.all.len();
            folders.by_name.entry(folder.name().to_owned()).or_default().push(at);
            folders.by_lower_case.entry(folder.as_str().to_lowercase()).or_default().push(at);
            folders.all.push(folder);
        }
        folders
    }

    fn first(&self, of: &BTreeMap<String, Vec<usize>>, key: &str) -> Option<&RepoPath> {
        self.all.get(*of.get(key)?.first()?)
    }
}

fn finding(cx: &Context<'_>, failure: Failed<'_>, path: &str, folders: &Folders) -> Option<Finding> {
    let owner = cx.owner(failure.0.owner);
    let mut finding = order::finding(cx, &RULE, &[failure], "no such folder")?;
    finding.message = format!("{owner} applies {path}, which this repository does not have");
    finding.why = "kustomize-controller says \"kustomization path not found\" and applies nothing".to_owned();
    finding.field = "spec.path".to_owned();
    finding.help = help(cx, path, folders);
    Some(finding)
}

/// Names the folder that differs in case only, or that has the same last parts.
fn help(cx: &Context<'_>, path: &str, folders: &Folders) -> String {
    let wanted = RepoPath::root().join_clamped(path);
    if cx.sources.find(&wanted).is_some() {
        return "it is a file: name its folder".to_owned();
    }
    if let Some(same) = folders.first(&folders.by_lower_case, &wanted.as_str().to_lowercase()) {
        return format!("paths distinguish case: did you mean ./{same}?");
    }
    match folders.first(&folders.by_name, wanted.name()).filter(|_| !wanted.name().is_empty()) {
        Some(near) => format!("did you mean ./{near}?"),
        None => "mend the path, or add the folder".to_owned(),
    }
}
