//! A path that goes on inside the text of a scalar, which is JSON or YAML itself (`setValueInStructuredData`).

use super::copy::{put_text, unreadable};
use super::lookup::{Steps, at, at_mut, locate, text};
use super::matcher::Matcher;
use super::print::{Written, origin};
use crate::workspace::{INNER, first_document};
use fluxproof_yaml::{EcoString, Value, to_json};

/// Puts a value into the text of a scalar on the way of a path, and says whether that was done.
pub(super) fn set(object: &mut Value, value: &Value, path: &[String], matcher: Matcher<'_>) -> bool {
    let Some((steps, rest)) = scalar_on_the_way(matcher.written, object, path) else { return false };
    let Some(old) = at(object, &steps).map(text) else { return false };
    let Some(new) = edited(old, value, rest, matcher) else { return false };
    if let Some(place) = at_mut(object, &steps) {
        put_text(place, new.into(), value, (matcher.writer, false));
    }
    true
}

/// The first scalar that a path goes through.
fn scalar_on_the_way<'p>(written: Written<'_>, object: &Value, path: &'p [String]) -> Option<(Steps, &'p [String])> {
    (1..path.len()).find_map(|length| {
        let steps = locate(written, object, &path[..length]).ok()??;
        at(object, &steps)?.scalar_text()?;
        Some((steps, &path[length..]))
    })
}

/// The text with the value in it, written as it was: as JSON, in one line or several, or as YAML.
fn edited(old: &str, value: &Value, path: &[String], matcher: Matcher<'_>) -> Option<String> {
    let mut tree = first_document(old).ok()?;
    let mut fits = true;
    let matcher = Matcher { written: matcher.written.inner(old), ..matcher };
    let writer = matcher.writer;
    let found = matcher.each(&mut tree, path, &mut |place, in_flow| {
        if place.scalar_text().is_some() {
            let written = place.span;
            put_text(place, EcoString::from(text(value)), value, (writer, in_flow));
            place.span = written;
            fits &= unreadable(place).is_none();
        } else {
            let new = Value { span: origin(value), change: None, ..value.clone() };
            match place.span.file == INNER {
                true => writer.put(place, new),
                false => *place = new,
            }
        }
        Ok(())
    });
    found.ok().filter(|found| *found > 0)?;
    if !old.trim_start().starts_with(['{', '[']) {
        return Some(matcher.written.document(&tree));
    }
    let json = to_json(&tree).ok().filter(|_| fits)?;
    Some(if old.contains('\n') && old.contains("  ") { indented(&json) } else { json })
}

/// Compact JSON over several lines (`json.MarshalIndent` with two spaces).
fn indented(json: &str) -> String {
    let (mut text, mut depth, mut quoted) = (String::with_capacity(json.len() * 2), 0, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        let line = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        };
        match letter {
            '\\' if quoted => text.extend([letter, letters.next().unwrap_or_default()]),
            '"' => {
                quoted = !quoted;
                text.push(letter);
            }
            ':' if !quoted => text.push_str(": "),
            ',' if !quoted => {
                text.push(letter);
                line(&mut text, depth);
            }
            '{' | '[' if !quoted => {
                text.push(letter);
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => text.push(end),
                    None => {
                        depth += 1;
                        line(&mut text, depth);
                    }
                }
            }
            '}' | ']' if !quoted => {
                depth -= 1;
                line(&mut text, depth);
                text.push(letter);
            }
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_as_go_does() {
        let json = r#"{"a":[1,{}],"b":{"c:\"":",["},"d":[]}"#;
        let expected = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c:\\\"\": \",[\"\n  },\n  \"d\": []\n}";
        assert_eq!(indented(json), expected);
    }
}
