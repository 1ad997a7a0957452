//! Finding the objects of `generators`, `transformers` and `validators`, and what each of them is.

use super::builtin::{Builtin, builtin};
use super::{Transformer, origin, policy};
use crate::build::{Accumulator, Builder, Level, Wrap};
use crate::generate::{Args, make, refuse_helm};
use crate::inline;
use crate::kustomization::items;
use crate::model::{ResId, Resource, ResourceSet};
use crate::workspace::not_a_resource;
use fluxproof_yaml::{Problem, Value};

/// The objects that a field holds as text, then those that its files and folders hold
/// (`configureExternalTransformers`).
pub(super) fn objects(builder: &mut Builder<'_, '_>, level: Level<'_>, field: &str, what: &str) -> ResourceSet {
    let mut found = Accumulator::default();
    let mut paths = Vec::new();
    for item in items(level.kustomization, field) {
        match inline_objects(builder, item) {
            None => paths.push(item),
            Some(objects) => builder.wrapped(Wrap::Prefix(what.into()), |builder| {
                add(builder, level, item, objects, &mut found.set);
            }),
        }
    }
    paths.into_iter().for_each(|item| builder.resource(level, item, &mut found));
    found.set
}

fn add(builder: &mut Builder<'_, '_>, level: Level<'_>, item: &Value, objects: Vec<Value>, set: &mut ResourceSet) {
    for object in objects {
        let mut resource = Resource::new(object, item.span.file);
        if builder.origins {
            origin::origin_of_inline(builder, level, item, &mut resource);
        }
        let result = set.append(resource);
        builder.check(result);
    }
}

/// The objects of an entry that is no path: all its documents must be objects.
fn inline_objects(builder: &Builder<'_, '_>, item: &Value) -> Option<Vec<Value>> {
    let (documents, problems) = inline::documents(builder.sources(), item);
    let good = problems.is_empty() && documents.iter().all(|document| not_a_resource(document).is_none());
    good.then_some(documents)
}

/// What each object makes; what cannot be loaded is recorded.
pub(super) fn generators(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    objects: ResourceSet,
) -> Vec<(Resource, Result<Resource, Problem>)> {
    let mut loaded = Vec::new();
    for plugin in objects.into_resources() {
        match generator(builder, level, &plugin) {
            Ok(made) => loaded.push((plugin, made)),
            Err(problem) => builder.fail(problem),
        }
    }
    loaded
}

/// The outer error is one of loading, the inner one of generating.
fn generator(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    plugin: &Resource,
) -> Result<Result<Resource, Problem>, Problem> {
    match kind_of(plugin)? {
        Builtin::Generator(kind) => {
            let args = Args::of_object(&plugin.value);
            Ok(make(builder, level, kind, &args))
        }
        Builtin::Policy => Ok(policy::generate(&plugin.value)),
        Builtin::Helm => Err(misconfigured(plugin, refuse_helm(builder, &plugin.value))),
        Builtin::Transformer(_) => Err(wrong_sort(plugin, "generator")),
    }
}

/// The transformers of a field; what cannot be loaded is recorded.
pub(super) fn transformers(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    field: &str,
) -> Vec<(Resource, Transformer)> {
    let objects = objects(builder, level, field, "configuring external transformer");
    let mut loaded = Vec::new();
    for plugin in objects.into_resources() {
        match transformer(&plugin) {
            Ok(transformer) => loaded.push((plugin, transformer)),
            Err(problem) => builder.fail(problem),
        }
    }
    loaded
}

fn transformer(plugin: &Resource) -> Result<Transformer, Problem> {
    match kind_of(plugin)? {
        Builtin::Transformer(transformer) => Ok(transformer),
        _ => Err(wrong_sort(plugin, "transformer")),
    }
}

fn wrong_sort(plugin: &Resource, wanted: &str) -> Problem {
    Problem::new(plugin.span, format!("plugin {} not a {wanted}", plugin.original_id()))
}

/// Only what is built into kustomize runs: neither Flux nor this engine starts other programs.
fn kind_of(plugin: &Resource) -> Result<Builtin, Problem> {
    if plugin.api_version() != "builtin" {
        let kind = plugin.kind();
        let message = format!("external plugins disabled; unable to load external plugin '{kind}'");
        return Err(Problem::new(plugin.span, message)
            .note("a plugin whose apiVersion is not 'builtin' is another program, and Flux starts none"));
    }
    builtin(plugin.kind()).ok_or_else(|| Problem::new(plugin.span, format!("unable to load builtin {}", plugin.gvk())))
}

/// An error of a plugin object's own configuration, in kustomize's words.
pub(crate) fn misconfigured(plugin: &Resource, problem: Problem) -> Problem {
    let message = format!("{}{}", misconfiguration(&plugin.original_id()), problem.message);
    Problem { message, ..problem }
}

fn misconfiguration(id: &ResId) -> String {
    format!("plugin {id} fails configuration: ")
}

/// An error of a transformer, which knows only what its object is called now: kustomize says the first name.
pub(super) fn named(plugin: &Resource, problem: Problem) -> Problem {
    match problem.message.strip_prefix(&misconfiguration(&plugin.id())) {
        Some(rest) => Problem { message: format!("{}{rest}", misconfiguration(&plugin.original_id())), ..problem },
        None => problem,
    }
}
