//! `validators`: transformers that must not change anything, a label of theirs left out (`runValidators`).

use super::load;
use crate::build::{Accumulator, Builder, Level};
use crate::model::{Resource, ResourceSet};
use crate::tree::remove;
use fluxproof_yaml::{Data, Entry, Problem, Span, Value};

/// The label that a validator may leave.
const VALIDATED_BY: &str = "validated-by";

/// `validators`
pub(crate) fn validators(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    for (plugin, transformer) in load::transformers(builder, level, "validators") {
        let before = accumulator.set.clone();
        let result = transformer(builder, level, &plugin.value, accumulator);
        builder.check(result);
        if let Err(problem) = unchanged(plugin.span, &before, &accumulator.set) {
            builder.fail(problem);
            accumulator.set = before;
        }
    }
    Ok(())
}

fn unchanged(at: Span, before: &ResourceSet, after: &ResourceSet) -> Result<(), Problem> {
    let changed = |what: String| Err(Problem::new(at, format!("validator shouldn't modify the resource map: {what}")));
    if before.len() != after.len() {
        return changed("lists have different number of entries".to_owned());
    }
    for resource in before.iter() {
        let id = resource.id();
        match after.find_current(&id) {
            [] => return changed(format!("id in self missing from other; id: {id}")),
            [place] if after.get(*place).is_some_and(|other| is_same(resource, other)) => {}
            [_] => return changed(format!("nodes unequal: {id}")),
            more => return changed(format!("id in self matches {} in other; id: {id}", more.len())),
        }
    }
    Ok(())
}

fn is_same(before: &Resource, after: &Resource) -> bool {
    same(&before.value, &after.value) || same(&before.value, &without_label(&after.value))
}

fn without_label(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata") {
        let labels = metadata.get_mut("labels");
        if labels.is_some_and(|labels| remove(labels, VALIDATED_BY) && labels.entries().is_empty()) {
            remove(metadata, "labels");
        }
    }
    object
}

/// Whether two values say the same, wherever they stand.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Map(a), Data::Map(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_entry(a, b)),
        (Data::Seq(a), Data::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b,
    }
}

fn same_entry(a: &Entry, b: &Entry) -> bool {
    a.key == b.key && same(&a.value, &b.value)
}
