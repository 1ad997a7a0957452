//! What becomes of small repositories: each condition in a tree where it holds and in one where it does not.
#![expect(clippy::expect_used, reason = "tests")]

mod checks;
mod conversions;
mod faults;
mod order;
mod outside;
mod references;
mod repository;
mod sets;
mod time;
mod universes;
mod upgrades;
