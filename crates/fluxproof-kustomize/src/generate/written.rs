//! What kustomize cannot read again when it has written it: keys without quotes, and texts that begin with a tab.

use crate::Resource;
use fluxproof_yaml::{Data, Entry, Problem, Type, Value};

/// The mappings that generators write.
const MAPS: [&[&str]; 3] = [&["data"], &["binaryData"], &["metadata", "labels"]];

/// What shows as an object that a generator made is written.
pub(crate) fn unreadable(resource: &Resource) -> Option<Problem> {
    let made = MAPS.iter().filter_map(|path| resource.at(path)).filter(|map| is_generated(map));
    let keys = || made.clone().flat_map(Value::entries).find(|entry| !is_string(entry)).map(not_a_string);
    unreadable_data(resource).or_else(keys)
}

/// What shows as the hash of an object is made: the line is one of its data, written alone.
pub(super) fn unreadable_data(resource: &Resource) -> Option<Problem> {
    let data = resource.at(&["data"]).filter(|data| is_generated(data) && resource.kind() == "ConfigMap")?;
    let mut line = 1;
    for entry in data.entries() {
        let text = entry.value.as_str().unwrap_or_default();
        let is_block = is_block(text);
        if is_block && text.starts_with('\t') {
            let what = "found a tab character where an indentation space is expected";
            let problem = Problem::new(entry.value.span, format!("yaml: line {}: {what}", line.max(2)));
            return Some(problem.note("kustomize cannot read a text of several lines again that begins with a tab"));
        }
        line += 1 + if is_block { text.trim_end_matches('\n').matches('\n').count() + 1 } else { 0 };
    }
    None
}

/// Whether yaml.v3 writes a text as a literal block; it takes quotes where that could not say it.
fn is_block(text: &str) -> bool {
    let special = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{feff}' | '\u{85}');
    text.contains('\n') && !text.contains(" \n") && !text.ends_with(' ') && !text.contains(special)
}

fn is_generated(map: &Value) -> bool {
    map.change.as_deref().is_some_and(|change| matches!(change.by, "configMapGenerator" | "secretGenerator"))
}

/// Whether the key of an entry is a string without quotes.
pub(crate) fn is_string(entry: &Entry) -> bool {
    let starts = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '~');
    let may_be_none = entry.key.len() <= "false".len() || entry.key.starts_with(starts);
    !may_be_none || Value::plain(entry.key_span, entry.key.clone()).as_str().is_some_and(|_| !is_date(entry))
}

fn is_date(entry: &Entry) -> bool {
    matches!(Value::plain(entry.key_span, entry.key.clone()).data, Data::Scalar(_, Type::Timestamp))
}

/// What is wrong with a key that is no string.
pub(crate) fn not_a_string(entry: &Entry) -> Problem {
    let message = "json: unsupported type: map[interface {}]interface {}";
    let why = format!("kustomize writes the key `{}` without quotes here, and then it is no string", entry.key);
    Problem::new(entry.key_span, message).note(why).help("use another key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{FileId, Span};

    #[test]
    fn keys_that_are_no_strings_without_quotes() {
        let span = Span::new(FileId(0), 0, 0);
        let entry = |key: &str| Entry::new(key.into(), span, Value::null(span));
        for key in ["1", "true", "~", "1.0", "2020-01-01", "null", "", ".5", "0x1F", "1_000"] {
            assert!(!is_string(&entry(key)), "{key}");
        }
        for key in ["a", "1a", "yes", "a.b/c", "v1", "8080:x", "Trues"] {
            assert!(is_string(&entry(key)), "{key}");
        }
    }
}
