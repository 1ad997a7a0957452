//! Generators, transformers and validators that are written as objects (`internal/plugins/loader/loader.go`,
//! `internal/plugins/builtinhelpers/builtins.go`).

mod annotation;
mod builtin;
mod load;
mod origin;
mod policy;
mod validate;
mod value_add;

pub(crate) use annotation::recall;
pub(crate) use load::misconfigured;
pub(crate) use origin::{ORIGIN, build_metadata, join_paths, origin_of_file, origin_of_generator, record_operator};
pub(crate) use validate::validators;

use crate::build::{Accumulator, Builder, Level, Wrap};
use crate::model::Resource;
use fluxproof_yaml::{Problem, Value};

/// A transformer written as an object: its configuration, and all that it is to change.
type Transformer = fn(&mut Builder<'_, '_>, Level<'_>, &Value, &mut Accumulator) -> Result<(), Problem>;

/// `generators`
pub(crate) fn generators(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let wrap = Wrap::Prefix("loading generator plugins".into());
    let loaded = builder.wrapped(wrap, |builder| {
        let objects = load::objects(builder, level, "generators", "configuring external generator");
        let wrap = Wrap::Prefix("failed to load generator".into());
        builder.wrapped(wrap, |builder| load::generators(builder, level, objects))
    });
    for (plugin, made) in loaded {
        let result = made.and_then(|made| absorb(builder, &plugin, made, accumulator));
        builder.check(result);
    }
    Ok(())
}

fn absorb(
    builder: &Builder<'_, '_>,
    plugin: &Resource,
    mut made: Resource,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    if builder.origins {
        origin::origin_of_plugin(plugin, &mut made);
    }
    accumulator.set.absorb(builder.sources(), made)
}

/// `transformers`
pub(crate) fn transformers(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    for (plugin, transformer) in load::transformers(builder, level, "transformers") {
        if !builder.spend(accumulator.set.len(), plugin.span) {
            return Ok(());
        }
        let result = transformer(builder, level, &plugin.value, accumulator);
        builder.check(result.map_err(|problem| load::named(&plugin, problem)));
        accumulator.set.follow_shared();
        if builder.origins {
            origin::record_plugin(&plugin, accumulator);
        }
        accumulator.set.drop_empty();
    }
    Ok(())
}
