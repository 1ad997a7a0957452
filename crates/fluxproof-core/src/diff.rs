//! Differences between texts as people and `git apply` read them.

use crate::style::{Ink, Style};
use fluxproof_layout::{LineChange, line_changes};
use std::fmt::Write;

/// Lines around a change.
const AROUND: usize = 3;

/// The unified diff of a file: what was there, if anything, and what will be. Empty where both are the same.
pub(crate) fn unified(path: &str, old: Option<&str>, new: Option<&str>, style: Style) -> String {
    if old == new {
        return String::new();
    }
    let name = |side: &str, text: Option<&str>| text.map_or("/dev/null".to_owned(), |_| format!("{side}/{path}"));
    let mut out = String::new();
    for line in [format!("--- {}", name("a", old)), format!("+++ {}", name("b", new))] {
        let _ = writeln!(out, "{}", style.paint(Ink::Strong, &line));
    }
    let (old, new) = (lines(old), lines(new));
    for hunk in hunks(&line_changes(&old, &new)) {
        draw(&old, &new, hunk, style, &mut out);
    }
    out
}

/// The lines of a text, each with its end.
fn lines(text: Option<&str>) -> Vec<&str> {
    text.unwrap_or("").split_inclusive('\n').collect()
}

/// Changes whose surroundings touch are one hunk.
fn hunks(changes: &[LineChange]) -> impl Iterator<Item = &[LineChange]> {
    changes.chunk_by(|before, after| after.old.start - before.old.end <= 2 * AROUND)
}

fn draw(old: &[&str], new: &[&str], hunk: &[LineChange], style: Style, out: &mut String) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let before = first.old.start.min(AROUND);
    let after = (old.len() - last.old.end).min(AROUND);
    let place = |start: usize, end: usize| {
        let count = end - start;
        let line = if count == 0 { start } else { start + 1 };
        if count == 1 { format!("{line}") } else { format!("{line},{count}") }
    };
    let head = format!(
        "@@ -{} +{} @@",
        place(first.old.start - before, last.old.end + after),
        place(first.new.start - before, last.new.end + after)
    );
    let _ = writeln!(out, "{}", style.paint(Ink::Info, &head));
    let mut at = first.old.start - before;
    for change in hunk {
        old[at..change.old.start].iter().for_each(|text| line(' ', text, None, style, out));
        old[change.old.clone()].iter().for_each(|text| line('-', text, Some(Ink::Bad), style, out));
        new[change.new.clone()].iter().for_each(|text| line('+', text, Some(Ink::Good), style, out));
        at = change.old.end;
    }
    old[at..at + after].iter().for_each(|text| line(' ', text, None, style, out));
}

fn line(mark: char, text: &str, ink: Option<Ink>, style: Style, out: &mut String) {
    let shown = format!("{mark}{}", text.trim_end_matches('\n'));
    let shown = crate::style::tame(&shown, false);
    let _ = writeln!(out, "{}", ink.map_or(shown.clone(), |ink| style.paint(ink, &shown)));
    if !text.ends_with('\n') {
        out.push_str("\\ No newline at end of file\n");
    }
}
