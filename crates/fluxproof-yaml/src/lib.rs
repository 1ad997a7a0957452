//! YAML text to trees whose every key and value has a byte span.
//!
//! This crate knows no Kubernetes. It holds the text of a repository ([`Sources`]), reads YAML documents from it
//! ([`parse`]), resolves scalars as Go programs do ([`Table`]), expands a document into an owned [`Value`] under a
//! budget, and edits text by span ([`apply_edits`]). Reading never fails: what cannot be read is a [`Problem`].
//!
//! The phases are: `engine` (what no text may have), `read` (bytes to nodes), `build` (the arena of `document`), `node`
//! (the view of it), `scalar` (Go's tables), `expand` (aliases and merge keys into a [`Value`]), `de` (a [`Value`] into
//! a type), and `write` (a [`Value`] into the text that kustomize prints for it). Nothing here
//! recurses on the input; no tree is deeper than [`DEPTH_LIMIT`].

mod base64;
mod build;
mod de;
mod document;
mod edit;
mod engine;
mod expand;
mod message;
mod names;
mod node;
mod read;
mod scalar;
mod source;
mod sources;
mod timestamp;
mod value;
mod write;

pub use build::DEPTH_LIMIT;
pub use de::{from_document, from_value};
pub use document::{Comment, Document, NodeKind, Parsed, Style};
pub use ecow::{EcoString, EcoVec};
pub use edit::{Edit, EditError, apply_edits};
pub use engine::{parse, parse_each};
pub use expand::Budget;
pub use node::{Node, node_at};
pub use scalar::{Scalar, Table};
pub use source::{FileId, LineColumn, Problem, Related, RepoPath, RepoPathError, SourceFile, Span};
pub use sources::Sources;
pub use value::{Before, Change, Data, Entry, Type, Value, View};
pub use write::{Line, natural_order, scalar_again, scalar_json, to_json, to_yaml, to_yaml_mapped};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
