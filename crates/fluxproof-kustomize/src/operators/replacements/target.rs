//! Where the value of a replacement goes (`applyReplacement`).

use super::copy::{Copier, unreadable};
use super::lookup::text as text_of;
use super::matcher::{Matcher, Miss};
use super::path::Kind;
use super::print::Written;
use super::source::{DEFAULT_PATH, Source};
use super::structured;
use crate::Resource;
use crate::kustomization::{field, flag, integer, items};
use crate::model::{ResourceSet, Selector};
use crate::spec::fields;
use crate::tree::Writer;
use fluxproof_yaml::{Problem, Sources, Span, Value};

/// Puts a value into all objects that a target selects.
pub(super) fn apply(
    sources: &Sources,
    target: &Value,
    source: &mut Source,
    set: &mut ResourceSet,
) -> Result<(), Problem> {
    let Some(select) = field(target, "select") else {
        return Err(Problem::new(target.span, "target must specify resources to select"));
    };
    let read = |map: &Value| {
        Selector::read(map).map_err(|problem| {
            let message = format!("error creating target selector: {}", problem.message);
            Problem { message, ..problem }
        })
    };
    let selection = Selection {
        select: read(select)?,
        rejects: items(target, "reject").iter().map(read).collect::<Result<_, _>>()?,
    };
    let paths = Paths::read(target, &source.value);
    for at in selection.candidates(set) {
        if set.get(at).map_or(Ok(false), |resource| selection.takes(resource))? {
            set.update(at, |resource| paths.copy(sources, source, (at, resource))).unwrap_or(Ok(()))?;
        }
    }
    Ok(())
}

struct Selection {
    select: Selector,
    rejects: Vec<Selector>,
}

impl Selection {
    fn candidates(&self, set: &ResourceSet) -> Vec<usize> {
        self.select.plain_name().map_or_else(|| (0..set.len()).collect(), |name| set.named(name).to_vec())
    }

    fn takes(&self, resource: &Resource) -> Result<bool, Problem> {
        if !self.select.takes_labels(resource)? {
            return Ok(false);
        }
        for reject in &self.rejects {
            if (reject.has_labels() && reject.takes_labels(resource)?) || self.rejects_id(reject, resource) {
                return Ok(false);
            }
        }
        Ok(resource.ids().any(|id| self.select.takes_written(&id)))
    }

    fn rejects_id(&self, reject: &Selector, resource: &Resource) -> bool {
        reject.has_id() && resource.ids().any(|id| reject.takes_written(&id))
    }
}

/// The fields of a target, and how the value is put there.
struct Paths<'v> {
    paths: Vec<(&'v str, Vec<String>, Span)>,
    copier: Copier<'v>,
    /// What is made where nothing is.
    create: Option<Kind>,
}

impl<'v> Paths<'v> {
    fn read(target: &'v Value, value: &Value) -> Self {
        let listed = items(target, "fieldPaths");
        let mut paths: Vec<_> = listed.iter().map(|path| (text_of(path), fields(text_of(path)), path.span)).collect();
        if paths.is_empty() {
            paths.push((DEFAULT_PATH, fields(DEFAULT_PATH), target.span));
        }
        let options = field(target, "options");
        let delimiter = options.and_then(|options| field(options, "delimiter")).map_or("", text_of);
        let index = options.map_or(0, |options| integer(options, "index"));
        let create = options.is_some_and(|options| flag(options, "create")).then(|| Kind::of(value));
        Self { paths, copier: Copier { delimiter, index }, create }
    }

    fn copy(
        &self,
        sources: &Sources,
        source: &mut Source,
        (number, resource): (usize, &mut Resource),
    ) -> Result<(), Problem> {
        for (shown, path, span) in &self.paths {
            let writer = Writer::new("replacements", *span);
            let written = Written::file(sources, resource.file);
            let matcher = Matcher { written, create: self.create, in_flow: false, writer };
            if structured::set(&mut resource.value, &source.value, path, matcher) {
                source.refresh(number, &resource.value);
                continue;
            }
            if self.create.is_some() && source.is_of(number) {
                // What is made in the value itself is copied with it.
                let _ = matcher.each(&mut resource.value, path, &mut |_, _| Ok(()));
                source.refresh(number, &resource.value);
            }
            let mistyped = &mut resource.mistyped;
            let mut set = |place: &mut Value, in_flow: bool| {
                self.copier.set(place, &source.value, (writer, in_flow))?;
                *mistyped |= unreadable(place).is_some();
                Ok(())
            };
            let found = matcher.each(&mut resource.value, path, &mut set);
            let verb = if self.create.is_some() { "find or create" } else { "find" };
            let what = format!("unable to {verb} field {shown:?} in replacement target");
            match found {
                Ok(0) => return Err(Problem::new(*span, what).related(resource.name_span(), "the target")),
                Ok(_) => source.refresh(number, &resource.value),
                Err(Miss::Path(error)) => {
                    let problem = Problem::new(*span, format!("{what}: {error}"));
                    return Err(problem.related(resource.name_span(), "the target"));
                }
                Err(Miss::Value(error)) => return Err(Problem::new(*span, error)),
            }
        }
        Ok(())
    }
}
