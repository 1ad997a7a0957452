//! A manifest beside a kustomization.yaml that no kustomization lists.

use crate::{Confidence, Context, Finding, Rule, Severity};
use fluxproof_delivery::ObjectRef;
use fluxproof_kustomize::kustomization_file;
use fluxproof_yaml::{FileId, RepoPath, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    name: "unlisted-manifest",
    summary: "a manifest lies beside a kustomization.yaml and no kustomization lists it",
    severity: Severity::Info,
    page: include_str!("../../../../docs/rules/unlisted-manifest.md"),
    check,
};

fn check(cx: &Context<'_>, out: &mut Vec<Finding>) {
    let used: BTreeSet<FileId> = cx.resources().map(|(_, resource)| resource.file).collect();
    let listed = listed(cx.sources);
    for (folder, owner) in folders(cx) {
        let here = cx.sources.in_folder(&folder).filter(|id| cx.sources.path(*id).parent() == folder);
        let forgotten = here.filter(|id| !used.contains(id) && is_manifest(cx.sources, *id));
        let forgotten: Vec<FileId> = forgotten.filter(|id| !listed.contains(cx.sources.path(*id))).collect();
        out.extend(finding(cx, owner, &folder, &forgotten));
    }
}

/// The folders with a kustomization that something of this cluster comes from, each with who applies it.
fn folders<'a>(cx: &Context<'a>) -> BTreeMap<RepoPath, &'a ObjectRef> {
    let mut folders = BTreeMap::new();
    for (owner, resource) in cx.resources() {
        let folder = cx.sources.path(resource.file).parent();
        if kustomization_file(cx.sources, &folder).is_some() {
            folders.entry(folder).or_insert(owner);
        }
    }
    folders
}

fn is_kustomization(path: &RepoPath) -> bool {
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(&path.name())
}

/// Every YAML file that the text of a kustomization names, in a comment too: what is commented out is not forgotten.
fn listed(sources: &Sources) -> BTreeSet<RepoPath> {
    let mut listed = BTreeSet::new();
    for id in sources.ids().filter(|id| is_kustomization(sources.path(*id))) {
        let folder = sources.path(id).parent();
        let words = sources.text(id).split(|c: char| c.is_whitespace() || "'\"#,=[]{}".contains(c));
        listed.extend(words.filter(|word| is_yaml(word)).map(|word| folder.join_clamped(word)));
    }
    listed
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Whether a file holds a Kubernetes object; values of charts and the like do not.
fn is_manifest(sources: &Sources, id: FileId) -> bool {
    let path = sources.path(id);
    let has = |field: &str| sources.text(id).lines().any(|line| line.starts_with(field));
    is_yaml(path.name())
        && !is_kustomization(path)
        && has("apiVersion:")
        && has("kind:")
        && has("metadata:")
        && !sources.text(id).contains("kustomize.config.k8s.io")
}

fn finding(cx: &Context<'_>, owner: &ObjectRef, folder: &RepoPath, forgotten: &[FileId]) -> Option<Finding> {
    let first = forgotten.first()?;
    let name = cx.sources.path(*first).name();
    let message = match forgotten.len() {
        1 => format!("{name} is in no kustomization"),
        count => format!("{name} and {} more files of {folder} are in no kustomization", count - 1),
    };
    let why = format!("{folder} has a kustomization.yaml, so {owner} applies only what that lists");
    let help = "list it under resources, or remove it; a name in a comment of the kustomization.yaml counts as meant";
    let finding = cx.finding(&RULE, Span::new(*first, 0, 0), "is not listed", message);
    let mut finding = finding.rated(Severity::Info, Confidence::Hint).because(why).mend(help);
    finding.owner = Some(owner.clone());
    Some(finding)
}
