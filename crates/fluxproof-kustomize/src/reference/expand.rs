//! `$(NAME)` in texts (`api/filters/refvar`).

use crate::tree::Writer;
use fluxproof_yaml::{Data, EcoString, Problem, Span, Type, Value, View};
use std::collections::BTreeMap;

/// The values of vars by name, and the entries that say them.
pub(super) type Replacements = BTreeMap<EcoString, (Replacement, Span)>;

/// What `$(NAME)` stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Replacement {
    Text(EcoString),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A list or a mapping: kustomize puts none in.
    Other,
}

impl Replacement {
    /// Of the value of a field; none where its text is not what its type says.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match (&value.data, value.view()) {
            (Data::Scalar(text, Type::Int), _) => Self::Int(text.parse().ok()?),
            (_, View::Bool(flag)) => Self::Bool(flag),
            (_, View::Float(number)) => Self::Float(number),
            (Data::Scalar(text, _), _) => Self::Text(text.clone()),
            _ => Self::Other,
        })
    }

    /// Inside a longer text, as Go's `%v`.
    fn inside(&self, name: &str) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Bool(flag) => flag.to_string(),
            Self::Float(number) => shown(*number),
            Self::Other => format!("$({name})"),
        }
    }

    /// In the place of a whole text, which takes its type.
    fn whole(&self, at: Span) -> Option<Value> {
        Some(match self {
            Self::Text(text) => Value::string(at, text.clone()),
            Self::Int(number) => Value::plain(at, number.to_string()),
            Self::Bool(flag) => Value::plain(at, flag.to_string()),
            Self::Float(number) => Value::plain(at, number.to_string()),
            Self::Other => return None,
        })
    }
}

/// A number as `%v` shows it: with an exponent where it is very large or very small.
fn shown(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 || (1e-4..1e21).contains(&size) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}

/// A text, or the texts in a list or mapping, with values in the place of names; `None` where nothing changes.
pub(super) fn expanded(value: &Value, vars: &Replacements) -> Result<Option<Value>, Problem> {
    match &value.data {
        Data::Scalar(text, Type::Str) => Ok(expanded_text(value, text, vars)),
        Data::Scalar(..) => Ok(None),
        Data::Map(entries) => {
            let texts =
                entries.iter().map(|entry| text_of(&entry.value).and_then(|t| expanded_text(&entry.value, t, vars)));
            Ok(with(value, texts))
        }
        Data::Seq(items) => {
            if let Some(other) = items.iter().find(|item| text_of(item).is_none()) {
                return Err(Problem::new(other.span, "invalid value type expect a string"));
            }
            let texts = items.iter().map(|item| text_of(item).and_then(|text| expanded_text(item, text, vars)));
            Ok(with(value, texts))
        }
    }
}

fn text_of(value: &Value) -> Option<&EcoString> {
    match &value.data {
        Data::Scalar(text, Type::Str) => Some(text),
        _ => None,
    }
}

/// A list or mapping with some of its values new.
fn with(value: &Value, new: impl Iterator<Item = Option<Value>>) -> Option<Value> {
    let mut changed: Option<Value> = None;
    for (at, new) in new.enumerate() {
        let Some(new) = new else { continue };
        let place = match &mut changed.get_or_insert_with(|| value.clone()).data {
            Data::Map(entries) => entries.make_mut().get_mut(at).map(|entry| &mut entry.value),
            Data::Seq(items) => items.make_mut().get_mut(at),
            Data::Scalar(..) => None,
        };
        place.into_iter().for_each(|place| *place = new.clone());
    }
    changed
}

fn expanded_text(value: &Value, text: &EcoString, vars: &Replacements) -> Option<Value> {
    if !text.contains('$') {
        return None;
    }
    let whole = text.strip_prefix("$(").and_then(|text| text.strip_suffix(')')).filter(|name| !name.contains(')'));
    if let Some(name) = whole {
        let (replacement, at) = vars.get(name)?;
        return replacement.whole(*at).map(|new| Writer::new("vars", *at).over(value, new));
    }
    let (new, at) = replaced(text, vars);
    let at = at.unwrap_or(value.span);
    (new != text.as_str()).then(|| Writer::new("vars", at).over(value, Value::string(at, new)))
}

/// A text with all names replaced, and the entry of the first of them. `$$` is a dollar sign; what is no name stays.
fn replaced(text: &str, vars: &Replacements) -> (String, Option<Span>) {
    let (mut new, mut rest, mut first) = (String::with_capacity(text.len()), text, None);
    while let Some(at) = rest.find('$') {
        new.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        rest = match name(behind) {
            Some(name) => {
                let found = vars.get(name);
                first = first.or(found.map(|(_, at)| *at));
                new.push_str(&found.map_or_else(|| format!("$({name})"), |(value, _)| value.inside(name)));
                &behind[name.len() + 2..]
            }
            None => {
                let next = behind.chars().next();
                new.push_str(if next == Some('$') { "" } else { "$" });
                new.extend(next);
                &behind[next.map_or(0, char::len_utf8)..]
            }
        };
    }
    new.push_str(rest);
    (new, first)
}

/// The name in `(NAME)`, which is what stands behind a dollar sign.
fn name(behind: &str) -> Option<&str> {
    let inner = behind.strip_prefix('(')?;
    inner.find(')').map(|end| &inner[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::FileId;

    fn vars() -> Replacements {
        let at = Span::new(FileId(0), 0, 0);
        let text = |text: &str| Replacement::Text(text.into());
        let all = [("A", text("a")), ("REF", text("$(A)")), ("N", Replacement::Int(5)), ("M", Replacement::Other)];
        all.into_iter().map(|(name, value)| (name.into(), (value, at))).collect()
    }

    #[test]
    fn names_are_replaced_once_and_dollars_escape() {
        for (text, expected) in [
            ("$(A)-1", "a-1"),
            ("x$(A)$(REF)y", "xa$(A)y"),
            ("$$(A)_$(A)", "$(A)_a"),
            ("$$$(A)", "$a"),
            ("f-$$VAR", "f-$VAR"),
            ("$(A$(B))", "$(A$(B))"),
            ("--$($($(--", "--$($($(--"),
            ("$(A)end$", "aend$"),
            ("$(N)s", "5s"),
            ("x$(M)", "x$(M)"),
            ("$?_$!", "$?_$!"),
        ] {
            assert_eq!(replaced(text, &vars()).0, expected, "{text}");
        }
    }

    #[test]
    fn a_whole_text_takes_the_type_of_its_value() {
        let text = |text: &str| Value::string(Span::new(FileId(0), 0, 0), text);
        let new = |value: &str| expanded(&text(value), &vars()).expect("no error");
        assert_eq!(new("$(N)").and_then(|value| value.as_int()), Some(5));
        assert_eq!(new("$(A)").as_ref().and_then(Value::as_str), Some("a"));
        assert!(new("$(M)").is_none() && new("$(X)").is_none() && new("plain").is_none());
    }

    #[test]
    fn numbers_in_texts_are_as_go_shows_them() {
        assert_eq!([1.5, 1e21, 0.00001, 100000.0].map(shown), ["1.5", "1e+21", "1e-05", "100000"]);
    }
}
