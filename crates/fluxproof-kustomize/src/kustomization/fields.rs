//! Reading the fields of a configuration as Go's JSON does: names in any case.

use fluxproof_yaml::{Data, EcoString, Entry, Type, Value, scalar_json};

/// The entry of a field, its name in any case; of several the last, as Go's JSON has it. Null is not set.
pub(crate) fn entry<'v>(map: &'v Value, name: &str) -> Option<&'v Entry> {
    let same = |entry: &&Entry| entry.key.eq_ignore_ascii_case(name);
    map.entries().iter().rfind(same).filter(|entry| !entry.value.is_null())
}

/// The value of a field, where it is set.
pub(crate) fn field<'v>(map: &'v Value, name: &str) -> Option<&'v Value> {
    entry(map, name).map(|entry| &entry.value)
}

/// The text of a field, where it is one and not empty.
pub(crate) fn text<'v>(map: &'v Value, name: &str) -> Option<&'v Value> {
    field(map, name).filter(|value| value.as_str().is_some_and(|text| !text.is_empty()))
}

/// A value as sigs.k8s.io/yaml gives it to a field that is a string: numbers and booleans as Go says them, null as
/// nothing. Only plugin objects have any: a kustomization with one is refused.
pub(crate) fn string_of(value: &Value) -> EcoString {
    match &value.data {
        Data::Scalar(text, Type::Str) => text.clone(),
        Data::Scalar(_, Type::Null) | Data::Seq(_) | Data::Map(_) => EcoString::new(),
        // A date is a string of JSON.
        Data::Scalar(..) => scalar_json(value).map_or_else(|_| EcoString::new(), |json| json.trim_matches('"').into()),
    }
}

/// The items of a list field; none where it is absent.
pub(crate) fn items<'v>(map: &'v Value, name: &str) -> &'v [Value] {
    field(map, name).map_or(&[], Value::items)
}

/// A boolean field; false where it is absent.
pub(crate) fn flag(map: &Value, name: &str) -> bool {
    field(map, name).and_then(Value::as_bool).unwrap_or(false)
}

/// An integer field; 0 where it is absent.
pub(crate) fn integer(map: &Value, name: &str) -> i64 {
    field(map, name).and_then(Value::as_int).unwrap_or(0)
}

/// Whether a field has nothing in it.
pub(crate) fn is_empty(map: &Value, name: &str) -> bool {
    field(map, name).is_none_or(|value| {
        value.items().is_empty() && value.entries().is_empty() && value.scalar_text().is_none_or(|text| text.is_empty())
    })
}
