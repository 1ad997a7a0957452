//! Where in an object an operator does its work: field specs, their defaults, and the OpenAPI schema.

mod config;
mod crds;
mod defaults;
mod definitions;
mod openapi;
mod path;
mod schema;
mod walk;

pub(crate) use config::{Backreference, Config, FieldSpec, merge_all};
pub(crate) use definitions::{Definitions, Lookup, Place};
pub(crate) use path::{Row, Rows, fields, parts};
pub(crate) use schema::Schema;
pub(crate) use walk::{Make, node_kind, visit, wrong_kind};
