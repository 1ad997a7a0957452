//! Where the value of a replacement is from (`getReplacement`).

use super::lookup::{at, locate, text as text_of};
use super::path::split;
use crate::kustomization::{field, flag, integer, text};
use crate::model::{Gvk, ResId, Resource, ResourceSet};
use fluxproof_yaml::{Data, Problem, Value};

/// The field that is meant where none is named.
pub(super) const DEFAULT_PATH: &str = "metadata.name";

/// The value that a source names.
pub(super) fn value(source: &Value, set: &ResourceSet) -> Result<Value, Problem> {
    let selector = Selector::read(source);
    let resource = selector.select(set)?;
    let path = text(source, "fieldPath");
    let (shown, span) = path.map_or((DEFAULT_PATH, source.span), |path| (text_of(path), path.span));
    let wrong = |message: String| Problem::new(span, message);
    let steps = locate(&resource.value, &split(shown))
        .map_err(|error| wrong(format!("error looking up replacement source: {error}")))?;
    let found = steps.and_then(|steps| at(&resource.value, &steps)).filter(|value| !is_empty(value));
    let missing = || wrong(format!("fieldPath `{shown}` is missing for replacement source {}", selector.id));
    refined(found.ok_or_else(missing)?, source)
}

/// Null, and lists and mappings with nothing in them.
fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Scalar(..) => value.is_null(),
        Data::Seq(items) => items.is_empty(),
        Data::Map(entries) => entries.is_empty(),
    }
}

/// The part of a text that `options` ask for (`getRefinedValue`).
fn refined(value: &Value, source: &Value) -> Result<Value, Problem> {
    let Some((options, delimiter)) = field(source, "options").and_then(|o| Some((o, text(o, "delimiter")?))) else {
        return Ok(value.clone());
    };
    let Data::Scalar(whole, kind) = &value.data else {
        return Err(Problem::new(delimiter.span, "delimiter option can only be used with scalar nodes"));
    };
    let index = integer(options, "index");
    let part = usize::try_from(index).ok().and_then(|index| whole.split(text_of(delimiter)).nth(index));
    let out = || Problem::new(options.span, format!("options.index {index} is out of bounds for value {whole}"));
    Ok(Value { data: Data::Scalar(part.ok_or_else(out)?.into(), *kind), ..value.clone() })
}

/// What the object must be called: nothing here is a pattern.
struct Selector<'v> {
    source: &'v Value,
    id: ResId,
}

impl<'v> Selector<'v> {
    fn read(source: &'v Value) -> Self {
        let part = |name: &str| text(source, name).map_or("", text_of).into();
        let gvk = Gvk { group: part("group"), version: part("version"), kind: part("kind") };
        Self { source, id: ResId { gvk, name: part("name"), namespace: part("namespace") } }
    }

    /// The one object that is or was called so.
    fn select<'s>(&self, set: &'s ResourceSet) -> Result<&'s Resource, Problem> {
        let fits = |at: &usize| set.get(*at).is_some_and(|resource| resource.ids().any(|id| self.takes(&id)));
        let found: Vec<usize> = if self.id.name.is_empty() {
            (0..set.len()).filter(fits).take(2).collect()
        } else {
            set.named(&self.id.name).iter().copied().filter(fits).take(2).collect()
        };
        let problem = |what: &str| Problem::new(self.source.span, format!("{what} {}", self.shown()));
        match found.as_slice() {
            [] => Err(problem("nothing selected by")),
            [one] => set.get(*one).ok_or_else(|| problem("nothing selected by")),
            [first, more @ ..] => Err([first]
                .into_iter()
                .chain(more)
                .filter_map(|at| set.get(*at))
                .fold(problem("multiple matches for selector"), |problem, resource| {
                    problem.related(resource.name_span(), "this one")
                })),
        }
    }

    /// kustomize does not look here at which kinds live outside namespaces (`MakeResIds`).
    fn takes(&self, id: &ResId) -> bool {
        let namespace = if id.namespace.is_empty() { "default" } else { id.namespace.as_str() };
        (self.id.name.is_empty() || self.id.name == id.name)
            && (self.id.namespace.is_empty() || self.id.namespace == namespace)
            && id.gvk.is_selected(&self.id.gvk)
    }

    /// `SourceSelector.String`
    fn shown(&self) -> String {
        let mut shown = self.id.to_string();
        if let Some(path) = text(self.source, "fieldPath") {
            shown = format!("{shown}:{}", text_of(path));
        }
        let Some(options) = field(self.source, "options") else { return shown };
        let (delimiter, create) = (text(options, "delimiter").map_or("", text_of), flag(options, "create"));
        if delimiter.is_empty() && !create {
            return shown;
        }
        format!("{shown}:{delimiter}({}), create={create}", integer(options, "index"))
    }
}
