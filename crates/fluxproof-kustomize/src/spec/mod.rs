//! Where in an object an operator does its work: field specs, their defaults, and the OpenAPI schema.

mod config;
mod definitions;
mod openapi;
mod schema;

pub(crate) use config::{Backreference, Config, FieldSpec};
pub(crate) use definitions::{Definitions, Lookup, Place};
pub(crate) use schema::Schema;
