//! `kustomize build` over in-memory sources: the bytes of kustomize 5.8.1, and for every node who wrote it.
//!
//! Building never fails: what kustomize would refuse is a problem, and the build goes on with the rest. This crate knows
//! no Flux, does no IO, and knows of nothing outside the sources: a remote base is an [`External`].
//!
//! `workspace` reads files, `kustomization` checks and reads the fields of a kustomization, `build` walks kustomizations
//! in kustomize's order, `generate`, `patch`, `operators` and `reference` hold what a field does, `spec` where in an
//! object it does it, `plugin` the same as objects, and `model` the objects themselves.

mod build;
mod generate;
mod inline;
mod kustomization;
mod model;
mod operators;
mod patch;
mod plugin;
mod reference;
mod spec;
mod tree;
mod workspace;

#[cfg(test)]
mod tests;

pub use build::{Build, Definitions, External, Options, Order, Restriction, build, build_with, kustomization_file};
pub use generate::name_hash;
pub use kustomization::{NAMES as KUSTOMIZATION_FILES, drop_unknown, is_field};
pub use model::{Doubt, Resource, is_cluster_scoped};
pub use workspace::{Missing, Workspace};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
