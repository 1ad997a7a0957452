//! Values of expressions, small and JSON-like.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    List(Vec<Value>),
    Map(Fields),
    Optional(Option<Box<Value>>),
    /// A type, as `type(x)` gives it.
    Type(&'static str),
    /// Something that is there, but not known here.
    Unknown,
}

/// A map with text keys, as JSON has them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fields {
    pub(crate) known: BTreeMap<String, Value>,
    /// Whether there may be more fields than those that are known.
    pub(crate) open: bool,
}

/// Why an evaluation ends without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// What CEL calls an error.
    Error(String),
    /// It depends on something that is not known here.
    Unknown,
}

pub(crate) type Outcome = Result<Value, Stop>;

pub(crate) fn error(message: impl Into<String>) -> Stop {
    Stop::Error(message.into())
}

pub(super) fn no_overload(name: &str) -> Stop {
    error(format!("no such overload: {name}"))
}

impl Value {
    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A map of these fields and no others.
    pub(crate) fn map<const N: usize>(fields: [(&str, Self); N]) -> Self {
        let known = fluxproof_order::gather(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
        Self::Map(Fields { known, open: false })
    }

    /// A map of these fields and perhaps others.
    pub(crate) fn open<const N: usize>(fields: [(&str, Self); N]) -> Self {
        match Self::map(fields) {
            Self::Map(fields) => Self::Map(Fields { open: true, ..fields }),
            other => other,
        }
    }

    /// The name of its type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
            Self::Unknown => "dyn",
        }
    }

    fn number(&self) -> Option<Number> {
        Some(match self {
            Self::Int(number) => Number::Whole(i128::from(*number)),
            Self::Uint(number) => Number::Whole(i128::from(*number)),
            Self::Double(number) => Number::Real(*number),
            _ => return None,
        })
    }

    /// Whether two values are equal; numbers of different types are compared by value, other types never are equal.
    pub(super) fn equals(&self, other: &Self) -> Result<bool, Stop> {
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(a.compare(b) == Some(Ordering::Equal));
        }
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Err(Stop::Unknown),
            (Self::List(a), Self::List(b)) if a.len() == b.len() => every(a.iter().zip(b).map(|(a, b)| a.equals(b))),
            (Self::Map(a), Self::Map(b)) => a.equals(b),
            (Self::Optional(Some(a)), Self::Optional(Some(b))) => a.equals(b),
            _ => Ok(self == other),
        }
    }

    /// The order of two values of one type.
    pub(super) fn order(&self, other: &Self) -> Result<Option<Ordering>, Stop> {
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(a.compare(b));
        }
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Err(Stop::Unknown),
            (Self::Text(a), Self::Text(b)) => Ok(Some(a.cmp(b))),
            (Self::Bool(a), Self::Bool(b)) => Ok(Some(a.cmp(b))),
            _ => Err(no_overload("comparison")),
        }
    }
}

/// Whether all are true: one false is enough, then one unknown.
fn every(each: impl Iterator<Item = Result<bool, Stop>>) -> Result<bool, Stop> {
    let mut stop = None;
    for one in each {
        match one {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(why) => stop = Some(why),
        }
    }
    stop.map_or(Ok(true), Err)
}

impl Fields {
    /// The field of a name; an error where there is none, unknown where there may be one.
    pub(super) fn field(&self, name: &str) -> Outcome {
        match self.known.get(name) {
            Some(Value::Unknown) => Err(Stop::Unknown),
            Some(value) => Ok(value.clone()),
            None if self.open => Err(Stop::Unknown),
            None => Err(error(format!("no such key: {name}"))),
        }
    }

    /// Whether there is a field of this name.
    pub(super) fn has(&self, name: &str) -> Result<bool, Stop> {
        match self.known.contains_key(name) {
            false if self.open => Err(Stop::Unknown),
            found => Ok(found),
        }
    }

    fn equals(&self, other: &Self) -> Result<bool, Stop> {
        if self.open || other.open {
            return Err(Stop::Unknown);
        }
        if self.known.len() != other.known.len() {
            return Ok(false);
        }
        every(self.known.iter().map(|(key, value)| other.known.get(key).map_or(Ok(false), |found| value.equals(found))))
    }
}

/// A number of any type.
enum Number {
    Whole(i128),
    Real(f64),
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "a comparison with a double is one of doubles")]
    fn real(&self) -> f64 {
        match self {
            Self::Whole(number) => *number as f64,
            Self::Real(number) => *number,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "both sides are made for this comparison")]
    fn compare(&self, other: Self) -> Option<Ordering> {
        match (self, &other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(b)),
            _ => self.real().partial_cmp(&other.real()),
        }
    }
}
