//! The `nameSuffix` field.

use super::prefix::{End, extend, extend_by_object};
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::text;
use fluxproof_yaml::{Problem, Value};

/// Adds `nameSuffix` to the names of all objects.
pub(crate) fn apply(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let Some(value) = text(level.kustomization, "nameSuffix") else { return Ok(()) };
    let config = accumulator.config.clone();
    extend(builder.sources(), &mut accumulator.set, (End::Suffix, value), &config.name_suffix, "nameSuffix")
}

/// `kind: SuffixTransformer`
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    extend_by_object(builder.sources(), accumulator, End::Suffix, config, "suffix")
}
