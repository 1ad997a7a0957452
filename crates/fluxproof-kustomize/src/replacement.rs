//! `replacements`: a field of one resource copied into fields of others (api/filters/replacement).

use crate::Resource;
use crate::build::{Builder, Level};
use crate::fields::{field, flag, integer, items, text};
use crate::path::{self, Found};
use crate::select::Selector;
use crate::tree::{MAX_DEPTH, depth, plain, scalar_text, string};
use fluxproof_yaml::{Data, Problem, Sources, Value};

/// What a field is where none is named.
const DEFAULT_PATH: &str = "metadata.name";

impl Builder<'_, '_> {
    /// Applies the replacements of a kustomization and of the files that it names.
    pub(crate) fn replacements(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        for item in items(level.kustomization, "replacements") {
            match text(item, "path") {
                Some(path) => self.replacements_of_file(level, path, resources),
                None => self.replacement(item, resources),
            }
        }
    }

    fn replacements_of_file(&mut self, level: &Level<'_>, path: &Value, resources: &mut [Resource]) {
        let workspace = self.workspace;
        let Some(file) = self.file_at(level, path) else { return };
        let problems = self.problems_of(file, path.span);
        self.problems.extend(problems);
        for document in workspace.documents(file) {
            match &document.data {
                Data::Seq(list) => list.iter().for_each(|item| self.replacement(item, resources)),
                _ => self.replacement(document, resources),
            }
        }
    }

    fn replacement(&mut self, item: &Value, resources: &mut [Resource]) {
        let targets = items(item, "targets");
        if !self.spend(resources.len().saturating_mul(targets.len() + 1), item.span) {
            return;
        }
        let value = match source_value(self.sources(), item, resources) {
            Ok(value) => value,
            Err(problem) => {
                let at = problem.span;
                self.problems.push(problem);
                return resources.iter_mut().for_each(|r| r.doubt(at, "a replacement whose source cannot be read"));
            }
        };
        for target in targets {
            if let Err(problem) = self.target(target, &value, resources) {
                self.problems.push(problem);
            }
        }
    }

    fn target(&mut self, target: &Value, value: &Value, resources: &mut [Resource]) -> Result<(), Problem> {
        let Some(select) = field(target, "select") else {
            return Err(Problem::new(target.span, "target must specify resources to select"));
        };
        let rejects = items(target, "reject").iter().map(Selector::new).collect::<Result<Vec<_>, _>>();
        let (select, rejects) = match (Selector::new(select), rejects) {
            (Ok(select), Ok(rejects)) => (select, rejects),
            (Err(unread), _) | (_, Err(unread)) => {
                resources.iter_mut().for_each(|resource| resource.doubt(unread.span, unread.message.clone()));
                return Ok(());
            }
        };
        for resource in resources.iter_mut().filter(|resource| is_target(resource, &select, &rejects)) {
            let place = Place { sources: self.workspace.sources(), target, value };
            place.copy(resource)?;
        }
        Ok(())
    }
}

fn is_target(resource: &Resource, select: &Selector, rejects: &[Selector]) -> bool {
    let ids = resource.ids();
    let rejected = rejects.iter().any(|reject| {
        let by_id = !reject.names_nothing() && ids.iter().any(|id| reject.selects_id(id));
        by_id || (reject.has_terms() && reject.selects_metadata(resource))
    });
    !rejected && select.selects_metadata(resource) && ids.iter().any(|id| select.selects_id(id))
}

/// The value to copy: `sourceValue`, or a field of the one resource that `source` names.
fn source_value(sources: &Sources, item: &Value, resources: &[Resource]) -> Result<Value, Problem> {
    if let Some(value) = field(item, "sourceValue") {
        return Ok(value.clone());
    }
    let Some(source) = field(item, "source") else {
        return Err(Problem::new(item.span, "replacements must specify a source and at least one target"));
    };
    let selector = Selector::exact(source)?;
    let mut found = resources.iter().filter(|resource| resource.ids().iter().any(|id| selector.selects_id(id)));
    let Some(resource) = found.next() else {
        return Err(Problem::new(source.span, "nothing selected by the source of a replacement"));
    };
    if let Some(second) = found.next() {
        let problem = Problem::new(source.span, "multiple matches for the source of a replacement");
        return Err(problem.related(resource.name_span(), "the first").related(second.name_span(), "the second"));
    }
    source_field(sources, source, resource)
}

fn source_field(sources: &Sources, source: &Value, resource: &Resource) -> Result<Value, Problem> {
    let written = text(source, "fieldPath");
    let path = written.and_then(Value::as_str).unwrap_or(DEFAULT_PATH);
    let span = written.map_or(source.span, |path| path.span);
    let parts = path::parse(path).map_err(|error| Problem::new(span, error))?;
    let found = path::look_up(&resource.value, &parts).filter(|value| !value.is_null());
    let Some(found) = found else {
        let message = format!("fieldPath `{path}` is missing for replacement source {}", resource.id());
        return Err(Problem::new(span, message).related(resource.name_span(), "the source"));
    };
    let Some((delimiter, options)) = delimiter(source) else { return Ok(found.clone()) };
    let Some(whole) = scalar_text(sources, found) else {
        return Err(Problem::new(span, "delimiter option can only be used with scalar nodes"));
    };
    let index = integer(options, "index");
    let part = usize::try_from(index).ok().and_then(|index| whole.split(delimiter).nth(index));
    let out_of_bounds =
        || Problem::new(options.span, format!("options.index {index} is out of bounds for value {whole}"));
    part.map(|part| string(part, found.span)).ok_or_else(out_of_bounds)
}

/// The delimiter of a source or target, and the options it is of.
fn delimiter(value: &Value) -> Option<(&str, &Value)> {
    let options = field(value, "options")?;
    Some((text(options, "delimiter")?.as_str()?, options))
}

/// One target: where to copy what.
struct Place<'a> {
    sources: &'a Sources,
    target: &'a Value,
    value: &'a Value,
}

impl Place<'_> {
    fn copy(&self, resource: &mut Resource) -> Result<(), Problem> {
        let paths = items(self.target, "fieldPaths");
        if paths.is_empty() {
            return self.copy_to(resource, DEFAULT_PATH, self.target);
        }
        paths.iter().try_for_each(|path| self.copy_to(resource, path.as_str().unwrap_or_default(), path))
    }

    fn copy_to(&self, resource: &mut Resource, path: &str, at: &Value) -> Result<(), Problem> {
        let create = field(self.target, "options").is_some_and(|options| flag(options, "create"));
        let name = resource.id().to_string();
        let doing = if create { "find or create" } else { "find" };
        let missing = |why: &str| {
            let problem =
                Problem::new(at.span, format!("unable to {doing} field \"{path}\" in replacement target{why}"));
            problem.note(format!("the target is {name}"))
        };
        let parts = path::parse(path).map_err(|error| missing(&format!(": {error}")))?;
        resource.remember();
        let is_annotation = path.starts_with("metadata.annotations.");
        let found = path::find(&mut resource.value, &parts, create.then_some(self.value.span));
        let found = found.map_err(|error| missing(&format!(": {error}")))?;
        if found.is_empty() {
            return Err(missing(""));
        }
        found.into_iter().try_for_each(|found| self.write(found, parts.len(), is_annotation, at))
    }

    fn write(&self, found: Found<'_>, level: usize, is_annotation: bool, at: &Value) -> Result<(), Problem> {
        let new = self.joined(found.value, at)?;
        if matches!(found.value.data, Data::Seq(_) | Data::Map(_)) || scalar_text(self.sources, &new).is_none() {
            if depth(&new).saturating_add(level) > MAX_DEPTH {
                return Err(Problem::new(at.span, "the replacement nests too deep"));
            }
            *found.value = new;
            return Ok(());
        }
        let text = scalar_text(self.sources, &new).unwrap_or_default();
        match (&found.value.data, is_annotation) {
            (_, true) | (Data::Str(_), _) => *found.value = string(&text, new.span),
            _ if found.made => *found.value = plain(&text, new.span),
            (old, false) => *found.value = same_type(old, &text, &new, at)?,
        }
        Ok(())
    }

    /// The value to write: into a part of the old text, where there is a delimiter.
    fn joined(&self, old: &Value, at: &Value) -> Result<Value, Problem> {
        let Some((delimiter, options)) = delimiter(self.target) else { return Ok(self.value.clone()) };
        let texts = scalar_text(self.sources, old).zip(scalar_text(self.sources, self.value));
        let Some((old, new)) = texts else {
            return Err(Problem::new(at.span, "delimiter option can only be used with scalar nodes"));
        };
        let mut parts: Vec<&str> = old.split(delimiter).collect();
        match usize::try_from(integer(options, "index")) {
            Err(_) => parts.insert(0, &new),
            Ok(index) if index < parts.len() => parts[index] = &new,
            Ok(_) => parts.push(&new),
        }
        Ok(string(&parts.join(delimiter), self.value.span))
    }
}

/// A scalar keeps the type that it had (its tag): kustomize then refuses text of another type.
fn same_type(old: &Data, text: &str, new: &Value, at: &Value) -> Result<Value, Problem> {
    let read = plain(text, new.span);
    let same = match (old, &read.data) {
        (Data::Float(_), Data::Int(_)) => true,
        (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
    };
    let message = || format!("cannot decode `{text}` as what the field of the replacement target was");
    same.then_some(read).ok_or_else(|| Problem::new(at.span, message()).related(new.span, "the value"))
}
