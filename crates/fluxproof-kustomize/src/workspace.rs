//! The sources with each file parsed at most once.

use fluxproof_yaml::{Budget, Data, Document, FileId, Problem, Sources, Table, Value, parse};
use std::cell::OnceCell;

#[derive(Debug, Default)]
struct Read {
    documents: Vec<Value>,
    problems: Vec<Problem>,
}

/// Sources and the documents read from them so far.
pub struct Workspace<'s> {
    sources: &'s Sources,
    read: Vec<OnceCell<Read>>,
}

impl<'s> Workspace<'s> {
    /// A workspace that has read nothing yet.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        Self { sources, read: sources.ids().map(|_| OnceCell::new()).collect() }
    }

    /// The sources.
    #[must_use]
    pub fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// The documents of a file, `List`s taken apart, without empty ones.
    #[must_use]
    pub fn documents(&self, id: FileId) -> &[Value] {
        self.read(id).map_or(&[], |read| &read.documents)
    }

    /// What could not be read of a file.
    #[must_use]
    pub fn problems(&self, id: FileId) -> &[Problem] {
        self.read(id).map_or(&[], |read| &read.problems)
    }

    fn read(&self, id: FileId) -> Option<&Read> {
        Some(self.read.get(id.0 as usize)?.get_or_init(|| read(self.sources, id)))
    }
}

fn read(sources: &Sources, id: FileId) -> Read {
    let name = sources.path(id).name();
    let is_yaml = [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) || name == "Kustomization";
    if !is_yaml {
        return Read::default();
    }
    let parsed = parse(id, sources.text(id));
    let mut read = Read { documents: Vec::new(), problems: parsed.problems };
    for document in &parsed.documents {
        match value(document) {
            Ok(Some(value)) => push(value, &mut read.documents),
            Ok(None) => {}
            Err(problem) => read.problems.push(problem),
        }
    }
    read
}

fn value(document: &Document) -> Result<Option<Value>, Problem> {
    let Some(root) = document.root() else { return Ok(None) };
    let mut value = root.to_value(Table::GoYaml3, &mut Budget::default())?;
    value.span = value.span.to(document.span());
    Ok((!value.is_null()).then_some(value))
}

/// Adds a document; a `List` adds its items, as kustomize and kustomize-controller do.
fn push(value: Value, out: &mut Vec<Value>) {
    let is_list = value.str_at(&["kind"]).is_some_and(|kind| kind.ends_with("List"));
    match value.get("items").filter(|_| is_list).map(|items| &items.data) {
        Some(Data::Seq(items)) => out.extend(items.iter().cloned()),
        _ => out.push(value),
    }
}
