//! What the tests of the generator share.

use fluxproof_layout::{Layout, Tree, read, render};
use serde_yaml::Value;

/// The layout of a config that is right.
pub fn layout(config: &str) -> Layout {
    read(config.as_bytes()).unwrap_or_else(|problems| panic!("{config}\n{problems:#?}"))
}

/// The tree of a config that is right.
pub fn tree(config: &str) -> Tree {
    render(&layout(config)).unwrap_or_else(|problems| panic!("{config}\n{problems:#?}"))
}

/// The text of a file of a tree.
pub fn text<'t>(tree: &'t Tree, path: &str) -> &'t str {
    let file = tree.files.iter().find(|file| file.path.as_str() == path);
    &file.unwrap_or_else(|| panic!("no {path}")).text
}

/// The documents of a YAML file, as an independent reader has them.
pub fn documents(text: &str) -> Vec<Value> {
    use serde::Deserialize;
    serde_yaml::Deserializer::from_str(text)
        .map(|document| Value::deserialize(document).unwrap_or_else(|error| panic!("{error}\n{text}")))
        .collect()
}

/// A value by its path: `spec/provider/vault`, numbers for items.
pub fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('/').fold(value, |at, key| {
        let inside = match key.parse::<usize>() {
            Ok(index) => at.get(index),
            Err(_) => at.get(key),
        };
        inside.unwrap_or(&Value::Null)
    })
}

/// The text at a path.
pub fn str_at<'v>(value: &'v Value, path: &str) -> &'v str {
    at(value, path).as_str().unwrap_or_else(|| panic!("no text at {path}: {value:#?}"))
}

/// The one document of the file whose path ends so.
pub fn only(tree: &Tree, end: &str) -> Value {
    let mut files = tree.files.iter().filter(|file| file.path.as_str().ends_with(&format!("/{end}")));
    let (Some(file), None) = (files.next(), files.next()) else { panic!("not one {end}") };
    let mut all = documents(&file.text);
    assert_eq!(all.len(), 1, "{end}");
    all.remove(0)
}
