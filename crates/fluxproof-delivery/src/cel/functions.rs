//! The functions that Flux's expressions may call: the standard ones, and those of cel-go's extensions for strings, sets
//! and encoders. One that is known and not carried out here makes the outcome unknown.

use super::tree::Node;
use super::value::{Outcome, Stop, Value, error, no_overload};

/// Every function by name; a method and a function of one name are one here.
pub(super) const FUNCTIONS: &[&str] = &[
    "base64.decode",
    "base64.encode",
    "bool",
    "bytes",
    "charAt",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "hasValue",
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "optional.none",
    "optional.of",
    "optional.ofNonZeroValue",
    "or",
    "orValue",
    "quote",
    "replace",
    "reverse",
    "sets.contains",
    "sets.equivalent",
    "sets.intersects",
    "size",
    "split",
    "startsWith",
    "string",
    "strings.quote",
    "substring",
    "timestamp",
    "trim",
    "type",
    "uint",
    "upperAscii",
    "value",
];

/// Whether a target is no value but the first part of a function's name: `sets.contains(a, b)`.
pub(super) fn is_namespace(node: &Node) -> bool {
    matches!(node, Node::Name(name) if matches!(name.as_str(), "base64" | "optional" | "sets" | "strings"))
}

/// A name that stands for a type.
pub(super) fn type_of_name(name: &str) -> Option<&'static str> {
    let types = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type"];
    types.into_iter().find(|known| *known == name)
}

/// Calls a function or a method.
pub(super) fn call(name: &str, target: Option<Value>, arguments: &[Value]) -> Outcome {
    if target == Some(Value::Unknown) || arguments.contains(&Value::Unknown) {
        return Err(Stop::Unknown);
    }
    match (target, arguments) {
        (Some(Value::Text(text)), _) => method(name, &text, arguments),
        (Some(Value::Optional(inner)), _) => of_optional(name, inner, arguments),
        (Some(Value::List(items)), []) if name == "size" => size(&Value::List(items)),
        (Some(Value::List(items)), _) => of_list(name, &items, arguments),
        (Some(Value::Map(fields)), []) if name == "size" => size(&Value::Map(fields)),
        (None, [one]) => function(name, one),
        (None, [Value::Text(text), rest @ ..]) => method(name, text, rest),
        _ => other(name),
    }
}

fn other(name: &str) -> Outcome {
    let known = matches!(name, "format" | "getFullYear" | "getHours" | "getMinutes" | "getSeconds" | "quote");
    Err(if known { Stop::Unknown } else { no_overload(name) })
}

fn function(name: &str, one: &Value) -> Outcome {
    match name {
        "size" => size(one),
        "type" => Ok(Value::Type(one.type_name())),
        "dyn" => Ok(one.clone()),
        "int" | "uint" | "double" => number(name, one),
        "string" => string(one),
        "bool" => boolean(one),
        "timestamp" | "duration" | "bytes" => Err(Stop::Unknown),
        _ => other(name),
    }
}

fn size(value: &Value) -> Outcome {
    let size = match value {
        Value::Text(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Map(fields) if fields.open => return Err(Stop::Unknown),
        Value::Map(fields) => fields.known.len(),
        _ => return Err(no_overload("size")),
    };
    Ok(count(size))
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A conversion to a number; text must be a number of that type as a whole.
fn number(name: &str, value: &Value) -> Outcome {
    let converted = match (name, value) {
        ("int", Value::Int(_)) | ("uint", Value::Uint(_)) | ("double", Value::Double(_)) => Some(value.clone()),
        ("int", Value::Uint(number)) => i64::try_from(*number).ok().map(Value::Int),
        ("uint", Value::Int(number)) => u64::try_from(*number).ok().map(Value::Uint),
        ("int", Value::Text(text)) => text.parse().ok().map(Value::Int),
        ("uint", Value::Text(text)) => text.parse().ok().map(Value::Uint),
        ("double", Value::Text(text)) => text.parse().ok().map(Value::Double),
        (_, Value::Int(_) | Value::Uint(_) | Value::Double(_)) => return Err(Stop::Unknown),
        _ => return Err(no_overload(name)),
    };
    converted.ok_or_else(|| error(format!("{name}() cannot convert this")))
}

fn string(value: &Value) -> Outcome {
    Ok(Value::Text(match value {
        Value::Text(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(_) => return Err(Stop::Unknown),
        _ => return Err(no_overload("string")),
    }))
}

/// As Go reads a truth (strconv.ParseBool).
fn boolean(value: &Value) -> Outcome {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::Text(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(error("bool() cannot convert this")),
        },
        _ => Err(no_overload("bool")),
    }
}

fn of_optional(name: &str, inner: Option<Box<Value>>, arguments: &[Value]) -> Outcome {
    match (name, arguments) {
        ("hasValue", []) => Ok(Value::Bool(inner.is_some())),
        ("value", []) => inner.map(|value| *value).ok_or_else(|| error("optional.none() dereference")),
        ("orValue", [otherwise]) => Ok(inner.map_or_else(|| otherwise.clone(), |value| *value)),
        ("or", [otherwise]) => Ok(inner.map_or_else(|| otherwise.clone(), |value| Value::Optional(Some(value)))),
        _ => Err(no_overload(name)),
    }
}

fn of_list(name: &str, items: &[Value], arguments: &[Value]) -> Outcome {
    let separator = match (name, arguments) {
        ("join", []) => "",
        ("join", [Value::Text(separator)]) => separator,
        _ => return other(name),
    };
    let text = |item: &Value| match item {
        Value::Text(text) => Ok(text.clone()),
        Value::Unknown => Err(Stop::Unknown),
        _ => Err(no_overload("join")),
    };
    let parts = items.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::Text(parts.join(separator)))
}

fn method(name: &str, text: &str, arguments: &[Value]) -> Outcome {
    let made = |text: String| Ok(Value::Text(text));
    match (name, arguments) {
        ("startsWith", [Value::Text(other)]) => Ok(Value::Bool(text.starts_with(other.as_str()))),
        ("endsWith", [Value::Text(other)]) => Ok(Value::Bool(text.ends_with(other.as_str()))),
        ("contains", [Value::Text(other)]) => Ok(Value::Bool(text.contains(other.as_str()))),
        ("matches", [Value::Text(pattern)]) => matches(text, pattern).map(Value::Bool).ok_or(Stop::Unknown),
        ("size", []) => size(&Value::text(text)),
        ("lowerAscii", []) => made(text.to_ascii_lowercase()),
        ("upperAscii", []) => made(text.to_ascii_uppercase()),
        ("trim", []) => made(text.trim().to_owned()),
        ("reverse", []) => made(text.chars().rev().collect()),
        ("replace", [Value::Text(old), Value::Text(new)]) => made(text.replace(old.as_str(), new)),
        ("split", [Value::Text(separator)]) => Ok(Value::List(split(text, separator))),
        ("substring", [Value::Int(from)]) => substring(text, *from, None),
        ("substring", [Value::Int(from), Value::Int(to)]) => substring(text, *from, Some(*to)),
        ("indexOf", [Value::Text(other)]) => Ok(position(text, text.find(other.as_str()))),
        ("lastIndexOf", [Value::Text(other)]) => Ok(position(text, text.rfind(other.as_str()))),
        ("charAt", [Value::Int(at)]) => char_at(text, *at),
        ("split" | "replace" | "indexOf" | "lastIndexOf", [_, _, ..]) => Err(Stop::Unknown),
        _ => other(name),
    }
}

fn split(text: &str, separator: &str) -> Vec<Value> {
    if separator.is_empty() {
        return text.chars().map(|c| Value::Text(c.to_string())).collect();
    }
    text.split(separator).map(Value::text).collect()
}

/// Positions count characters; -1 where there is none.
fn position(text: &str, found: Option<usize>) -> Value {
    found.map_or(Value::Int(-1), |byte| count(text[..byte].chars().count()))
}

fn substring(text: &str, from: i64, to: Option<i64>) -> Outcome {
    let length = text.chars().count();
    let to = to.map_or(Some(length), |to| usize::try_from(to).ok());
    let range = usize::try_from(from).ok().zip(to).filter(|(from, to)| from <= to && *to <= length);
    let (from, to) = range.ok_or_else(|| error("index out of range"))?;
    Ok(Value::Text(text.chars().skip(from).take(to - from).collect()))
}

fn char_at(text: &str, at: i64) -> Outcome {
    let length = text.chars().count();
    let at = usize::try_from(at).ok().filter(|at| *at <= length).ok_or_else(|| error("index out of range"))?;
    Ok(Value::Text(text.chars().nth(at).map(String::from).unwrap_or_default()))
}

/// A pattern (RE2) that is a text with or without anchors; none for any other.
fn matches(text: &str, pattern: &str) -> Option<bool> {
    let (start, rest) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let (end, rest) =
        rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).map_or((false, rest), |rest| (true, rest));
    let literal = literal(rest)?;
    Some(match (start, end) {
        (true, true) => text == literal,
        (true, false) => text.starts_with(&literal),
        (false, true) => text.ends_with(&literal),
        (false, false) => text.contains(&literal),
    })
}

fn literal(pattern: &str) -> Option<String> {
    let mut literal = String::new();
    let mut characters = pattern.chars();
    while let Some(next) = characters.next() {
        match next {
            '\\' => literal.push(characters.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            other => literal.push(other),
        }
    }
    Some(literal)
}
