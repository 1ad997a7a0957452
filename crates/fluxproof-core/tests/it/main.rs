//! The core from outside: command lines, golden repositories, and the outputs of the README.

mod commands;
mod golden;
mod readme;
mod support;
