//! The fluxproof command.
fn main() {}
