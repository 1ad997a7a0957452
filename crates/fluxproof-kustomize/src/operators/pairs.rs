//! Adding pairs to mappings: what labels and annotations share (`filters/labels`, `filters/annotations`).

use crate::Resource;
use crate::build::Builder;
use crate::generate::{is_string, not_a_string};
use crate::kustomization::{field, string_of};
use crate::model::ResourceSet;
use crate::model::shared::follow;
use crate::spec::{FieldSpec, Make, Row, Rows, visit, wrong_kind};
use crate::tree::Writer;
use fluxproof_yaml::{EcoString, Entry, Problem, Value};
use std::collections::BTreeMap;

/// The pairs of a string map, sorted, with the text that says each.
pub(super) struct Pairs {
    pairs: Vec<(EcoString, Value)>,
    writer: Writer,
}

impl Pairs {
    /// Those of a field; none where it is absent.
    pub(super) fn of(map: &Value, name: &str, by: &'static str) -> Self {
        let field = field(map, name);
        let entries = field.map_or(&[][..], Value::entries);
        let pairs: BTreeMap<EcoString, Value> = fluxproof_order::gather(entries.iter().map(|entry| pair(entry, by)));
        let writer = Writer::new(by, field.map_or(map.span, |field| field.span));
        Self { pairs: pairs.into_iter().collect(), writer }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Adds them to every mapping that the specs lead to.
    pub(super) fn add(
        &self,
        builder: &mut Builder<'_, '_>,
        set: &mut ResourceSet,
        specs: &[FieldSpec],
    ) -> Result<(), Problem> {
        let rows = Rows::new(specs);
        if !builder.spend(set.len().saturating_mul(self.pairs.len()), self.writer.at) {
            return Ok(());
        }
        let annotations = Row::new(FieldSpec::anywhere("metadata/annotations", true));
        for resource in set.contents_mut() {
            let gvk = resource.gvk();
            for pair in &self.pairs {
                let mut done = Done::default();
                for row in rows.of(&gvk) {
                    let there = row.spec.path == annotations.spec.path && has_annotations(resource);
                    let row = if there { &annotations } else { row };
                    visit(resource, row, Make::Map, self.writer, &mut |map| self.added(map, pair, &mut done))?;
                }
                resource.shares |= done.made > 1;
                if done.changed > 0 {
                    follow(resource);
                }
            }
        }
        Ok(())
    }

    /// A mapping with a pair, where it lacks it.
    fn added(&self, map: &Value, (key, value): &(EcoString, Value), done: &mut Done) -> Result<Option<Value>, Problem> {
        if map.is_null() {
            return Ok(None);
        }
        if !map.is_map() {
            return Err(wrong_kind(map, "MappingNode"));
        }
        let old = map.get(key);
        let new = Entry::new(key.clone(), value.span, value.clone());
        if old.is_none() && !is_string(&new) {
            return Err(not_a_string(&new));
        }
        match old {
            None => done.made += 1,
            Some(old) => done.changed += usize::from(old.data != value.data),
        }
        Ok(old.is_none_or(|old| old.data != value.data).then(|| {
            let mut map = map.clone();
            Writer::new(self.writer.by, value.span).set(&mut map, key, value.clone());
            map
        }))
    }
}

/// In how many places of an object a pair is new, and in how many its key had another value.
#[derive(Default)]
struct Done {
    made: usize,
    changed: usize,
}

/// Whether kustomize finds annotations where none may be written: its own, or a null that takes some.
fn has_annotations(resource: &Resource) -> bool {
    resource.keeps_annotations() || resource.at(&["metadata", "annotations"]).is_some_and(Value::is_null)
}

fn pair(entry: &Entry, by: &'static str) -> (EcoString, Value) {
    let text = string_of(&entry.value);
    (entry.key.clone(), Value::string(entry.value.span, text).written(by, entry.value.span))
}
