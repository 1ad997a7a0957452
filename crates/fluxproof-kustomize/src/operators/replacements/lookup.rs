//! Following a path to one value (`PathGetter` in `kyaml/yaml/fns.go`).

use super::path::{Part, is_items, items};
use super::print::Written;
use crate::spec::node_kind;
use fluxproof_yaml::{Data, EcoString, Value};

/// One step from a value to one in it: the number of an entry or of an item.
pub(crate) type Steps = Vec<usize>;

/// The way to the value at the end of a path.
pub(crate) fn locate(written: Written<'_>, value: &Value, path: &[String]) -> Result<Option<Steps>, String> {
    let mut steps = Steps::new();
    let mut here = value;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let Some(step) = step(written, here, part)? else { return Ok(None) };
        let Some(next) = child(here, step) else { return Ok(None) };
        steps.push(step);
        here = next;
    }
    Ok(Some(steps))
}

fn step(written: Written<'_>, value: &Value, part: &str) -> Result<Option<usize>, String> {
    if let Ok(index) = part.parse::<i64>() {
        let index = usize::try_from(index).map_err(|_| format!("array index {index} cannot be negative"))?;
        expect_list(written, value)?;
        return Ok(Some(index).filter(|index| *index < value.items().len()));
    }
    match part {
        "-" => expect_list(written, value).map(|()| value.items().len().checked_sub(1)),
        "*" => Err("wildcard is not supported in PathGetter".to_owned()),
        part if is_items(part) => item(written, value, part),
        key => key_step(written, value, key),
    }
}

fn is_list(value: &Value) -> bool {
    value.is_seq() || value.is_null()
}

/// The place of a key; none in null.
pub(crate) fn key_step(written: Written<'_>, value: &Value, key: &str) -> Result<Option<usize>, String> {
    if !value.is_map() && !value.is_null() {
        return Err(wrong_kind(written, value, "MappingNode"));
    }
    Ok(value.entries().iter().position(|entry| entry.key == key))
}

fn item(written: Written<'_>, value: &Value, part: &str) -> Result<Option<usize>, String> {
    let Part::Items { field, value: wanted } = items(part)? else { return Ok(None) };
    expect_list(written, value)?;
    let fits = |item: &Value| match field {
        "" => text(item) == wanted,
        field => item.get(field).is_some_and(|value| text(value) == wanted),
    };
    Ok(value.items().iter().position(fits))
}

/// The text of a scalar as it is written; nothing for what is none.
pub(crate) fn text(value: &Value) -> &str {
    value.scalar_text().map_or("", EcoString::as_str)
}

/// Refuses what is neither a list nor null.
pub(crate) fn expect_list(written: Written<'_>, value: &Value) -> Result<(), String> {
    if is_list(value) { Ok(()) } else { Err(wrong_kind(written, value, "SequenceNode")) }
}

/// `InvalidNodeKindError`
pub(crate) fn wrong_kind(written: Written<'_>, value: &Value, expected: &str) -> String {
    let found = node_kind(value);
    let contents = written.yaml(value);
    format!("wrong node kind: expected {expected} but got {found}: node contents:\n{contents}\n")
}

fn child(value: &Value, step: usize) -> Option<&Value> {
    match &value.data {
        Data::Scalar(..) => None,
        Data::Seq(items) => items.get(step),
        Data::Map(entries) => entries.get(step).map(|entry| &entry.value),
    }
}

/// The value at the end of a way.
pub(crate) fn at<'v>(value: &'v Value, steps: &[usize]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| child(value, *step))
}

/// The value at the end of a way, to change.
pub(crate) fn at_mut<'v>(value: &'v mut Value, steps: &[usize]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| child_mut(value, *step))
}

/// A value in another one, to change.
pub(crate) fn child_mut(value: &mut Value, step: usize) -> Option<&mut Value> {
    match &mut value.data {
        Data::Scalar(..) => None,
        Data::Seq(items) => items.make_mut().get_mut(step),
        Data::Map(entries) => entries.make_mut().get_mut(step).map(|entry| &mut entry.value),
    }
}
