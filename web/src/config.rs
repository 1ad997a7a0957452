//! The config as it is typed: what the layout's own field description says, and the values that
//! differ from its defaults. Pure.
use crate::describe::{Field, Kind};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// What was typed: a config as the plugin reads it, with drafts in it that are not sent (rows without a name, empty lines, and
/// the choices of ways, whose keys begin with `@`).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config(Value);

/// A part of the config with its fields: all of it, a provider's settings, or an item of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section<'s> {
    values: &'s Value,
    pub(crate) fields: &'s [Field],
}

impl Config {
    /// A whole config, from a preset or from elsewhere.
    pub(crate) fn of(mut config: Value, fields: &[Field]) -> Self {
        settle(&mut config, fields);
        Self(config)
    }

    pub(crate) fn set(&mut self, path: &str, value: Value) {
        if let Some(slot) = keys(path).try_fold(&mut self.0, |at, key| key.slot(at)) {
            *slot = value;
        }
    }

    /// Adds an empty item to a list and says its number.
    pub(crate) fn add(&mut self, list: &str) -> usize {
        let number = self.length(list);
        self.set(&format!("{list}[{number}]"), Value::Object(Map::new()));
        number
    }

    pub(crate) fn remove(&mut self, list: &str, number: usize) {
        let items = keys(list).try_fold(&mut self.0, |at, key| key.slot(at)).and_then(Value::as_array_mut);
        if let Some(items) = items.filter(|items| number < items.len()) {
            items.remove(number);
        }
    }

    fn length(&self, list: &str) -> usize {
        get(&self.0, list).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The part at a path; the whole at the empty one.
    pub(crate) fn section<'s>(&'s self, at: &str, fields: &'s [Field]) -> Section<'s> {
        let values = if at.is_empty() { Some(&self.0) } else { get(&self.0, at) };
        Section { values: values.unwrap_or(&Value::Null), fields }
    }

    /// The config as JSON: what differs from the defaults, of the fields that apply.
    pub(crate) fn json(&self, fields: &[Field]) -> String {
        Value::Object(self.section("", fields).sent()).to_string()
    }
}

impl<'s> Section<'s> {
    /// What a field holds now: what was typed, or its default. Of several ways it is the one that was chosen, or that is there.
    pub(crate) fn value(&self, field: &'s Field) -> &'s Value {
        let written = self.written(&field.path);
        let there = || field.choices.iter().map(|way| &way.value).find(|way| self.written(text_of(way)).is_some());
        match field.kind {
            Kind::Ways => written.or_else(there).unwrap_or(&field.default),
            _ => written.unwrap_or(&field.default),
        }
    }

    fn written(&self, path: &str) -> Option<&'s Value> {
        get(self.values, path).filter(|value| !value.is_null())
    }

    /// Whether the field applies, given the others.
    pub(crate) fn shown(&self, field: &Field) -> bool {
        let Some(when) = &field.when else { return true };
        let other = self.fields.iter().find(|other| other.path == when.path);
        other.is_some_and(|other| *self.value(other) == when.is && self.shown(other))
    }

    /// The parts that are the items of a list.
    pub(crate) fn items(&self, field: &'s Field) -> Vec<Self> {
        let items = self.value(field).as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|values| Section { values, fields: &field.items }).collect()
    }

    /// What is sent of a field: nothing where it does not apply, or does not differ from its default.
    pub(crate) fn sent_of(&self, field: &'s Field) -> Option<Value> {
        let written = self.written(&field.path)?;
        let value = match field.kind {
            Kind::Ways => return None,
            Kind::Items => self.items(field).iter().map(|item| Value::Object(item.sent())).collect(),
            Kind::Section => Value::Object(Section { values: written, fields: &field.fields }.sent()),
            Kind::Texts => lines(written).filter(|line| !line.is_empty()).map(Value::from).collect(),
            Kind::Map | Kind::Numbers => pairs(written).into_iter().filter(|(name, _)| !name.is_empty()).collect(),
            _ => written.clone(),
        };
        Some(value).filter(|value| *value != field.default && self.shown(field))
    }

    /// What is sent of the whole part.
    fn sent(&self) -> Map<String, Value> {
        let mut out = Map::new();
        for field in self.fields {
            if let Some(value) = self.sent_of(field) {
                put(&mut out, &field.path, value);
            }
        }
        if let Value::Object(values) = self.values {
            self.keep(values, "", &mut out);
        }
        for field in self.fields.iter().filter(|field| field.kind == Kind::Ways) {
            self.choose(field, &mut out);
        }
        out
    }

    /// Keeps what the form has no field for: a config may come from elsewhere.
    fn keep(&self, values: &Map<String, Value>, at: &str, out: &mut Map<String, Value>) {
        for (key, value) in values.iter().filter(|(key, value)| !key.starts_with('@') && !value.is_null()) {
            let path = join(at, key);
            if self.fields.iter().any(|field| field.path == path) {
                continue;
            }
            match value {
                Value::Object(inside) if self.fields.iter().any(|field| is_below(&field.path, &path)) => {
                    self.keep(inside, &path, out);
                }
                _ => put(out, &path, value.clone()),
            }
        }
    }

    /// The way that was chosen is there, even if nothing of it was typed yet; the others are not.
    fn choose(&self, field: &'s Field, out: &mut Map<String, Value>) {
        let shown = self.shown(field);
        let chosen = if shown { text_of(self.value(field)) } else { "" };
        let others = field.choices.iter().map(|way| text_of(&way.value));
        for other in others.filter(|other| *other != chosen && !is_below(chosen, other)) {
            take(out, other);
        }
        let is_leaf = self.fields.iter().any(|field| field.path == chosen);
        if !is_leaf && !["", "."].contains(&chosen) && find(out, chosen).is_none() {
            put(out, chosen, Value::Object(Map::new()));
        }
    }
}

/// Makes a config the draft that it is typed as: a map is rows, and where settings name none of several ways, and may, none is
/// what was chosen.
fn settle(values: &mut Value, fields: &[Field]) {
    for field in fields {
        match (field.kind, keys(&field.path).try_fold(&mut *values, |at, key| key.known(at))) {
            (Kind::Section, Some(inside)) => settle(inside, &field.fields),
            (Kind::Items, Some(Value::Array(items))) => items.iter_mut().for_each(|item| settle(item, &field.items)),
            (Kind::Map | Kind::Numbers, Some(map)) => *map = draft(pairs(map)),
            (Kind::Ways, None) => {
                let ways = || field.choices.iter().map(|way| &way.value);
                let none =
                    ways().find(|way| *way == ".").filter(|_| ways().all(|way| get(values, text_of(way)).is_none()));
                if let Some(none) = none {
                    put_in(values, &field.path, none.clone());
                }
            }
            _ => {}
        }
    }
}

/// Rows as they are kept while they are typed.
fn draft(rows: Vec<(String, Value)>) -> Value {
    rows.into_iter().map(|(name, value)| Value::Array(vec![name.into(), value])).collect()
}

fn put_in(values: &mut Value, key: &str, value: Value) {
    if let Some(values) = values.as_object_mut() {
        values.insert(key.to_owned(), value);
    }
}

/// A step of a path: `stores[1].name` has three.
enum Key<'k> {
    Name(&'k str),
    Index(usize),
}

impl Key<'_> {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Name(name) => value.get(name),
            Self::Index(index) => value.get(index),
        }
    }

    fn known<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        match self {
            Self::Name(name) => value.get_mut(name),
            Self::Index(index) => value.get_mut(index),
        }
    }

    /// The place of the step, which is made where it is not there.
    fn slot<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        match self {
            Self::Name(name) => {
                if !value.is_object() {
                    *value = Value::Object(Map::new());
                }
                Some(value.as_object_mut()?.entry(*name).or_insert(Value::Null))
            }
            Self::Index(index) => {
                if !value.is_array() {
                    *value = Value::Array(Vec::new());
                }
                let items = value.as_array_mut()?;
                if items.len() == *index {
                    items.push(Value::Null);
                }
                items.get_mut(*index)
            }
        }
    }
}

fn keys(path: &str) -> impl Iterator<Item = Key<'_>> {
    let index = |part: &str| part.strip_suffix(']').and_then(|number| number.parse().ok());
    path.split(['.', '[']).map(move |part| index(part).map_or(Key::Name(part), Key::Index))
}

fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    keys(path).try_fold(value, |at, key| key.of(at))
}

fn find<'m>(map: &'m Map<String, Value>, path: &str) -> Option<&'m Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    rest.map_or_else(|| map.get(first), |rest| get(map.get(first)?, rest))
}

fn put(map: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        Some((first, rest)) => {
            let inside = map.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inside) = inside {
                put(inside, rest, value);
            }
        }
        None => drop(map.insert(path.to_owned(), value)),
    }
}

fn take(map: &mut Map<String, Value>, path: &str) {
    match path.split_once('.') {
        Some((first, rest)) => {
            if let Some(Value::Object(inside)) = map.get_mut(first) {
                take(inside, rest);
            }
        }
        None => drop(map.remove(path)),
    }
}

/// Two paths as one.
pub(crate) fn join(at: &str, path: &str) -> String {
    if at.is_empty() { path.to_owned() } else { format!("{at}.{path}") }
}

/// Whether a path leads into another.
pub(crate) fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with(['.', '[']))
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The lines of a list of texts.
pub(crate) fn lines(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(text_of)
}

/// The rows of a map: while they are typed it is a list of pairs, for names may still be empty, or twice there.
pub(crate) fn pairs(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        Value::Array(rows) => {
            let part = |row: &Value, at: usize| row.get(at).cloned().unwrap_or_default();
            rows.iter().map(|row| (shown(&part(row, 0)), part(row, 1))).collect()
        }
        _ => Vec::new(),
    }
}

/// A value as its control shows it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What was typed, as a value of the field's kind; an emptied optional field is absent again.
pub(crate) fn typed(text: &str, field: &Field) -> Value {
    let number = || text.parse::<i64>().map_or_else(|_| text.into(), Value::from);
    match field.kind {
        _ if text.is_empty() && field.default.is_null() => Value::Null,
        Kind::Count | Kind::Numbers => number(),
        _ => text.into(),
    }
}

/// A path below a list, when an item of it has gone; none for what was below that one.
pub(crate) fn moved(path: &str, list: &str, gone: usize) -> Option<String> {
    let inside = path.strip_prefix(list).and_then(|rest| rest.strip_prefix('['));
    let Some((number, rest)) = inside.and_then(|rest| rest.split_once(']')) else { return Some(path.to_owned()) };
    match number.parse::<usize>().map_or(Ordering::Less, |number| number.cmp(&gone)) {
        Ordering::Less => Some(path.to_owned()),
        Ordering::Equal => None,
        Ordering::Greater => number.parse::<usize>().ok().map(|number| format!("{list}[{}]{rest}", number - 1)),
    }
}

/// Where a problem is to be corrected: the control, and the items that have to be opened to see it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) path: String,
    pub(crate) items: Vec<String>,
}

impl Config {
    /// The field that a problem of this path is said at; the part around it where none is shown for it.
    pub(crate) fn spot(&self, fields: &[Field], problem: &str) -> Spot {
        let mut spot = Spot::default();
        let mut inside = fields;
        loop {
            let section = self.section(&spot.path, inside);
            let at = spot.path.clone();
            let Some(field) = inside.iter().find(|field| field.claims(&at, problem) && section.shown(field)) else {
                return spot;
            };
            let path = join(&at, &field.path);
            let item = problem.strip_prefix(&path).and_then(|rest| rest.split_inclusive(']').next());
            spot.path = path;
            match field.kind {
                Kind::Section => inside = &field.fields,
                Kind::Items if item.is_some_and(|item| item.ends_with(']')) => {
                    spot.path.push_str(item.unwrap_or_default());
                    spot.items.push(spot.path.clone());
                    inside = &field.items;
                }
                _ => return spot,
            }
        }
    }
}

#[cfg(test)]
mod tests;
