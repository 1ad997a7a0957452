//! Generated ConfigMaps and Secrets.

use crate::build::{Accumulator, Builder, Level};
use fluxproof_yaml::Problem;

pub(crate) fn config_maps(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn secrets(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn helm_charts(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn add_hashes(_builder: &mut Builder<'_, '_>, _accumulator: &mut Accumulator) -> Result<(), Problem> {
    Ok(())
}
