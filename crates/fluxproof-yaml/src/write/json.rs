//! A value as compact JSON.

use super::number;
use crate::scalar::{self, Scalar};
use crate::{Data, Entry, Problem, Type, Value};

/// The compact JSON of a value, as kustomize hashes it for the suffix of a name (`getNodeValues` in
/// `api/hasher/hasher.go`): `encoding/json` writes what it has read itself.
///
/// Keys are sorted bytewise, and `<`, `>`, `&`, U+2028 and U+2029 are escaped. Every number has gone through `float64`:
/// 12345678901234567 is `12345678901234568`, `1.0` is `1`, `1e21` is `1e+21`, `0x1F` is `31`.
///
/// # Errors
/// For an infinite number or NaN (JSON has none) and a date with a zone beyond 24 hours, with Go's text.
pub fn to_json(value: &Value) -> Result<String, Problem> {
    let mut writer = Writer { out: String::new(), open: Vec::new() };
    writer.value(value)?;
    while writer.step()? {}
    Ok(writer.out)
}

/// A collection that is being written.
enum Open<'v> {
    Items(std::slice::Iter<'v, Value>),
    Entries(std::vec::IntoIter<&'v Entry>),
}

struct Writer<'v> {
    out: String,
    open: Vec<Open<'v>>,
}

impl<'v> Writer<'v> {
    /// Writes the next child of the innermost collection, or its end; false when all is written.
    fn step(&mut self) -> Result<bool, Problem> {
        let (child, end) = match self.open.last_mut() {
            None => return Ok(false),
            Some(Open::Items(items)) => (items.next().map(|item| (None, item)), ']'),
            Some(Open::Entries(entries)) => (entries.next().map(|entry| (Some(&entry.key), &entry.value)), '}'),
        };
        let Some((key, value)) = child else {
            self.out.push(end);
            self.open.pop();
            return Ok(true);
        };
        if !self.out.ends_with(['[', '{']) {
            self.out.push(',');
        }
        if let Some(key) = key {
            push_quoted(&mut self.out, key);
            self.out.push(':');
        }
        self.value(value).map(|()| true)
    }

    fn value(&mut self, value: &'v Value) -> Result<(), Problem> {
        match &value.data {
            Data::Seq(items) => {
                self.out.push('[');
                self.open.push(Open::Items(items.iter()));
            }
            Data::Map(entries) => {
                let mut sorted: Vec<&Entry> = entries.iter().collect();
                fluxproof_order::sort_by(&mut sorted, |a, b| a.key.cmp(&b.key));
                self.out.push('{');
                self.open.push(Open::Entries(sorted.into_iter()));
            }
            Data::Scalar(text, kind) => {
                self.scalar(text, *kind).map_err(|message| Problem::new(value.span, message))?;
            }
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, kind: Type) -> Result<(), String> {
        match kind {
            Type::Str => push_quoted(&mut self.out, text),
            Type::Timestamp => push_quoted(&mut self.out, &number::date(text)?),
            Type::Int | Type::Float => self.out.push_str(&number::in_json_again(text, kind)?),
            Type::Bool => self.out.push_str(match scalar::of_type(text, kind) {
                Scalar::Bool(true) => "true",
                _ => "false",
            }),
            Type::Null => self.out.push_str("null"),
        }
        Ok(())
    }
}

/// A text in quotes, escaped as `encoding/json` does.
fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(is_escaped) {
        out.push_str(&rest[..at]);
        let Some(character) = rest[at..].chars().next() else { break };
        push_escaped(out, character);
        rest = &rest[at + character.len_utf8()..];
    }
    out.push_str(rest);
    out.push('"');
}

fn is_escaped(character: char) -> bool {
    matches!(character, ..' ' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

fn push_escaped(out: &mut String, character: char) {
    match short_escape(character) {
        Some(escape) => out.push_str(escape),
        None => out.push_str(&format!("\\u{:04x}", u32::from(character))),
    }
}

fn short_escape(character: char) -> Option<&'static str> {
    Some(match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{08}' => "\\b",
        '\u{0C}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => return None,
    })
}

/// How many characters a text has in JSON, with its quotes.
pub(super) fn quoted_length(text: &str) -> usize {
    let length = |character| match is_escaped(character) {
        true => short_escape(character).map_or(6, str::len),
        false => 1,
    };
    2 + text.chars().map(length).sum::<usize>()
}
