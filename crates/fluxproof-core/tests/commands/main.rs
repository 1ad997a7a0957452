//! The commands end to end, through the same two functions that every host calls.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends where its premise fails")]

mod build;
mod command_line;
mod generate;
mod report;
mod schema;
mod support;
mod update;
mod world;
