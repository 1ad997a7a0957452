//! The field of an object at the end of a path with dots (`RNode.GetFieldValue`).

use crate::spec::fields;
use fluxproof_yaml::{EcoString, Value};

/// The value at the end of a path like `spec.ports[0].port` or `spec.containers.[name=a].image`.
pub(super) fn lookup<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    let fields = fields(path);
    let parts = fields.iter().flat_map(|part| with_index(part)).filter(|part| !part.is_empty());
    parts.into_iter().try_fold(object, step)
}

/// `ports[0]` is a key and an index.
fn with_index(part: &str) -> [&str; 2] {
    let inner = part.strip_suffix(']').and_then(|part| part.rsplit_once('['));
    match inner.filter(|(_, index)| !index.is_empty() && index.chars().all(|c| c.is_ascii_digit())) {
        Some((key, index)) => [key, index],
        None => [part, ""],
    }
}

fn step<'v>(value: &'v Value, part: &str) -> Option<&'v Value> {
    if let Ok(index) = part.parse::<usize>() {
        return value.items().get(index);
    }
    if part == "-" {
        return value.items().last();
    }
    match part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
        Some(inner) => {
            let (key, text) = inner.split_once('=')?;
            value.items().iter().find(|item| is_item(item, key, text))
        }
        None => value.get(part),
    }
}

/// Whether an item of a list is the text, or has it under a key.
fn is_item(item: &Value, key: &str, text: &str) -> bool {
    let found = if key.is_empty() { Some(item) } else { item.get(key) };
    found.and_then(Value::scalar_text).is_some_and(|found: &EcoString| found == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Budget, FileId, Table, parse};

    #[test]
    fn paths_lead_through_lists_by_index_and_by_key() {
        let text = "a: {b: [{name: x, v: 1}, {name: y, v: 2}], c.d: 3}\ne: [p, q]\n";
        let parsed = parse(FileId(0), text);
        let root = parsed.documents[0].root().expect("a root");
        let value = root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value");
        let int = |path: &str| lookup(&value, path).and_then(Value::as_int);
        assert_eq!(["a.b[1].v", "a.b.0.v", "a.b.[name=y].v", "a.[c.d]"].map(int), [2, 1, 2, 3].map(Some));
        assert_eq!(int(r"a.c\.d"), Some(3));
        assert_eq!(lookup(&value, "e.[=q]").and_then(Value::as_str), Some("q"));
        assert_eq!(["a.x", "a.b[7].v", "a.b.[name=z].v"].map(int), [None; 3]);
    }
}
