//! What went wrong, in words for the person who wrote the file: what, why, what to do.

use crate::build::{DEPTH_LIMIT, to_u32};
use crate::engine::TEXT_LIMIT;
use crate::{FileId, Problem, Span};
use granit_parser::ErrorKind;

/// Words for an error of granit-parser at byte `at` of `text`.
pub(crate) fn describe(file: FileId, text: &str, kind: &ErrorKind, at: u32) -> Problem {
    let at = at.min(to_u32(text.len()));
    if let Some(tab) = tab_near(text, at as usize).filter(|_| is_about_tabs(kind)) {
        return tab_problem(file, to_u32(tab));
    }
    let span = character(file, text, at);
    match kind {
        ErrorKind::RecursionLimitExceeded => too_deep(span),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Problem::new(span, "broken YAML: a quoted text is not closed")
                .note("it would go on to the end of the document")
                .help("add the closing quote")
        }
        ErrorKind::UnclosedFlowCollection { open } => not_closed(span, *open),
        ErrorKind::UnexpectedEofFlowSequence => not_closed(span, '['),
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnexpectedEofImplicitFlowMapping => not_closed(span, '{'),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            Problem::new(span, format!("broken YAML: `{open}` is closed by `{close}`"))
                .help(format!("close it by `{}`", if *open == '[' { ']' } else { '}' }))
        }
        ErrorKind::MappingValueNotAllowed => {
            Problem::new(span, "broken YAML: a mapping cannot begin here").note(COLON).help(QUOTE)
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            Problem::new(span, "broken YAML: a key without `:`")
                .note("the lines around it are entries of a mapping, so this one has to be one, too")
                .help("add `: `, or indent the line deeper if it continues the text above")
        }
        ErrorKind::ExpectedBlockMappingKey => {
            Problem::new(span, "broken YAML: the entry of a mapping is expected here")
                .note("the line is not indented as the entries above it are")
                .help("indent it as its neighbours")
        }
        ErrorKind::ExpectedBlockSequenceEntry => Problem::new(span, "broken YAML: `- ` is expected here")
            .note("the line is indented as the items of the sequence above it")
            .help("begin it with `- `, or indent it as its neighbours"),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            Problem::new(span, "broken YAML: a sequence cannot begin here").help("begin it on a line of its own")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            Problem::new(span, format!("broken YAML: a text cannot begin with `{}`", character.escape_default()))
                .note("YAML keeps this character for itself")
                .help("quote the text")
        }
        ErrorKind::UndeclaredTagHandle => Problem::new(span, "broken YAML: the handle of this tag is not declared")
            .note("`!name!` needs a `%TAG` line above the `---` of the same document")
            .help("declare it, or quote the text if the `!` is meant as such"),
        other => Problem::new(span, format!("broken YAML: {}", lowercase_first(&other.to_string())))
            .help("correct the text at this place; other documents of the file are read all the same"),
    }
}

const COLON: &str = "a text without quotes cannot hold `: `, and an entry of a mapping needs a line of its own";
const QUOTE: &str = "quote the text, or begin a new line";

fn not_closed(span: Span, open: char) -> Problem {
    let close = if open == '[' { ']' } else { '}' };
    Problem::new(span, format!("broken YAML: `{open}` is not closed"))
        .note("a collection in brackets goes on until its closing bracket")
        .help(format!("add `,` between the items and `{close}` at the end"))
}

fn is_about_tabs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace
    )
}

/// The tab that an error is about: on its line, or on one of the next two.
fn tab_near(text: &str, at: usize) -> Option<usize> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let behind = text[at..].split_inclusive('\n').take(3).map(str::len).sum::<usize>();
    text[at..at + behind].find('\t').map(|tab| at + tab).or_else(|| text[start..at].rfind('\t').map(|tab| start + tab))
}

fn tab_problem(file: FileId, at: u32) -> Problem {
    Problem::new(Span::new(file, at, at + 1), "broken YAML: a tab stands where YAML wants spaces")
        .note("YAML is indented by spaces; a tab is no indentation")
        .help("replace the tab by spaces")
}

/// The character at `at`; nothing at a line end and at the end of the text.
fn character(file: FileId, text: &str, at: u32) -> Span {
    let next = text.get(at as usize..).and_then(|rest| rest.chars().next());
    let length = next.filter(|next| !matches!(next, '\n' | '\r')).map_or(0, char::len_utf8);
    Span::new(file, at, at + to_u32(length))
}

/// A tree that is deeper than [`DEPTH_LIMIT`].
pub(crate) fn too_deep(span: Span) -> Problem {
    Problem::new(span, format!("the document is nested deeper than {DEPTH_LIMIT} levels"))
        .note("no Kubernetes object comes near this depth, and deeper trees exhaust the stack of their readers")
        .help("look whether the file was generated wrongly, or leave it out")
}

/// A text that is longer than [`TEXT_LIMIT`].
pub(crate) fn too_long(file: FileId) -> Problem {
    Problem::new(Span::new(file, 0, 0), format!("the text is longer than {} MB", TEXT_LIMIT >> 20))
        .note("it would take minutes and gigabytes; the API server takes no object above 1.5 MB")
        .help("split the file, or leave it out")
}

/// A character that no YAML text may have.
pub(crate) fn control_character(file: FileId, text: &str, at: usize) -> Problem {
    let span = character(file, text, to_u32(at));
    let found = text[at..].chars().next().unwrap_or('\0');
    let name =
        if found == '\0' { "a NUL character".to_owned() } else { format!("the character U+{:04X}", u32::from(found)) };
    Problem::new(span, format!("the text contains {name}"))
        .note("YAML allows no control characters, and Go programs read nothing of such a file")
        .help("remove the character; inside double quotes it can be written as an escape")
}

/// An alias without anchor. Its name is not said: `token: *hunter2` may be a value that lacks its quotes.
pub(crate) fn unknown_anchor(span: Span) -> Problem {
    Problem::new(span, "unknown anchor")
        .note("an alias repeats a node that stands before it in the same document")
        .help("add the anchor to that node, or quote the text if the `*` is meant as such")
}

/// Two entries of a mapping with one key.
pub(crate) fn duplicate_key(first: Span, second: Span, key: &str) -> Problem {
    Problem::new(second, format!("the key `{}` is here twice", shortened(key)))
        .note("kustomize refuses a mapping that has a key twice; other programs silently take the last")
        .help("remove one of the two")
        .related(first, "first here")
}

/// A text of the file for a message: one line, at most 60 characters.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn lowercase_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
