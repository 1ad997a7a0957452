//! The language, compared with what cel-go 0.26 says of the same expressions with the options of fluxcd/pkg runtime/cel.

mod language;
mod questions;

use super::value::{Fields, Value};
use fluxproof_yaml::View;

/// The value of a YAML text.
pub(super) fn yaml(text: &str) -> Value {
    of(&crate::facts::tests::yaml(text))
}

fn of(value: &fluxproof_yaml::Value) -> Value {
    match value.view() {
        View::Null => Value::Null,
        View::Bool(flag) => Value::Bool(flag),
        View::Int(number) => Value::Int(number),
        View::Float(number) => Value::Double(number),
        View::Str(text) => Value::text(text),
        View::Seq(items) => Value::List(items.iter().map(of).collect()),
        View::Map(entries) => {
            let known = entries.iter().map(|entry| (entry.key.to_string(), of(&entry.value))).collect();
            Value::Map(Fields { known, open: false })
        }
    }
}
