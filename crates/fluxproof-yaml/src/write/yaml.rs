//! The walk through a value: the states of `emitterc.go` for block collections, without recursion.

use super::Line;
use super::emitter::Emitter;
use super::order::sort;
use super::style::Marks;
use super::{number, quote, reread};
use crate::expand::no_string;
use crate::scalar::{self, Scalar};
use crate::{Change, Data, Entry, Problem, Type, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// The text that `kustomize build` prints for a value: `Resource.AsYAML`.
///
/// Keys are in [`natural_order`](super::natural_order); numbers are said as Go says them; a date is the string that
/// `time.Time` is in JSON; a text is in quotes where yaml.v2 would take it for something else.
///
/// # Errors
/// For what kustomize cannot print either, with its text: an infinite number or NaN (JSON has none), a control character
/// that yaml.v2 does not read, a key of more than 1,022 characters, a date with a zone beyond 24 hours, a key below the top
/// that is no string.
pub fn to_yaml(value: &Value) -> Result<String, Problem> {
    write(value, false).map(|(text, _)| text)
}

/// [`to_yaml`], and for each line of the text which node it comes from.
///
/// A line belongs to the scalar on it (all lines of a longer scalar do), to the empty collection on it, or, where it ends
/// behind a key, to that key. What was written as part of a whole has the change of that whole.
///
/// # Errors
/// As [`to_yaml`].
pub fn to_yaml_mapped(value: &Value) -> Result<(String, Vec<Line>), Problem> {
    write(value, true)
}

fn write(value: &Value, mapped: bool) -> Result<(String, Vec<Line>), Problem> {
    let mut writer = Writer { out: Emitter::new(mapped), order: Vec::new(), open: Vec::new() };
    writer.value(value, Context::Root, None)?;
    while writer.step()? {}
    writer.out.write_indent();
    Ok(writer.out.finish())
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    Item,
    Entry,
}

/// A collection that is being written.
struct Open<'v> {
    children: Children<'v>,
    /// The indent around it.
    outer: isize,
    /// What wrote it, or a collection around it.
    change: Option<&'v Arc<Change>>,
}

enum Children<'v> {
    Items(std::slice::Iter<'v, Value>),
    /// Entries from here on in `order`, up to its end.
    Entries {
        first: usize,
        next: usize,
    },
}

struct Writer<'v> {
    out: Emitter,
    /// The sorted entries of the open mappings, one behind the other.
    order: Vec<&'v Entry>,
    open: Vec<Open<'v>>,
}

impl<'v> Writer<'v> {
    /// Writes the next child of the innermost collection, or leaves it; false when all is written.
    fn step(&mut self) -> Result<bool, Problem> {
        let Some(open) = self.open.last_mut() else { return Ok(false) };
        let change = open.change;
        match &mut open.children {
            Children::Items(items) => match items.next() {
                Some(item) => self.item(item, change)?,
                None => self.leave(),
            },
            Children::Entries { first, next } => match self.order.get(*next) {
                Some(entry) => {
                    *next += 1;
                    self.entry(entry, change)?;
                }
                None => {
                    self.order.truncate(*first);
                    self.leave();
                }
            },
        }
        Ok(true)
    }

    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            self.out.indent = open.outer;
        }
    }

    fn item(&mut self, item: &'v Value, change: Option<&'v Arc<Change>>) -> Result<(), Problem> {
        self.out.write_indent();
        self.out.indicator("-", true, true);
        self.value(item, Context::Item, change)
    }

    fn entry(&mut self, entry: &'v Entry, change: Option<&'v Arc<Change>>) -> Result<(), Problem> {
        if entry.key_type != Type::Str {
            return Err(no_string(entry.key_span));
        }
        let marks = Marks::of(&entry.key);
        reread::check_key(&entry.key, marks).map_err(|message| Problem::new(entry.key_span, message))?;
        self.out.write_indent();
        let own_lines = quote::key(&mut self.out, &entry.key, marks);
        if own_lines || is_open(&entry.value) {
            self.out.claim(entry.key_span, entry.value.change.as_ref().or(change));
        }
        quote::colon(&mut self.out, own_lines);
        self.value(&entry.value, Context::Entry, change)
    }

    fn value(&mut self, value: &'v Value, context: Context, inherited: Option<&'v Arc<Change>>) -> Result<(), Problem> {
        let change = value.change.as_ref().or(inherited);
        match &value.data {
            Data::Seq(items) if !items.is_empty() => {
                let indentless = context == Context::Entry && !self.out.indention();
                self.enter(Children::Items(items.iter()), indentless, change);
            }
            Data::Map(entries) if !entries.is_empty() => {
                let first = self.order.len();
                self.order.extend(entries);
                sort(&mut self.order[first..]);
                self.enter(Children::Entries { first, next: first }, false, change);
            }
            data => {
                self.leaf(data).map_err(|message| Problem::new(value.span, message))?;
                self.out.claim(value.span, change);
            }
        }
        Ok(())
    }

    fn enter(&mut self, children: Children<'v>, indentless: bool, change: Option<&'v Arc<Change>>) {
        let outer = self.out.indent;
        self.out.indent = if outer < 0 { 0 } else { outer + if indentless { 0 } else { 2 } };
        self.open.push(Open { children, outer, change });
    }

    /// Writes what has no children.
    fn leaf(&mut self, data: &Data) -> Result<(), String> {
        match data {
            Data::Seq(_) => self.out.indicator("[]", true, false),
            Data::Map(_) => self.out.indicator("{}", true, false),
            Data::Scalar(text, Type::Str) => return self.string(text),
            Data::Scalar(text, Type::Timestamp) => return self.string(&number::date(text)?),
            Data::Scalar(text, kind @ (Type::Int | Type::Float)) => {
                quote::bare(&mut self.out, &number::in_yaml(text, *kind)?)
            }
            Data::Scalar(text, kind) => match scalar::of_type(text, *kind) {
                Scalar::Bool(true) => quote::bare(&mut self.out, "true"),
                Scalar::Bool(_) => quote::bare(&mut self.out, "false"),
                _ => quote::bare(&mut self.out, "null"),
            },
        }
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), String> {
        let marks = Marks::of(text);
        if marks.special
            && let Cow::Owned(read) = reread::value(text)?
        {
            quote::value(&mut self.out, &read, Marks::of(&read));
        } else {
            quote::value(&mut self.out, text, marks);
        }
        Ok(())
    }
}

/// Whether a value begins on the line below its key.
fn is_open(value: &Value) -> bool {
    !value.items().is_empty() || !value.entries().is_empty()
}
