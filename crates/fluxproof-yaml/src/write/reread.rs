//! What yaml.v2 makes of a text that it reads from JSON: sigs.k8s.io/yaml reads `encoding/json`'s output as YAML, and YAML is
//! not quite a superset (`readerc.go` and `scannerc.go`).

use super::style::Marks;
use std::borrow::Cow;

/// A key of more characters, in JSON and with its quotes, is none to yaml.v2.
const LONGEST_KEY: usize = 1024;

const NO_KEY: &str = "yaml: did not find expected ',' or '}'";

/// A text as yaml.v2 reads it.
pub(super) fn value(text: &str) -> Result<Cow<'_, str>, String> {
    if text.chars().any(is_refused) {
        return Err("yaml: control characters are not allowed".to_owned());
    }
    Ok(if text.contains('\u{85}') { fold(text).into() } else { text.into() })
}

/// Whether yaml.v2 reads a text as a key.
pub(super) fn check_key(text: &str, marks: Marks) -> Result<(), String> {
    if marks.special && matches!(value(text)?, Cow::Owned(_)) {
        return Err(NO_KEY.to_owned());
    }
    // No character of JSON is longer than `\u0000`.
    if text.len() > LONGEST_KEY / 6 && super::json::quoted_length(text) > LONGEST_KEY {
        return Err(NO_KEY.to_owned());
    }
    Ok(())
}

/// The characters that JSON leaves as they are and `yaml_parser_update_buffer` refuses.
fn is_refused(character: char) -> bool {
    matches!(character, '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A next line (U+0085) is a break to YAML: one becomes a space, more become line feeds but for one, and spaces around go.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut breaks = 0;
    for (nth, line) in text.split('\u{85}').enumerate() {
        let line = if nth > 0 { line.trim_start_matches(' ') } else { line };
        breaks += usize::from(nth > 0);
        if !line.is_empty() {
            push_breaks(&mut folded, std::mem::take(&mut breaks));
            folded.push_str(line);
        }
    }
    push_breaks(&mut folded, breaks);
    folded
}

fn push_breaks(folded: &mut String, breaks: usize) {
    if breaks == 0 {
        return;
    }
    folded.truncate(folded.trim_end_matches(' ').len());
    match breaks {
        1 => folded.push(' '),
        _ => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
    }
}
