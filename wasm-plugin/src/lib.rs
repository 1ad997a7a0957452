//! The core as a plugin: one module for `wasm32-unknown-unknown` with no imports, so it has no files, no network, no clock
//! and no randomness. A host writes a request into its memory, calls it, and reads the answer.
//!
//! Requests and answers are frames: a little-endian `u32` with the length of a JSON header, the header, and the blobs that
//! the header names, one after the other.

mod abi;
mod answer;
mod frame;
mod request;

pub use frame::{Frame, read, write};

/// Answers one request frame with one answer frame. A frame that cannot be read is answered with status 3.
#[must_use]
pub fn call(bytes: &[u8]) -> Vec<u8> {
    match request::read(bytes) {
        Ok(request) => answer::answer(request),
        Err(message) => answer::refuse(&format!("the request cannot be read: {message}")),
    }
}
