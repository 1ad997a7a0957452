//! Commands as values: `plan` says what to read, `run` says what to print and write, and `step` either that or what else to
//! read. Nothing here does IO.

mod build;
mod check;
mod dialogue;
mod explain;
mod generate;
mod graph;
mod help;
mod options;
mod run;
mod types;
mod world;

pub use fluxproof_kustomize::KUSTOMIZATION_FILES;
pub use run::{plan, run, step};
pub use types::{
    Content, InputFile, Inputs, Invocation, More, Outcome, Plan, Reads, Step, Terminal, WalkLimits, Writes,
};
