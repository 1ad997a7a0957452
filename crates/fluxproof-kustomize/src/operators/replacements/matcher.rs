//! Following a path to all values that it fits, making what is missing where that is asked for (`PathMatcher` in
//! `kyaml/yaml/match.go`).

use super::lookup::{child_mut, expect_list, key_step, text, wrong_kind};
use super::path::{Kind, Part, Search};
use super::print::Written;
use crate::tree::Writer;
use crate::workspace::first_document;
use fluxproof_yaml::{Data, Entry, Span, Value};

/// Why a value is not put anywhere.
#[derive(Debug)]
pub(super) enum Miss {
    /// The path leads nowhere.
    Path(String),
    /// The value cannot be put there.
    Value(String),
}

impl From<String> for Miss {
    fn from(error: String) -> Self {
        Self::Path(error)
    }
}

/// What is done with each value that is found, which is or is not in brackets.
type Visit<'f> = &'f mut dyn FnMut(&mut Value, bool) -> Result<(), Miss>;

/// How a path is followed.
#[derive(Clone, Copy)]
pub(super) struct Matcher<'s> {
    /// What the value was read from.
    pub(super) written: Written<'s>,
    /// What the last part is made as; nothing is made without.
    pub(super) create: Option<Kind>,
    /// Whether what is above is written in brackets, where a scalar without a text is an empty one.
    pub(super) in_flow: bool,
    pub(super) writer: Writer,
}

impl Kind {
    /// What a value is.
    pub(super) fn of(value: &Value) -> Self {
        match &value.data {
            Data::Scalar(..) => Self::Scalar,
            Data::Seq(_) => Self::Seq,
            Data::Map(_) => Self::Map,
        }
    }

    /// An empty one.
    pub(super) fn make(self, writer: Writer) -> Value {
        let value = match self {
            Self::Scalar => Value::null(unwritten(writer)),
            Self::Seq => Value::seq(unwritten(writer), []),
            Self::Map => Value::map(unwritten(writer), []),
        };
        value.written(writer.by, writer.at)
    }
}

/// The place of what is written nowhere: where it is asked for, and no text of there.
pub(super) fn unwritten(writer: Writer) -> Span {
    Span { end: writer.at.start, ..writer.at }
}

impl Matcher<'_> {
    /// Visits all values that a path leads to, and says how many.
    pub(super) fn each(self, value: &mut Value, path: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        let Some((part, rest)) = path.split_first() else {
            return visit(value, self.in_flow).map(|()| 1);
        };
        let inner = Self { in_flow: self.in_flow || self.written.is_flow(value), ..self };
        inner.part(value, part, rest, visit)
    }

    fn part(self, value: &mut Value, part: &str, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        match Part::of(part)? {
            Part::Index(index) => self.index(value, index, rest, visit),
            Part::Items { field, value: pattern } => self.items(value, (field, pattern), rest, visit),
            Part::Every => self.every(value, rest, visit),
            Part::Key(key) => self.key(value, key, rest, visit),
        }
    }

    /// A text that is held against a path may be YAML itself; what is done to its values is lost.
    fn key(self, value: &mut Value, key: &str, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        if key.is_empty() {
            return Err(wrong_kind(self.written, value, "ScalarNode").into());
        }
        let at = match (key_step(self.written, value, key)?, self.create) {
            (Some(at), _) => at,
            (None, None) => return Ok(0),
            (None, Some(last)) => {
                let kind = Kind::before(rest.first().map(String::as_str), last);
                let made = Entry::new(key.into(), unwritten(self.writer), kind.make(self.writer));
                match value.entries_mut() {
                    Some(entries) => entries.push(made),
                    None => return self.lost(made.value, rest, visit),
                }
                value.entries().len() - 1
            }
        };
        match child_mut(value, at) {
            Some(field) if field.scalar_text().is_some() && !rest.is_empty() => {
                let inner = text(field).to_owned();
                let parsed = first_document(&inner).map_err(|error| nothing(error, rest))?;
                Matcher { written: self.written.inner(&inner), ..self }.lost(parsed, rest, visit)
            }
            Some(field) => self.each(field, rest, visit),
            None => Ok(0),
        }
    }

    /// Follows a path in a value that is in no object.
    fn lost(self, mut value: Value, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        self.each(&mut value, rest, &mut |place, in_flow| {
            let mut lost = place.clone();
            if lost.scalar_text().is_some() { Ok(()) } else { visit(&mut lost, in_flow) }
        })
    }

    fn index(self, value: &mut Value, index: usize, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        expect_list(self.written, value)?;
        let count = value.items().len();
        if let (true, Some(last)) = (count == index, self.create) {
            let made = Kind::before(rest.first().map(String::as_str), last).make(self.writer);
            match value.items_mut() {
                Some(items) => items.push(made),
                None => return self.lost(made, rest, visit),
            }
        }
        match child_mut(value, index) {
            Some(item) => self.each(item, rest, visit),
            None => Err(format!("index {index} specified but only {count} elements found").into()),
        }
    }

    fn every(self, value: &mut Value, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        expect_list(self.written, value)?;
        let mut found = 0;
        for item in value.items_mut().into_iter().flat_map(|items| items.make_mut()) {
            found += self.each(item, rest, visit)?;
        }
        Ok(found)
    }

    fn items(
        self,
        value: &mut Value,
        (field, pattern): (&str, &str),
        rest: &[String],
        visit: Visit<'_>,
    ) -> Result<usize, Miss> {
        expect_list(self.written, value)?;
        let found = self.matching(value, (field, pattern), rest, visit)?;
        if found > 0 || self.create.is_none() {
            return Ok(found);
        }
        let count = value.items().len();
        match value.items_mut() {
            Some(items) => items.push(self.item(field, pattern)),
            None => {
                let list = Value::seq(self.writer.at, [self.item(field, pattern)]);
                return self.lost(list, &[vec![format!("[{field}={pattern}]")], rest.to_vec()].concat(), visit);
            }
        }
        let mut last = Value::seq(self.writer.at, value.items().get(count).cloned().into_iter().collect::<Vec<_>>());
        let found = self.matching(&mut last, (field, pattern), rest, visit)?;
        if let (Some(place), Some(item)) = (child_mut(value, count), last.items().first()) {
            *place = item.clone();
        }
        Ok(found)
    }

    /// A new item that fits.
    fn item(self, field: &str, text: &str) -> Value {
        let value = Value::plain(unwritten(self.writer), text).written(self.writer.by, self.writer.at);
        if field.is_empty() {
            return value;
        }
        let mut map = Kind::Map.make(self.writer);
        let entry = Entry::new(field.into(), unwritten(self.writer), value);
        map.entries_mut().into_iter().for_each(|entries| entries.push(entry.clone()));
        map
    }

    fn matching(
        self,
        value: &mut Value,
        (field, pattern): (&str, &str),
        rest: &[String],
        visit: Visit<'_>,
    ) -> Result<usize, Miss> {
        if value.items().is_empty() {
            return Ok(0);
        }
        let search = Search::new(pattern)?;
        let fits = |item: &Value| match field {
            "" => search.fits(&self.shown(item)),
            field => item.get(field).is_some_and(|value| search.fits(&self.shown(value))),
        };
        let places: Vec<usize> = (0..value.items().len()).filter(|at| fits(&value.items()[*at])).collect();
        let rest = if field.is_empty() { &[] } else { rest };
        let mut found = 0;
        for at in places {
            found += child_mut(value, at).map_or(Ok(0), |item| self.each(item, rest, visit))?;
        }
        Ok(found)
    }

    /// A value as it is written, quotes included: patterns are held against that.
    fn shown(self, value: &Value) -> String {
        self.written.yaml(value)
    }
}

/// The error of a path that goes on in a text with nothing in it.
fn nothing(error: String, rest: &[String]) -> String {
    if !error.is_empty() {
        return error;
    }
    let expected = match Kind::before(rest.first().map(String::as_str), Kind::Map) {
        Kind::Seq => "SequenceNode",
        _ if rest.first().is_some_and(|part| part == "*") => "SequenceNode",
        _ => "MappingNode",
    };
    format!("wrong node kind: expected {expected} but got : node contents:\nnull\n")
}
