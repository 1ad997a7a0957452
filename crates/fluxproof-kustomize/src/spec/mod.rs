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
pub(crate) use path::{Row, Rows, parts, split};
pub(crate) use schema::Schema;
pub(crate) use walk::{Make, visit, wrong_kind};
