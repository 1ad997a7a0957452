//! The generator: a typed config, rendered into a Flux layout for External Secrets with a Vault store.
//!
//! A config is read ([`read`]), checked ([`validate`]) and rendered ([`render`]) by templates, one for each generated file.
//! [`fields`] is the one description of the config: the reader, the checks, the JSON Schema ([`schema`]), the commented
//! default ([`default_config`]) and the playground's form ([`fields_json`]) are all made from it.
//!
//! No secret value is a field: a config names Secrets, and the generator writes them empty.

mod check;
mod fields;
mod picture;
mod plan;
mod presets;
pub mod provider;
mod quote;
mod read;
mod render;
mod schema;
mod table;
mod template;
mod update;
mod validate;
mod values;
mod vault;
mod versions;

use fluxproof_yaml::RepoPath;

pub use check::{Refusal, check};
pub use fields::{Choice, Field, Kind, When, fields};
pub use presets::{Preset, presets, presets_json};
pub use read::{read, read_with};
pub use render::{own_source, render, surroundings};
pub use schema::{fields_json, schema};
pub use update::{Conflict, LAYOUT_FILE, LineChange, Record, Update, line_changes, update};
pub use validate::validate;
pub use values::{Layout, Section, get, put};

/// A rendered layout: its files, sorted by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The files.
    pub files: Vec<TreeFile>,
}

/// One file of a [`Tree`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Where it belongs, from the root of the repository.
    pub path: RepoPath,
    /// Its text: UTF-8, `\n` at the end of each line.
    pub text: String,
}

/// What is wrong with a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutProblem {
    /// The field (`vault.server`); empty where the text as a whole is wrong.
    pub field: String,
    /// What is wrong: one lowercase sentence without a final period.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The bytes of the config that it is about, where the config says anything of the field.
    pub span: Option<(u32, u32)>,
    /// The line of the span, from 1.
    pub line: Option<u32>,
    /// The column of the span, from 1, in Unicode scalar values.
    pub column: Option<u32>,
}

impl LayoutProblem {
    fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into(), help: None, span: None, line: None, column: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The default config as commented YAML: every field, with what it is for.
#[must_use]
pub fn default_config() -> &'static str {
    include_str!("../templates/config.yaml")
}
