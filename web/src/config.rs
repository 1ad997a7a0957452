//! The config as it is typed: what the layout's own field description says, and the values that
//! differ from its defaults. Pure.
use serde_json::{Map, Value};
use std::collections::BTreeMap;

shape! {
    /// One field of the layout, as the plugin describes it.
    #[derive(Clone, Debug, Default)]
    struct Field {
        /// Dotted, as in `vault.server`: the key in the config and in its problems.
        path: String = "path",
        label: String = "label",
        help: String = "help",
        default: Value = "default",
        kind: String = "kind",
        choices: Vec<Choice> = "choices",
        group: String = "group",
        when: Option<When> = "when",
        advice: Option<String> = "advice",
    }
}

shape! {
    /// One value of a field with few.
    #[derive(Clone, Debug, Default)]
    struct Choice {
        value: Value = "value",
        label: String = "label",
    }
}

shape! {
    /// The field exists only while another has this value.
    #[derive(Clone, Debug, Default)]
    struct When {
        path: String = "path",
        is: Value = "is",
    }
}

/// The values that were typed, by path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config {
    values: BTreeMap<String, Value>,
}

impl Config {
    pub(crate) fn set(&mut self, path: String, value: Value) {
        self.values.insert(path, value);
    }

    /// What a field holds now: what was typed, or its default.
    pub(crate) fn value<'c>(&'c self, field: &'c Field) -> &'c Value {
        self.values.get(&field.path).unwrap_or(&field.default)
    }

    /// Whether the field applies, given the others.
    pub(crate) fn shown(&self, field: &Field, fields: &[Field]) -> bool {
        let Some(when) = &field.when else { return true };
        let other = fields.iter().find(|other| other.path == when.path);
        other.is_some_and(|other| *self.value(other) == when.is && self.shown(other, fields))
    }

    /// Whether nothing differs from the defaults.
    pub(crate) fn untouched(&self, fields: &[Field]) -> bool {
        fields.iter().all(|field| *self.value(field) == field.default)
    }

    /// The config as JSON: what differs from the defaults, of the fields that apply.
    pub(crate) fn json(&self, fields: &[Field]) -> String {
        let mut root = Map::new();
        for field in fields.iter().filter(|field| self.shown(field, fields)) {
            let value = self.value(field);
            if *value != field.default {
                put(&mut root, &field.path, value.clone());
            }
        }
        Value::Object(root).to_string()
    }
}

fn put(root: &mut Map<String, Value>, path: &str, value: Value) {
    let (folders, name) = path.rsplit_once('.').map_or((None, path), |(folders, name)| (Some(folders), name));
    let mut at = root;
    for folder in folders.into_iter().flat_map(|folders| folders.split('.')) {
        let entry = at.entry(folder).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(inside) = entry else { return };
        at = inside;
    }
    at.insert(name.to_owned(), value);
}

/// A value as its control shows it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What was typed, as a value of the field's type; an emptied optional field is absent again.
pub(crate) fn typed(text: &str, field: &Field) -> Value {
    match &field.default {
        Value::Null if text.is_empty() => Value::Null,
        Value::Number(_) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        _ => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Read;
    use serde_json::json;

    fn fields() -> Vec<Field> {
        Read::read(&json!([
            {"path":"vault.server","default":"https://vault"},
            {"path":"vault.namespace"},
            {"path":"vault.auth.method","default":"kubernetes"},
            {"path":"vault.auth.token.key","default":"token","when":{"path":"vault.auth.method","is":"token"}},
            {"path":"prune","default":true}
        ]))
    }

    #[test]
    fn only_what_differs_is_sent() {
        let mut config = Config::default();
        assert_eq!(config.json(&fields()), "{}");
        config.set("vault.server".into(), json!("https://v"));
        config.set("vault.namespace".into(), json!("team"));
        config.set("prune".into(), json!(true));
        assert_eq!(config.json(&fields()), r#"{"vault":{"server":"https://v","namespace":"team"}}"#);
    }

    #[test]
    fn a_field_that_does_not_apply_is_not_sent() {
        let mut config = Config::default();
        config.set("vault.auth.token.key".into(), json!("t"));
        assert_eq!(config.json(&fields()), "{}");
        config.set("vault.auth.method".into(), json!("token"));
        assert_eq!(config.json(&fields()), r#"{"vault":{"auth":{"method":"token","token":{"key":"t"}}}}"#);
    }

    #[test]
    fn an_emptied_optional_field_is_absent() {
        let fields = fields();
        assert_eq!(typed("", &fields[1]), Value::Null);
        assert_eq!(typed("", &fields[0]), json!(""));
    }
}
