//! The sources with each file parsed at most once, and the bases that were built from them.

use crate::build::Bases;
use crate::spec::Definitions;
use fluxproof_yaml::{
    Budget, Document, FileId, Node, NodeKind, Problem, RepoPath, Sources, Span, Table, Value, parse, parse_each,
};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

#[derive(Debug, Default, Clone)]
pub(crate) struct Read {
    pub(crate) documents: Vec<Value>,
    pub(crate) problems: Vec<Problem>,
}

#[derive(Debug, Default)]
struct File {
    resources: OnceCell<Read>,
    /// Whether its resources were handed over once.
    taken: Cell<bool>,
    configuration: OnceCell<Read>,
}

/// What builds looked for and the sources do not have: a host that reads on demand reads it and builds again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// Paths of files or folders.
    pub paths: BTreeSet<RepoPath>,
    /// How many folders above the root of the sources something was looked for.
    pub above: usize,
}

/// Sources, and the documents and bases read from them so far.
#[derive(Debug)]
pub struct Workspace<'s> {
    sources: &'s Sources,
    files: Rc<Vec<File>>,
    /// Whether a file's resources are kept only from their second use on.
    frugal: bool,
    pub(crate) bases: RefCell<Bases>,
    /// The definitions of `openapi` files.
    pub(crate) definitions: RefCell<BTreeMap<FileId, Rc<Definitions>>>,
    missing: RefCell<Missing>,
}

impl<'s> Workspace<'s> {
    /// A workspace that has read nothing yet.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        let files = (0..sources.whole().len()).map(|_| File::default()).collect();
        let (files, missing) = (Rc::new(files), RefCell::default());
        Self { sources, files, frugal: false, bases: RefCell::default(), definitions: RefCell::default(), missing }
    }

    /// A workspace for builds alone: most files are of one kustomization, and their objects are moved into its build
    /// instead of being kept for another one. A file that is asked for again is read once more, and kept then.
    #[must_use]
    pub fn frugal(sources: &'s Sources) -> Self {
        Self { frugal: true, ..Self::new(sources) }
    }

    /// The workspace of a view of the same sources: what is read of a file counts for both.
    #[must_use]
    pub fn of_view<'v>(&self, view: &'v Sources) -> Workspace<'v> {
        Workspace {
            sources: view,
            files: Rc::clone(&self.files),
            frugal: self.frugal,
            bases: RefCell::default(),
            definitions: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    /// What the builds so far looked for in vain.
    #[must_use]
    pub fn missing(&self) -> Missing {
        self.missing.borrow().clone()
    }

    /// The file that `text` names in a folder; none for an absolute path, and one that leaves the sources.
    pub(crate) fn find(&self, folder: &RepoPath, text: &str) -> Option<FileId> {
        if text.starts_with('/') {
            return None;
        }
        let Ok(path) = folder.join(text) else {
            let mut missing = self.missing.borrow_mut();
            missing.above = missing.above.max(above(folder, text));
            return None;
        };
        let found = self.sources.find(&path);
        if found.is_none_or(|file| self.sources.is_listed(file)) {
            self.missing.borrow_mut().paths.insert(path);
        }
        found
    }

    /// The sources.
    #[must_use]
    pub fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// The documents of a file as kustomize reads resources (yaml.v3): lists taken apart, without empty ones.
    #[must_use]
    pub fn documents(&self, id: FileId) -> &[Value] {
        self.resources(id).map_or(&[], |read| &read.documents)
    }

    /// The first document of a file as kustomize reads its own files (sigs.k8s.io/yaml).
    #[must_use]
    pub fn configuration(&self, id: FileId) -> Option<&Value> {
        self.read_configuration(id)?.documents.first()
    }

    /// Why a file cannot be read as a configuration.
    #[must_use]
    pub fn configuration_problems(&self, id: FileId) -> &[Problem] {
        self.read_configuration(id).map_or(&[], |read| &read.problems)
    }

    /// What could not be read of a file that is YAML by its name; nothing for others, which only a kustomization makes
    /// YAML.
    #[must_use]
    pub fn problems(&self, id: FileId) -> &[Problem] {
        if is_yaml(self.sources.path(id).name()) { self.problems_as_yaml(id) } else { &[] }
    }

    /// What could not be read of a file whose name does not matter: a kustomization lists it.
    pub(crate) fn problems_as_yaml(&self, id: FileId) -> &[Problem] {
        self.resources(id).map_or(&[], |read| &read.problems)
    }

    /// What a file holds, to be changed.
    pub(crate) fn take(&self, id: FileId) -> Read {
        let Some(file) = self.files.get(id.0 as usize) else { return Read::default() };
        let first = !file.taken.replace(true);
        if self.frugal && first && file.resources.get().is_none() {
            return read(self.sources, id);
        }
        self.resources(id).cloned().unwrap_or_default()
    }

    fn resources(&self, id: FileId) -> Option<&Read> {
        Some(self.files.get(id.0 as usize)?.resources.get_or_init(|| read(self.sources, id)))
    }

    fn read_configuration(&self, id: FileId) -> Option<&Read> {
        let read = || configuration(id, self.sources.text(id));
        Some(self.files.get(id.0 as usize)?.configuration.get_or_init(read))
    }
}

/// How many folders above the root a text leads, seen from a folder.
fn above(folder: &RepoPath, text: &str) -> usize {
    let (mut depth, mut above) = (folder.parts().count(), 0);
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => above += 1,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    above
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
    read.documents = documents;
    read
}

/// The resources of a text, lists taken apart, and what could not be read.
pub(crate) fn documents(file: FileId, text: &str) -> (Vec<Value>, Vec<Problem>) {
    let (documents, mut problems) = values(file, text, Table::GoYaml3);
    problems.extend(bad_separator(file, text));
    (without_lists(documents), problems)
}

/// The file of a text that is itself the value of a scalar and has no place of its own.
pub(crate) const INNER: FileId = FileId(u32::MAX);

/// The first document of a text that is itself the value of a scalar (`yaml.Unmarshal` into a node); an empty error where
/// there is none.
pub(crate) fn first_document(text: &str) -> Result<Value, String> {
    let parsed = parse(INNER, text);
    let Some(document) = parsed.documents.first() else {
        return Err(parsed.problems.first().map_or(String::new(), |problem| format!("yaml: {}", problem.message)));
    };
    let root = document.root().ok_or_else(|| "an empty document".to_owned())?;
    root.to_value(Table::GoYaml3, &mut Budget::default()).map_err(|problem| problem.message)
}

fn values(file: FileId, text: &str, table: Table) -> (Vec<Value>, Vec<Problem>) {
    let (mut values, mut refused) = (Vec::new(), Vec::new());
    let parsed = parse_each(file, text, &mut |document| match value(document, table) {
        Ok(value) => values.extend(value),
        Err(problem) => refused.push(problem),
    });
    let mut problems = parsed.problems;
    problems.extend(refused);
    (values, problems)
}

fn value(document: &Document, table: Table) -> Result<Option<Value>, Problem> {
    let Some(root) = document.root() else { return Ok(None) };
    let mut budget = Budget::default();
    let value = match table {
        Table::GoYaml3 if is_list(root) => root.to_listed_value(&mut budget)?,
        Table::GoYaml3 => root.to_printed_value(&mut budget)?,
        Table::GoYaml2 => root.to_value(table, &mut budget)?,
    };
    Ok((!value.is_null()).then_some(value))
}

/// The first document of a text. A key that is there twice is no problem to kustomize, nor what stands behind.
fn configuration(file: FileId, text: &str) -> Read {
    let (mut documents, mut problems) = values(file, text, Table::GoYaml2);
    documents.truncate(1);
    let start = documents.first().map_or(u32::MAX, |value| value.span.start);
    problems.retain(|problem| problem.span.start < start);
    Read { documents, problems }
}

/// The first document of a text that is no file of its own, as kustomize reads its own files.
pub(crate) fn configuration_of(file: FileId, text: &str) -> Result<Option<Value>, Problem> {
    let Read { documents, problems } = configuration(file, text);
    problems.into_iter().next().map_or(Ok(documents.into_iter().next()), Err)
}

/// kyaml splits at lines that begin with `---` and wants nothing but a comment behind (`kio/byteio_reader.go`).
fn bad_separator(file: FileId, text: &str) -> Option<Problem> {
    let mut start = text.find("\n---").map_or(text.len(), |at| at + 1);
    while let Some(line) = text.get(start..).and_then(|rest| rest.split_inclusive('\n').next()) {
        let behind = line.strip_prefix("---").unwrap_or("").trim();
        if line.ends_with('\n') && !behind.is_empty() && !behind.starts_with('#') {
            let (start, end) = (at(start), at(start + line.trim_end().len()));
            let message = format!("invalid document separator: {}", line.trim());
            return Some(Problem::new(Span::new(file, start, end), message));
        }
        let next = start + line.len() - usize::from(line.ends_with('\n'));
        start = text[next..].find("\n---").map(|found| next + found + 1)?;
    }
    None
}

fn at(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Takes the kinds apart that end in `List` and have items; their items come after the other documents
/// (`inlineAnyEmbeddedLists`).
fn without_lists(documents: Vec<Value>) -> Vec<Value> {
    if !documents.iter().any(|document| list_items(document).is_some()) {
        return documents;
    }
    let mut plain = Vec::with_capacity(documents.len());
    let mut queue = std::collections::VecDeque::from(documents);
    while let Some(document) = queue.pop_front() {
        match list_items(&document) {
            Some(items) => queue.extend(items.iter().cloned()),
            None => plain.push(document),
        }
    }
    plain
}

/// Whether a document is of a kind that is taken apart.
fn is_list(root: Node<'_>) -> bool {
    let field = |name| root.get(name).map(Node::resolved);
    let is_of_list = field("kind").is_some_and(|kind| kind.kind() == NodeKind::Scalar && kind.text().ends_with("List"));
    is_of_list && field("items").is_some_and(|items| items.kind() == NodeKind::Sequence)
}

fn list_items(document: &Value) -> Option<&[Value]> {
    document.str_at(&["kind"]).filter(|kind| kind.ends_with("List"))?;
    let items = document.get("items")?;
    (items.is_null() || items.is_seq()).then(|| items.items())
}

/// Why kustomize does not take a document for a resource (`GetValidatedMetadata`). `HasNilEntryInList` never finds
/// anything: items may be null.
pub(crate) fn not_a_resource(document: &Value) -> Option<Problem> {
    let there = |path: &[&str]| document.at(path).filter(|value| !value.is_null());
    let text = |path: &[&str]| there(path).and_then(Value::scalar_text).map_or("", |text| text.as_str());
    let (kind, name) = (text(&["kind"]), text(&["metadata", "name"]));
    if !document.is_map() {
        return Some(Problem::new(document.span, "a resource is a mapping with apiVersion, kind and metadata.name"));
    }
    let missing = match (kind, name) {
        ("", _) => "kind",
        (kind, "") if !kind.ends_with("List") => "metadata.name",
        _ => return None,
    };
    Some(Problem::new(document.span, format!("missing {missing} in object {}", shown(document))))
}

/// An object as Go's `%v` shows its metadata.
fn shown(document: &Value) -> String {
    let text = |path: &[&str]| document.at(path).and_then(Value::scalar_text).map_or("", |text| text.as_str());
    let map = |path: &[&str]| {
        let mut pairs: Vec<String> = document.at(path).map_or(&[][..], Value::entries).iter().map(pair).collect();
        fluxproof_order::sort(&mut pairs);
        format!("map[{}]", pairs.join(" "))
    };
    let (labels, annotations) = (map(&["metadata", "labels"]), map(&["metadata", "annotations"]));
    let name = format!("{} {}", text(&["metadata", "name"]), text(&["metadata", "namespace"]));
    format!("{{{{{} {}}} {{{{{name}}} {labels} {annotations}}}}}", text(&["apiVersion"]), text(&["kind"]))
}

fn pair(entry: &fluxproof_yaml::Entry) -> String {
    format!("{}:{}", entry.key, entry.value.scalar_text().map_or("", |text| text.as_str()))
}
