//! Folders by the paths that Flux objects name, which may hold variables.

use crate::build::fits;
use fluxproof_yaml::{RepoPath, Sources};
use std::collections::BTreeSet;

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This folder.
    Is(RepoPath),
    /// It holds a variable, and only this folder fits it.
    Fits(RepoPath),
    /// It holds a variable, and several folders fit it, or none.
    Unknown,
    /// A folder that is not there.
    No(RepoPath),
}

/// Finds the folder of a path. `..` stops at the root (kustomize-controller, SecureJoin).
pub(crate) fn find_folder(sources: &Sources, path: &str) -> Found {
    if path.contains("${") {
        return match &fitting(sources, path)[..] {
            [only] => Found::Fits(only.clone()),
            _ => Found::Unknown,
        };
    }
    let folder = RepoPath::root().join_clamped(path);
    if sources.has_folder(&folder) { Found::Is(folder) } else { Found::No(folder) }
}

/// The most folders that are looked at for one path.
const MOST: usize = 100;

/// The folders that fit a path whose variables are not known: each stands for a text without a slash.
fn fitting(sources: &Sources, path: &str) -> Vec<RepoPath> {
    let pattern = globbed(path);
    let mut folders = vec![RepoPath::root()];
    for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let inside = |folder: &RepoPath| match part.contains('*') {
            true => children(sources, folder).into_iter().filter(|name| fits(part, name)).collect(),
            false => vec![part.to_owned()],
        };
        let next = folders.iter().flat_map(|folder| inside(folder).into_iter().map(|name| folder.join_clamped(&name)));
        folders = next.filter(|folder| sources.has_folder(folder)).take(MOST).collect();
    }
    folders
}

/// `clusters/${CLUSTER}/x` as `clusters/*/x`.
fn globbed(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once("${") {
        out.push_str(before);
        out.push('*');
        rest = inside.split_once('}').map_or("", |(_, behind)| behind);
    }
    out + rest
}

/// The names of the folders in a folder.
pub(crate) fn children(sources: &Sources, folder: &RepoPath) -> BTreeSet<String> {
    let depth = folder.parts().count();
    let name = |path: &RepoPath| path.parent().parts().nth(depth).map(str::to_owned);
    sources.in_folder(folder).filter_map(|id| name(sources.path(id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_no_obstacle_where_one_folder_fits() {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let files =
            ["apps/a/prod/x.yaml", "apps/a/prod/deep/x.yaml", "apps/b/prod/x.yaml", "apps/b/test/x.yaml", "c/x.yaml"];
        let sources = Sources::from_texts(files.map(|file| (path(file), "")));
        assert_eq!(find_folder(&sources, "./apps/a/prod/"), Found::Is(path("apps/a/prod")));
        assert_eq!(find_folder(&sources, "./apps/a/${ENV}"), Found::Fits(path("apps/a/prod")));
        assert_eq!(find_folder(&sources, "apps/${APP}/te${X}"), Found::Fits(path("apps/b/test")));
        assert_eq!(find_folder(&sources, "apps/b/${ENV}"), Found::Unknown);
        assert_eq!(find_folder(&sources, "apps/${APP}/stage"), Found::Unknown);
        assert_eq!(find_folder(&sources, "../d"), Found::No(path("d")));
        assert_eq!(find_folder(&sources, ""), Found::Is(RepoPath::root()));
    }
}
