//! Small edits of owned trees, and their bounds.

use fluxproof_yaml::{Data, Entry, Sources, Span, Value};
use std::sync::Arc;

/// The deepest tree that an operator may make. What is read from a file is no deeper; patches could pile it up.
pub(crate) const MAX_DEPTH: usize = 512;

/// A string at a place.
pub(crate) fn string(text: &str, span: Span) -> Value {
    Value { span, data: Data::Str(Arc::from(text)) }
}

/// An empty mapping at a place.
pub(crate) fn empty_map(span: Span) -> Value {
    Value { span, data: Data::Map(Vec::new()) }
}

/// Sets a key of a mapping: a value where the key is, a new entry where it is not. Others are left alone.
pub(crate) fn set(map: &mut Value, key: &str, key_span: Span, value: Value) {
    let Some(entries) = map.entries_mut() else { return };
    match entries.iter_mut().find(|entry| &*entry.key == key) {
        Some(entry) => entry.value = value,
        None => entries.push(Entry { key: Arc::from(key), key_span, value }),
    }
}

/// Removes a key of a mapping and says whether it was there.
pub(crate) fn remove(map: &mut Value, key: &str) -> bool {
    let Some(entries) = map.entries_mut() else { return false };
    let before = entries.len();
    entries.retain(|entry| &*entry.key != key);
    entries.len() != before
}

/// The value under a key, made an empty mapping where there is none or null. Absent where `map` is no mapping.
pub(crate) fn child<'v>(map: &'v mut Value, key: &str, span: Span) -> Option<&'v mut Value> {
    if map.get(key).is_none_or(Value::is_null) {
        set(map, key, span, empty_map(span));
    }
    map.get_mut(key)
}

/// How many levels of collections a value has; at most `MAX_DEPTH + 1`.
pub(crate) fn depth(value: &Value) -> usize {
    let (mut deepest, mut open) = (0, vec![(value, 1usize)]);
    while let Some((value, level)) = open.pop() {
        deepest = deepest.max(level);
        if level <= MAX_DEPTH {
            open.extend(value.items().iter().map(|item| (item, level + 1)));
            open.extend(value.entries().iter().map(|entry| (&entry.value, level + 1)));
        }
    }
    deepest
}

/// How many nodes a value has.
pub(crate) fn size(value: &Value) -> usize {
    let (mut count, mut open) = (0usize, vec![value]);
    while let Some(value) = open.pop() {
        count += 1;
        open.extend(value.items());
        open.extend(value.entries().iter().map(|entry| &entry.value));
    }
    count
}

/// Whether any string of a value fits.
pub(crate) fn any_string(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if value.as_str().is_some_and(&fits) {
            return true;
        }
        open.extend(value.items());
        open.extend(value.entries().iter().map(|entry| &entry.value));
    }
    false
}

/// Calls `f` for a value and all below it, keys aside.
pub(crate) fn for_each_mut(value: &mut Value, f: &mut dyn FnMut(&mut Value)) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        f(value);
        match &mut value.data {
            Data::Seq(items) => open.extend(items.iter_mut()),
            Data::Map(entries) => open.extend(entries.iter_mut().map(|entry| &mut entry.value)),
            _ => {}
        }
    }
}

/// The text of a scalar as a person wrote it, where the source still says the same; none for collections.
pub(crate) fn scalar_text(sources: &Sources, value: &Value) -> Option<String> {
    let shown = match &value.data {
        Data::Str(text) => return Some(text.to_string()),
        Data::Null => String::new(),
        Data::Bool(flag) => flag.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Seq(_) | Data::Map(_) => return None,
    };
    let written = sources.snippet(value.span);
    let same = !written.is_empty() && plain(written, value.span).data == value.data;
    Some(if same { written.to_owned() } else { shown })
}

/// What a text means where it stands unquoted, as kustomize's YAML (yaml.v3) reads it.
pub(crate) fn plain(text: &str, span: Span) -> Value {
    let (mut values, problems) = crate::workspace::documents(span.file, &format!("- {text}"));
    let item = match values.pop().map(|value| value.data) {
        Some(Data::Seq(mut items)) if problems.is_empty() && items.len() == 1 => items.pop(),
        _ => None,
    };
    match item.map(|item| item.data) {
        Some(data @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_))) => Value { span, data },
        _ => string(text, span),
    }
}
