//! Differences that are known and named in the README of fluxproof-kustomize.

use crate::tree::Tree;

/// Characters that hashes are of, and how many they have.
const HASH: (&str, usize) = ("bcdfghkmt2456789", 10);

/// Whether only hashes differ, in a tree where a patch may have changed the kind of a generated object.
pub(crate) fn is_hash_of_changed_kind(tree: &Tree, theirs: &str, ours: &str) -> bool {
    let says = |what: &str| tree.values().any(|text| text.contains(what));
    says("allowKindChange: true")
        && says("Generator")
        && theirs.lines().count() == ours.lines().count()
        && theirs.lines().zip(ours.lines()).all(|(one, other)| one == other || without_hash(one) == without_hash(other))
}

/// Whether ours refuses a key that is there twice, in a tree where a patch may have deleted the object that has it.
pub(crate) fn is_double_of_deleted(tree: &Tree, ours: &str) -> bool {
    ours.contains(": mapping key \"")
        && ours.contains(" already defined at line ")
        && tree.values().any(|text| text.contains("$patch: delete"))
}

/// A line without the hash at its end; the line and nothing where it has none.
fn without_hash(line: &str) -> (&str, bool) {
    match line.rsplit_once('-') {
        Some((name, hash)) if hash.len() == HASH.1 && hash.chars().all(|c| HASH.0.contains(c)) => (name, true),
        _ => (line, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_key_is_explained_where_something_is_deleted() {
        let tree = |text: &str| Tree::from([("a.yaml".to_owned(), text.to_owned())]);
        let ours = "line 2: mapping key \"x\" already defined at line 1";
        assert!(is_double_of_deleted(&tree("$patch: delete\n"), ours));
        assert!(!is_double_of_deleted(&tree("x: 1\n"), ours) && !is_double_of_deleted(&tree("$patch: delete\n"), "no"));
    }

    #[test]
    fn nothing_but_a_hash_is_explained() {
        let tree = |text: &str| Tree::from([("kustomization.yaml".to_owned(), text.to_owned())]);
        let changes = tree("secretGenerator: []\npatches: [{options: {allowKindChange: true}}]\n");
        let (theirs, ours) = ("name: a-g9c2gmgdb9\nx: 1\n", "name: a-chmdtmgk27\nx: 1\n");
        assert!(is_hash_of_changed_kind(&changes, theirs, ours));
        assert!(!is_hash_of_changed_kind(&tree("secretGenerator: []\n"), theirs, ours));
        assert!(!is_hash_of_changed_kind(&changes, theirs, "name: a-chmdtmgk27\nx: 2\n"));
        assert!(!is_hash_of_changed_kind(&changes, theirs, "name: b-chmdtmgk27\nx: 1\n"));
        assert!(!is_hash_of_changed_kind(&changes, theirs, "name: a-chmdtmgk27\n"));
    }
}
