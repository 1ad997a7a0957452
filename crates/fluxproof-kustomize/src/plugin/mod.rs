//! Generators, transformers and validators that are written as objects.

use crate::build::{Accumulator, Builder, Level};
use fluxproof_yaml::Problem;

pub(crate) fn generators(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn transformers(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn validators(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn build_metadata(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn origin_of_file(
    _builder: &Builder<'_, '_>,
    _level: Level<'_>,
    _item: &fluxproof_yaml::Value,
    _resource: &mut crate::Resource,
) {
}
