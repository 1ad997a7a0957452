//! What went wrong, in words for the person who wrote the file: what, why, what to do.

use crate::build::{DEPTH_LIMIT, to_u32};
use crate::engine::TEXT_LIMIT;
use crate::read::{Fault, Flaw};
use crate::{FileId, Problem, Span};

/// Words for what is wrong with `text`.
pub(crate) fn describe(file: FileId, text: &str, fault: Fault) -> Problem {
    let span = character(file, text, fault.at);
    let found = text.get(fault.at as usize..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    match fault.flaw {
        Flaw::TooDeep => too_deep(span),
        Flaw::Tab => Problem::new(span, "broken YAML: a tab stands where YAML wants spaces")
            .note("YAML is indented by spaces; a tab is no indentation")
            .help("replace the tab by spaces"),
        Flaw::NotClosed => not_closed(span, found),
        Flaw::WrongBracket => {
            Problem::new(span, format!("broken YAML: `{found}` is closed by `{}`", closing(other(found))))
                .help(format!("close it by `{}`", closing(found)))
        }
        Flaw::Character => {
            Problem::new(span, format!("broken YAML: a text cannot begin with `{}`", found.escape_default()))
                .note("YAML keeps this character for itself")
                .help("quote the text")
        }
        flaw => {
            let (message, note, help) = words(flaw);
            let problem = Problem::new(span, format!("broken YAML: {message}"));
            let problem = if note.is_empty() { problem } else { problem.note(note) };
            problem.help(help)
        }
    }
}

/// What is wrong, why, and what to do.
fn words(flaw: Flaw) -> (&'static str, &'static str, &'static str) {
    match flaw {
        Flaw::QuoteNotClosed => {
            ("a quoted text is not closed", "it would go on to the end of the document", "add the closing quote")
        }
        Flaw::StrayBracket => ("a bracket is closed that was not opened", "", "remove it, or quote the text"),
        Flaw::MappingNotAllowed => ("a mapping cannot begin here", COLON, QUOTE),
        Flaw::SequenceNotAllowed => ("a sequence cannot begin here", "", "begin it on a line of its own"),
        Flaw::KeyNotAllowed => ("a key cannot begin here", "", QUOTE),
        Flaw::KeyWithoutColon => (
            "a key without `:`",
            "the lines around it are entries of a mapping, so this one has to be one, too",
            "add `: `, or indent the line deeper if it continues the text above",
        ),
        Flaw::LongKey => (
            "a key is longer than 1024 characters",
            "go-yaml takes longer texts for no keys",
            "shorten it, or quote the text if the `:` is part of it",
        ),
        Flaw::LinesKey => (
            "a `:` follows a text of several lines",
            "a bracket that is not closed takes in the lines below it, and a key between brackets stands on one line",
            "close the bracket, or quote the text if the `:` is part of it",
        ),
        Flaw::EntryExpected => (
            "the entry of a mapping is expected here",
            "the line is not indented as the entries above it are",
            "indent it as its neighbours",
        ),
        Flaw::ItemExpected => (
            "`- ` is expected here",
            "the line is indented as the items of the sequence above it",
            "begin it with `- `, or indent it as its neighbours",
        ),
        Flaw::Trailing => {
            ("something follows a value that is complete", "", "quote the whole value, or begin a new line")
        }
        Flaw::DocumentOver => (
            "something follows the end of the document",
            "a document is one value: a mapping, a sequence or a scalar",
            "indent it as its neighbours, or begin a new document by `---`",
        ),
        flaw => rare_words(flaw),
    }
}

fn rare_words(flaw: Flaw) -> (&'static str, &'static str, &'static str) {
    match flaw {
        Flaw::Comment => ("a comment follows without a space", "", "put a space before the `#`"),
        Flaw::Header => (
            "the text of a block begins on the line of its `|` or `>`",
            "behind these only `+`, `-`, one digit from 1 to 9 and a comment may stand",
            "begin the text on the next line, or quote it",
        ),
        Flaw::BlockIndent => (
            "the first line of a block text is indented less than it has to be",
            "an empty line above it or the digit behind `|` or `>` says how far",
            "indent it as far, or remove what says so",
        ),
        Flaw::Escape => (
            "unknown escape in a quoted text",
            "inside double quotes `\\` begins an escape",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        Flaw::Surrogate => (
            "an escape names no character",
            "go-yaml refuses the halves of a surrogate pair, which JSON writes",
            "write the character itself, or `\\U` and its eight digits",
        ),
        Flaw::Separator => {
            ("a comma is missing between brackets", "", "add `,` between the items, or close the bracket")
        }
        Flaw::FlowItem => ("an item is missing between brackets", "", "remove the comma or colon, or add the item"),
        Flaw::FlowDash => ("`- ` stands between brackets", "items between brackets need no dash", "remove it"),
        Flaw::FlowColon => ("a bracket follows `:` without a space", "", "put a space behind the `:`"),
        Flaw::TagHandle => {
            ("the handle of this tag is not declared", "", "declare it, or quote the text if the `!` is meant as such")
        }
        Flaw::Tag => ("this is no tag", "", "correct it, or quote the text if the `!` is meant as such"),
        Flaw::Name => (
            "`&` or `*` without a name",
            "they begin an anchor and an alias",
            "add the name, or quote the text if the character is meant as such",
        ),
        Flaw::SecondProperty => ("a second anchor or tag of one node", "", "remove one of the two"),
        Flaw::AliasProperty => (
            "an alias has an anchor or a tag",
            "it repeats a node with the anchor and the tag of that node",
            "remove them",
        ),
        Flaw::Directive => (
            "this directive cannot be read",
            "`%YAML 1.2` and `%TAG !handle! prefix` are known, each once in a document",
            "correct it, or remove it",
        ),
        Flaw::LateDirective => (
            "a directive follows the content of a document",
            "a line that begins with `%` is one",
            "put `...` before it, or indent the line",
        ),
        Flaw::DocumentStart => ("`---` is missing behind the directives", "", "add it before the content"),
        Flaw::DocumentEnd => ("something follows `...` on its line", "", "move it to the next line"),
        Flaw::ByteOrderMark => ("a byte order mark stands inside a document", "", "remove it; editors do not show it"),
        _ => ("this cannot be read", "", "correct the text at this place"),
    }
}

const COLON: &str = "a text without quotes cannot hold `: `, and an entry of a mapping needs a line of its own";
const QUOTE: &str = "quote the text, or begin a new line";

fn not_closed(span: Span, open: char) -> Problem {
    Problem::new(span, format!("broken YAML: `{open}` is not closed"))
        .note("a collection in brackets goes on until its closing bracket")
        .help(format!("add `,` between the items and `{}` at the end", closing(open)))
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

fn other(open: char) -> char {
    if open == '[' { '{' } else { '[' }
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
