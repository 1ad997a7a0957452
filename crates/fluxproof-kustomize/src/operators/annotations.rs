//! The `commonAnnotations` field (`AnnotationsTransformer.go`).

use super::pairs::Pairs;
use crate::build::{Accumulator, Builder, Level};
use crate::spec::FieldSpec;
use fluxproof_yaml::{Problem, Value};

/// Adds `commonAnnotations`.
pub(crate) fn apply(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let pairs = Pairs::of(level.kustomization, "commonAnnotations", "commonAnnotations");
    if pairs.is_empty() {
        return Ok(());
    }
    let config = accumulator.config.clone();
    pairs.add(builder, &mut accumulator.set, &config.common_annotations)
}

/// `kind: AnnotationsTransformer`
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let specs = FieldSpec::list(config, "fieldSpecs");
    Pairs::of(config, "annotations", "annotations").add(builder, &mut accumulator.set, &specs)
}
