//! Generated ConfigMaps and Secrets, Helm charts, and the hash that names end with.

mod args;
mod base64;
mod hash;
mod helm;
mod node;
mod object;
mod pairs;
mod written;

pub(crate) use args::Args;
pub(crate) use hash::add_hashes;
pub use hash::name_hash;
pub(crate) use helm::{charts as helm_charts, refuse as refuse_helm};
pub(crate) use object::{Kind, make};
pub(crate) use written::{is_string, not_a_string, unreadable};

use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::items;
use crate::plugin::origin_of_generator;
use fluxproof_yaml::Problem;

/// `configMapGenerator`
pub(crate) fn config_maps(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    entries(builder, level, accumulator, Kind::ConfigMap);
    Ok(())
}

/// `secretGenerator`
pub(crate) fn secrets(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    entries(builder, level, accumulator, Kind::Secret);
    Ok(())
}

/// Makes the objects of a field, one by one; a broken entry does not keep the others away.
fn entries(builder: &mut Builder<'_, '_>, level: Level<'_>, accumulator: &mut Accumulator, kind: Kind) {
    for entry in items(level.kustomization, kind.field()) {
        let args = Args::of_entry(entry, level.kustomization);
        let made = make(builder, level, kind, &args);
        let result = made.and_then(|mut resource| {
            origin_of_generator(builder, level, kind.plugin(), &mut resource);
            accumulator.set.absorb(builder.sources(), resource)
        });
        builder.check(result);
    }
}
