//! Patches.

use crate::build::{Accumulator, Builder, Level};
use fluxproof_yaml::Problem;

pub(crate) fn strategic_merges(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn patches(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn json_patches(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}
