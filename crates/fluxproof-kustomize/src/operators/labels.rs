//! The `labels` and `commonLabels` fields (`LabelTransformer.go`).

use super::pairs::Pairs;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{flag, items};
use crate::spec::{Config, FieldSpec, merge_all};
use fluxproof_yaml::{Problem, Value};

/// Adds the labels of each entry of `labels`, then `commonLabels`.
pub(crate) fn apply(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let config = accumulator.config.clone();
    for label in items(level.kustomization, "labels") {
        let specs = specs(label, &config)?;
        Pairs::of(label, "pairs", "labels").add(builder, &mut accumulator.set, &specs)?;
    }
    let common = Pairs::of(level.kustomization, "commonLabels", "commonLabels");
    if common.is_empty() {
        return Ok(());
    }
    common.add(builder, &mut accumulator.set, &config.common_labels)
}

/// `kind: LabelTransformer`
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let specs = FieldSpec::list(config, "fieldSpecs");
    Pairs::of(config, "labels", "labels").add(builder, &mut accumulator.set, &specs)
}

/// Where the labels of an entry go: its own `fields`, those that a configuration has for all entries, and what its flags
/// ask for.
fn specs(label: &Value, config: &Config) -> Result<Vec<FieldSpec>, Problem> {
    let merged = |specs: &mut Vec<FieldSpec>, more: &[FieldSpec], what: &str| {
        merge_all(specs, more).map_err(|why| Problem::new(label.span, format!("{what}: {why}")))
    };
    let labels = "failed to merge labels";
    let mut specs = FieldSpec::list(label, "fields");
    merged(&mut specs, &config.labels, labels)?;
    if flag(label, "includeSelectors") {
        merged(&mut specs, &config.common_labels, labels)?;
        return Ok(specs);
    }
    if flag(label, "includeTemplates") {
        merged(&mut specs, &config.template_labels, "failed to merge template fieldSpec")?;
    }
    merged(&mut specs, &[FieldSpec::anywhere("metadata/labels", true)], labels)?;
    Ok(specs)
}
