//! Names by which objects know each other.

pub(crate) mod vars;

use crate::build::{Accumulator, Builder};
use fluxproof_yaml::Problem;

pub(crate) fn fix_names(_builder: &mut Builder<'_, '_>, _accumulator: &mut Accumulator) -> Result<(), Problem> {
    Ok(())
}
