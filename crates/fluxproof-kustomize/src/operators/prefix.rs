//! The `namePrefix` field, and what it shares with `nameSuffix` (`PrefixTransformer.go`, `SuffixTransformer.go`).

use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{entry, field, string_of, text};
use crate::model::{Gvk, ResourceSet};
use crate::spec::{FieldSpec, Make, Row, Rows, visit};
use crate::tree::Writer;
use fluxproof_yaml::{EcoString, EcoVec, Problem, Sources, Value};

/// Which end of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Prefix,
    Suffix,
}

/// The field that says an object's name: one that a prefix of its name is remembered for.
const NAME: &str = "metadata/name";

/// Adds `namePrefix` to the names of all objects.
pub(crate) fn apply(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let Some(value) = text(level.kustomization, "namePrefix") else { return Ok(()) };
    let config = accumulator.config.clone();
    extend(builder.sources(), &mut accumulator.set, (End::Prefix, value), &config.name_prefix, "namePrefix")
}

/// `kind: PrefixTransformer`
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    extend_by_object(builder.sources(), accumulator, End::Prefix, config, "prefix")
}

/// The object's own text and field specs.
pub(super) fn extend_by_object(
    sources: &Sources,
    accumulator: &mut Accumulator,
    end: End,
    config: &Value,
    name: &'static str,
) -> Result<(), Problem> {
    if entry(config, "fieldSpecs").is_none() {
        return Err(Problem::new(config.span, "fieldSpecs is not expected to be nil"));
    }
    let empty = Value::string(config.span, "");
    let value = field(config, name).unwrap_or(&empty);
    extend(sources, &mut accumulator.set, (end, value), &FieldSpec::list(config, "fieldSpecs"), name)
}

/// Adds a text to one end of what the specs lead to.
pub(super) fn extend(
    sources: &Sources,
    set: &mut ResourceSet,
    (end, value): (End, &Value),
    specs: &[FieldSpec],
    by: &'static str,
) -> Result<(), Problem> {
    let more = string_of(value);
    let rows = Rows::new(specs);
    let writer = Writer::new(by, value.span);
    let mut shared = Shared::default();
    for resource in set.all_mut() {
        let (original, now) = (resource.original_id().gvk, resource.gvk());
        if keeps_its_name(&original) {
            continue;
        }
        for row in rows.of(&original) {
            if row.spec.path == NAME && !more.is_empty() {
                shared.note(resource, end, &more);
                resource.remember();
            }
            extend_field(resource, (end, &more), (row, &now), (writer, sources))?;
        }
    }
    Ok(())
}

/// The kinds whose names kustomize never extends.
fn keeps_its_name(gvk: &Gvk) -> bool {
    match &*gvk.kind {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

fn extend_field(
    resource: &mut Resource,
    (end, more): (End, &EcoString),
    (row, now): (&Row, &Gvk),
    (writer, sources): (Writer, &Sources),
) -> Result<(), Problem> {
    if !now.is_selected(&row.spec.gvk) {
        return Ok(());
    }
    visit(resource, row, Make::Text, writer, &mut |old| {
        let name = old.scalar_text().map_or("", EcoString::as_str);
        let new = match end {
            End::Prefix => format!("{more}{name}"),
            End::Suffix => format!("{name}{more}"),
        };
        if !old.is_null() && old.scalar_text().is_none() {
            return Err(crate::spec::wrong_kind(old, "ScalarNode"));
        }
        Ok((!more.is_empty()).then(|| writer.retyped(sources, old, new)))
    })
}

/// The last list that was made longer, and what it became: objects that went the same way have one list.
#[derive(Default)]
struct Shared {
    before: EcoVec<EcoString>,
    after: EcoVec<EcoString>,
}

impl Shared {
    /// Notes in the list of a resource that it went through this overlay; kustomize keeps it as one text with commas.
    fn note(&mut self, resource: &mut Resource, end: End, more: &EcoString) {
        let list = match end {
            End::Prefix => &mut resource.prefixes,
            End::Suffix => &mut resource.suffixes,
        };
        if self.after.is_empty() || self.before != *list {
            self.before = list.clone();
            self.after = list.iter().cloned().chain(more.split(',').map(EcoString::from)).collect();
        }
        *list = self.after.clone();
    }
}
