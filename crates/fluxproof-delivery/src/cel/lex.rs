//! The words of an expression (cel-spec doc/langdef.md, Syntax).

use super::Flaw;
use super::strings::text;
use super::tree::Place;
use super::value::Value;

/// A word and its place.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) place: Place,
    pub(super) word: Word,
}

/// What a word is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Name(String),
    Literal(Value),
    Sign(&'static str),
    End,
}

/// The longest first.
const SIGNS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]",
    "{", "}", "=",
];

/// Takes an expression apart.
pub(super) fn words(text: &str) -> Result<Vec<Token>, Flaw> {
    let mut all = Vec::new();
    let mut at = 0;
    loop {
        at = skip(text, at);
        let token = next(text, at)?;
        at = token.place.1;
        let end = token.word == Word::End;
        all.push(token);
        if end {
            return Ok(all);
        }
    }
}

/// Over white space and comments.
fn skip(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        at += spaces;
        if !text[at..].starts_with("//") {
            return at;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

fn next(all: &str, at: usize) -> Result<Token, Flaw> {
    let rest = &all[at..];
    let Some(first) = rest.chars().next() else { return Ok(Token { place: (at, at), word: Word::End }) };
    if let Some(found) = text(rest) {
        let (value, length) = found.map_err(|flaw| Flaw { start: at + flaw.start, end: at + flaw.end, ..flaw })?;
        return Ok(Token { place: (at, at + length), word: Word::Literal(value) });
    }
    if first.is_ascii_alphabetic() || first == '_' {
        return Ok(name(rest, at));
    }
    let fraction = first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if first.is_ascii_digit() || fraction {
        return number(rest, at);
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok(Token { place: (at, at + sign.len()), word: Word::Sign(sign) }),
        None => Err(Flaw::new((at, at + first.len_utf8()), stray(first))),
    }
}

fn stray(sign: char) -> String {
    match sign {
        '&' => "& is no operator: write && for \"and\"".to_owned(),
        '|' => "| is no operator: write || for \"or\"".to_owned(),
        '“' | '”' | '‘' | '’' => format!("{sign} is no quote: write ' or \""),
        _ => format!("{sign} cannot stand here"),
    }
}

fn name(rest: &str, at: usize) -> Token {
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = match &rest[..length] {
        "true" => Word::Literal(Value::Bool(true)),
        "false" => Word::Literal(Value::Bool(false)),
        "null" => Word::Literal(Value::Null),
        "in" => Word::Sign("in"),
        other => Word::Name(other.to_owned()),
    };
    Token { place: (at, at + length), word }
}

fn number(rest: &str, at: usize) -> Result<Token, Flaw> {
    let length = number_length(rest);
    let place = (at, at + length);
    let value = number_value(&rest[..length]);
    let value = value.ok_or_else(|| Flaw::new(place, format!("{} is no number", &rest[..length])))?;
    Ok(Token { place, word: Word::Literal(value) })
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    let hex = rest.starts_with("0x") || rest.starts_with("0X");
    while at < bytes.len() {
        let sign = matches!(bytes[at], b'+' | b'-') && !hex && at > 0 && matches!(bytes[at - 1], b'e' | b'E');
        let dot = bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(bytes[at].is_ascii_alphanumeric() || sign || dot) {
            break;
        }
        at += 1;
    }
    at
}

fn number_value(text: &str) -> Option<Value> {
    let lower = text.to_ascii_lowercase();
    let (digits, unsigned) = lower.strip_suffix('u').map_or((lower.as_str(), false), |digits| (digits, true));
    let (digits, radix) = digits.strip_prefix("0x").map_or((digits, 10), |digits| (digits, 16));
    if unsigned {
        return u64::from_str_radix(digits, radix).ok().map(Value::Uint);
    }
    if radix == 10 && digits.contains(['.', 'e']) {
        return digits.parse().ok().map(Value::Double);
    }
    i64::from_str_radix(digits, radix).ok().map(Value::Int)
}
