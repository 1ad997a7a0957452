//! The `replicas` field (`ReplicaCountTransformer.go`).

use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, integer, items};
use crate::model::ResourceSet;
use crate::spec::{FieldSpec, Make, Row, visit, wrong_kind};
use crate::tree::Writer;
use fluxproof_yaml::{EcoString, Problem, Value};
use std::collections::BTreeMap;

/// The resources that have or had a name.
type Names = BTreeMap<EcoString, Vec<usize>>;

/// Sets the number of replicas of the workloads that `replicas` names.
pub(crate) fn apply(
    _builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let replicas = items(level.kustomization, "replicas");
    if replicas.is_empty() {
        return Ok(());
    }
    let config = accumulator.config.clone();
    set_counts(&mut accumulator.set, replicas, &config.replicas)
}

/// `kind: ReplicaCountTransformer`
pub(crate) fn plugin(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let empty = Value::map(config.span, []);
    let replica = field(config, "replica").unwrap_or(&empty);
    set_counts(&mut accumulator.set, std::slice::from_ref(replica), &FieldSpec::list(config, "fieldSpecs"))
}

fn set_counts(set: &mut ResourceSet, replicas: &[Value], specs: &[FieldSpec]) -> Result<(), Problem> {
    let rows: Vec<Row> = specs.iter().cloned().map(Row::new).collect();
    let names = names(set);
    replicas.iter().try_for_each(|replica| set_count(set, &names, replica, &rows))
}

fn names(set: &ResourceSet) -> Names {
    let mut names = Names::new();
    for (at, resource) in set.iter().enumerate() {
        for id in resource.ids() {
            let places = names.entry(id.name).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
    }
    names
}

fn set_count(set: &mut ResourceSet, names: &Names, replica: &Value, rows: &[Row]) -> Result<(), Problem> {
    let name = field(replica, "name").and_then(Value::as_str).unwrap_or_default();
    let count = field(replica, "count");
    let writer = Writer::new("replicas", count.map_or(replica.span, |count| count.span));
    let new = Value::plain(writer.at, integer(replica, "count").to_string());
    let mut found = false;
    for row in rows {
        for at in names.get(name).map_or(&[][..], Vec::as_slice) {
            let matches = set.get(*at).is_some_and(|resource| is_meant(resource, name, row));
            found |= matches;
            let written = if matches { set.update(*at, |resource| write(resource, row, &new, writer)) } else { None };
            written.unwrap_or(Ok(()))?;
        }
    }
    if found { Ok(()) } else { Err(no_match(replica, name, rows)) }
}

/// Whether one of a resource's identities has the name and is of a kind of the row.
fn is_meant(resource: &Resource, name: &str, row: &Row) -> bool {
    resource.ids().any(|id| id.name == name && id.gvk.is_selected(&row.spec.gvk))
}

fn write(resource: &mut Resource, row: &Row, new: &Value, writer: Writer) -> Result<(), Problem> {
    if !resource.gvk().is_selected(&row.spec.gvk) {
        return Ok(());
    }
    visit(resource, row, Make::Text, writer, &mut |old| match old.scalar_text() {
        None => Err(wrong_kind(old, "ScalarNode")),
        Some(_) if old.data == new.data => Ok(None),
        Some(_) => Ok(Some(writer.over(old, new.clone()))),
    })
}

fn no_match(replica: &Value, name: &str, rows: &[Row]) -> Problem {
    let kinds: Vec<String> = rows.iter().map(|row| row.spec.gvk.to_string()).collect();
    let kinds = kinds.join(" ");
    let message = format!("resource with name {name} does not match a config with the following GVK [{kinds}]");
    Problem::new(replica.span, message)
}
