//! `$patch`, in a mapping or as an item of a list (`yaml/merge2/smpdirective.go`).

use super::list::set_element;
use fluxproof_yaml::{EcoString, Problem, Value};

const KEY: &str = "$patch";

/// What a patch asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Directive {
    Delete,
    Replace,
    Merge,
}

/// The directive of a mapping, which it loses.
pub(super) fn of_map(patch: &mut Value) -> Result<Directive, Problem> {
    let Some(value) = patch.get(KEY) else { return Ok(Directive::Merge) };
    let directive = read(value)?;
    if let Some(entries) = patch.entries_mut() {
        entries.retain(|entry| entry.key != KEY);
    }
    Ok(directive)
}

/// The directive of a list, which is an item with nothing else in it, and which it loses.
pub(super) fn of_list(patch: &mut Value) -> Result<Directive, Problem> {
    let item = patch.items().iter().find(|item| item.get(KEY).is_some()).filter(|item| item.entries().len() == 1);
    let Some(value) = item.and_then(|item| item.get(KEY)) else { return Ok(Directive::Merge) };
    let (directive, text) = (read(value)?, text(value));
    let mut items = patch.items().to_vec();
    set_element(&mut items, None, &[KEY.into()], &[text])?;
    if let Some(place) = patch.items_mut() {
        *place = items.into();
    }
    Ok(directive)
}

fn text(value: &Value) -> EcoString {
    value.scalar_text().cloned().unwrap_or_default()
}

fn read(value: &Value) -> Result<Directive, Problem> {
    match text(value).as_str() {
        "delete" => Ok(Directive::Delete),
        "replace" => Ok(Directive::Replace),
        "merge" => Ok(Directive::Merge),
        other => Err(Problem::new(value.span, format!("unknown patch strategy '{other}'"))
            .help("it is one of delete, replace and merge")),
    }
}
