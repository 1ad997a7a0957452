//! One entry of `patches` (`PatchTransformer.go`): a strategic merge or a JSON patch, and what it is for.

use super::json::JsonPatch;
use super::source::Source;
use super::strategic::{Allowed, Strategic, for_many, id_of, target_of};
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, flag, text};
use crate::model::Selector;
use fluxproof_yaml::{Entry as Field, Problem, Sources, Span, Value, to_yaml};

/// An entry that was read.
pub(super) struct Entry<'k> {
    patch: Patch,
    target: Option<&'k Value>,
    allowed: Allowed,
    /// How messages name it: `[path: "a.yaml"]`
    shown: String,
    span: Span,
}

enum Patch {
    Strategic(Vec<Value>),
    Json(JsonPatch),
}

impl<'k> Entry<'k> {
    /// Reads an entry; none where its file lies outside the sources.
    pub(super) fn read(
        builder: &mut Builder<'_, '_>,
        level: Level<'_>,
        item: &'k Value,
    ) -> Result<Option<Self>, Problem> {
        let inline = text(item, "patch").filter(|patch| patch.as_str().is_some_and(|text| !text.trim().is_empty()));
        let problem = |what: &str| Err(Problem::new(item.span, format!("{what}\n{}", config_text(&fields(item)))));
        let (source, shown) = match (inline, text(item, "path")) {
            (None, None) => return problem("must specify one of patch and path in"),
            (Some(_), Some(_)) => return problem("patch and path can't be set at the same time"),
            (Some(inline), None) => {
                let source = Source::inline(builder.workspace, inline).trimmed();
                let shown = format!("[patch: {:?}]", source.text());
                (source, shown)
            }
            (None, Some(path)) => {
                let named = path.as_str().unwrap_or_default();
                let file = builder.file(level, path).map_err(|problem| {
                    let message = format!("failed to get the patch file from path({named}): {}", problem.message);
                    Problem { message, ..problem }
                })?;
                let Some(file) = file else { return Ok(None) };
                (Source::File(builder.workspace, file), format!("[path: {named:?}]"))
            }
        };
        let span = inline.or(text(item, "path")).map_or(item.span, |value| value.span);
        let patch = read_patch(&source, &shown).map_err(|problem| problem_of(&source, span, problem))?;
        let options = field(item, "options");
        let allows = |name| options.is_some_and(|options| flag(options, name));
        let allowed = Allowed { name: allows("allowNameChange"), kind: allows("allowKindChange") };
        Ok(Some(Self { patch, target: field(item, "target"), allowed, shown, span }))
    }

    /// Applies the patch to what it is for.
    pub(super) fn apply(
        &self,
        builder: &mut Builder<'_, '_>,
        accumulator: &mut Accumulator,
        by: &'static str,
    ) -> Result<(), Problem> {
        match (&self.patch, self.target) {
            (Patch::Strategic(patches), None) => self.merge_each(builder, accumulator, patches, by),
            (Patch::Strategic(patches), Some(target)) => {
                let merged = self.merge_selected(builder, accumulator, patches, target, by);
                builder.check(merged);
                Ok(())
            }
            (Patch::Json(patch), target) => {
                let patched = self.patch_selected(builder.sources(), accumulator, patch, target, by);
                builder.check(patched);
                Ok(())
            }
        }
    }

    fn merge_each(
        &self,
        builder: &mut Builder<'_, '_>,
        accumulator: &mut Accumulator,
        patches: &[Value],
        by: &'static str,
    ) -> Result<(), Problem> {
        let lookup = builder.lookup()?;
        let strategic = Strategic { lookup: &lookup, sources: builder.sources(), allowed: self.allowed, by };
        for patch in patches {
            let found = target_of(builder, &accumulator.set, patch).map_err(|problem| {
                let shown = id_of(patch).to_string();
                let message = format!("no resource matches strategic merge patch {shown:?}: {}", problem.message);
                Problem { message, ..problem }
            });
            let mut apply = |at| strategic.apply(&mut accumulator.set, at, patch);
            builder.check(found.and_then(|at| at.map_or(Ok(()), &mut apply)));
        }
        Ok(())
    }

    fn merge_selected(
        &self,
        builder: &mut Builder<'_, '_>,
        accumulator: &mut Accumulator,
        patches: &[Value],
        target: &Value,
        by: &'static str,
    ) -> Result<(), Problem> {
        let [patch] = patches else {
            if patches.is_empty() {
                return Ok(());
            }
            let what =
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field";
            return Err(Problem::new(target.span, format!("{what}: {}", self.shown)));
        };
        let set = &mut accumulator.set;
        let selected = Selector::read(target).and_then(|selector| selector.select(set)).map_err(|problem| {
            let shown = Selector::shown(target);
            let message = format!("unable to find patch target {shown:?} in `resources`: {}", problem.message);
            Problem { message, ..problem }
        })?;
        let (patch, lookup) = (for_many(patch), builder.lookup()?);
        let strategic = Strategic { lookup: &lookup, sources: builder.sources(), allowed: self.allowed, by };
        selected.iter().try_for_each(|at| strategic.apply_to_many(set, *at, &patch))?;
        let may_collide = self.allowed.name || self.allowed.kind;
        // Those that are empty by now have no identity.
        let double = if may_collide { set.first_double() } else { None };
        double.map_or(Ok(()), Err)
    }

    fn patch_selected(
        &self,
        sources: &Sources,
        accumulator: &mut Accumulator,
        patch: &JsonPatch,
        target: Option<&Value>,
        by: &'static str,
    ) -> Result<(), Problem> {
        let set = &mut accumulator.set;
        let none = || Problem::new(self.span, format!("must specify a target for JSON patch {}", self.shown));
        for at in Selector::read(target.ok_or_else(none)?)?.select(set)? {
            let patched = set.update(at, |resource| {
                let before = resource.previous.clone();
                resource.remember();
                patch.apply(sources, resource, by).inspect_err(|_| resource.previous = before)
            });
            patched.unwrap_or(Ok(()))?;
        }
        Ok(())
    }
}

/// A text is read both ways: as a strategic merge where it can be one, else as a JSON patch.
fn read_patch(source: &Source<'_>, shown: &str) -> Result<Patch, Problem> {
    let strategic = source.resources();
    let json =
        if source.text().is_empty() { Err("empty json patch operations".to_owned()) } else { JsonPatch::read(source) };
    match (strategic, json) {
        (Ok(patches), Ok(json)) if !patches.is_empty() && !json.is_empty() => {
            let message = format!("illegally qualifies as both an SM and JSON patch: {shown}");
            Err(Problem::new(source.span(), message))
        }
        (Ok(patches), _) => Ok(Patch::Strategic(patches)),
        (Err(_), Ok(json)) => Ok(Patch::Json(json)),
        (Err(first), Err(second)) => {
            let problem = Problem::new(first.span, format!("unable to parse SM or JSON patch from {shown}"));
            Err(problem.note(format!("as a strategic merge: {}", first.message)).note(second))
        }
    }
}

/// A problem of a file that is not read whole stays where its patch is asked for.
fn problem_of(source: &Source<'_>, entry: Span, problem: Problem) -> Problem {
    let at_start = problem.span.end == 0;
    match source {
        Source::File(..) if at_start => Problem { span: entry, ..problem },
        _ => problem,
    }
}

const FIELDS: [&str; 4] = ["options", "patch", "path", "target"];

/// The fields of an entry that are set.
pub(super) fn fields(item: &Value) -> Vec<(&'static str, &Value)> {
    FIELDS.iter().filter_map(|name| Some((*name, field(item, name).filter(|value| !is_blank(value))?))).collect()
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty)
}

/// The configuration of a transformer, as kustomize shows it.
fn config_text(fields: &[(&str, &Value)]) -> String {
    let entry = |(name, value): &(&str, &Value)| Field::new((*name).into(), value.span, (*value).clone());
    let span = fields.first().map_or(Span::new(fluxproof_yaml::FileId(0), 0, 0), |(_, value)| value.span);
    let map = Value::map(span, fields.iter().map(entry).collect::<Vec<Field>>());
    to_yaml(&map).unwrap_or_default()
}

/// What kustomize says of a transformer that it cannot make.
pub(crate) fn configured(problem: Problem, kind: &str, entry: &Value, fields: &[(&str, &Value)]) -> Problem {
    let message =
        format!("trouble configuring builtin {kind} with config: `\n{}`: {}", config_text(fields), problem.message);
    let span = if problem.span.end == 0 { entry.span } else { problem.span };
    Problem { message, span, ..problem }
}
