//! The `prefix` field.

use crate::build::{Accumulator, Builder, Level};
use fluxproof_yaml::Problem;

pub(crate) fn apply(
    _builder: &mut Builder<'_, '_>,
    _level: Level<'_>,
    _accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    Ok(())
}
