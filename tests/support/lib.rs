//! The hosts under test, and trees to run them over.
//!
//! `cargo xtask build` makes the hosts; `FLUXPROOF_DIST` says where they are (`dist` beside this folder, if unset) and
//! `FLUXPROOF_PYTHON` where the `wasmtime` package is (`.tools/python`).
#![expect(clippy::panic, reason = "a test ends with a message")]

mod hosts;
mod trees;

pub use hosts::{Host, Ran, dist, everywhere};
pub use trees::{Tree, flux, repositories};
