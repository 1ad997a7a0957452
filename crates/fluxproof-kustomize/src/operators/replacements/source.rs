//! Where the value of a replacement is from (`getReplacement`).

use super::lookup::{Steps, at, locate, text as text_of};
use super::print::Written;
use crate::kustomization::{field, flag, integer, text};
use crate::model::{Gvk, ResId, Resource, ResourceSet};
use crate::spec::fields;
use fluxproof_yaml::{Data, Problem, Sources, Value};

/// The field that is meant where none is named.
pub(super) const DEFAULT_PATH: &str = "metadata.name";

/// A value, and where it stands.
pub(super) struct Source {
    pub(super) value: Value,
    /// The object and the way to it; nothing for a part of a text.
    place: Option<(usize, Steps)>,
}

impl Source {
    /// A text that a replacement gives itself (`sourceValue`).
    pub(super) fn literal(text: &Value) -> Self {
        let value = Value::plain(text.span, text.as_str().unwrap_or_default());
        Self { value: value.written("replacements", text.span), place: None }
    }

    /// Whether the object that a source names is in the set.
    pub(super) fn is_there(source: &Value, set: &ResourceSet) -> bool {
        Selector::read(source).select(set).is_ok()
    }

    /// The value that a source names.
    pub(super) fn find(sources: &Sources, source: &Value, set: &ResourceSet) -> Result<Self, Problem> {
        let selector = Selector::read(source);
        let (number, resource) = selector.select(set)?;
        let path = text(source, "fieldPath");
        let (shown, span) = path.map_or((DEFAULT_PATH, source.span), |path| (text_of(path), path.span));
        let wrong = |message: String| Problem::new(span, message);
        let steps = locate(Written::file(sources, resource.file), &resource.value, &fields(shown))
            .map_err(|error| wrong(format!("error looking up replacement source: {error}")))?;
        let found = steps.and_then(|steps| Some((at(&resource.value, &steps)?, steps)));
        let Some((value, steps)) = found.filter(|(value, _)| !is_empty(value)) else {
            return Err(wrong(format!("fieldPath `{shown}` is missing for replacement source {}", selector.id)));
        };
        match refined(value, source)? {
            Some(value) => Ok(Self { value, place: None }),
            None => Ok(Self { value: value.clone(), place: Some((number, steps)) }),
        }
    }

    /// Looks at the value once more where its object was changed: kustomize copies what stands there at that time.
    pub(super) fn refresh(&mut self, number: usize, object: &Value) {
        let here = self.place.as_ref().filter(|(place, _)| *place == number);
        if let Some(value) = here.and_then(|(_, steps)| at(object, steps)) {
            self.value = value.clone();
        }
    }
}

/// Null, and lists and mappings with nothing in them.
fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Scalar(..) => value.is_null(),
        Data::Seq(items) => items.is_empty(),
        Data::Map(entries) => entries.is_empty(),
    }
}

/// The part of a text that `options` ask for, if they do (`getRefinedValue`).
fn refined(value: &Value, source: &Value) -> Result<Option<Value>, Problem> {
    let Some((options, delimiter)) = field(source, "options").and_then(|o| Some((o, text(o, "delimiter")?))) else {
        return Ok(None);
    };
    let Data::Scalar(whole, kind) = &value.data else {
        return Err(Problem::new(delimiter.span, "delimiter option can only be used with scalar nodes"));
    };
    let index = integer(options, "index");
    let part = usize::try_from(index).ok().and_then(|index| whole.split(text_of(delimiter)).nth(index));
    let out = || Problem::new(options.span, format!("options.index {index} is out of bounds for value {whole}"));
    Ok(Some(Value { data: Data::Scalar(part.ok_or_else(out)?.into(), *kind), ..value.clone() }))
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
    fn select<'s>(&self, set: &'s ResourceSet) -> Result<(usize, &'s Resource), Problem> {
        let fits = |at: &usize| set.get(*at).is_some_and(|resource| resource.ids().any(|id| self.takes(&id)));
        let found: Vec<usize> = if self.id.name.is_empty() {
            (0..set.len()).filter(fits).take(2).collect()
        } else {
            set.named(&self.id.name).iter().copied().filter(fits).take(2).collect()
        };
        let problem = |what: &str| Problem::new(self.source.span, format!("{what} {}", self.shown()));
        match found.as_slice() {
            [] => Err(problem("nothing selected by")),
            [one] => set.get(*one).map(|resource| (*one, resource)).ok_or_else(|| problem("nothing selected by")),
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
