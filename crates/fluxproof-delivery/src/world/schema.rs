//! The config's JSON Schema, for editors.

/// The JSON Schema (2020-12) of `fluxproof.yaml`.
pub const SCHEMA: &str = include_str!("schema.json");
