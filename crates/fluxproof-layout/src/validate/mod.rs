//! Whether a layout can be rendered: each field by its kind, then what several fields say together.

mod repository;
mod stores;
mod together;

use crate::check::{Refusal, check, count, key_of_map};
use crate::fields::{Field, Kind, field, fields};
use crate::values::{Section, join};
use crate::{Layout, LayoutProblem, plan};
use serde_json::Value as Json;

/// Everything that is wrong with a layout, in the order of the fields. Fields of a choice that is not taken do not count.
#[must_use]
pub fn validate(layout: &Layout) -> Vec<LayoutProblem> {
    let root = layout.root();
    let mut problems = Vec::new();
    each(&root, fields(), &mut problems);
    let all = plan::stores(&root);
    let more = together::problems(&root).into_iter();
    for problem in more.chain(stores::problems(&root, &all)).chain(repository::problems(layout, &all)) {
        if !problems.iter().any(|known: &LayoutProblem| known.field == problem.field) {
            problems.push(problem);
        }
    }
    let first = |path: &str| path.split('[').next().map(str::to_owned);
    let order = |path: &str| fields().iter().position(|field| Some(field.path) == first(path).as_deref());
    fluxproof_order::sort_by_key(&mut problems, |problem| order(&problem.field));
    problems
}

/// Checks each field of a section by its kind.
fn each(section: &Section<'_>, fields: &'static [Field], out: &mut Vec<LayoutProblem>) {
    for field in fields.iter().filter(|field| applies(field, section, fields)) {
        match section.get(field.path) {
            Some(Json::Array(_)) if field.kind == Kind::Items => {
                section.items(field.path).iter().for_each(|item| each(item, field.items, out));
            }
            Some(_) if field.kind == Kind::Provider => {}
            Some(value) if field.kind.is_text() && !value.is_string() => {
                let problem = LayoutProblem::new(&section.at(field.path), "the value is not a text");
                out.push(problem.help("write one text"));
            }
            Some(value) => of_value(field, &section.at(field.path), value, out),
            None => {}
        }
    }
}

/// Whether a field counts, given the others of its section.
pub(crate) fn applies(this: &Field, section: &Section<'_>, fields: &'static [Field]) -> bool {
    this.when.is_none_or(|when| {
        section.is(when.path, when.is) && field(fields, when.path).is_none_or(|other| applies(other, section, fields))
    })
}

fn of_value(field: &Field, path: &str, value: &Json, out: &mut Vec<LayoutProblem>) {
    let refusal = match value {
        Json::String(text) => of_text(field, text),
        Json::Number(number) => count(number.as_i64().unwrap_or_default()).err(),
        Json::Array(items) => {
            let each = |(index, item)| of_value(field, &format!("{path}[{index}]"), item, out);
            return items.iter().enumerate().for_each(each);
        }
        Json::Object(entries) => return entries.iter().for_each(|(key, value)| of_entry(field, path, key, value, out)),
        Json::Bool(_) | Json::Null => None,
    };
    if let Some((message, help)) = refusal {
        out.push(LayoutProblem { help, ..LayoutProblem::new(path, message) });
    }
}

/// Why a text is refused as the value of a field.
fn of_text(field: &Field, text: &str) -> Option<Refusal> {
    check(field, text).err()
}

fn of_entry(field: &Field, path: &str, key: &str, value: &Json, out: &mut Vec<LayoutProblem>) {
    let path = join(path, key);
    if let Err((message, help)) = key_of_map(field, key) {
        out.push(LayoutProblem { help, ..LayoutProblem::new(&path, message) });
    }
    of_value(field, &path, value, out);
}
