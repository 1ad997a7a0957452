//! A path that goes on inside the text of a scalar, which is JSON or YAML itself (`setValueInStructuredData`).

use super::copy::{put_text, unreadable};
use super::lookup::{Steps, at, at_mut, locate, text};
use super::matcher::Matcher;
use super::path::Kind;
use super::print;
use crate::json::{Numbers, indented, push_value};
use crate::tree::Writer;
use crate::workspace::first_document;
use fluxproof_yaml::{EcoString, Sources, Value};

/// Puts a value into the text of a scalar on the way of a path, and says whether that was done.
pub(super) fn set(object: &mut Value, value: &Value, path: &[String], create: Option<Kind>, writer: Writer) -> bool {
    let Some((steps, rest)) = scalar_on_the_way(object, path) else { return false };
    let Some(old) = at(object, &steps).map(text) else { return false };
    let Some(new) = edited(old, value, rest, create, writer) else { return false };
    if let Some(place) = at_mut(object, &steps) {
        put_text(place, new.into(), value, writer);
    }
    true
}

/// The first scalar that a path goes through.
fn scalar_on_the_way<'p>(object: &Value, path: &'p [String]) -> Option<(Steps, &'p [String])> {
    (1..path.len()).find_map(|length| {
        let steps = locate(object, &path[..length]).ok()??;
        at(object, &steps)?.scalar_text()?;
        Some((steps, &path[length..]))
    })
}

/// The text with the value in it, written as it was: as JSON, in one line or several, or as YAML.
fn edited(old: &str, value: &Value, path: &[String], create: Option<Kind>, writer: Writer) -> Option<String> {
    let mut tree = first_document(old).ok()?;
    let mut fits = true;
    let nothing = Sources::default();
    let matcher = Matcher { sources: &nothing, create, writer };
    let found = matcher.each(&mut tree, path, &mut |place| {
        if place.scalar_text().is_some() {
            put_text(place, EcoString::from(text(value)), value, writer);
            fits &= unreadable(place, writer).is_none();
        } else {
            *place = value.clone();
        }
        Ok(())
    });
    found.ok().filter(|found| *found > 0)?;
    if !old.trim_start().starts_with(['{', '[']) {
        return Some(print::yaml(&tree, old));
    }
    fits.then(|| json(&tree, old))
}

fn json(tree: &Value, old: &str) -> String {
    if old.contains('\n') && old.contains("  ") {
        return indented(tree);
    }
    let mut json = String::new();
    push_value(&mut json, tree, Numbers::AsWritten);
    json
}
