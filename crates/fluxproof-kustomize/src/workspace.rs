//! The sources with each file parsed at most once.

use fluxproof_yaml::{Budget, Data, Document, FileId, Problem, Sources, Span, Table, Value, parse};
use std::cell::OnceCell;

#[derive(Debug, Default)]
struct Read {
    documents: Vec<Value>,
    problems: Vec<Problem>,
}

/// Sources and the documents read from them so far.
#[derive(Debug)]
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

    /// What could not be read of a file that is YAML by its name; nothing for others, which only a kustomization makes
    /// YAML.
    #[must_use]
    pub fn problems(&self, id: FileId) -> &[Problem] {
        if is_yaml(self.sources.path(id).name()) { self.problems_as_yaml(id) } else { &[] }
    }

    /// What could not be read of a file whose name does not matter: a kustomization lists it.
    pub(crate) fn problems_as_yaml(&self, id: FileId) -> &[Problem] {
        self.read(id).map_or(&[], |read| &read.problems)
    }

    fn read(&self, id: FileId) -> Option<&Read> {
        Some(self.read.get(id.0 as usize)?.get_or_init(|| read(self.sources, id)))
    }
}

fn is_yaml(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) || name == "Kustomization"
}

fn read(sources: &Sources, id: FileId) -> Read {
    let mut read = Read::default();
    if let Some(why) = sources.file(id).and_then(|file| file.unread.as_deref()) {
        let problem = Problem::new(Span::new(id, 0, 0), format!("{} is not read: {why}", sources.path(id)));
        read.problems.push(problem.note("what it holds is unknown"));
    }
    let (documents, problems) = documents(id, sources.text(id));
    read.problems.extend(problems);
    read.documents = without_lists(documents);
    read
}

/// The documents of a text, without empty ones, and what could not be read.
pub(crate) fn documents(file: FileId, text: &str) -> (Vec<Value>, Vec<Problem>) {
    let parsed = parse(file, text);
    let mut problems = parsed.problems;
    let mut values = Vec::new();
    for document in &parsed.documents {
        match value(document) {
            Ok(value) => values.extend(value),
            Err(problem) => problems.push(problem),
        }
    }
    (values, problems)
}

fn value(document: &Document) -> Result<Option<Value>, Problem> {
    let Some(root) = document.root() else { return Ok(None) };
    let value = root.to_value(Table::GoYaml3, &mut Budget::default())?;
    Ok((!value.is_null()).then_some(value))
}

/// Takes the kinds apart that end in `List` and have items; their items come after the other documents (kyaml `kio`).
fn without_lists(documents: Vec<Value>) -> Vec<Value> {
    let (lists, mut plain): (Vec<Value>, Vec<Value>) = documents.into_iter().partition(is_list);
    for mut list in lists {
        if let Some(Data::Seq(items)) = list.get_mut("items").map(|items| &mut items.data) {
            plain.append(items);
        }
    }
    plain
}

fn is_list(document: &Value) -> bool {
    let kind = document.str_at(&["kind"]).is_some_and(|kind| kind.ends_with("List"));
    kind && document.get("items").is_some_and(|items| matches!(items.data, Data::Seq(_)))
}
