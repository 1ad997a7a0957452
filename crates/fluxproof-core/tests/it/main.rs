//! The core from outside: command lines, golden repositories, and the outputs of the README.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests read the checkout and may fail"
)]

mod commands;
mod golden;
mod readme;
mod support;
