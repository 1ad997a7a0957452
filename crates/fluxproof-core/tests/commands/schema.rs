//! As much of JSON Schema as the report's schema uses; a keyword that is not known here is a violation, so that nothing
//! is passed over in silence.

use serde_json::Value;

const NOTES: &[&str] = &["$schema", "$id", "$defs", "title", "description"];

/// Where and how a value is not as the schema says.
pub(crate) fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = vec![(schema, value, "$".to_owned())];
    while let Some((rules, value, at)) = open.pop() {
        for (keyword, rule) in rules.as_object().expect("a schema is an object") {
            match keyword.as_str() {
                "$ref" => open.push((reference(schema, rule), value, at.clone())),
                "properties" => open.extend(fields(rule, value, &at)),
                "additionalProperties" => open.extend(others(rules, rule, value, &at)),
                "propertyNames" => out.extend(names(schema, rule, value, &at)),
                "items" => open.extend(items(rule, value, &at)),
                "anyOf" if !any(schema, rule, value) => out.push(format!("{at}: {value} is none of {rule}")),
                "anyOf" => {}
                name if NOTES.contains(&name) => {}
                name if !holds(name, rule, value) => out.push(format!("{at}: {value} is not {name} {rule}")),
                _ => {}
            }
        }
    }
    out
}

fn reference<'s>(schema: &'s Value, pointer: &Value) -> &'s Value {
    let pointer = pointer.as_str().and_then(|text| text.strip_prefix('#')).expect("a reference into this schema");
    schema.pointer(pointer).expect("what the reference names")
}

fn fields<'s>(rule: &'s Value, value: &'s Value, at: &str) -> Vec<(&'s Value, &'s Value, String)> {
    let known = rule.as_object().expect("properties").iter();
    known.filter_map(|(name, rules)| Some((rules, value.get(name)?, format!("{at}.{name}")))).collect()
}

fn others<'s>(rules: &'s Value, rule: &'s Value, value: &'s Value, at: &str) -> Vec<(&'s Value, &'s Value, String)> {
    let known = |name: &str| rules.get("properties").is_some_and(|properties| properties.get(name).is_some());
    let map = value.as_object().into_iter().flatten();
    map.filter(|(name, _)| !known(name)).map(|(name, value)| (rule, value, format!("{at}.{name}"))).collect()
}

fn names(schema: &Value, rule: &Value, value: &Value, at: &str) -> Vec<String> {
    let rule = rule.get("$ref").map_or(rule, |pointer| reference(schema, pointer));
    let wrong = |name: &&String| !violations(rule, &Value::String((*name).clone())).is_empty();
    value
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .filter(wrong)
        .map(|name| format!("{at}: key {name}"))
        .collect()
}

fn items<'s>(rule: &'s Value, value: &'s Value, at: &str) -> Vec<(&'s Value, &'s Value, String)> {
    let all = value.as_array().into_iter().flatten().enumerate();
    all.map(|(index, value)| (rule, value, format!("{at}[{index}]"))).collect()
}

fn any(schema: &Value, rule: &Value, value: &Value) -> bool {
    let resolved = |one: &Value| one.get("$ref").map_or(one.clone(), |pointer| reference(schema, pointer).clone());
    rule.as_array().expect("alternatives").iter().any(|one| violations(&resolved(one), value).is_empty())
}

fn holds(keyword: &str, rule: &Value, value: &Value) -> bool {
    match keyword {
        "type" => match rule.as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            _ => false,
        },
        "required" => rule
            .as_array()
            .into_iter()
            .flatten()
            .all(|name| name.as_str().is_some_and(|name| value.get(name).is_some())),
        "const" => rule == value,
        "enum" => rule.as_array().is_some_and(|all| all.contains(value)),
        "minimum" => value.as_i64() >= rule.as_i64(),
        "pattern" => matches(rule.as_str().unwrap_or_default(), value.as_str().unwrap_or_default()),
        _ => false,
    }
}

/// The four patterns of the schema; another one is a violation until it is read here.
fn matches(pattern: &str, text: &str) -> bool {
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match pattern {
        "^[0-9a-f]{16}$" => hex(text, 16),
        "^sha256:[0-9a-f]{64}$" => text.strip_prefix("sha256:").is_some_and(|digest| hex(digest, 64)),
        "^T[0-9]+$" => text.strip_prefix('T').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
        "^[a-z]+(-[a-z]+)*$" => {
            text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
        }
        _ => false,
    }
}
