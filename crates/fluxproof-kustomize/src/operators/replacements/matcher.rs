//! Following a path to all values that it fits, making what is missing where that is asked for (`PathMatcher` in
//! `kyaml/yaml/match.go`).

use super::lookup::{child_mut, expect_list, key_step, text, wrong_kind};
use super::path::{Kind, Part, Search};
use crate::tree::Writer;
use crate::workspace::first_document;
use fluxproof_yaml::{Data, Entry, Sources, Value};

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

/// What is done with each value that is found.
type Visit<'f> = &'f mut dyn FnMut(&mut Value) -> Result<(), Miss>;

/// How a path is followed.
#[derive(Clone, Copy)]
pub(super) struct Matcher<'s> {
    pub(super) sources: &'s Sources,
    /// What the last part is made as; nothing is made without.
    pub(super) create: Option<Kind>,
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
            Self::Scalar => Value::null(writer.at),
            Self::Seq => Value::seq(writer.at, []),
            Self::Map => Value::map(writer.at, []),
        };
        value.written(writer.by, writer.at)
    }
}

impl Matcher<'_> {
    /// Visits all values that a path leads to, and says how many.
    pub(super) fn each(self, value: &mut Value, path: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        let Some((part, rest)) = path.split_first() else {
            return visit(value).map(|()| 1);
        };
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
            return Err(wrong_kind(value, "ScalarNode").into());
        }
        let at = match (key_step(value, key)?, self.create) {
            (Some(at), _) => at,
            (None, None) => return Ok(0),
            (None, Some(last)) => {
                let kind = Kind::before(rest.first().map(String::as_str), last);
                let made = Entry { key: key.into(), key_span: self.writer.at, value: kind.make(self.writer) };
                match value.entries_mut() {
                    Some(entries) => entries.push(made),
                    None => return self.lost(made.value, rest, visit),
                }
                value.entries().len() - 1
            }
        };
        match child_mut(value, at) {
            Some(field) if field.scalar_text().is_some() && !rest.is_empty() => {
                let parsed = first_document(text(field))?;
                self.lost(parsed, rest, visit)
            }
            Some(field) => self.each(field, rest, visit),
            None => Ok(0),
        }
    }

    /// Follows a path in a value that is in no object.
    fn lost(self, mut value: Value, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        self.each(&mut value, rest, &mut |place| {
            let mut lost = place.clone();
            if lost.scalar_text().is_some() { Ok(()) } else { visit(&mut lost) }
        })
    }

    fn index(self, value: &mut Value, index: usize, rest: &[String], visit: Visit<'_>) -> Result<usize, Miss> {
        expect_list(value)?;
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
        expect_list(value)?;
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
        expect_list(value)?;
        let found = self.matching(value, (field, pattern), rest, visit)?;
        if found > 0 || self.create.is_none() {
            return Ok(found);
        }
        let count = value.items().len();
        match value.items_mut() {
            Some(items) => items.push(self.item(field, pattern)),
            None => return Ok(0),
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
        let value = Value::plain(self.writer.at, text).written(self.writer.by, self.writer.at);
        if field.is_empty() {
            return value;
        }
        let mut map = Kind::Map.make(self.writer);
        self.writer.push(&mut map, field, value);
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

    /// A scalar as it is written, quotes included: patterns are held against that.
    fn shown(self, value: &Value) -> String {
        let text = text(value);
        let written = if value.change.is_none() { self.sources.snippet(value.span) } else { "" };
        match written.as_bytes().first() {
            Some(b'"') => format!("{text:?}"),
            Some(b'\'') => format!("'{}'", text.replace('\'', "''")),
            _ => text.trim().to_owned(),
        }
    }
}
