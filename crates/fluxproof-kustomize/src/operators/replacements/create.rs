//! Making a scalar at the end of a path (`LookupCreate`).

use super::lookup::{child_mut, expect_list, key_step, text, wrong_kind};
use super::path::{Kind, Part, is_items, items};
use super::print::Written;
use crate::tree::Writer;
use fluxproof_yaml::{Entry, Problem, Value};

/// The value at the end of a path, made where it is not there; nothing is made in null.
pub(crate) fn create_path<'v>(
    written: Written<'_>,
    value: &'v mut Value,
    path: &[&str],
    writer: Writer,
) -> Result<Option<&'v mut Value>, Problem> {
    let parts: Vec<&str> = path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let mut here = value;
    for (at, part) in parts.iter().enumerate() {
        let kind = Kind::before(parts.get(at + 1).copied(), Kind::Scalar);
        if here.is_null() {
            return Ok(None);
        }
        let step = step(written, here, part, kind, writer).map_err(|error| Problem::new(writer.at, error))?;
        match child_mut(here, step) {
            Some(next) => here = next,
            None => return Ok(None),
        }
    }
    Ok(Some(here))
}

fn step(written: Written<'_>, value: &mut Value, part: &str, kind: Kind, writer: Writer) -> Result<usize, String> {
    if let Ok(index) = part.parse::<usize>() {
        return expect_list(written, value).map(|()| index);
    }
    match part {
        "-" => expect_list(written, value).map(|()| value.items().len().saturating_sub(1)),
        "*" => Err("wildcard is not supported in PathGetter".to_owned()),
        part if is_items(part) => item(written, value, part, writer),
        key => key_or_new(written, value, key, kind, writer),
    }
}

fn key_or_new(written: Written<'_>, value: &mut Value, key: &str, kind: Kind, writer: Writer) -> Result<usize, String> {
    if let Some(at) = key_step(written, value, key)? {
        return Ok(at);
    }
    let entry = Entry::new(key.into(), writer.at, kind.make(writer));
    match value.entries_mut() {
        Some(entries) => entries.push(entry),
        None => return Err(wrong_kind(written, value, "MappingNode")),
    }
    Ok(value.entries().len() - 1)
}

fn item(written: Written<'_>, value: &mut Value, part: &str, writer: Writer) -> Result<usize, String> {
    let Part::Items { field, value: wanted } = items(part)? else { return Ok(0) };
    expect_list(written, value)?;
    let fits = |item: &Value| match field {
        "" => text(item) == wanted,
        field => item.get(field).is_some_and(|value| text(value) == wanted),
    };
    if let Some(at) = value.items().iter().position(fits) {
        return Ok(at);
    }
    let mut made = Value::plain(writer.at, wanted).written(writer.by, writer.at);
    if !field.is_empty() {
        let scalar = std::mem::replace(&mut made, Kind::Map.make(writer));
        writer.push(&mut made, field, scalar);
    }
    match value.items_mut() {
        Some(items) => items.push(made),
        None => return Err(wrong_kind(written, value, "SequenceNode")),
    }
    Ok(value.items().len() - 1)
}
