//! The paths of replacements: `spec.containers.[name=web].image` (kyaml/yaml/match.go).

use crate::tree::{MAX_DEPTH, empty_map, set, string};
use fluxproof_yaml::{Data, Span, Value};
use regex_lite::Regex;

/// One step of a path.
#[derive(Debug)]
pub(crate) enum Part {
    /// A key of a mapping, or the number of an item.
    Key(String),
    /// `[key=value]`: items whose field fits an expression; without a key the items themselves.
    Where(String, String, Regex),
    /// `*`: every item.
    Each,
}

/// Splits at dots outside brackets; `\.` is a dot.
pub(crate) fn parse(path: &str) -> Result<Vec<Part>, String> {
    let parts = split(path);
    if parts.len() > MAX_DEPTH {
        return Err(format!("a path of more than {MAX_DEPTH} parts"));
    }
    parts.into_iter().map(part).collect()
}

fn split(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in path.split('.') {
        match parts.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push('.');
                last.push_str(piece);
            }
            Some(last) if last.starts_with('[') && !last.ends_with(']') => {
                last.push('.');
                last.push_str(piece);
            }
            _ => parts.push(piece.to_owned()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn part(text: String) -> Result<Part, String> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match inner.map(|inner| (inner, inner.split_once('='))) {
        Some((_, Some((key, value)))) => {
            let regex = Regex::new(value).map_err(|error| format!("the expression of {text}: {error}"))?;
            Ok(Part::Where(key.to_owned(), value.to_owned(), regex))
        }
        Some((inner, None)) => Ok(Part::Key(inner.to_owned())),
        None if text == "*" => Ok(Part::Each),
        None => Ok(Part::Key(text)),
    }
}

/// Reads one field, as `yaml.Lookup` does: conditions are exact, and the first item counts.
pub(crate) fn look_up<'v>(value: &'v Value, path: &[Part]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, part| match (&value.data, part) {
        (Data::Seq(items), Part::Key(key)) if key == "-" => items.last(),
        (Data::Seq(items), Part::Key(key)) => items.get(key.parse::<usize>().ok()?),
        (Data::Seq(items), Part::Where(key, wanted, _)) => {
            items.iter().find(|item| field_text(item, key).as_deref() == Some(wanted))
        }
        (_, Part::Key(key)) => value.get(key),
        _ => None,
    })
}

/// What a path finds in a value, and whether it had to be made there.
pub(crate) struct Found<'v> {
    pub(crate) value: &'v mut Value,
    pub(crate) made: bool,
}

/// Finds every field at a path; with `create`, makes what is missing on the way, at that span.
pub(crate) fn find<'v>(value: &'v mut Value, path: &[Part], create: Option<Span>) -> Result<Vec<Found<'v>>, String> {
    let mut found = vec![Found { value, made: false }];
    for (index, part) in path.iter().enumerate() {
        let missing = create.map(|span| made_for(path.get(index + 1), span));
        let mut next = Vec::new();
        for Found { value, made } in found {
            step(value, made, part, missing.as_ref(), &mut next)?;
        }
        found = next;
    }
    Ok(found)
}

/// An empty value in which the next step can be made.
fn made_for(next: Option<&Part>, span: Span) -> Value {
    match next {
        None => Value { span, data: Data::Null },
        Some(Part::Where(..)) => Value { span, data: Data::Seq(Vec::new()) },
        Some(Part::Key(key)) if key.parse::<usize>().is_ok() => Value { span, data: Data::Seq(Vec::new()) },
        Some(_) => empty_map(span),
    }
}

fn step<'v>(
    value: &'v mut Value,
    made: bool,
    part: &Part,
    missing: Option<&Value>,
    out: &mut Vec<Found<'v>>,
) -> Result<(), String> {
    let wrong_list = wrong("SequenceNode", value);
    match part {
        Part::Each => {
            let Data::Seq(items) = &mut value.data else { return Err(wrong_list) };
            out.extend(items.iter_mut().map(|value| Found { value, made }));
        }
        Part::Where(key, wanted, regex) => {
            let Data::Seq(items) = &mut value.data else { return Err(wrong_list) };
            matching(items, (key, wanted, regex), missing, out);
        }
        Part::Key(key) => match &value.data {
            Data::Seq(_) => out.push(item(value, key, missing)?),
            Data::Map(_) => out.extend(entry(value, key, missing)),
            _ => return Err(wrong("MappingNode", value)),
        },
    }
    Ok(())
}

fn wrong(wanted: &str, value: &Value) -> String {
    let kind = match value.data {
        Data::Map(_) => "MappingNode",
        Data::Seq(_) => "SequenceNode",
        _ => "ScalarNode",
    };
    format!("wrong node kind: expected {wanted} but got {kind}")
}

fn entry<'v>(map: &'v mut Value, key: &str, missing: Option<&Value>) -> Option<Found<'v>> {
    let made = map.get(key).is_none();
    if let Some(missing) = missing.filter(|_| made) {
        set(map, key, missing.span, missing.clone());
    }
    map.get_mut(key).map(|value| Found { value, made })
}

fn item<'v>(list: &'v mut Value, key: &str, missing: Option<&Value>) -> Result<Found<'v>, String> {
    let Data::Seq(items) = &mut list.data else { return Err("wrong node kind: expected SequenceNode".to_owned()) };
    let Ok(index) = key.parse::<usize>() else {
        return Err("wrong node kind: expected MappingNode but got SequenceNode".to_owned());
    };
    let count = items.len();
    let made = index == count && missing.is_some();
    items.extend(missing.filter(|_| made).cloned());
    let out_of_range = format!("index {index} specified but only {count} elements found");
    items.get_mut(index).map(|value| Found { value, made }).ok_or(out_of_range)
}

/// The items that fit; where none does and it may be made, a new one that does.
fn matching<'v>(
    items: &'v mut Vec<Value>,
    (key, wanted, regex): (&str, &str, &Regex),
    missing: Option<&Value>,
    out: &mut Vec<Found<'v>>,
) {
    let fits = |item: &Value| field_text(item, key).is_some_and(|text| regex.is_match(&text));
    if let Some(missing) = missing.filter(|_| !items.iter().any(fits)) {
        let mut new = if key.is_empty() { string(wanted, missing.span) } else { empty_map(missing.span) };
        set(&mut new, key, missing.span, string(wanted, missing.span));
        items.push(new);
    }
    out.extend(items.iter_mut().filter(|item| fits(item)).map(|value| Found { value, made: false }));
}

/// The text of a field of an item, or of the item itself.
fn field_text(item: &Value, key: &str) -> Option<String> {
    let value = if key.is_empty() { Some(item) } else { item.get(key) };
    Some(match &value?.data {
        Data::Str(text) => text.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_dots_outside_brackets() {
        assert_eq!(split("spec.ref.tag"), ["spec", "ref", "tag"]);
        assert_eq!(split("spec.list.[name=a.b].x"), ["spec", "list", "[name=a.b]", "x"]);
        assert_eq!(split("metadata.annotations.a\\.b/c"), ["metadata", "annotations", "a.b/c"]);
        assert_eq!(
            split("metadata.labels.[app.kubernetes.io/name]"),
            ["metadata", "labels", "[app.kubernetes.io/name]"]
        );
    }
}
