//! What differs between two lists of lines.

use std::ops::Range;

/// Cells of the table; longer texts are taken to differ as a whole between their first and last difference.
const CELLS: usize = 1 << 22;

/// A run that differs: these of the old list became those of the new one. One of the two may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// In the old list.
    pub old: Range<usize>,
    /// In the new list.
    pub new: Range<usize>,
}

/// The runs that differ, in order; what is between them is a longest common subsequence.
#[must_use]
pub fn line_changes<T: PartialEq>(old: &[T], new: &[T]) -> Vec<LineChange> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    let whole = LineChange { old: head..head + a.len(), new: head..head + b.len() };
    if a.is_empty() || b.is_empty() || a.len().saturating_mul(b.len()) > CELLS {
        return vec![whole];
    }
    runs(a, b, head)
}

/// Walks the table of lengths from its corner; equal lines are between the runs.
fn runs<T: PartialEq>(a: &[T], b: &[T], head: usize) -> Vec<LineChange> {
    let longest = lengths(a, b);
    let width = b.len() + 1;
    let (mut i, mut j) = (0, 0);
    let mut out: Vec<LineChange> = Vec::new();
    while i < a.len() || j < b.len() {
        let (from_i, from_j) = (i, j);
        while (i < a.len() || j < b.len()) && !(i < a.len() && j < b.len() && a[i] == b[j]) {
            let below = i < a.len() && (j == b.len() || longest[(i + 1) * width + j] >= longest[i * width + j + 1]);
            if below { i += 1 } else { j += 1 }
        }
        if (from_i, from_j) != (i, j) {
            out.push(LineChange { old: head + from_i..head + i, new: head + from_j..head + j });
        }
        while i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        }
    }
    out
}

/// For each pair of places how long the longest common subsequence behind them is.
fn lengths<T: PartialEq>(a: &[T], b: &[T]) -> Vec<u32> {
    let width = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: &str, new: &str) -> Vec<(Range<usize>, Range<usize>)> {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        line_changes(&chars(old), &chars(new)).into_iter().map(|change| (change.old, change.new)).collect()
    }

    #[test]
    fn what_differs_is_found_and_nothing_else() {
        assert_eq!(of("abc", "abc"), []);
        assert_eq!(of("", ""), []);
        assert_eq!(of("", "ab"), [(0..0, 0..2)]);
        assert_eq!(of("ab", ""), [(0..2, 0..0)]);
        assert_eq!(of("abcd", "axcd"), [(1..2, 1..2)]);
        assert_eq!(of("abcde", "acdxe"), [(1..2, 1..1), (4..4, 3..4)]);
    }

    #[test]
    fn what_is_between_the_changes_is_equal() {
        for (old, new) in [("abcabba", "cbabac"), ("xaxbxc", "abc"), ("aaaa", "aa"), ("ab", "ba")] {
            let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
            let (mut i, mut j, mut rebuilt) = (0, 0, Vec::new());
            for change in line_changes(&a, &b) {
                assert_eq!(a[i..change.old.start], b[j..change.new.start], "{old} {new}");
                rebuilt.extend_from_slice(&a[i..change.old.start]);
                rebuilt.extend_from_slice(&b[change.new.clone()]);
                (i, j) = (change.old.end, change.new.end);
            }
            rebuilt.extend_from_slice(&a[i..]);
            assert_eq!(rebuilt, b, "{old} {new}");
        }
    }
}
