//! Texts that are no YAML, merged line by line.

use super::file::Texts;
use super::lines::{LineChange, line_changes};
use super::plan::Clash;
use fluxproof_yaml::{FileId, Span};
use std::ops::Range;

/// Merges; lines that both changed are a conflict, also where their changes only touch.
pub(super) fn merge(texts: Texts<'_>, force: bool) -> (String, Vec<Clash>) {
    let split = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (base, yours, new) = (split(texts.base), split(texts.yours), split(texts.new));
    let (mine, theirs) = (line_changes(&base, &yours), line_changes(&base, &new));
    let (mut out, mut clashes, mut at) = (String::new(), Vec::new(), 0);
    for range in groups(&mine, &theirs) {
        out.extend(base[at..range.start].iter().copied());
        at = range.end;
        let (my, their) = (side(&mine, &range), side(&theirs, &range));
        let (my_lines, their_lines) = (&yours[my.clone()], &new[their.clone()]);
        let old = &base[range];
        let chosen = if my_lines == old || my_lines == their_lines {
            their_lines
        } else if their_lines == old {
            my_lines
        } else {
            clashes.push(Clash { at: String::new(), yours: span(&yours, &my), new: span(&new, &their) });
            if force { their_lines } else { my_lines }
        };
        out.extend(chosen.iter().copied());
    }
    out.extend(base[at..].iter().copied());
    (out, clashes)
}

/// The runs of the base that one of the two changed; those that overlap or touch are one.
fn groups(mine: &[LineChange], theirs: &[LineChange]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = mine.iter().chain(theirs).map(|change| change.old.clone()).collect();
    fluxproof_order::sort_by_key(&mut all, |range| (range.start, range.end));
    let mut groups: Vec<Range<usize>> = Vec::new();
    for range in all {
        match groups.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => groups.push(range),
        }
    }
    groups
}

/// Where a run of the base stands in the text that came of it. A change that touches the run is part of it.
fn side(changes: &[LineChange], range: &Range<usize>) -> Range<usize> {
    let moved = |at: usize, before: &dyn Fn(&LineChange) -> bool| {
        let (mut grown, mut shrunk) = (at, 0);
        for change in changes.iter().filter(|change| before(change)) {
            (grown, shrunk) = (grown + change.new.len(), shrunk + change.old.len());
        }
        grown - shrunk
    };
    moved(range.start, &|change| change.old.end < range.start)..moved(range.end, &|change| {
        change.old.start <= range.end
    })
}

fn span(lines: &[&str], range: &Range<usize>) -> Option<Span> {
    let start: usize = lines[..range.start].iter().map(|line| line.len()).sum();
    let end: usize = start + lines[range.clone()].iter().map(|line| line.len()).sum::<usize>();
    Some(Span::new(FileId(0), u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, yours: &str, new: &str) -> (String, usize) {
        let lines = |text: &str| text.chars().map(|c| format!("{c}\n")).collect::<String>();
        let (base, yours, new) = (lines(base), lines(yours), lines(new));
        let (text, clashes) = merge(Texts { base: &base, yours: &yours, new: &new }, false);
        (text.replace('\n', ""), clashes.len())
    }

    #[test]
    fn changes_of_both_sides_come_together() {
        for (base, yours, new, expected, clashes) in [
            ("abcdef", "aXcdef", "abcdYf", "aXcdYf", 0),
            ("abcdef", "abdef", "abcdef!", "abdef!", 0),
            ("abcdef", "!abcdef", "abcef", "!abcef", 0),
            ("abc", "aXc", "aXc", "aXc", 0),
            ("abc", "aXc", "aYc", "aXc", 1),
            ("abc", "aXbc", "aYbc", "aXbc", 1),
            ("abcd", "aXcd", "abYd", "aXcd", 1),
            ("", "a", "", "a", 0),
        ] {
            assert_eq!(merged(base, yours, new), (expected.to_owned(), clashes), "{base} {yours} {new}");
        }
    }
}
