//! Bringing a new config to a tree that somebody has edited.

mod lines;

pub use lines::{LineChange, line_changes};
