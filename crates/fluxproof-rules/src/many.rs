//! One cause, one finding: what several objects have in common is said once.

use crate::Finding;
use fluxproof_delivery::ObjectRef;
use fluxproof_yaml::Span;
use std::collections::BTreeMap;

/// The most further places that a finding shows.
const SHOWN: usize = 3;

/// An object and the place that says something of it.
pub(crate) type Placed = (ObjectRef, Span);

/// `ConfigMap/a`, `ConfigMap/a and one more`, `ConfigMap/a and 4 more`.
pub(crate) fn names(objects: &[Placed]) -> String {
    let first = objects.first().map(|(object, _)| object.to_string()).unwrap_or_default();
    match objects.len() {
        0 | 1 => first,
        2 => format!("{first} and one more"),
        count => format!("{first} and {} more", count - 1),
    }
}

/// The verb for one, or for several.
pub(crate) fn verb(objects: &[Placed], one: &'static str, several: &'static str) -> &'static str {
    if objects.len() == 1 { one } else { several }
}

/// Adds the places of all objects but the first.
pub(crate) fn with_others(mut finding: Finding, objects: &[Placed]) -> Finding {
    for (object, span) in objects.iter().skip(1).filter(|(_, span)| *span != objects[0].1).take(SHOWN) {
        finding = finding.with(*span, format!("{object} too"));
    }
    finding
}

/// Objects by a key, in the order in which the keys come first.
pub(crate) fn by<K: Ord + Clone, V>(all: impl IntoIterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    let mut known: BTreeMap<K, usize> = BTreeMap::new();
    for (key, value) in all {
        let at = *known.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, group)) => group.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}
