//! Patches: `patches`, and its older forms `patchesStrategicMerge` and `patchesJson6902`.
//!
//! `source` is the text of a patch, `merge`, `list` and `directive` are a strategic merge of two values, `strategic` is what
//! it does to resources, `json` the same for JSON patches, and `entry` is one entry of `patches`.

mod directive;
mod entry;
mod json;
mod list;
mod merge;
mod source;
mod strategic;

use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, items, text};
use crate::model::{ResourceSet, Selector};
use entry::Entry;
pub(crate) use entry::configured;
use fluxproof_yaml::{EcoString, Problem, Sources, Value};
use json::JsonPatch;
use source::Source;
use strategic::{Allowed, Strategic, for_many, target_of};

type Done = Result<(), Problem>;

/// `patchesStrategicMerge` (`PatchStrategicMergeTransformer`)
pub(crate) fn strategic_merges(builder: &mut Builder<'_, '_>, level: Level<'_>, accumulator: &mut Accumulator) -> Done {
    let listed = field(level.kustomization, "patchesStrategicMerge").filter(|list| !list.items().is_empty());
    let Some(list) = listed else { return Ok(()) };
    let merged = strategic_list(builder, level, items(level.kustomization, "patchesStrategicMerge"), None);
    let patches =
        merged.map_err(|problem| configured(problem, "PatchStrategicMergeTransformer", list, &[("paths", list)]));
    merge_all(builder, &patches?, accumulator, "patchesStrategicMerge")
}

/// The kind PatchStrategicMergeTransformer.
pub(crate) fn strategic_plugin(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Done {
    let (paths, inline) = (items(config, "paths"), text(config, "patches"));
    if paths.is_empty() && inline.is_none() {
        return Err(Problem::new(config.span, "empty file path and empty patch content"));
    }
    let patches = strategic_list(builder, level, paths, inline)?;
    merge_all(builder, &patches, accumulator, "PatchStrategicMergeTransformer")
}

/// The patches of a list whose items are patches, or else paths.
fn strategic_list(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    paths: &[Value],
    inline: Option<&Value>,
) -> Result<Vec<Value>, Problem> {
    let mut patches = Vec::new();
    for item in paths {
        patches.extend(strategic_item(builder, level, item)?);
    }
    if let Some(inline) = inline {
        patches.extend(Source::inline(builder.workspace, inline).resources()?);
    }
    if patches.is_empty() {
        let texts = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let files: Vec<String> = paths.iter().map(texts).collect();
        let (files, inline) = (files.join(" "), inline.map(texts).unwrap_or_default());
        let span = paths.first().map_or(level.kustomization.span, |path| path.span);
        return Err(Problem::new(span, format!("patch appears to be empty; files=[{files}], Patch={inline}")));
    }
    Ok(patches)
}

fn strategic_item(builder: &mut Builder<'_, '_>, level: Level<'_>, item: &Value) -> Result<Vec<Value>, Problem> {
    if let Ok(patches) = Source::inline(builder.workspace, item).resources() {
        return Ok(patches);
    }
    let Some(file) = builder.file(level, item)? else { return Ok(Vec::new()) };
    Source::File(builder.workspace, file).resources()
}

fn merge_all(
    builder: &mut Builder<'_, '_>,
    patches: &[Value],
    accumulator: &mut Accumulator,
    by: &'static str,
) -> Done {
    let lookup = builder.lookup()?;
    let strategic = Strategic { lookup: &lookup, sources: builder.sources(), allowed: Allowed::default(), by };
    for patch in patches {
        let found = target_of(builder, &accumulator.set, patch);
        let mut apply = |at| strategic.apply_to_many(&mut accumulator.set, at, &for_many(patch));
        builder.check(found.and_then(|at| at.map_or(Ok(()), &mut apply)));
    }
    Ok(())
}

/// `patches` (`PatchTransformer`)
pub(crate) fn patches(builder: &mut Builder<'_, '_>, level: Level<'_>, accumulator: &mut Accumulator) -> Done {
    let mut entries = Vec::new();
    for item in items(level.kustomization, "patches") {
        match Entry::read(builder, level, item) {
            Ok(entry) => entries.extend(entry),
            Err(problem) => builder.fail(configured(problem, "PatchTransformer", item, &entry::fields(item))),
        }
    }
    for entry in entries {
        entry.apply(builder, accumulator, "patches")?;
    }
    Ok(())
}

/// The kind PatchTransformer.
pub(crate) fn plugin(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Done {
    match Entry::read(builder, level, config)? {
        Some(entry) => entry.apply(builder, accumulator, "PatchTransformer"),
        None => Ok(()),
    }
}

/// `patchesJson6902` (`PatchJson6902Transformer`)
pub(crate) fn json_patches(builder: &mut Builder<'_, '_>, level: Level<'_>, accumulator: &mut Accumulator) -> Done {
    for item in items(level.kustomization, "patchesJson6902") {
        let (patch, path) = (text(item, "patch"), text(item, "path"));
        let done = match json_patch(builder, level, item, patch) {
            Ok(Some(patch)) => patch_selected(builder.sources(), &mut accumulator.set, item, &patch, "patchesJson6902"),
            Ok(None) => Ok(()),
            Err(problem) => {
                let fields = [("jsonOp", patch), ("path", path), ("target", field(item, "target"))];
                let fields: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                Err(configured(problem, "PatchJson6902Transformer", item, &fields))
            }
        };
        builder.check(done);
    }
    Ok(())
}

/// The kind PatchJson6902Transformer.
pub(crate) fn json_plugin(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    config: &Value,
    accumulator: &mut Accumulator,
) -> Done {
    match json_patch(builder, level, config, text(config, "jsonOp"))? {
        Some(patch) => {
            patch_selected(builder.sources(), &mut accumulator.set, config, &patch, "PatchJson6902Transformer")
        }
        None => Ok(()),
    }
}

/// The patch of an entry that has it in a file or in `inline`; none where it lies outside the sources.
fn json_patch(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    item: &Value,
    inline: Option<&Value>,
) -> Result<Option<JsonPatch>, Problem> {
    let problem = |message: String| Problem::new(item.span, message);
    let path = text(item, "path");
    if field(item, "target").and_then(|target| text(target, "name")).is_none() {
        return Err(problem("must specify the target name".into()));
    }
    let source = match (inline, path) {
        (None, None) => return Err(problem("empty file path and empty jsonOp".into())),
        (Some(_), Some(_)) => return Err(problem("must specify a file path or jsonOp, not both".into())),
        (Some(inline), None) => Source::inline(builder.workspace, inline),
        (None, Some(path)) => match builder.file(level, path)? {
            Some(file) => Source::File(builder.workspace, file),
            None => return Ok(None),
        },
    };
    let named = path.and_then(Value::as_str).unwrap_or_default();
    if source.text().is_empty() {
        return Err(problem(format!("patch file '{named}' empty seems to be empty")));
    }
    let patch = JsonPatch::read(&source).map_err(|error| {
        let message = format!("decoding {}: {error}", json_text(&source));
        Problem::new(source.span(), message)
    })?;
    if patch.is_empty() {
        let message = format!("patch appears to be empty; file={named}, JsonOp={}", json_text(&source));
        return Err(Problem::new(source.span(), message));
    }
    Ok(Some(patch))
}

/// A patch as JSON, as messages show it.
fn json_text(source: &Source<'_>) -> EcoString {
    let value = if source.text().starts_with('[') { None } else { source.configuration().ok().flatten() };
    let json = value.and_then(|value| fluxproof_yaml::to_json(&value).ok());
    json.map_or_else(|| source.text().into(), EcoString::from)
}

fn patch_selected(sources: &Sources, set: &mut ResourceSet, item: &Value, patch: &JsonPatch, by: &'static str) -> Done {
    let Some(selector) = field(item, "target") else { return Ok(()) };
    for at in Selector::read(selector)?.select(set)? {
        set.update(at, |resource| patch.apply(sources, resource, by)).unwrap_or(Ok(()))?;
    }
    Ok(())
}
