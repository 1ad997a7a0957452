//! YAML text to trees whose every key and value has a byte span.
//!
//! This crate knows no Kubernetes. It holds the text of a repository ([`Sources`]), reads YAML documents from it
//! ([`parse`]), resolves scalars as Go programs do ([`Table`]), expands a document into an owned [`Value`] under a
//! budget, and edits text by span ([`apply_edits`]). Reading never fails: what cannot be read is a [`Problem`].

mod edit;
mod source;
mod value;

pub use edit::{Edit, EditError, apply_edits};
pub use source::{FileId, LineColumn, Problem, RepoPath, RepoPathError, SourceFile, Sources, Span};
pub use value::{Data, Entry, Value};
