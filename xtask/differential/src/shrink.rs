//! Making a tree smaller as long as it shows the same kind of difference.

use crate::compare::{Outcome, Program};
use crate::tree::Tree;

/// Leaves out lines, many at once first, while the outcome stays like `outcome`.
pub(crate) fn shrink(program: &Program, tree: &Tree, outcome: &Outcome) -> Result<(Tree, Outcome), String> {
    let (mut tree, mut outcome) = (tree.clone(), outcome.clone());
    for size in [16, 4, 2, 1, 1] {
        let names: Vec<String> = tree.keys().cloned().collect();
        for name in names {
            shrink_file(program, &mut tree, &name, size, &mut outcome)?;
        }
    }
    Ok((tree, outcome))
}

fn shrink_file(
    program: &Program,
    tree: &mut Tree,
    name: &str,
    size: usize,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let mut at = tree.get(name).map_or(0, |text| text.split_inclusive('\n').count());
    while at > 0 {
        at = at.saturating_sub(size);
        let Some(smaller) = without(tree, name, at..at + size) else { continue };
        let found = program.compare(&smaller)?;
        if found.is_like(outcome) {
            (*tree, *outcome) = (smaller, found);
        }
    }
    Ok(())
}

/// The tree without some lines of a file; without the file where no line is left.
fn without(tree: &Tree, name: &str, lines: std::ops::Range<usize>) -> Option<Tree> {
    let text = tree.get(name)?;
    let left: String =
        text.split_inclusive('\n').enumerate().filter(|(at, _)| !lines.contains(at)).map(|(_, line)| line).collect();
    let mut smaller = tree.clone();
    if left.is_empty() {
        smaller.remove(name);
    } else {
        smaller.insert(name.to_owned(), left);
    }
    Some(smaller)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_then_files_are_left_out() {
        let tree: Tree = [("a".to_owned(), "1\n2\n3\n".to_owned())].into();
        assert_eq!(without(&tree, "a", 1..2).and_then(|tree| tree.get("a").cloned()), Some("1\n3\n".to_owned()));
        assert_eq!(without(&tree, "a", 0..9), Some(Tree::new()));
        assert_eq!(without(&tree, "b", 0..1), None);
    }
}
