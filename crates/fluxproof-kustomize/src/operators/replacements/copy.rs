//! Putting a value where a field is (`setFieldValue`).

use super::lookup::text as text_of;
use super::matcher::Miss;
use crate::Resource;
use crate::tree::Writer;
use fluxproof_yaml::{Data, EcoString, Problem, Type, Value};

/// The `options` of a target.
pub(super) struct Copier<'v> {
    pub(super) delimiter: &'v str,
    pub(super) index: i64,
}

impl Copier<'_> {
    /// Puts a value into a field: into a scalar its text only, whatever that means there.
    pub(super) fn set(&self, place: &mut Value, value: &Value, (writer, in_flow): (Writer, bool)) -> Result<(), Miss> {
        let text = match &place.data {
            Data::Scalar(old, _) => self.joined(old, value),
            _ if !self.delimiter.is_empty() => {
                return Err(Miss::Value("delimiter option can only be used with scalar nodes".to_owned()));
            }
            _ if is_made(value) => {
                *place = value.clone();
                if in_flow && text_of(value).is_empty() {
                    place.data = Data::Scalar(EcoString::new(), Type::Str);
                }
                return Ok(());
            }
            _ => {
                writer.put(place, value.clone());
                return Ok(());
            }
        };
        put_text(place, text, value, (writer, in_flow));
        Ok(())
    }

    /// The new text of a scalar: one part of the old one, one before all, or one behind.
    fn joined(&self, old: &str, value: &Value) -> EcoString {
        if self.delimiter.is_empty() {
            return text_of(value).into();
        }
        let new = if value.is_null() && !is_made(value) { "" } else { text_of(value) };
        let mut parts: Vec<&str> = old.split(self.delimiter).collect();
        match usize::try_from(self.index) {
            Err(_) => parts.insert(0, new),
            Ok(index) => match parts.get_mut(index) {
                Some(part) => *part = new,
                None => parts.push(new),
            },
        }
        parts.join(self.delimiter).into()
    }
}

/// Puts a text into a scalar, which stays of its type; one that a replacement made has none. In brackets yaml.v3 writes
/// nothing as an empty text.
pub(super) fn put_text(place: &mut Value, text: EcoString, value: &Value, (writer, in_flow): (Writer, bool)) {
    let Data::Scalar(_, kind) = place.data else { return };
    let is_empty_text = in_flow && text.is_empty() && (kind == Type::Null || is_made(place));
    let new = match is_empty_text {
        true => Value::string(value.span, ""),
        false if is_made(place) => Value::plain(value.span, text),
        false => Value::new(value.span, Data::Scalar(text, kind)),
    };
    if is_made(place) {
        *place = new.written(writer.by, writer.at);
    } else {
        writer.put(place, new);
    }
}

fn is_made(place: &Value) -> bool {
    place.change.as_deref().is_some_and(|change| change.by == "replacements" && change.before.is_none())
}

/// What kustomize cannot write of an object: texts that replacements put into fields of another type.
pub(crate) fn mistyped(resource: &Resource) -> Option<Problem> {
    let mut open = vec![&resource.value];
    while let Some(value) = open.pop().filter(|_| resource.mistyped) {
        match &value.data {
            Data::Scalar(..) => {
                if let Some(problem) = unreadable(value) {
                    return Some(problem);
                }
            }
            Data::Seq(items) => open.extend(items.iter().rev()),
            Data::Map(entries) => open.extend(entries.iter().rev().map(|entry| &entry.value)),
        }
    }
    None
}

/// Why kustomize cannot write a scalar whose text, which a replacement put there, is not of its type.
pub(super) fn unreadable(place: &Value) -> Option<Problem> {
    let Data::Scalar(text, kind) = &place.data else { return None };
    let change = place.change.as_deref().filter(|change| change.by == "replacements" && *kind != Type::Str)?;
    let found = plain_type(place, text);
    let fits = found == *kind || (*kind == Type::Float && found == Type::Int);
    let message = || {
        let (found, wanted) = (found.tag(), kind.tag());
        format!("map[string]interface {{}}(nil): yaml: cannot decode {found} `{text}` as a {wanted}")
    };
    let why = "a replacement keeps the type that a field has, and this text is not of it";
    (!fits).then(|| Problem::new(change.at, message()).note(why))
}

fn plain_type(place: &Value, text: &EcoString) -> Type {
    match Value::plain(place.span, text.clone()).data {
        Data::Scalar(_, kind) => kind,
        _ => Type::Str,
    }
}
