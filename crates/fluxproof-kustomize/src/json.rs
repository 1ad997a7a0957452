//! JSON as Go writes it: keys sorted, `<`, `>` and `&` escaped.

use fluxproof_yaml::{Data, Entry, Type, Value, View};
use std::fmt::Write;

/// How integers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// As they are.
    AsWritten,
    /// As after one round through JSON, which makes floats of them.
    AsFloats,
}

/// A value as JSON. Nothing here recurses deeper than a document is.
pub(crate) fn push_value(json: &mut String, value: &Value, numbers: Numbers) {
    if let (Data::Scalar(text, Type::Int), Numbers::AsWritten) = (&value.data, numbers) {
        if let Ok(number) = text.parse::<u64>() {
            let _ = write!(json, "{number}");
            return;
        }
    }
    match value.view() {
        View::Null => json.push_str("null"),
        View::Bool(flag) => json.push_str(if flag { "true" } else { "false" }),
        #[expect(clippy::cast_precision_loss, reason = "as Go converts it")]
        View::Int(number) if numbers == Numbers::AsFloats => push_number(json, number as f64),
        View::Int(number) => drop(write!(json, "{number}")),
        View::Float(number) => push_number(json, number),
        View::Str(text) => push_string(json, text),
        View::Seq(items) => push_items(json, items, numbers),
        View::Map(entries) => push_entries(json, entries, numbers),
    }
}

fn push_items(json: &mut String, items: &[Value], numbers: Numbers) {
    json.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        push_value(json, item, numbers);
    }
    json.push(']');
}

fn push_entries(json: &mut String, entries: &[Entry], numbers: Numbers) {
    json.push('{');
    for (at, entry) in sorted(entries).into_iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        push_string(json, &entry.key);
        json.push(':');
        push_value(json, &entry.value, numbers);
    }
    json.push('}');
}

/// A value as JSON over several lines (`json.MarshalIndent` with two spaces).
pub(crate) fn indented(value: &Value) -> String {
    let mut json = String::new();
    push_indented(&mut json, value, 0);
    json
}

fn push_indented(json: &mut String, value: &Value, depth: usize) {
    let line = |json: &mut String, depth: usize| {
        json.push('\n');
        json.extend(std::iter::repeat_n("  ", depth));
    };
    match value.view() {
        View::Seq(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                json.push(if at == 0 { '[' } else { ',' });
                line(json, depth + 1);
                push_indented(json, item, depth + 1);
            }
            line(json, depth);
            json.push(']');
        }
        View::Map(entries) if !entries.is_empty() => {
            for (at, entry) in sorted(entries).into_iter().enumerate() {
                json.push(if at == 0 { '{' } else { ',' });
                line(json, depth + 1);
                push_string(json, &entry.key);
                json.push_str(": ");
                push_indented(json, &entry.value, depth + 1);
            }
            line(json, depth);
            json.push('}');
        }
        _ => push_value(json, value, Numbers::AsWritten),
    }
}

fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    sorted
}

fn push_number(json: &mut String, number: f64) {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        json.push_str(&if text.contains("e-") { text } else { text.replace('e', "e+") });
    } else {
        let _ = write!(json, "{number}");
    }
}

/// A string with the escapes of Go's `encoding/json`.
pub(crate) fn push_string(json: &mut String, text: &str) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(json, "\\u{:04x}", u32::from(letter));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_strings_as_go_has_them() {
        let number = |number| {
            let mut json = String::new();
            push_number(&mut json, number);
            json
        };
        assert_eq!(
            [2.0, 1.5, 1e21, 1e-7, 1e20, 0.0].map(number),
            ["2", "1.5", "1e+21", "1e-7", "100000000000000000000", "0"]
        );
        let mut json = String::new();
        push_string(&mut json, "<a&\"b\">\n\u{1}\u{2028}é");
        assert_eq!(json, "\"\\u003ca\\u0026\\\"b\\\"\\u003e\\n\\u0001\\u2028é\"");
    }
}
