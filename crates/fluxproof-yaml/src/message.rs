//! What is said of a text that cannot be read: what, why, what to do.

use crate::engine::MAX_BYTES;
use crate::{FileId, Problem, Span};

/// Why a text is not read at all.
pub(crate) fn unreadable(file: FileId, text: &str) -> Option<Problem> {
    if text.len() > MAX_BYTES {
        let message = format!("the text is longer than {} MB", MAX_BYTES >> 20);
        return Some(Problem::new(Span::new(file, 0, 0), message).help("split the file, or leave it out"));
    }
    let at = text.find('\0')?;
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let problem = Problem::new(Span::new(file, start, start + 1), "the text contains a NUL character");
    Some(
        problem
            .note("YAML has no place for NUL, so this is no YAML file")
            .help("remove the character, or leave the file out"),
    )
}

/// A document that is broken at a byte.
pub(crate) fn broken(file: FileId, text: &str, at: usize, info: &str) -> Problem {
    let mut at = at;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let span = Span::new(file, u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX));
    let problem = Problem::new(span, format!("broken YAML: {}", info.to_lowercase_first()));
    let line = text[..at].rsplit('\n').next().unwrap_or("");
    if text[at..].starts_with('\t') || (line.contains('\t') && line.trim().is_empty()) {
        return problem.note("YAML is indented by spaces; a tab is no indentation").help("replace the tab by spaces");
    }
    problem
}

trait LowercaseFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowercaseFirst for str {
    fn to_lowercase_first(&self) -> String {
        let mut chars = self.chars();
        chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
    }
}

/// Two entries of a mapping with one key.
pub(crate) fn duplicate_key(first: Span, second: Span, key: &str) -> Problem {
    let shown: String = key.chars().take(60).collect();
    Problem::new(second, format!("the key {shown:?} is here twice"))
        .note("Go programs refuse a mapping that has a key twice")
        .help("remove one of the two")
        .related(first, "first here")
}
