//! A Go template cut into texts and actions (text/template/parse/lex.go), trim markers applied.

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// What is printed as it stands.
    Text(&'t str),
    /// What stands between `{{` and `}}`, without trim markers.
    Action(&'t str),
}

/// A token of an action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A word: a function, a keyword, `true`, `nil`.
    Word(String),
    /// `.name`, or `.` alone with an empty name; whether a space precedes it.
    Field(String, bool),
    /// `$name`, without its `$`.
    Variable(String),
    /// A string.
    Text(String),
    /// A number as written.
    Number(String),
    /// `(`, and whether it closes or opens.
    Open,
    /// `)`
    Close,
    /// `|`
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    /// `,`
    Comma,
}

/// Cuts a template into pieces; comments are gone.
///
/// # Errors
/// Where an action is not closed.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let (mut rest, mut trim) = (text, false);
    loop {
        let start = if trim { rest.trim_start() } else { rest };
        let Some(open) = start.find("{{") else {
            push_text(start, &mut pieces);
            return Ok(pieces);
        };
        let (before, inside) = (&start[..open], &start[open + 2..]);
        let (trims_before, inside) = trim_left(inside);
        push_text(if trims_before { before.trim_end() } else { before }, &mut pieces);
        let (action, behind, trims_behind) = action(inside)?;
        if !action.is_empty() && !action.starts_with("/*") {
            pieces.push(Piece::Action(action));
        }
        (rest, trim) = (behind, trims_behind);
    }
}

fn push_text<'t>(text: &'t str, pieces: &mut Vec<Piece<'t>>) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// `- ` behind `{{` trims what precedes it.
fn trim_left(inside: &str) -> (bool, &str) {
    match inside.strip_prefix('-') {
        Some(rest) if rest.starts_with(char::is_whitespace) => (true, rest),
        _ => (false, inside),
    }
}

/// The action at the start, what follows its `}}`, and whether that is trimmed.
fn action(inside: &str) -> Result<(&str, &str, bool), String> {
    let end = action_end(inside).ok_or("an action that is not closed")?;
    let (action, behind) = (&inside[..end], &inside[end + 2..]);
    let trimmed = action.strip_suffix('-').filter(|a| a.is_empty() || a.ends_with(char::is_whitespace));
    Ok((trimmed.unwrap_or(action).trim(), behind, trimmed.is_some()))
}

fn action_end(inside: &str) -> Option<usize> {
    let comment = inside.trim_start();
    if comment.starts_with("/*") {
        let from = inside.find("*/")?;
        return inside[from..].find("}}").map(|at| from + at);
    }
    let bytes = inside.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            quote @ (b'"' | b'`' | b'\'') => at = quoted_end(bytes, at, quote)?,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The byte that closes the quote at `at`; a backslash takes the next byte along, but not between backquotes.
fn quoted_end(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The tokens of an action.
///
/// # Errors
/// Where a character begins no token.
pub(super) fn tokens(action: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = action;
    while let Some(first) = rest.chars().next() {
        let spaced = rest.len() < action.len() && action[..action.len() - rest.len()].ends_with(char::is_whitespace);
        let (token, length) = token(rest, first, spaced || rest.len() == action.len())?;
        tokens.extend(token);
        rest = &rest[length..];
    }
    Ok(tokens)
}

fn token(rest: &str, first: char, spaced: bool) -> Result<(Option<Token>, usize), String> {
    Ok(match first {
        '(' => (Some(Token::Open), 1),
        ')' => (Some(Token::Close), 1),
        '|' => (Some(Token::Pipe), 1),
        ',' => (Some(Token::Comma), 1),
        ':' if rest.starts_with(":=") => (Some(Token::Declare), 2),
        '=' => (Some(Token::Assign), 1),
        '"' | '`' | '\'' => string(rest, first)?,
        '.' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            let name = name(&rest[1..]);
            (Some(Token::Field(name.to_owned(), spaced)), 1 + name.len())
        }
        '$' => {
            let name = name(&rest[1..]);
            (Some(Token::Variable(name.to_owned())), 1 + name.len())
        }
        c if c.is_whitespace() => (None, c.len_utf8()),
        c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => {
            let end = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
            let number = &rest[..end.map_or(rest.len(), |end| end + 1)];
            (Some(Token::Number(number.to_owned())), number.len())
        }
        c if c.is_alphabetic() || c == '_' => (Some(Token::Word(name(rest).to_owned())), name(rest).len()),
        c => return Err(format!("an action with {c:?}")),
    })
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

fn string(rest: &str, quote: char) -> Result<(Option<Token>, usize), String> {
    let quote_byte = u8::try_from(quote).unwrap_or(b'"');
    let end = quoted_end(rest.as_bytes(), 0, quote_byte).ok_or("a string that is not closed")?;
    let inside = &rest[1..end];
    let text = if quote == '`' { inside.to_owned() } else { unescaped(inside) };
    Ok((Some(Token::Text(text)), end + 1))
}

/// Go's escapes that templates use.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trim_markers_take_the_space_beside_them() {
        let text = "a \n{{- if .x -}}\n b {{/* c }} */}}{{- /* d */ -}} e {{ \"}}\" }}";
        let expected =
            [Piece::Text("a"), Piece::Action("if .x"), Piece::Text("b "), Piece::Text("e "), Piece::Action("\"}}\"")];
        assert_eq!(pieces(text), Ok(expected.to_vec()));
        assert_eq!(pieces("{{-3}}"), Ok(vec![Piece::Action("-3")]), "a number, not a marker");
        assert!(pieces("a {{ if").is_err());
    }

    #[test]
    fn actions_are_words_fields_and_strings() {
        let found = tokens("$x.y := default \"a\\\"b\" (.Values.c | int) -1 `\\`").expect("tokens");
        let text = format!("{found:?}");
        assert_eq!(found.len(), 13, "{text}");
        assert!(text.contains("Text(\"a\\\"b\")") && text.contains("Number(\"-1\")"), "{text}");
        assert!(text.contains("Field(\"y\", false)") && text.contains("Field(\"Values\", false)"), "{text}");
        assert!(tokens("a ; b").is_err());
    }
}
