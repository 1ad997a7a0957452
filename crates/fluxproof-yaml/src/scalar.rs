//! What a scalar means to Go programs: two tables of words, one grammar of numbers.
//!
//! Written after `resolve.go` of gopkg.in/yaml.v3 v3.0.1 and of gopkg.in/yaml.v2 v2.4.0 (the one in sigs.k8s.io/yaml), and
//! held against both: `tests/data/go-scalars.tsv` is what those libraries answer.

use crate::timestamp::rfc3339;
use crate::{Style, Type};

/// Which Go library reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// yaml.v3: kustomize. Only the words of YAML 1.2 are booleans.
    GoYaml3,
    /// yaml.v2 inside sigs.k8s.io/yaml, on the way to the API server: the words of YAML 1.1 are booleans, too.
    GoYaml2,
}

/// A resolved scalar. Timestamps stay strings, as they do on their way to the API server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'t> {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Another number: a fraction, or an integer beyond 64 bits with sign.
    Float(f64),
    /// A string.
    Str(&'t str),
}

/// What a word is.
#[derive(Debug, Clone, Copy)]
enum Word {
    Null,
    Bool(bool),
    Float(f64),
}

type Words = &'static [(Word, &'static [&'static str])];

/// The words that both libraries know.
const WORDS: Words = &[
    (Word::Null, &["~", "null", "Null", "NULL"]),
    (Word::Bool(true), &["true", "True", "TRUE"]),
    (Word::Bool(false), &["false", "False", "FALSE"]),
];

/// The words of YAML 1.1 that only yaml.v2 takes for booleans; `y` and `n` are among them.
const OLD_WORDS: Words = &[
    (Word::Bool(true), &["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"]),
    (Word::Bool(false), &["n", "N", "no", "No", "NO", "off", "Off", "OFF"]),
];

/// The numbers that are words. `+.nan` is none.
const SPECIAL_NUMBERS: Words = &[
    (Word::Float(f64::NAN), &[".nan", ".NaN", ".NAN"]),
    (Word::Float(f64::INFINITY), &[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]),
    (Word::Float(f64::NEG_INFINITY), &["-.inf", "-.Inf", "-.INF"]),
];

/// No word is longer.
const LONGEST_WORD: usize = 5;

/// The tags that the libraries know for scalars; any other tag makes a string.
const CORE: &str = "tag:yaml.org,2002:";

/// Resolves the text of a scalar as it is written and tagged. What does not fit its tag is a string here;
/// [`fits_tag`] tells.
pub(crate) fn resolve<'t>(table: Table, text: &'t str, style: Style, tag: Option<&str>) -> Scalar<'t> {
    match tag {
        None if style == Style::Plain => plain(table, text),
        None => Scalar::Str(text),
        Some("!") if style == Style::Plain && table == Table::GoYaml3 => plain(table, text),
        Some(tag) => tagged(table, text, tag.strip_prefix(CORE).unwrap_or("")),
    }
}

/// The type of a scalar's text as it is written and tagged. Only yaml.v3 tells kustomize of dates.
pub(crate) fn type_of(table: Table, text: &str, style: Style, tag: Option<&str>) -> Type {
    match resolve(table, text, style, tag) {
        Scalar::Null => Type::Null,
        Scalar::Bool(_) => Type::Bool,
        Scalar::Int(_) => Type::Int,
        Scalar::Float(_) if is_big_integer(text) && text.parse::<i64>().is_err() => Type::Int,
        Scalar::Float(_) => Type::Float,
        Scalar::Str(_) if table == Table::GoYaml3 && is_date(text, style, tag) => Type::Timestamp,
        Scalar::Str(_) => Type::Str,
    }
}

fn is_date(text: &str, style: Style, tag: Option<&str>) -> bool {
    let plain = style == Style::Plain && text.as_bytes().first().is_some_and(u8::is_ascii_digit);
    match tag {
        None | Some("!") => plain && rfc3339(text).is_some(),
        Some(tag) => tag.strip_prefix(CORE) == Some("timestamp") && rfc3339(text).is_some(),
    }
}

/// A text that is known to be of a type.
pub(crate) fn of_type(text: &str, kind: Type) -> Scalar<'_> {
    match kind {
        Type::Null => Scalar::Null,
        Type::Bool => Scalar::Bool(is_true(text)),
        Type::Int | Type::Float => typed_number(text, kind),
        Type::Str | Type::Timestamp => Scalar::Str(text),
    }
}

fn is_true(text: &str) -> bool {
    [WORDS, OLD_WORDS].iter().any(|words| matches!(find(words, text), Some(Word::Bool(true))))
}

fn typed_number(text: &str, kind: Type) -> Scalar<'_> {
    match (number(Table::GoYaml3, text), kind) {
        #[expect(clippy::cast_precision_loss, reason = "as Go converts it")]
        (Scalar::Int(number), Type::Float) => Scalar::Float(number as f64),
        (found, _) => found,
    }
}

fn tagged<'t>(table: Table, text: &'t str, tag: &str) -> Scalar<'t> {
    match (tag, plain(table, text)) {
        ("int", found @ Scalar::Int(_)) | ("bool", found @ Scalar::Bool(_)) | ("null", found @ Scalar::Null) => found,
        ("int", found @ Scalar::Float(_)) if is_big_integer(text) => found,
        ("float", found @ Scalar::Float(_)) => found,
        #[expect(clippy::cast_precision_loss, reason = "as Go converts it")]
        ("float", Scalar::Int(number)) => Scalar::Float(number as f64),
        _ => Scalar::Str(text),
    }
}

fn is_big_integer(text: &str) -> bool {
    text.parse::<u64>().is_ok()
}

/// Whether the text can be what its tag says; Go refuses the document where it cannot.
pub(crate) fn fits_tag(table: Table, text: &str, tag: &str) -> bool {
    match tag.strip_prefix(CORE) {
        Some(name @ ("int" | "bool" | "null" | "float")) => !matches!(tagged(table, text, name), Scalar::Str(_)),
        _ => true,
    }
}

/// What a text without quotes and tag is.
fn plain(table: Table, text: &str) -> Scalar<'_> {
    match text.as_bytes() {
        [] => Scalar::Null,
        [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => number(table, text),
        [b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~', ..] => word(table, text),
        _ => Scalar::Str(text),
    }
}

fn word(table: Table, text: &str) -> Scalar<'_> {
    let old = if table == Table::GoYaml2 { OLD_WORDS } else { &[] };
    let found = if text.len() > LONGEST_WORD { None } else { find(WORDS, text).or_else(|| find(old, text)) };
    match found {
        Some(Word::Null) => Scalar::Null,
        Some(Word::Bool(value)) => Scalar::Bool(value),
        Some(Word::Float(value)) => Scalar::Float(value),
        None => Scalar::Str(text),
    }
}

fn find(words: Words, text: &str) -> Option<Word> {
    words.iter().find(|(_, spellings)| spellings.contains(&text)).map(|(word, _)| *word)
}

/// A text that begins as a number does: integers in Go's notations, then decimal fractions, underscores left out.
fn number(table: Table, text: &str) -> Scalar<'_> {
    if text.len() <= LONGEST_WORD
        && let Some(Word::Float(value)) = find(SPECIAL_NUMBERS, text)
    {
        return Scalar::Float(value);
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte)) {
        return Scalar::Str(text);
    }
    let found =
        if text.contains('_') { digits(table, text, &text.replace('_', "")) } else { digits(table, text, text) };
    found.unwrap_or(Scalar::Str(text))
}

fn digits(table: Table, text: &str, digits: &str) -> Option<Scalar<'static>> {
    if text.starts_with('.') {
        return separates_digits(text).then(|| float(digits)).flatten();
    }
    integer(digits).or_else(|| float(digits)).or_else(|| signed_behind_prefix(table, digits))
}

/// Whether each underscore stands between two digits, as Go wants it in a number that begins with a dot.
fn separates_digits(text: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    (0..bytes.len()).all(|at| bytes[at] != b'_' || (digit(bytes.get(at - 1)) && digit(bytes.get(at + 1))))
}

/// Go's `strconv.ParseInt(text, 0, 64)` and, for more than `i64::MAX`, `ParseUint`: `0x`, `0o`, `0b`, and a leading zero
/// for octal.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, body) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if body.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(body, radix).ok()?;
    in_range(if negative { -value } else { value }, unsigned.len() == text.len())
}

/// An integer that 64 bits hold; without sign where none is written.
fn in_range(value: i128, without_sign: bool) -> Option<Scalar<'static>> {
    if let Ok(value) = i64::try_from(value) {
        return Some(Scalar::Int(value));
    }
    #[expect(clippy::cast_precision_loss, reason = "a Value has no unsigned integers, and JSON readers keep 53 bits")]
    let float = |value: u64| Scalar::Float(value as f64);
    u64::try_from(value).ok().filter(|_| without_sign).map(float)
}

/// Go's own way with `0b` and, in yaml.v3, `0o`: what follows may have a sign of its own.
fn signed_behind_prefix(table: Table, text: &str) -> Option<Scalar<'static>> {
    let (radix, body) = match text.as_bytes() {
        [b'0', b'b', b'+' | b'-', ..] => (2, &text[2..]),
        [b'0', b'o', b'+' | b'-', ..] if table == Table::GoYaml3 => (8, &text[2..]),
        _ => return None,
    };
    i64::from_str_radix(body, radix).ok().map(Scalar::Int)
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, and not beyond the largest float.
fn float(text: &str) -> Option<Scalar<'static>> {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = number.split_once(['e', 'E']).map_or((number, None), |(m, e)| (m, Some(e)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    };
    let value = (mantissa_fits && exponent_fits).then(|| text.parse::<f64>().ok())??;
    value.is_finite().then_some(Scalar::Float(value))
}

/// The text of a resolved key in JSON, as sigs.k8s.io/yaml writes it; `None` for keys that it refuses.
pub(crate) fn key_text(scalar: Scalar<'_>) -> Option<String> {
    Some(match scalar {
        Scalar::Null => return None,
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float(value) if value == f64::INFINITY => ".inf".to_owned(),
        Scalar::Float(value) if value == f64::NEG_INFINITY => "-.inf".to_owned(),
        Scalar::Float(value) if value.is_nan() => ".nan".to_owned(),
        #[expect(clippy::cast_possible_truncation, reason = "sigs.k8s.io/yaml formats float keys with 32 bits")]
        Scalar::Float(value) => go_float32(value as f32),
        Scalar::Str(text) => text.to_owned(),
    })
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`: an exponent of two digits below 1e-4 and from 1e21 on.
fn go_float32(value: f32) -> String {
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_tags_decide() {
        let three = |text, style, tag| resolve(Table::GoYaml3, text, style, tag);
        assert_eq!(three("1", Style::DoubleQuoted, None), Scalar::Str("1"));
        assert_eq!(three("1", Style::Plain, Some("tag:yaml.org,2002:str")), Scalar::Str("1"));
        assert_eq!(three("1", Style::DoubleQuoted, Some("tag:yaml.org,2002:int")), Scalar::Int(1));
        assert_eq!(three("3", Style::Plain, Some("tag:yaml.org,2002:float")), Scalar::Float(3.0));
        assert_eq!(three("1", Style::Plain, Some("!custom")), Scalar::Str("1"));
        assert_eq!(three("1", Style::Plain, Some("!")), Scalar::Int(1));
        assert_eq!(resolve(Table::GoYaml2, "1", Style::Plain, Some("!")), Scalar::Str("1"));
    }

    #[test]
    fn tags_are_held_against_the_text() {
        let int = "tag:yaml.org,2002:int";
        assert!(fits_tag(Table::GoYaml3, "7", int) && fits_tag(Table::GoYaml3, "9223372036854775808", int));
        assert!(!fits_tag(Table::GoYaml3, "3.5", int) && !fits_tag(Table::GoYaml3, "", int));
        let bool = "tag:yaml.org,2002:bool";
        assert!(fits_tag(Table::GoYaml2, "yes", bool) && !fits_tag(Table::GoYaml3, "yes", bool));
    }

    #[test]
    fn float_keys_as_go_formats_them() {
        for (value, text) in
            [(1.0, "1"), (1.5, "1.5"), (1e7, "1e+07"), (1e-5, "1e-05"), (123_456_789.5, "1.2345679e+08")]
        {
            assert_eq!(key_text(Scalar::Float(value)).as_deref(), Some(text));
        }
    }
}
