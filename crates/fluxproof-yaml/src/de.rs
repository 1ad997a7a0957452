//! Typed configuration from a tree: a `serde::Deserializer` whose errors know their place.

use crate::message::shortened;
use crate::{Budget, Document, Entry, Problem, Span, Table, Value, View};
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use std::fmt;

/// Reads a document into a type, scalars as yaml.v3 resolves them.
///
/// ```
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Server { #[allow(dead_code)] port: u16 }
///
/// let text = "port: many\n";
/// let parsed = fluxproof_yaml::parse(fluxproof_yaml::FileId(0), text);
/// let problem = fluxproof_yaml::from_document::<Server>(&parsed.documents[0]).err().unwrap();
/// assert_eq!(&text[problem.span.start as usize..problem.span.end as usize], "many");
/// ```
///
/// # Errors
/// When the document cannot be expanded or does not fit the type; the problem has the span of the offending key or value.
pub fn from_document<T: DeserializeOwned>(document: &Document) -> Result<T, Problem> {
    let span = document.span();
    let value = match document.root() {
        Some(root) => root.to_value(Table::GoYaml3, &mut Budget::default())?,
        None => Value::null(Span::new(span.file, span.end, span.end)),
    };
    from_value(&value)
}

/// Reads a value into a type.
///
/// # Errors
/// When it does not fit the type; the problem has the span of the offending key or value.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    T::deserialize(Reader { value }).map_err(|error| error.into_problem(value.span))
}

/// A misfit, and its place once the innermost node around it is known.
#[derive(Debug)]
struct Error {
    span: Option<Span>,
    /// The key that it is about, for types that look at keys only at the end.
    key: Option<String>,
    message: String,
    help: Option<String>,
}

impl Error {
    fn new(message: String, help: Option<String>) -> Self {
        Self { span: None, key: None, message, help }
    }

    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// The place in a mapping: the key that the error is about, where it has it.
    fn in_mapping(self, span: Span, entries: &[Entry]) -> Self {
        let entry = self.key.as_ref().and_then(|key| entries.iter().find(|entry| entry.key == *key));
        self.at(entry.map_or(span, |entry| entry.key_span))
    }

    fn into_problem(self, span: Span) -> Problem {
        let problem = Problem::new(self.span.unwrap_or(span), self.message);
        Problem { help: self.help, ..problem }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string(), None)
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("found {}, expected {expected}", in_words(found)), None)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("found {}, expected {expected}", in_words(found)), None)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("unknown value `{}`", shortened(variant)), one_of(expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let error = Self::new(format!("unknown key `{}`", shortened(field)), one_of(expected));
        Self { key: Some(field.to_owned()), ..error }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the key `{field}` is missing"), Some(format!("add `{field}:`")))
    }

    fn duplicate_field(field: &'static str) -> Self {
        let error = Self::new(format!("the key `{field}` is here twice"), Some("remove one of the two".to_owned()));
        Self { key: Some(field.to_owned()), ..error }
    }
}

fn in_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Unit => "nothing".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Str(text) => format!("the text `{}`", shortened(text)),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Unsigned(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        other => other.to_string(),
    }
}

fn one_of(expected: &[&str]) -> Option<String> {
    let names: Vec<String> = expected.iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("known here: {}", names.join(", ")))
}

#[derive(Clone, Copy)]
struct Reader<'v> {
    value: &'v Value,
}

impl<'v> Reader<'v> {
    fn any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.view() {
            View::Null => visitor.visit_unit(),
            View::Bool(value) => visitor.visit_bool(value),
            View::Int(value) => match u64::try_from(value) {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => visitor.visit_i64(value),
            },
            View::Float(value) => visitor.visit_f64(value),
            View::Str(text) => visitor.visit_borrowed_str(text),
            View::Seq(items) => self.items(items, visitor),
            View::Map(entries) => self.entries(entries, visitor),
        }
    }

    fn items<V: Visitor<'v>>(self, items: &'v [Value], visitor: V) -> Result<V::Value, Error> {
        let mut left = Items { items: items.iter() };
        let value = visitor.visit_seq(&mut left)?;
        match left.items.next() {
            None => Ok(value),
            Some(extra) => Err(Error::invalid_length(items.len(), &"fewer items").at(extra.span)),
        }
    }

    fn entries<V: Visitor<'v>>(self, entries: &'v [Entry], visitor: V) -> Result<V::Value, Error> {
        let mut left = Entries { entries: entries.iter(), entry: None };
        visitor.visit_map(&mut left).map_err(|error| error.in_mapping(self.value.span, entries))
    }

    /// What is not written has no width to point at: the key before it is the place.
    fn placed<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        let span = self.value.span;
        result.map_err(|error| if span.start == span.end { error } else { error.at(span) })
    }
}

impl<'v> Deserializer<'v> for Reader<'v> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        self.placed(self.any(visitor))
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'v>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Nothing is a mapping without entries: `vault:` with every line below it commented out.
    fn deserialize_map<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = if self.value.is_null() { self.entries(&[], visitor) } else { self.any(visitor) };
        self.placed(result)
    }

    fn deserialize_struct<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        // serde would take the fields of a struct from a list, in their order.
        if self.value.is_seq() {
            return self.placed(Err(Error::invalid_type(Unexpected::Seq, &visitor)));
        }
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let result = match self.value.view() {
            View::Str(name) => visitor.visit_enum(Variant { name, span: self.value.span, value: None }),
            View::Map(entries) if entries.len() == 1 => {
                let entry = &entries[0];
                visitor.visit_enum(Variant { name: &entry.key, span: entry.key_span, value: Some(&entry.value) })
            }
            _ => Err(Error::custom("expected one name, or one key with a value")),
        };
        self.placed(result)
    }

    fn deserialize_ignored_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'v>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier
    }
}

struct Items<'v> {
    items: std::slice::Iter<'v, Value>,
}

impl<'v> SeqAccess<'v> for Items<'v> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.items
            .next()
            .map(|value| seed.deserialize(Reader { value }).map_err(|error| error.at(value.span)))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'v> {
    entries: std::slice::Iter<'v, Entry>,
    /// The entry whose key was read last.
    entry: Option<&'v Entry>,
}

impl<'v> MapAccess<'v> for Entries<'v> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'v>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.entry = self.entries.next();
        let key = self.entry.map(|entry| {
            let key: StrDeserializer<'v, Error> = (&*entry.key).into_deserializer();
            seed.deserialize(key).map_err(|error| error.at(entry.key_span))
        });
        key.transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let entry = self.entry.ok_or_else(|| Error::custom("a value was asked for before its key"))?;
        let reader = Reader { value: &entry.value };
        reader.placed(seed.deserialize(reader)).map_err(|error| error.at(entry.key_span))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

struct Variant<'v> {
    name: &'v str,
    span: Span,
    value: Option<&'v Value>,
}

impl<'v> EnumAccess<'v> for Variant<'v> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'v>>(self, seed: T) -> Result<(T::Value, Self), Error> {
        let name: StrDeserializer<'v, Error> = self.name.into_deserializer();
        seed.deserialize(name).map(|name| (name, Self { ..self })).map_err(|error| error.at(self.span))
    }
}

impl<'v> Variant<'v> {
    fn content(&self) -> Result<Reader<'v>, Error> {
        let missing = || Error::new(format!("`{}` needs a value", self.name), Some(format!("write `{}:`", self.name)));
        self.value.map(|value| Reader { value }).ok_or_else(|| missing().at(self.span))
    }
}

impl<'v> VariantAccess<'v> for Variant<'v> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.value {
            Some(value) if !value.is_null() => {
                Err(Error::custom(format!("`{}` takes no value", self.name)).at(value.span))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'v>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'v>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'v>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_map(visitor)
    }
}
