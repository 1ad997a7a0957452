//! The facade of fluxproof: what every host calls.
//!
//! A host asks [`command::plan`] what a command needs, reads just that, and hands it to [`command::run`], which answers
//! with bytes to print and files to write. So every host prints the same bytes.

mod archive;
pub mod command;
mod diff;
mod graph;
mod report;
mod style;
