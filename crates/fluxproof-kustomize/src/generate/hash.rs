//! The hash at the end of a generated object's name (`api/hasher`, `HashTransformer.go`).

use super::written::unreadable_data;
use crate::Resource;
use crate::build::{Accumulator, Builder};
use crate::tree::Writer;
use fluxproof_yaml::{Data, EcoString, Problem, Sources, Value, to_json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How much of the hash a name shows.
const LENGTH: usize = 10;

/// Adds the hash to the name of every object that is to have one.
pub(crate) fn add_hashes(builder: &mut Builder<'_, '_>, accumulator: &mut Accumulator) -> Result<(), Problem> {
    for at in 0..accumulator.set.len() {
        if let Some(resource) = accumulator.set.get(at).filter(|resource| resource.needs_hash) {
            let wrong = unreadable_data(resource);
            wrong.into_iter().for_each(|problem| builder.fail(problem));
            accumulator.set.update(at, |resource| add_hash(builder.sources(), resource));
        }
    }
    Ok(())
}

fn add_hash(sources: &Sources, resource: &mut Resource) {
    let hash = name_hash(sources, &resource.value);
    resource.remember();
    let writer = Writer::new(by(resource), resource.span);
    let name = EcoString::from(format!("{}-{hash}", resource.name()));
    let span = resource.name_span();
    if let Some(metadata) = resource.value.get_mut("metadata") {
        writer.set(metadata, "name", Value::string(span, name));
    }
}

fn by(resource: &Resource) -> &'static str {
    if resource.kind() == "Secret" { "secretGenerator" } else { "configMapGenerator" }
}

/// The ten characters that stand for the content of an object of these sources at the end of its name.
#[must_use]
pub fn name_hash(sources: &Sources, object: &Value) -> String {
    let digest = Sha256::digest(encode(sources, object));
    let mut hex = digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    hex.truncate(LENGTH);
    hex.chars().map(kind_letter).collect()
}

/// No vowels, and nothing that looks like one.
fn kind_letter(letter: char) -> char {
    match letter {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    }
}

/// The text that is hashed: kustomize means to include the name and never finds it.
fn encode(sources: &Sources, object: &Value) -> String {
    match object.get("kind").and_then(Value::scalar_text).map_or("", EcoString::as_str) {
        "ConfigMap" => {
            let parts = [binary(object, "binaryData"), field(object, "data"), kind("ConfigMap"), name()];
            joined(parts)
        }
        "Secret" => {
            let parts =
                [field(object, "data"), kind("Secret"), name(), binary(object, "stringData"), field(object, "type")];
            joined(parts)
        }
        _ => super::node::encode(sources, object),
    }
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{{{}}}", parts.join(","))
}

fn kind(name: &str) -> Option<String> {
    Some(format!("\"kind\":\"{name}\""))
}

fn name() -> Option<String> {
    Some("\"name\":\"\"".to_owned())
}

/// A field that is there only where it is no scalar.
fn binary(object: &Value, key: &str) -> Option<String> {
    object.get(key).filter(|value| value.scalar_text().is_none()).and_then(|_| field(object, key))
}

/// A field: a mapping; the text of a scalar; null for a list; `""` where there is none.
fn field(object: &Value, key: &str) -> Option<String> {
    let json = match object.get(key) {
        None => to_json(&Value::string(object.span, "")),
        Some(Value { data: Data::Scalar(text, _), span, .. }) => to_json(&Value::string(*span, text.clone())),
        Some(list) if list.is_seq() => to_json(&Value::null(list.span)),
        Some(map) => to_json(map),
    };
    // What has no JSON has no YAML either: the build ends with that.
    Some(format!("\"{key}\":{}", json.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::documents;
    use fluxproof_yaml::{FileId, RepoPath};

    fn read(text: &str) -> (Sources, Value) {
        let sources = Sources::from_texts([(RepoPath::new("a").expect("a path"), text)]);
        let (documents, problems) = documents(FileId(0), text);
        assert!(problems.is_empty(), "{problems:?}");
        (sources, documents[0].clone())
    }

    fn encoded(text: &str) -> String {
        let (sources, value) = read(text);
        encode(&sources, &value)
    }

    #[test]
    fn what_is_hashed_of_config_maps_and_secrets() {
        assert_eq!(encoded("kind: ConfigMap"), r#"{"data":"","kind":"ConfigMap","name":""}"#);
        assert_eq!(
            encoded("kind: ConfigMap\ndata: {b: <, a: 2, c: [1.0, x]}\nbinaryData: {}\nmetadata: {name: x}"),
            r#"{"binaryData":{},"data":{"a":2,"b":"\u003c","c":[1,"x"]},"kind":"ConfigMap","name":""}"#
        );
        assert_eq!(
            encoded("kind: Secret\ntype: t\ndata:\nstringData: {a: '1'}"),
            r#"{"data":"","kind":"Secret","name":"","stringData":{"a":"1"},"type":"t"}"#
        );
    }

    #[test]
    fn hashes_of_kustomize() {
        for (text, expected) in [
            ("kind: ConfigMap\ndata: {FRUIT: apple, VEGETABLE: carrot}", "kfd8tf729k"),
            ("kind: ConfigMap\ndata: {a: '1'}", "h29d89cmmt"),
            ("kind: Secret\ntype: Opaque\ndata: {}", "46f8b28mk5"),
            ("\napiVersion: test/v1\nkind: TestResource\nmetadata:\n  name: my-resource", "244782mkb7"),
            (
                "\napiVersion: test/v1\nkind: TestResource\nmetadata:\n  name: my-resource\nspec:\n  foo: 1\n  bar: abc",
                "59m2mdccg4",
            ),
        ] {
            let (sources, value) = read(text);
            assert_eq!(name_hash(&sources, &value), expected, "{text}");
        }
    }
}
