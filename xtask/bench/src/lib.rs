//! What the benchmark measures: reading YAML to a tree with our reader and with serde_yaml, from the same text; and building
//! every kustomization of a tree.

mod abi;
mod builds;

pub use builds::{Built, build_all, folders, packed};

use fluxproof_yaml::{Budget, FileId, Table, parse};
use serde::Deserialize;

/// A reader: gives the number of documents that it has read to a tree.
pub type Reader = fn(&str) -> usize;

/// The readers, by name.
pub const READERS: [(&str, Reader); 2] = [("fluxproof-yaml", ours), ("serde_yaml", theirs)];

/// Reads with spans and comments, then expands aliases and resolves scalars.
#[must_use]
pub fn ours(text: &str) -> usize {
    let parsed = parse(FileId(0), text);
    let values = parsed.documents.iter().filter_map(|document| document.root());
    values.filter_map(|root| root.to_value(Table::GoYaml3, &mut Budget::default()).ok()).count()
}

/// Reads to serde_yaml's own value.
#[must_use]
pub fn theirs(text: &str) -> usize {
    let documents = serde_yaml::Deserializer::from_str(text);
    documents.filter_map(|document| serde_yaml::Value::deserialize(document).ok()).count()
}

#[cfg(test)]
mod tests {
    use super::{ours, theirs};

    #[test]
    fn both_read_the_same_documents() {
        let text = "a: &a [1, x]\nb: *a\n---\nc: {d: e}\n";
        assert_eq!((ours(text), theirs(text)), (2, 2));
    }
}
