//! The `replacements` field: a value of one object put into others (`ReplacementTransformer.go`,
//! `api/filters/replacement`).

mod copy;
mod create;
mod lookup;
mod matcher;
mod path;
mod print;
mod scalar;
mod source;
mod structured;
mod target;

pub(crate) use copy::mistyped;
pub(crate) use create::create_path;
pub(crate) use print::Written;

use self::source::Source;
use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, is_empty, items, text};
use crate::patch::configured;
use crate::plugin::misconfigured;
use fluxproof_yaml::{Problem, Value, View};

const INCOMPLETE: &str = "replacements must specify a source and at least one target";

/// `replacements`
pub(crate) fn apply(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let own = field(level.kustomization, "replacements");
    let listed = listed(builder, level, level.kustomization).map_err(|problem| match own {
        Some(own) => configured(problem, "ReplacementTransformer", own, &[("replacements", own)]),
        None => problem,
    })?;
    // kustomize hands its own field on without what is empty.
    let is_bare = |item: &&Value| item.span.file == level.kustomization.span.file && is_empty(item, "targets");
    let one = |item: &Value| match is_bare(&item) {
        true => Err(Problem::new(item.span, INCOMPLETE)),
        false => replace(builder, item, accumulator),
    };
    listed.iter().try_for_each(one)
}

/// The same as an object.
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let own = Resource::new(config.clone(), config.span.file);
    let listed = listed(builder, level, config).map_err(|problem| misconfigured(&own, problem))?;
    listed.iter().try_for_each(|replacement| {
        let replaced = replace(builder, replacement, accumulator);
        accumulator.set.follow_shared();
        replaced
    })
}

/// The replacements of a field, those of files in the place of the entry that names the file.
fn listed(builder: &mut Builder<'_, '_>, level: Level<'_>, config: &Value) -> Result<Vec<Value>, Problem> {
    let mut listed = Vec::new();
    for item in items(config, "replacements") {
        let Some(path) = text(item, "path") else {
            listed.push(item.clone());
            continue;
        };
        if field(item, "source").is_some() || !items(item, "targets").is_empty() {
            return Err(Problem::new(path.span, "cannot specify both path and inline replacement"));
        }
        if let Some(file) = builder.file(level, path)? {
            let workspace = builder.workspace;
            if let Some(problem) = workspace.configuration_problems(file).first() {
                return Err(problem.clone());
            }
            match workspace.configuration(file) {
                Some(value) => listed.extend(of_file(value)?),
                None => return Err(unsupported(path, "invalid")),
            }
        }
    }
    Ok(listed)
}

/// A file holds a list of replacements, or one.
fn of_file(value: &Value) -> Result<Vec<Value>, Problem> {
    match value.view() {
        View::Seq(items) => Ok(items.to_vec()),
        View::Map(_) => Ok(vec![value.clone()]),
        View::Null => Err(unsupported(value, "invalid")),
        View::Bool(_) => Err(unsupported(value, "bool")),
        View::Int(_) | View::Float(_) => Err(unsupported(value, "float64")),
        View::Str(_) => Err(unsupported(value, "string")),
    }
}

fn unsupported(at: &Value, kind: &str) -> Problem {
    Problem::new(at.span, format!("unsupported replacement type encountered within replacement path: {kind}"))
}

fn replace(builder: &mut Builder<'_, '_>, replacement: &Value, accumulator: &mut Accumulator) -> Result<(), Problem> {
    let (source, literal) = (field(replacement, "source"), field(replacement, "sourceValue"));
    let targets = field(replacement, "targets");
    if (source.is_none() && literal.is_none()) || targets.is_none() {
        return Err(Problem::new(replacement.span, INCOMPLETE));
    }
    let mut source = match (source, literal) {
        (Some(_), Some(literal)) => {
            let message = "value and resource selectors are mutually exclusive";
            return Err(Problem::new(literal.span, message));
        }
        (None, Some(literal)) => Source::literal(literal),
        (Some(source), None) if builder.lacks_some() && !Source::is_there(source, &accumulator.set) => return Ok(()),
        (Some(source), None) => Source::find(builder.sources(), source, &accumulator.set)?,
        (None, None) => return Ok(()),
    };
    for target in targets.map_or(&[][..], Value::items) {
        target::apply(builder.sources(), target, &mut source, &mut accumulator.set)?;
    }
    Ok(())
}
