//! What was generated, noted at the end of the config that travels in the tree.

use fluxproof_yaml::{Budget, Document, FileId, Table, parse, to_json};
use std::fmt::Write;

/// The name of the config that travels in the tree.
pub const LAYOUT_FILE: &str = "fluxproof-layout.yaml";

const HEAD: &str = "# What was generated from what, for fluxproof generate --update, which writes it anew:";
const VERSION: &str = "# fluxproof ";
const CONFIG: &str = "# config ";
const FILE: &str = "# file ";

/// What was generated: by which program, from which config, and the digest of each file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// The version of the program.
    pub version: String,
    /// The config, as JSON in one line.
    pub config: String,
    /// Path and digest of each file.
    pub files: Vec<(String, String)>,
}

impl Record {
    /// A record of files that were generated from a config.
    #[must_use]
    pub fn new(version: &str, config: &str, files: Vec<(String, String)>) -> Self {
        Self { version: version.to_owned(), config: json(config).unwrap_or_else(|| "{}".to_owned()), files }
    }

    /// The text of a config in two: what a person wrote, and the record, where there is one.
    #[must_use]
    pub fn split(text: &str) -> (&str, Option<Self>) {
        let Some(at) = text.find(HEAD).filter(|at| *at == 0 || text[..*at].ends_with('\n')) else {
            return (text, None);
        };
        let mut record = Self::default();
        for line in text[at..].lines() {
            if let Some(version) = line.strip_prefix(VERSION) {
                version.clone_into(&mut record.version);
            } else if let Some(config) = line.strip_prefix(CONFIG) {
                config.clone_into(&mut record.config);
            } else if let Some((digest, path)) = line.strip_prefix(FILE).and_then(|rest| rest.split_once(' ')) {
                record.files.push((path.to_owned(), digest.to_owned()));
            }
        }
        (&text[..at], Some(record))
    }

    /// A config with this record behind it.
    #[must_use]
    pub fn behind(&self, config: &str) -> String {
        let (body, _) = Self::split(config);
        let mut out = body.trim_end().to_owned();
        out.push_str(if out.is_empty() { "" } else { "\n\n" });
        let _ = writeln!(out, "{HEAD}\n{VERSION}{}\n{CONFIG}{}", self.version, self.config);
        for (path, digest) in &self.files {
            let _ = writeln!(out, "{FILE}{digest} {path}");
        }
        out
    }
}

/// A config as JSON in one line; none where it is empty or cannot be read.
fn json(config: &str) -> Option<String> {
    let parsed = parse(FileId(0), config);
    let root = parsed.documents.iter().find_map(Document::root)?;
    let value = root.to_value(Table::GoYaml3, &mut Budget::default()).ok()?;
    to_json(&value).ok().map(|text| text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_and_what_a_person_wrote_stays() {
        let files = vec![("clusters/a b/x.yaml".to_owned(), "0123".to_owned())];
        let record = Record::new("1.2.3", "# mine\nversion: 2.8.0\nvault: {path: \"a # b\"}\n", files);
        assert_eq!(record.config, r#"{"vault":{"path":"a # b"},"version":"2.8.0"}"#);
        for body in ["# mine\nversion: 2.8.0", "", "a: 1 # x\n\n\n"] {
            let text = record.behind(body);
            let (read, found) = Record::split(&text);
            assert_eq!((read.trim_end(), found.as_ref()), (body.trim_end(), Some(&record)));
            assert_eq!(record.behind(&text), text, "a second time changes nothing");
        }
        assert_eq!(Record::split("a: 1\n"), ("a: 1\n", None));
    }
}
