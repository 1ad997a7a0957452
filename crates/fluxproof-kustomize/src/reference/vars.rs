//! `vars`.

use crate::build::{Accumulator, Builder, Level};
use fluxproof_yaml::Problem;

pub(crate) fn merge(_level: Level<'_>, _accumulator: &mut Accumulator) -> Result<(), Problem> {
    Ok(())
}

pub(crate) fn resolve(_builder: &mut Builder<'_, '_>, _accumulator: &mut Accumulator) -> Result<(), Problem> {
    Ok(())
}
