//! Commands as values: `plan` says what to read, `run` says what to print and write. Nothing here does IO.

mod build;
mod check;
mod explain;
mod generate;
mod graph;
mod help;
mod options;
mod run;
mod types;
mod world;

pub use run::{plan, run};
pub use types::{Content, InputFile, Inputs, Invocation, Outcome, Plan, Reads, Terminal, WalkLimits, Writes};
