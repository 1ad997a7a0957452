//! `kustomize build` over in-memory sources: the seam of the full engine.
//!
//! What is modelled is built as kustomize 5.8 builds it; what is not leaves a [`Doubt`] on each resource that it may
//! change, or on the build where it may add or remove resources. Nothing is ignored without a word. Building never
//! fails: what kustomize would refuse is a problem, and the build goes on with the rest. This crate knows no Flux.
//!
//! `workspace` reads files, `build` and `load` walk kustomizations, `transform` runs the operators in kustomize's
//! order, one module each.

mod build;
mod embedded;
mod fields;
mod generate;
mod json_patch;
mod load;
mod merge;
mod merge_keys;
mod metadata;
mod names;
mod namespace;
mod patch;
mod path;
mod replacement;
mod resource;
mod scope;
mod select;
mod transform;
mod tree;
mod workload;
mod workspace;

#[cfg(test)]
mod tests;

pub use build::{Build, External, build, build_with, kustomization_file};
pub use fields::is_field;
pub use resource::{Doubt, Resource};
pub use scope::is_cluster_scoped;
pub use workspace::Workspace;
