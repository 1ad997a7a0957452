//! The strings of an expression: quotes, raw strings, escapes.

use super::Flaw;
use super::value::Value;

/// The string or bytes that a text begins with, and how many bytes it takes; none where it begins with something else.
pub(super) fn text(rest: &str) -> Option<Result<(Value, usize), Flaw>> {
    let prefix = rest.find(['\'', '"']).filter(|at| *at <= 2)?;
    let letters = rest[..prefix].to_ascii_lowercase();
    if !matches!(letters.as_str(), "" | "r" | "b" | "rb" | "br") {
        return None;
    }
    let (raw, bytes) = (letters.contains('r'), letters.contains('b'));
    Some(quoted(rest, prefix, raw).map(|(text, length)| {
        let value = if bytes { Value::Unknown } else { Value::Text(text) };
        (value, length)
    }))
}

fn quoted(rest: &str, start: usize, raw: bool) -> Result<(String, usize), Flaw> {
    let quote = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| rest[start..].starts_with(quote)).unwrap_or("'");
    let mut at = start + quote.len();
    let mut text = String::new();
    loop {
        let Some(next) = rest[at..].chars().next().filter(|c| quote.len() == 3 || !matches!(c, '\n' | '\r')) else {
            return Err(Flaw::new((start, at), format!("the string that begins here has no closing {quote}")));
        };
        if rest[at..].starts_with(quote) {
            return Ok((text, at + quote.len()));
        }
        if next != '\\' {
            text.push(next);
            at += next.len_utf8();
        } else if raw {
            at += raw_escape(&rest[at..], &mut text);
        } else {
            at += escape(&rest[at..], at, &mut text)?;
        }
    }
}

/// In a raw string a backslash is itself, and keeps a quote after it from closing.
fn raw_escape(rest: &str, text: &mut String) -> usize {
    let taken: String = rest.chars().take(2).collect();
    text.push_str(&taken);
    taken.len()
}

fn escape(rest: &str, at: usize, text: &mut String) -> Result<usize, Flaw> {
    let letter = rest.chars().nth(1).unwrap_or(' ');
    let simple = match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '\'' | '"' | '`' | '?' => letter,
        _ => return numbered(rest, at, letter, text),
    };
    text.push(simple);
    Ok(2)
}

/// `\x41`, `\u0041`, `\U00000041`, `\101`.
fn numbered(rest: &str, at: usize, letter: char, text: &mut String) -> Result<usize, Flaw> {
    let (from, length, radix) = match letter {
        'x' | 'X' => (2, 2, 16),
        'u' => (2, 4, 16),
        'U' => (2, 8, 16),
        '0'..='3' => (1, 3, 8),
        _ => (2, 0, 16),
    };
    let digits = rest.get(from..from + length).filter(|digits| !digits.is_empty());
    let code = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok()).and_then(char::from_u32);
    let Some(code) = code else {
        let end = at + 1 + letter.len_utf8();
        return Err(Flaw::new((at, end), format!("\\{letter} is no escape: write \\\\ for a backslash")));
    };
    text.push(code);
    Ok(from + length)
}
