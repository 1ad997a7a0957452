//! A template's text as pieces, and what stands between the delimiters as words.

/// A piece of a template.
pub(super) enum Piece<'t> {
    Text(&'t str),
    /// The words of an action.
    Action(Vec<Word<'t>>),
}

/// A word of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word<'t> {
    /// A name, a path, a variable, a number: `inputs.a`, `.name`, `$x.y`, `range`, `3`.
    Name(&'t str),
    Text(String),
    Open,
    /// What closes, and the fields behind it: `.name` of `(index .list 0).name`.
    Close(&'t str),
    Pipe,
    Declare,
    Assign,
    Comma,
}

/// The pieces of a text; none where a delimiter is not closed, or an action is not of the language.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<<") {
        let (inside, after) = action(behind)?;
        let left = inside.strip_prefix("- ").or_else(|| inside.strip_prefix("-\n"));
        let before = if left.is_some() { before.trim_end() } else { before };
        let inside = left.unwrap_or(inside);
        let right = inside.strip_suffix('-').filter(|inside| inside.ends_with(char::is_whitespace));
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Action(words(right.unwrap_or(inside))?));
        rest = if right.is_some() { after.trim_start() } else { after };
    }
    pieces.push(Piece::Text(rest));
    Some(pieces)
}

/// The inside of an action and what comes behind it. A delimiter in a text does not close it.
fn action(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '>') if text[at..].starts_with(">>") => return Some((&text[..at], &text[at + 2..])),
            _ => {}
        }
    }
    None
}

fn words(inside: &str) -> Option<Vec<Word<'_>>> {
    let mut words = Vec::new();
    let mut rest = inside.trim();
    if let Some(comment) = rest.strip_prefix("/*") {
        return comment.ends_with("*/").then_some(words);
    }
    while let Some(first) = rest.chars().next() {
        let (word, length) = match first {
            '"' => quoted(rest)?,
            '`' => {
                let end = rest[1..].find('`')?;
                (Word::Text(rest[1..=end].to_owned()), end + 2)
            }
            '(' => (Word::Open, 1),
            ')' => {
                let length = 1 + name_length(&rest[1..]);
                (Word::Close(&rest[1..length]), length)
            }
            '|' => (Word::Pipe, 1),
            ',' => (Word::Comma, 1),
            ':' if rest.starts_with(":=") => (Word::Declare, 2),
            '=' => (Word::Assign, 1),
            _ => {
                let length = name_length(rest);
                (Word::Name(rest.get(..length).filter(|name| !name.is_empty())?), length)
            }
        };
        words.push(word);
        rest = rest[length..].trim_start();
    }
    Some(words)
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '$' | '-'))).unwrap_or(text.len())
}

/// A text in double quotes, with the escapes that people use.
fn quoted(text: &str) -> Option<(Word<'static>, usize)> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((Word::Text(out), at + 1)),
            '\\' => out.push(match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => out.push(c),
        }
    }
    None
}
