//! Small edits of values that remember who made them.

use fluxproof_yaml::{Data, EcoString, Entry, FileId, Sources, Span, Value, parse};

/// Whether a scalar was written in quotes, or as a block, by who wrote it first.
pub(crate) fn is_quoted(sources: &Sources, scalar: &Value) -> bool {
    let (mut span, mut change) = (scalar.span, scalar.change.as_deref());
    while let Some(before) = change.and_then(|change| change.before.as_ref()) {
        (span, change) = (before.span, before.change.as_deref());
    }
    let first = sources.snippet(span).bytes().next();
    matches!(scalar.data, Data::Scalar(..)) && matches!(first, Some(b'"' | b'\'' | b'|' | b'>'))
}

/// The tag of a text in base64.
const BINARY: &str = "!!binary";

/// A scalar as it is written in its file, and its tag, where one of the two makes something else of its text.
pub(crate) fn told_otherwise<'s>(sources: &'s Sources, value: &Value) -> Option<(&'static str, &'s str)> {
    let text = Some(sources.text(value.span.file)).filter(|_| value.change.is_none())?;
    let (before, rest) = text.split_at_checked(value.span.start as usize)?;
    let (own, behind) = rest.split_at_checked((value.span.end - value.span.start) as usize)?;
    // The breaks at the end of a block count.
    let blank = behind.len() - behind.trim_start_matches(['\n', '\r', ' ']).len();
    let breaks = behind[..blank].rfind('\n').map_or(0, |at| at + 1);
    let written = &rest[..own.len() + breaks];
    let tag = if before.trim_end().ends_with(BINARY) { BINARY } else { "" };
    (!tag.is_empty() || written.starts_with('>')).then_some((tag, written))
}

/// The text of a scalar without its tag, and folded once; none where that is what it has.
pub(crate) fn raw_text(sources: &Sources, value: &Value) -> Option<EcoString> {
    let (_, written) = told_otherwise(sources, value)?;
    Some(parse(value.span.file, written).documents.first()?.root()?.text().into())
}

/// Whether a value is null. One that is not written between brackets is an empty text only when it is printed.
pub(crate) fn is_absent(value: &Value) -> bool {
    let is_unwritten = value.span.start == value.span.end && value.change.is_none();
    value.is_null() || (is_unwritten && value.as_str().is_some_and(str::is_empty))
}

/// The place of a value that is made only to be read or printed.
pub(crate) const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// Who writes: the operator's name in the words of kustomize's users, and the text that asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) by: &'static str,
    pub(crate) at: Span,
}

impl Writer {
    pub(crate) fn new(by: &'static str, at: Span) -> Self {
        Self { by, at }
    }

    /// Puts a value where one is, and remembers that.
    pub(crate) fn put(self, place: &mut Value, new: Value) {
        place.replace(new, self.by, self.at);
    }

    /// `text` in the place of `old`, as kustomize sets scalars: what is in quotes stays a string, what is not is read anew
    /// (`kyaml/yaml.FieldSetter` keeps the style and no tag).
    pub(crate) fn retyped(self, sources: &Sources, old: &Value, text: impl Into<EcoString>) -> Value {
        let mut new = Value::plain(self.at, text);
        if old.as_str().is_some() && new.as_str().is_none() && is_quoted(sources, old) {
            new = Value::string(self.at, new.scalar_text().cloned().unwrap_or_default());
        }
        self.over(old, new)
    }

    /// `new` in the place of `old`, which is remembered.
    pub(crate) fn over(self, old: &Value, new: Value) -> Value {
        let mut place = old.clone();
        self.put(&mut place, new);
        place
    }

    /// Sets a key of a mapping: the value where the key is, a new entry at the end where it is not. Others are left
    /// alone.
    pub(crate) fn set(self, map: &mut Value, key: &str, value: Value) {
        match map.get_mut(key) {
            Some(place) => self.put(place, value),
            None => self.push(map, key, value),
        }
    }

    /// Adds an entry at the end of a mapping, which does not have the key.
    pub(crate) fn push(self, map: &mut Value, key: &str, value: Value) {
        if let Some(entries) = map.entries_mut() {
            let value = if value.change.is_some() { value } else { value.written(self.by, self.at) };
            entries.push(Entry::new(key.into(), self.at, value));
        }
    }

    /// The value under a key, made an empty mapping where there is none or null. Absent where `map` is no mapping.
    pub(crate) fn child<'v>(self, map: &'v mut Value, key: &str) -> Option<&'v mut Value> {
        if map.get(key).is_none_or(Value::is_null) {
            self.set(map, key, Value::map(self.at, []));
        }
        map.get_mut(key)
    }
}

/// Removes a key of a mapping and says whether it was there.
pub(crate) fn remove(map: &mut Value, key: &str) -> bool {
    if map.get(key).is_none() {
        return false;
    }
    if let Some(entries) = map.entries_mut() {
        entries.retain(|entry| entry.key != key);
    }
    true
}
