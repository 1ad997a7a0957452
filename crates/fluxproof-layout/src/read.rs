//! A config as text: every mistake in it at once, each at its place.

use crate::check::{self, shown};
use crate::fields::{Field, Kind, field, fields};
use crate::validate::validate;
use crate::{Layout, LayoutProblem};
use fluxproof_yaml::{Budget, Document, Entry, FileId, Problem, Span, Table, Value, View, parse};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Reads a config, YAML or JSON. What it leaves out, or leaves empty, has its default.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn read(config: &[u8]) -> Result<Layout, Vec<LayoutProblem>> {
    let text = std::str::from_utf8(config).map_err(|error| vec![not_utf8(config, error.valid_up_to())])?;
    let mut reader = Reader::default();
    reader.text(text);
    let layout = reader.layout();
    let mut problems = reader.problems;
    for mut problem in validate(&layout) {
        problem.span = reader.spans.get(problem.field.as_str()).copied();
        problems.push(problem);
    }
    if problems.is_empty() {
        return Ok(layout);
    }
    fluxproof_order::sort_by_key(&mut problems, |problem| (problem.span.is_none(), problem.span));
    problems.iter_mut().for_each(|problem| place(problem, text));
    Err(problems)
}

fn not_utf8(config: &[u8], at: usize) -> LayoutProblem {
    let good = String::from_utf8_lossy(&config[..at]);
    let offset = u32::try_from(at).unwrap_or(u32::MAX);
    let mut problem = LayoutProblem::new("", "the config is not UTF-8").help("save it as UTF-8");
    problem.span = Some((offset, offset));
    place(&mut problem, &good);
    problem
}

/// Says line and column of the span.
fn place(problem: &mut LayoutProblem, text: &str) {
    let Some((start, _)) = problem.span else { return };
    let before = text.get(..(start as usize).min(text.len())).unwrap_or(text);
    let count = |number: usize| u32::try_from(number).ok();
    problem.line = count(before.matches('\n').count() + 1);
    problem.column = count(before.rsplit('\n').next().unwrap_or("").chars().count() + 1);
}

fn bytes(span: Span) -> (u32, u32) {
    (span.start, span.end)
}

/// Collects what the text says of fields, and what is wrong with it.
#[derive(Default)]
struct Reader {
    values: Map<String, Json>,
    spans: BTreeMap<&'static str, (u32, u32)>,
    problems: Vec<LayoutProblem>,
}

impl Reader {
    fn text(&mut self, text: &str) {
        let parsed = parse(FileId(0), text);
        self.problems.extend(parsed.problems.iter().map(unreadable));
        let mut documents = parsed.documents.iter().filter(|document| document.root().is_some());
        if let Some(first) = documents.next() {
            self.document(first);
        }
        if let Some(second) = documents.next() {
            self.problem("", second.span(), "there is a second document", "put the whole config into one");
        }
    }

    fn document(&mut self, document: &Document) {
        let Some(root) = document.root() else { return };
        match root.to_value(Table::GoYaml3, &mut Budget { nodes: 10_000 }) {
            Ok(value) => self.section("", &value),
            Err(problem) => self.problems.push(unreadable(&problem)),
        }
    }

    fn problem(&mut self, path: &str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let mut problem = LayoutProblem::new(path, message).help(help);
        problem.span = Some(bytes(span));
        self.problems.push(problem);
    }

    /// Reads a mapping. It goes no deeper than the paths of the fields do.
    fn section(&mut self, path: &str, value: &Value) {
        match value.view() {
            View::Map(entries) => entries.iter().for_each(|entry| self.entry(path, entry)),
            View::Null => {}
            other => {
                let message = format!("{} is {}, not a mapping", name(path), what(other));
                self.problem(
                    path,
                    value.span,
                    message,
                    format!("write its fields below it: {}", keys(path).join(", ")),
                );
            }
        }
    }

    fn entry(&mut self, section: &str, entry: &Entry) {
        let path = join(section, &entry.key);
        if let Some(field) = field(&path) {
            self.field(field, &entry.value);
        } else if keys(section).contains(&&*entry.key) {
            self.section(&path, &entry.value);
        } else {
            let message = format!("there is no field {}", shown(&entry.key));
            self.problem(&path, entry.key_span, message, suggestion(section, &entry.key));
        }
    }

    fn field(&mut self, field: &'static Field, value: &Value) {
        self.spans.insert(field.path, bytes(value.span));
        let refusal = match value.view() {
            View::Null => return,
            View::Str(text) if field.kind == Kind::Choice => check::check(field, text).err(),
            View::Str(_) => None,
            other => Some(mistyped(field, other)),
        };
        match (refusal, value.as_str()) {
            (None, Some(text)) => put(&mut self.values, field.path, text),
            (refusal, _) => {
                let (message, help) = refusal.unwrap_or_default();
                self.problem(field.path, value.span, message, help.unwrap_or_default());
            }
        }
    }

    /// The layout of the values that could be read.
    fn layout(&mut self) -> Layout {
        let values = std::mem::take(&mut self.values);
        serde_json::from_value(Json::Object(values)).unwrap_or_else(|error| {
            self.problems.push(LayoutProblem::new("", format!("the config cannot be read: {error}")));
            Layout::default()
        })
    }
}

fn unreadable(problem: &Problem) -> LayoutProblem {
    let mut out = LayoutProblem::new("", problem.message.clone());
    out.help = problem.help.clone().or_else(|| problem.note.clone());
    out.span = Some(bytes(problem.span));
    out
}

fn name(path: &str) -> &str {
    if path.is_empty() { "the config" } else { path }
}

fn join(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

fn what(data: View<'_>) -> &'static str {
    match data {
        View::Null => "nothing",
        View::Bool(_) => "true or false",
        View::Int(_) | View::Float(_) => "a number",
        View::Str(_) => "a text",
        View::Seq(_) => "a list",
        View::Map(_) => "a mapping",
    }
}

fn mistyped(field: &Field, data: View<'_>) -> check::Refusal {
    let values: Vec<&str> = field.choices.iter().map(|choice| choice.value).collect();
    let help = match data {
        _ if !values.is_empty() => format!("write one of {}", values.join(", ")),
        View::Seq(_) | View::Map(_) => "write one value".to_owned(),
        _ => "put it in quotes".to_owned(),
    };
    (format!("the value is {}, not a text", what(data)), Some(help))
}

/// The keys that may stand in a section, each once.
fn keys(section: &str) -> Vec<&'static str> {
    let prefix = if section.is_empty() { String::new() } else { format!("{section}.") };
    let mut keys: Vec<&str> = Vec::new();
    for rest in fields().iter().filter_map(|field| field.path.strip_prefix(&prefix)) {
        let key = rest.split('.').next().unwrap_or(rest);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The nearest key of the section; else a field of that name anywhere; else what may stand here.
fn suggestion(section: &str, key: &str) -> String {
    let near = keys(section).into_iter().map(|known| (distance(known, key), known)).min();
    if let Some((far, known)) = near
        && far <= 2.max(known.len() / 3)
    {
        return format!("did you mean {known}?");
    }
    let elsewhere = fields().iter().find(|field| field.path.rsplit('.').next() == Some(key));
    match elsewhere {
        Some(field) => format!("did you mean {}?", field.path),
        None => format!("the fields here are {}", keys(section).join(", ")),
    }
}

/// Levenshtein's distance, capitals apart; long texts are simply far.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    if b.len() > 64 {
        return b.len();
    }
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let best = (row[j] + 1).min(row[j + 1] + 1).min(corner + usize::from(x != y));
            corner = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row.last().copied().unwrap_or(0)
}

fn put(values: &mut Map<String, Json>, path: &str, text: &str) {
    let (folders, name) = path.rsplit_once('.').map_or(("", path), |(folders, name)| (folders, name));
    let mut at = values;
    for folder in folders.split('.').filter(|folder| !folder.is_empty()) {
        let inside = at.entry(folder).or_insert_with(|| Json::Object(Map::new()));
        let Json::Object(inside) = inside else { return };
        at = inside;
    }
    at.insert(name.to_owned(), Json::String(text.to_owned()));
}
