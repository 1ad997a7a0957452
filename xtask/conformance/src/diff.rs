//! What two texts differ in, line by line.

/// Lines around a difference that are shown.
const CONTEXT: usize = 3;

/// `-` for what was expected, `+` for what came, with some lines around; `None` where both are one.
pub(crate) fn diff(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.split('\n').collect(), found.split('\n').collect());
    let lines = walk(&old, &new, &lengths(&old, &new));
    let changed =
        |at: usize| lines[at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(lines.len())].iter().any(|l| l.0 != ' ');
    let shown = (0..lines.len()).filter(|at| changed(*at)).map(|at| format!("  {}{}\n", lines[at].0, lines[at].1));
    Some(shown.collect())
}

/// The length of the longest common list of lines behind each pair of places.
fn lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let same = old[i] == new[j];
            table[i][j] = if same { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    table
}

fn walk<'t>(old: &[&'t str], new: &[&'t str], lengths: &[Vec<u32>]) -> Vec<(char, &'t str)> {
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j >= new.len() || (i < old.len() && lengths[i + 1][j] >= lengths[i][j + 1]) {
            lines.push(('-', old[i]));
            i += 1;
        } else {
            lines.push(('+', new[j]));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn shows_what_differs_and_little_else() {
        assert_eq!(diff("a\nb\n", "a\nb\n"), None);
        let shown = diff("1\n2\n3\n4\n5\nx\n", "1\n2\n3\n4\n5\ny\n");
        assert_eq!(shown.as_deref(), Some("   3\n   4\n   5\n  -x\n  +y\n   \n"));
    }
}
