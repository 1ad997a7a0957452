//! `vars`: values of fields that stand for `$(NAME)` in others (`api/types/var.go`, `resaccumulator.go`).

use super::expand::{Replacement, Replacements, expanded};
use super::lookup::lookup;
use crate::build::{Accumulator, Builder, Level};
use crate::kustomization::{field, items, text};
use crate::model::shared::follow;
use crate::model::{Gvk, ResId, ResourceSet};
use crate::spec::{Make, Rows, visit};
use crate::tree::Writer;
use fluxproof_yaml::{EcoString, Problem, Span, Value};
use std::collections::BTreeMap;
use std::fmt;

/// A field of an object and the name it has in `$(NAME)`.
#[derive(Debug, Clone)]
pub(crate) struct Var {
    name: EcoString,
    /// The object: a namespace that is not said is any.
    target: ResId,
    /// `metadata.name` where it is empty.
    path: EcoString,
    span: Span,
}

/// Vars by name: no two have one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vars(BTreeMap<EcoString, Var>);

impl Vars {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Var> {
        self.0.values()
    }

    /// Adds others, or says which is there already (`VarSet.MergeSlice`).
    pub(crate) fn merge(&mut self, others: impl IntoIterator<Item = Var>) -> Result<(), Problem> {
        for var in others {
            if let Some(first) = self.0.get(&var.name) {
                let problem = Problem::new(var.span, format!("var '{}' already encountered", var.name));
                return Err(problem.related(first.span, "the first one"));
            }
            self.0.insert(var.name.clone(), var);
        }
        Ok(())
    }
}

impl Var {
    /// An entry of `vars`; with `parsed`, its `apiVersion` counts as group and version.
    fn read(value: &Value, parsed: bool) -> Self {
        let part = |map: Option<&Value>, name: &str| -> EcoString {
            map.and_then(|map| text(map, name)).and_then(Value::as_str).unwrap_or_default().into()
        };
        let (object, place) = (field(value, "objref"), field(value, "fieldref"));
        let (version, kind) = (part(object, "apiVersion"), part(object, "kind"));
        let mut gvk = Gvk { group: part(object, "group"), version: part(object, "version"), kind };
        match version.split('/').collect::<Vec<_>>()[..] {
            [one] if parsed && !one.is_empty() => gvk.version = one.into(),
            [group, version] if parsed => (gvk.group, gvk.version) = (group.into(), version.into()),
            _ => {}
        }
        let target = ResId { gvk, name: part(object, "name"), namespace: part(object, "namespace") };
        Self { name: part(Some(value), "name"), target, path: part(place, "fieldPath"), span: value.span }
    }

    /// With the path that is meant where none is said (`Defaulting`).
    fn defaulted(mut self) -> Self {
        if self.path.is_empty() {
            self.path = "metadata.name".into();
        }
        self
    }

    /// The objects that it may mean.
    fn matches(&self, set: &ResourceSet) -> Vec<usize> {
        if !self.target.namespace.is_empty() {
            return set.find_any(&self.target);
        }
        let same = |id: ResId| id.name == self.target.name && id.gvk == self.target.gvk;
        let is_meant = |at: &usize| set.get(*at).is_some_and(|resource| resource.ids().any(same));
        set.named(&self.target.name).iter().copied().filter(is_meant).collect()
    }
}

impl fmt::Display for Var {
    /// As Go's `%v` shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{} {} {{{}}}}}", self.name, self.target.gvk, self.path)
    }
}

/// Adds the `vars` of a level and marks the objects that have their values (`MergeVars`).
pub(crate) fn merge(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    accumulator: &mut Accumulator,
) -> Result<(), Problem> {
    let listed = items(level.kustomization, "vars");
    if !builder.spend(listed.len().saturating_mul(accumulator.set.len()), level.kustomization.span) {
        return Ok(());
    }
    merge_listed(listed, accumulator).map_err(|problem| {
        let shown: Vec<String> = listed.iter().map(|value| Var::read(value, false).to_string()).collect();
        let message = format!("merging vars [{}]: {}", shown.join(" "), problem.message);
        Problem { message, ..problem }
    })
}

fn merge_listed(listed: &[Value], accumulator: &mut Accumulator) -> Result<(), Problem> {
    let vars = || listed.iter().map(|value| Var::read(value, true));
    for var in vars() {
        match var.matches(&accumulator.set)[..] {
            [] => {}
            [at] => {
                accumulator.set.update(at, |resource| resource.vars.push(var.name.clone()));
            }
            ref many => {
                let message = format!("found {} resId matches for var {var} (unable to disambiguate)", many.len());
                let found = many.iter().filter_map(|at| accumulator.set.get(*at));
                let problem = Problem::new(var.span, message);
                return Err(
                    found.fold(problem, |problem, one| problem.related(one.name_span(), "it may mean this one"))
                );
            }
        }
    }
    accumulator.vars.merge(vars().map(Var::defaulted))
}

/// Puts the values in the place of `$(NAME)`, wherever the configuration knows that it may stand (`ResolveVars`).
pub(crate) fn resolve(_builder: &mut Builder<'_, '_>, accumulator: &mut Accumulator) -> Result<(), Problem> {
    let replacements = replacements(accumulator)?;
    if replacements.is_empty() {
        return Ok(());
    }
    let config = accumulator.config.clone();
    let rows = Rows::new(&config.var_reference);
    for resource in accumulator.set.all_mut() {
        let gvk = resource.gvk();
        for row in rows.of(&gvk) {
            let writer = Writer::new("vars", resource.span);
            visit(resource, row, Make::Nothing, writer, &mut |value| expanded(value, &replacements))?;
        }
        follow(resource);
    }
    Ok(())
}

/// The values of all vars, each from the first object that is marked with its name.
fn replacements(accumulator: &Accumulator) -> Result<Replacements, Problem> {
    let mut places: BTreeMap<&EcoString, &Value> = BTreeMap::new();
    for resource in accumulator.set.iter() {
        for name in &resource.vars {
            places.entry(name).or_insert(&resource.value);
        }
    }
    accumulator.vars.iter().map(|var| Ok((var.name.clone(), (value(var, &places)?, var.span)))).collect()
}

fn value(var: &Var, places: &BTreeMap<&EcoString, &Value>) -> Result<Replacement, Problem> {
    let Some(object) = places.get(&var.name) else {
        let message = format!("var '{var}' cannot be mapped to a field in the set of known resources");
        return Err(Problem::new(var.span, message));
    };
    let found = lookup(object, &var.path).and_then(Replacement::of);
    let message = || format!("field specified in var '{var}' not found in corresponding resource");
    found.ok_or_else(|| Problem::new(var.span, message()))
}
