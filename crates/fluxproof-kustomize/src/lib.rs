//! `kustomize build` over in-memory sources: the seam of the full engine.
//!
//! What is modelled is built exactly; what is not leaves a [`Doubt`] on each resource that it may change, or on the build
//! where it may add or remove resources. Nothing is ignored without a word. This crate knows no Flux.

mod build;
mod generate;
mod merge;
mod patch;
mod replacement;
mod resource;
mod select;
mod transform;
mod workspace;

pub use build::{Build, External, build, build_with, kustomization_file};
pub use resource::{Doubt, Resource};
pub use workspace::Workspace;
