//! `ValueAddTransformer`: one value in many places (`ValueAddTransformer.go`, `api/filters/valueadd`).

use super::misconfigured;
use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, integer, items, text};
use crate::model::Selector;
use crate::operators::replacements::{Written, create_path};
use crate::spec::parts;
use crate::tree::Writer;
use fluxproof_yaml::{Problem, Sources, Value};

/// A place to add the value to.
struct Target<'v> {
    selector: Option<Selector>,
    fields: Vec<String>,
    /// The part of a file path that the value becomes, from 1; 0 for the whole.
    position: usize,
    at: &'v Value,
}

/// Adds a value wherever the targets say.
pub(super) fn plugin(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let own = Resource::new(config.clone(), config.span.file);
    let listed = listed(builder, level, config).map_err(|problem| misconfigured(&own, problem))?;
    let targets: Result<Vec<Target<'_>>, Problem> = listed.iter().map(target).collect();
    let targets = targets.map_err(|problem| misconfigured(&own, problem))?;
    let value = field(config, "value").and_then(Value::as_str).map(str::trim).filter(|value| !value.is_empty());
    let value = value.unwrap_or_else(|| level.folder.name());
    let written = field(config, "value").map_or(config.span, |value| value.span);
    targets.iter().try_for_each(|target| apply(builder.sources(), target, &Value::string(written, value), accumulator))
}

/// The targets of the object, then those of a file that it names.
fn listed(builder: &mut Builder<'_, '_>, level: Level<'_>, config: &Value) -> Result<Vec<Value>, Problem> {
    let mut targets = items(config, "targets").to_vec();
    let path = text(config, "targetFilePath");
    if let Some(file) = path.map(|path| builder.file(level, path)).transpose()?.flatten() {
        let workspace = builder.workspace;
        targets.extend(workspace.configuration(file).map_or(&[][..], |file| items(file, "targets")).iter().cloned());
    }
    if targets.is_empty() {
        return Err(Problem::new(config.span, "must specify at least one target"));
    }
    Ok(targets)
}

fn target(at: &Value) -> Result<Target<'_>, Problem> {
    let Some(path) = text(at, "fieldPath") else {
        return Err(Problem::new(at.span, "fieldPath cannot be empty"));
    };
    let position = integer(at, "filePathPosition");
    let Ok(position) = usize::try_from(position) else {
        return Err(Problem::new(at.span, format!("value of FilePathPosition ({position}) cannot be negative")));
    };
    let selector = field(at, "selector").map(Selector::read).transpose()?;
    Ok(Target { selector, fields: parts(path.as_str().unwrap_or_default(), '/'), position, at })
}

fn apply(sources: &Sources, target: &Target<'_>, value: &Value, accumulator: &mut Accumulator) -> Result<(), Problem> {
    let selected = match &target.selector {
        Some(selector) => selector.select(&accumulator.set)?,
        None => (0..accumulator.set.len()).collect(),
    };
    for at in selected {
        accumulator.set.update(at, |resource| add(sources, target, value, resource)).unwrap_or(Ok(()))?;
    }
    Ok(())
}

fn add(sources: &Sources, target: &Target<'_>, value: &Value, resource: &mut Resource) -> Result<(), Problem> {
    let writer = Writer::new("transformers", target.at.span);
    if target.fields == ["metadata", "namespace"] {
        set_namespace(resource, value, writer);
        return Ok(());
    }
    let written = Written::file(sources, resource.file);
    let fields: Vec<&str> = target.fields.iter().map(String::as_str).collect();
    let Some(place) = create_path(written, &mut resource.value, &fields, writer)? else {
        return Ok(());
    };
    let Some(old) = place.scalar_text() else {
        return Err(Problem::new(target.at.span, "wrong node kind: expected ScalarNode"));
    };
    let added = value.as_str().unwrap_or_default();
    let new = if target.position > 0 { insert(old, target.position - 1, added) } else { added.to_owned() };
    let is_quoted = written.is_quoted(place)
        || (place.as_str().is_some() && Value::plain(value.span, old.clone()).as_str().is_none());
    let new = if is_quoted { Value::string(value.span, new) } else { Value::plain(value.span, new) };
    writer.put(place, new);
    Ok(())
}

/// A namespace goes where there can be one.
fn set_namespace(resource: &mut Resource, value: &Value, writer: Writer) {
    if resource.gvk().is_cluster_scoped() {
        return;
    }
    if let Some(metadata) = resource.value.get_mut("metadata") {
        writer.set(metadata, "namespace", value.clone());
    }
}

/// Puts a part into a file path; at its end where it is shorter (`filesys.InsertPathPart`).
fn insert(path: &str, position: usize, part: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_take_a_part() {
        for (path, position, expected) in [
            ("", 0, "PEACH"),
            ("/", 5, "/PEACH"),
            ("pie", 0, "PEACH/pie"),
            ("/raw", 1, "/raw/PEACH"),
            ("/a/nice/warm/pie", 3, "/a/nice/warm/PEACH/pie"),
        ] {
            assert_eq!(insert(path, position, "PEACH"), expected, "{path} {position}");
        }
        assert_eq!(parts("a/b\\/c/d", '/'), ["a", "b/c", "d"]);
    }
}
