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
        builder.check(result.map_err(|problem| load::named(&plugin, problem)));
        if let Err(problem) = unchanged(builder.origins, plugin.span, &before, &accumulator.set) {
            builder.fail(problem);
            accumulator.set = before;
        }
    }
    Ok(())
}

fn unchanged(annotated: bool, at: Span, before: &ResourceSet, after: &ResourceSet) -> Result<(), Problem> {
    let changed = |what: String| Err(Problem::new(at, format!("validator shouldn't modify the resource map: {what}")));
    if before.len() != after.len() {
        return changed("lists have different number of entries".to_owned());
    }
    for resource in before.iter() {
        let id = resource.id();
        match after.find_current(&id)[..] {
            [] => return changed(format!("id in self missing from other; id: {id}")),
            [place] if after.get(place).is_some_and(|other| is_same(annotated, resource, other)) => {}
            [_] => return changed(format!("nodes unequal: {id}")),
            ref more => return changed(format!("id in self matches {} in other; id: {id}", more.len())),
        }
    }
    Ok(())
}

/// kustomize takes its label away before it looks, and writes the other labels anew, at the end of the metadata: it
/// finds those changed that are from a file, or that are followed by annotations, as those of `buildMetadata` follow all.
fn is_same(annotated: bool, before: &Resource, after: &Resource) -> bool {
    if before.previous != after.previous {
        return false;
    }
    if after.label(VALIDATED_BY).is_none() {
        return same(&before.value, &after.value);
    }
    let labels = before.at(&["metadata"]).and_then(|metadata| metadata.entry("labels"));
    let last = before.at(&["metadata"]).and_then(|metadata| metadata.entries().last());
    let stays =
        |labels: &Entry| !annotated && is_made(&labels.value) && last.is_some_and(|last| last.key == labels.key);
    labels.is_none_or(stays) && same(&before.value, &without_label(&after.value))
}

/// Whether labels are as kustomize would write them.
fn is_made(labels: &Value) -> bool {
    let made = labels.change.as_deref().is_some_and(|change| change.before.is_none());
    made && labels.entries().is_sorted_by(|a, b| a.key <= b.key)
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
