//! A config as text: every mistake in it at once, each at its place.

use crate::check::{self, shown};
use crate::fields::{Field, Kind, field, fields};
use crate::validate::validate;
use crate::values::{join, put};
use crate::{Layout, LayoutProblem};
use fluxproof_yaml::{Budget, Document, Entry, FileId, Problem, Span, Table, Value, View, parse};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// How many values a config may have: far more than 100 clusters and 50 stores of every field.
const NODES: usize = 200_000;

/// Reads a config, YAML or JSON. What it leaves out, or leaves empty, has its default.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn read(config: &[u8]) -> Result<Layout, Vec<LayoutProblem>> {
    read_with(config, Vec::new())
}

/// Reads a config as [`read`] does, with the files of CRDs that are to lie in the tree ([`Layout::with_crds`]).
///
/// # Errors
/// As [`read`].
pub fn read_with(config: &[u8], crds: Vec<(String, String)>) -> Result<Layout, Vec<LayoutProblem>> {
    let text = std::str::from_utf8(config).map_err(|error| vec![not_utf8(config, error.valid_up_to())])?;
    let mut reader = Reader::default();
    let layout = reader.text(text).with_crds(crds);
    let mut problems = reader.problems;
    for mut problem in validate(&layout) {
        problem.span = span_of(&reader.spans, &problem.field);
        problems.push(problem);
    }
    if problems.is_empty() {
        return Ok(layout);
    }
    fluxproof_order::sort_by_key(&mut problems, |problem| (problem.span.is_none(), problem.span));
    problems.iter_mut().for_each(|problem| place(problem, text));
    Err(problems)
}

/// The value of a field; else that of the nearest section or item around it.
fn span_of(spans: &BTreeMap<String, (u32, u32)>, field: &str) -> Option<(u32, u32)> {
    let mut path = field;
    loop {
        if let Some(span) = spans.get(path) {
            return Some(*span);
        }
        path = &path[..path.rfind(['.', '['])?];
    }
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
    spans: BTreeMap<String, (u32, u32)>,
    problems: Vec<LayoutProblem>,
}

/// A section that is being read.
struct Place<'p> {
    /// The fields that may stand in it, and in the sections below it.
    fields: &'static [Field],
    /// Its path among those fields.
    within: &'p str,
    /// Its path from the root of the config: that of an item has the item's number.
    full: &'p str,
}

impl Reader {
    fn text(&mut self, text: &str) -> Layout {
        let parsed = parse(FileId(0), text);
        self.problems.extend(parsed.problems.iter().map(unreadable));
        let mut written = Map::new();
        let mut documents = parsed.documents.iter().filter(|document| document.root().is_some());
        if let Some(first) = documents.next() {
            self.document(first, &mut written);
        }
        if let Some(second) = documents.next() {
            self.problem("", second.span(), "there is a second document", "put the whole config into one");
        }
        Layout::of(written)
    }

    fn document(&mut self, document: &Document, out: &mut Map<String, Json>) {
        let Some(root) = document.root() else { return };
        match root.to_value(Table::GoYaml3, &mut Budget { nodes: NODES }) {
            Ok(value) => self.section(&Place { fields: fields(), within: "", full: "" }, &value, out),
            Err(problem) => self.problems.push(unreadable(&problem)),
        }
    }

    fn problem(&mut self, path: &str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let mut problem = LayoutProblem::new(path, message).help(help);
        problem.span = Some(bytes(span));
        self.problems.push(problem);
    }

    /// Reads a mapping. It goes no deeper than the paths of the fields do.
    fn section(&mut self, place: &Place<'_>, value: &Value, out: &mut Map<String, Json>) {
        match value.view() {
            View::Map(entries) => entries.iter().for_each(|entry| self.entry(place, entry, out)),
            View::Null => {}
            other => {
                let message = format!("{} is {}, not a mapping", name(place.full), what(other));
                let help = format!("write its fields below it: {}", keys(place).join(", "));
                self.problem(place.full, value.span, message, help);
            }
        }
    }

    fn entry(&mut self, place: &Place<'_>, entry: &Entry, out: &mut Map<String, Json>) {
        let (within, full) = (join(place.within, &entry.key), join(place.full, &entry.key));
        let dotted = entry.key.contains('.');
        if let Some(field) = field(place.fields, &within).filter(|_| !dotted) {
            self.spans.insert(full.clone(), bytes(entry.value.span));
            if let Some(value) = self.value(field, &full, &entry.value) {
                put(out, &within, value);
            }
        } else if keys(place).contains(&&*entry.key) {
            self.spans.insert(full.clone(), bytes(entry.value.span));
            self.section(&Place { fields: place.fields, within: &within, full: &full }, &entry.value, out);
        } else {
            let message = format!("there is no field {}", shown(&entry.key));
            self.problem(&full, entry.key_span, message, suggestion(place, &entry.key));
        }
    }

    /// The value of a field; none where it is left empty or is of another type.
    fn value(&mut self, field: &'static Field, full: &str, value: &Value) -> Option<Json> {
        match (field.kind, value.view()) {
            (_, View::Null) => None,
            (Kind::Switch, View::Bool(on)) => Some(on.into()),
            (Kind::Count, View::Int(number)) => Some(number.into()),
            (Kind::Texts, View::Seq(items)) => Some(self.texts(field, full, items)),
            (Kind::Map, View::Map(entries)) => Some(self.map(field, full, entries)),
            (Kind::Items, View::Seq(items)) => Some(self.items(field, full, items)),
            (Kind::Provider, View::Map(_)) => Some(self.free(full, value)),
            (kind, View::Str(text)) if kind.is_text() => Some(text.into()),
            (_, other) => {
                let (message, help) = mistyped(field, other);
                self.problem(full, value.span, message, help.unwrap_or_default());
                None
            }
        }
    }

    fn texts(&mut self, field: &'static Field, full: &str, items: &[Value]) -> Json {
        let text = |(index, item): (usize, &Value)| self.text_in(field, &format!("{full}[{index}]"), item);
        items.iter().enumerate().filter_map(text).collect()
    }

    fn map(&mut self, field: &'static Field, full: &str, entries: &[Entry]) -> Json {
        let mut out = Map::new();
        for entry in entries {
            if let Some(text) = self.text_in(field, &join(full, &entry.key), &entry.value) {
                out.insert(entry.key.to_string(), text);
            }
        }
        out.into()
    }

    /// A text in a list or map.
    fn text_in(&mut self, field: &'static Field, full: &str, value: &Value) -> Option<Json> {
        self.spans.insert(full.to_owned(), bytes(value.span));
        if let Some(text) = value.as_str() {
            return Some(text.into());
        }
        let (message, help) = untextual(field, value.view());
        self.problem(full, value.span, message, help.unwrap_or_default());
        None
    }

    /// A value whose fields the table does not know.
    fn free(&mut self, full: &str, value: &Value) -> Json {
        self.spans.insert(full.to_owned(), bytes(value.span));
        match value.view() {
            View::Null => Json::Null,
            View::Bool(on) => on.into(),
            View::Int(number) => number.into(),
            View::Float(number) => number.into(),
            View::Str(text) => text.into(),
            View::Seq(items) => {
                let item = |(index, item)| self.free(&format!("{full}[{index}]"), item);
                items.iter().enumerate().map(item).collect()
            }
            View::Map(entries) => {
                let entry = |entry: &Entry| (entry.key.to_string(), self.free(&join(full, &entry.key), &entry.value));
                Json::Object(entries.iter().map(entry).collect())
            }
        }
    }

    fn items(&mut self, field: &'static Field, full: &str, items: &[Value]) -> Json {
        let mut out = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let (full, mut section) = (format!("{full}[{index}]"), Map::new());
            self.spans.insert(full.clone(), bytes(item.span));
            self.section(&Place { fields: field.items, within: "", full: &full }, item, &mut section);
            out.push(Json::Object(section));
        }
        out.into()
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
    let wanted = match field.kind {
        Kind::Switch => ("true or false", "write true or false, without quotes"),
        Kind::Count => ("a whole number", "write a number, without quotes"),
        Kind::Texts => ("a list", "write a list of texts: [a, b]"),
        Kind::Map => ("a mapping", "write name: text pairs below it"),
        Kind::Provider => ("a mapping", "write the provider's settings below it"),
        Kind::Items => ("a list", "write a list, one - for each item"),
        _ => return untextual(field, data),
    };
    (format!("the value is {}, not {}", what(data), wanted.0), Some(wanted.1.to_owned()))
}

fn untextual(field: &Field, data: View<'_>) -> check::Refusal {
    let values: Vec<&str> = field.choices.iter().map(|choice| choice.value).collect();
    let help = match data {
        _ if !values.is_empty() => format!("write one of {}", values.join(", ")),
        View::Seq(_) | View::Map(_) => "write one value".to_owned(),
        _ => "put it in quotes".to_owned(),
    };
    (format!("the value is {}, not a text", what(data)), Some(help))
}

/// The keys that may stand in a section, each once.
fn keys(place: &Place<'_>) -> Vec<&'static str> {
    let prefix = join(place.within, "");
    let mut keys: Vec<&str> = Vec::new();
    for rest in place.fields.iter().filter_map(|field| field.path.strip_prefix(&prefix)) {
        let key = rest.split('.').next().unwrap_or(rest);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The nearest key of the section; else a field of that name anywhere; else what may stand here.
fn suggestion(place: &Place<'_>, key: &str) -> String {
    if let Some(known) = near(key, keys(place).into_iter()) {
        return format!("did you mean {known}?");
    }
    let elsewhere = fields().iter().find(|field| field.path.rsplit('.').next() == Some(key));
    match elsewhere {
        Some(field) => format!("did you mean {}?", field.path),
        None => format!("the fields here are {}", keys(place).join(", ")),
    }
}

/// The known name that a text was probably meant to be.
pub(crate) fn near<'k>(text: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let (far, near) = known.map(|name| (distance(name, text), name)).min()?;
    (far <= 2.max(near.len() / 3)).then_some(near)
}

/// Levenshtein's distance, capitals apart; long texts are simply far.
fn distance(a: &str, b: &str) -> usize {
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
