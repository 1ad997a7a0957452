//! What Flux applies, as a picture: nodes, edges with what they rest on, waves, times, and where each is drawn.

mod draw;
mod model;
mod place;
mod svg;
mod text;
mod time;
mod tree;
mod wave;
mod wire;

pub(crate) use model::Graph;
pub(crate) use svg::svg;
pub(crate) use text::{dot, mermaid};
pub(crate) use tree::tree;
pub(crate) use wire::{GraphDto, dto};
