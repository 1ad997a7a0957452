//! Terraform files that bootstrap Flux: `flux_bootstrap_git`, or the flux-instance chart. Only lines are looked at, for a
//! module is a program; a path that holds an expression says nothing.

use super::{Entry, around};
use crate::model::Reason;
use fluxproof_yaml::{FileId, RepoPath, Sources, Span};

/// The entries that Terraform files name.
pub(super) fn entries(sources: &Sources) -> impl Iterator<Item = Entry> {
    let is_terraform = |id: &FileId| sources.path(*id).name().ends_with(".tf");
    let bootstraps =
        |id: &FileId| ["flux_bootstrap_git", "flux-instance"].iter().any(|word| sources.text(*id).contains(word));
    sources.ids().filter(is_terraform).filter(bootstraps).flat_map(|id| paths(sources, id))
}

fn paths(sources: &Sources, file: FileId) -> Vec<Entry> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in sources.text(file).split_inclusive('\n') {
        if let Some(path) = path(line) {
            let at = start + line.find(path).unwrap_or(0);
            found.extend(entry(sources, file, at, path));
        }
        start += line.len();
    }
    found
}

/// The literal path on a line such as `path = "clusters/prod"`.
fn path(line: &str) -> Option<&str> {
    let (key, value) = line.split_once('=')?;
    let text = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    let is_path = ["path", "target_path"].contains(&key.trim());
    (is_path && !text.is_empty() && !text.contains(['$', '"'])).then_some(text)
}

fn entry(sources: &Sources, file: FileId, at: usize, path: &str) -> Option<Entry> {
    let roots = around(sources.path(file));
    let holds = |root: &&RepoPath| {
        let folder = root.join_clamped(path);
        folder != **root && sources.has_folder(&folder)
    };
    let within = roots.iter().find(holds)?.clone();
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Some(Span::new(file, offset(at), offset(at + path.len())));
    Some(Entry { span, ..Entry::of_folder(within.join_clamped(path), within, Reason::Terraform) })
}
