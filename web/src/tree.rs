//! Paths to a file tree, and the arrow keys of the ARIA tree pattern over it. Pure.
use std::collections::BTreeSet;

/// One row. Folders with a single folder in them are one row, as in `clusters/prod`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The whole path; a folder's has no slash at its end.
    pub(crate) path: String,
    pub(crate) label: String,
    /// 1 at the root.
    pub(crate) level: usize,
    pub(crate) folder: bool,
    pub(crate) position: usize,
    pub(crate) siblings: usize,
}

/// All rows, depth first; folders before files, each by name.
pub(crate) fn rows(paths: &[&str]) -> Vec<Row> {
    let mut rows = Vec::new();
    // An explicit stack: (folder path, level), so that depth costs no recursion.
    let mut open = vec![Open::of("", 1, paths)];
    while let Some(top) = open.last_mut() {
        let Some(row) = top.children.next() else {
            open.pop();
            continue;
        };
        let inside = row.folder.then(|| Open::of(&row.path, row.level + 1, paths));
        rows.push(row);
        open.extend(inside);
    }
    rows
}

struct Open {
    children: std::vec::IntoIter<Row>,
}

impl Open {
    fn of(folder: &str, level: usize, paths: &[&str]) -> Self {
        let (folders, files) = children(folder, paths);
        let siblings = folders.len() + files.len();
        let row = |(position, (path, folder)): (usize, (String, bool))| Row {
            label: label(&path, folder, paths),
            path: if folder { squeezed(path, paths) } else { path },
            level,
            folder,
            position: position + 1,
            siblings,
        };
        let all: Vec<Row> = folders
            .into_iter()
            .map(|path| (path, true))
            .chain(files.into_iter().map(|path| (path, false)))
            .enumerate()
            .map(row)
            .collect();
        Self { children: all.into_iter() }
    }
}

fn children(folder: &str, paths: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut folders = BTreeSet::new();
    let mut files = BTreeSet::new();
    for rest in paths.iter().filter_map(|path| path.strip_prefix(&prefix)) {
        match rest.split_once('/') {
            Some((name, _)) => folders.insert(format!("{prefix}{name}")),
            None => files.insert(format!("{prefix}{rest}")),
        };
    }
    (folders, files)
}

/// Follows single folders down: `a` with only `a/b` in it is the row `a/b`.
fn squeezed(mut folder: String, paths: &[&str]) -> String {
    loop {
        let (folders, files) = children(&folder, paths);
        match folders.into_iter().next() {
            Some(only) if files.is_empty() && children(&folder, paths).0.len() == 1 => folder = only,
            _ => return folder,
        }
    }
}

fn label(path: &str, folder: bool, paths: &[&str]) -> String {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let whole = if folder { squeezed(path.to_owned(), paths) } else { path.to_owned() };
    whole.get(start..).unwrap_or(&whole).to_owned()
}

/// The rows to be seen: those under no folded folder.
pub(crate) fn visible(rows: &[Row], folded: &BTreeSet<String>) -> Vec<Row> {
    let hidden = |row: &Row| {
        folded.iter().any(|folder| row.path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    rows.iter().filter(|row| !hidden(row)).cloned().collect()
}

/// What a key asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    Focus(String),
    Fold(String, bool),
    Choose(String),
}

/// The ARIA tree pattern: arrows, Home, End, Enter, Space and type-ahead.
pub(crate) fn key(rows: &[Row], folded: &BTreeSet<String>, at: &str, key: &str) -> Option<Move> {
    let seen = visible(rows, folded);
    let here = seen.iter().position(|row| row.path == at)?;
    let row = seen.get(here)?;
    let focus = |index: Option<usize>| index.and_then(|index| seen.get(index)).map(|row| Move::Focus(row.path.clone()));
    let open = row.folder && !folded.contains(&row.path);
    match key {
        "ArrowDown" => focus(Some(here + 1)),
        "ArrowUp" => focus(here.checked_sub(1)),
        "Home" => focus(Some(0)),
        "End" => focus(seen.len().checked_sub(1)),
        "ArrowRight" if open => focus(Some(here + 1)),
        "ArrowRight" if row.folder => Some(Move::Fold(row.path.clone(), false)),
        "ArrowLeft" if open => Some(Move::Fold(row.path.clone(), true)),
        "ArrowLeft" => focus(seen.iter().take(here).rposition(|above| above.level < row.level)),
        "Enter" | " " if row.folder => Some(Move::Fold(row.path.clone(), open)),
        "Enter" | " " => Some(Move::Choose(row.path.clone())),
        _ => typed(&seen, here, key),
    }
}

/// Type-ahead: the next row whose name starts with the letter, around the end.
fn typed(seen: &[Row], here: usize, key: &str) -> Option<Move> {
    if key.chars().count() != 1 {
        return None;
    }
    let letter = key.to_lowercase();
    let starts = |row: &&Row| row.label.to_lowercase().starts_with(&letter);
    let (before, after) = (seen.iter().take(here + 1), seen.iter().skip(here + 1));
    after.chain(before).find(starts).map(|row| Move::Focus(row.path.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 5] = [
        "README.md",
        "clusters/prod/flux.yaml",
        "infra/eso/crs/store.yaml",
        "infra/eso/crs/z.yaml",
        "infra/eso/namespace.yaml",
    ];

    fn paths(rows: &[Row]) -> Vec<(usize, &str, &str)> {
        rows.iter().map(|row| (row.level, row.label.as_str(), row.path.as_str())).collect()
    }

    #[test]
    fn single_folders_are_one_row_and_folders_come_first() {
        assert_eq!(
            paths(&rows(&PATHS)),
            [
                (1, "clusters/prod", "clusters/prod"),
                (2, "flux.yaml", "clusters/prod/flux.yaml"),
                (1, "infra/eso", "infra/eso"),
                (2, "crs", "infra/eso/crs"),
                (3, "store.yaml", "infra/eso/crs/store.yaml"),
                (3, "z.yaml", "infra/eso/crs/z.yaml"),
                (2, "namespace.yaml", "infra/eso/namespace.yaml"),
                (1, "README.md", "README.md"),
            ]
        );
    }

    #[test]
    fn positions_count_within_a_folder() {
        let all = rows(&PATHS);
        let of = |path: &str| all.iter().find(|row| row.path == path).map(|row| (row.position, row.siblings));
        assert_eq!(of("README.md"), Some((3, 3)));
        assert_eq!(of("infra/eso/namespace.yaml"), Some((2, 2)));
    }

    #[test]
    fn a_folded_folder_hides_what_is_in_it_and_not_its_namesakes() {
        let all = rows(&["a/x.yaml", "a-b/y.yaml"]);
        let seen = visible(&all, &BTreeSet::from(["a".to_owned()]));
        assert_eq!(seen.iter().map(|row| row.path.as_str()).collect::<Vec<_>>(), ["a", "a-b", "a-b/y.yaml"]);
    }

    #[test]
    fn the_keys_walk_as_the_pattern_says() {
        let all = rows(&PATHS);
        let open = BTreeSet::new();
        let step = |at: &str, pressed: &str| key(&all, &open, at, pressed);
        assert_eq!(step("clusters/prod", "ArrowDown"), Some(Move::Focus("clusters/prod/flux.yaml".into())));
        assert_eq!(step("clusters/prod", "ArrowUp"), None);
        assert_eq!(step("infra/eso/crs/z.yaml", "ArrowLeft"), Some(Move::Focus("infra/eso/crs".into())));
        assert_eq!(step("infra/eso/crs", "ArrowLeft"), Some(Move::Fold("infra/eso/crs".into(), true)));
        assert_eq!(step("clusters/prod", "End"), Some(Move::Focus("README.md".into())));
        assert_eq!(step("README.md", "Enter"), Some(Move::Choose("README.md".into())));
        assert_eq!(step("README.md", "c"), Some(Move::Focus("clusters/prod".into())));
        assert_eq!(step("README.md", "Tab"), None);
    }

    #[test]
    fn right_opens_a_folded_folder_first() {
        let all = rows(&PATHS);
        let folded = BTreeSet::from(["infra/eso".to_owned()]);
        assert_eq!(key(&all, &folded, "infra/eso", "ArrowRight"), Some(Move::Fold("infra/eso".into(), false)));
        assert_eq!(key(&all, &folded, "infra/eso", "ArrowDown"), Some(Move::Focus("README.md".into())));
    }
}
