//! Scalars on their way through JSON and back: what kustomize makes of an object that it patches as JSON.

use super::json::to_json;
use super::number;
use crate::scalar::{self, Scalar};
use crate::{Data, Problem, Type, Value};
use ecow::EcoString;

/// The JSON of a scalar as `encoding/json` writes what yaml.v3 read: numbers keep their digits.
///
/// # Errors
/// As [`to_json`].
pub fn scalar_json(value: &Value) -> Result<String, Problem> {
    match &value.data {
        Data::Scalar(text, kind @ (Type::Int | Type::Float)) => {
            let json = number::in_json(text, *kind).map_err(|message| Problem::new(value.span, message))?;
            Ok(json.into_owned())
        }
        _ => to_json(value),
    }
}

/// What yaml.v3 reads of a scalar that it wrote itself after `encoding/json` had read it: numbers have gone through
/// `float64` (`1000000` is the text `1e+06`), dates are strings. Absent where nothing changes, and for what is no scalar.
///
/// # Errors
/// As [`to_json`].
pub fn scalar_again(value: &Value) -> Result<Option<Data>, Problem> {
    let Data::Scalar(text, kind) = &value.data else { return Ok(None) };
    let again = |message| Problem::new(value.span, message);
    let (new, kind) = match kind {
        Type::Str => return Ok(None),
        Type::Null => (EcoString::from("null"), Type::Null),
        Type::Timestamp => (number::date(text).map_err(again)?.into(), Type::Str),
        Type::Bool => (bool_text(text).into(), Type::Bool),
        Type::Int | Type::Float => number_again(&number::in_json(text, *kind).map_err(again)?),
    };
    Ok((*text != new).then_some(Data::Scalar(new, kind)))
}

fn bool_text(text: &str) -> &'static str {
    match scalar::of_type(text, Type::Bool) {
        Scalar::Bool(true) => "true",
        _ => "false",
    }
}

fn number_again(json: &str) -> (EcoString, Type) {
    let text = json.parse::<f64>().map_or_else(|_| json.to_owned(), number::shortest);
    let kind = if text.contains(['.', 'e']) { Type::Float } else { Type::Int };
    (text.into(), kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, FileId, Table, parse};

    fn value(text: &str) -> Value {
        let parsed = parse(FileId(0), text);
        let root = parsed.documents[0].root().expect("a root");
        root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value")
    }

    #[test]
    fn numbers_go_through_float64_and_dates_become_strings() {
        for (before, after, kind) in [
            ("1000000", "1e+06", Type::Float),
            ("0777", "511", Type::Int),
            ("1.0", "1", Type::Int),
            ("12345678901234567", "1.2345678901234568e+16", Type::Float),
            ("0.00001", "1e-05", Type::Float),
            ("~", "null", Type::Null),
            ("True", "true", Type::Bool),
            ("2020-01-01", "2020-01-01T00:00:00Z", Type::Str),
        ] {
            let found = scalar_again(&value(before)).expect(before);
            assert_eq!(found, Some(Data::Scalar(after.into(), kind)), "{before}");
        }
        for same in ["17", "x", "1.5", "null", "false", "'1e3'", "[1e3]"] {
            assert_eq!(scalar_again(&value(same)).expect(same), None, "{same}");
        }
    }

    #[test]
    fn json_of_a_scalar_keeps_its_digits() {
        let json = |text| scalar_json(&value(text)).expect(text);
        assert_eq!(
            (json("12345678901234567"), json("1.0"), json("0x1F")),
            ("12345678901234567".into(), "1".into(), "31".into())
        );
        assert_eq!(
            (json("a<b"), json("~"), json("2020-01-01")),
            (r#""a\u003cb""#.into(), "null".into(), r#""2020-01-01T00:00:00Z""#.into())
        );
        assert!(scalar_json(&value(".inf")).is_err());
    }
}
