//! The module's exports.

#![cfg(target_arch = "wasm32")]
#![expect(unsafe_code, reason = "a host hands over pointers into this module's memory; nothing else does")]

/// Memory for a text of `length` bytes. It is never given back.
#[unsafe(no_mangle)]
extern "C" fn bench_alloc(length: usize) -> *mut u8 {
    Box::into_raw(vec![0u8; length].into_boxed_slice()).cast()
}

/// Builds every kustomization of a packed tree; gives the bytes of the output.
#[unsafe(no_mangle)]
extern "C" fn bench_build(pointer: *const u8, length: usize, restricted: bool) -> usize {
    // SAFETY: the host names memory that `bench_alloc` gave it, of just this length.
    let bytes = unsafe { std::slice::from_raw_parts(pointer, length) };
    crate::build_all(bytes, restricted).bytes
}

/// Reads the text with one of the readers.
#[unsafe(no_mangle)]
extern "C" fn bench_read(reader: usize, pointer: *const u8, length: usize) -> usize {
    // SAFETY: the host names memory that `bench_alloc` gave it, of just this length.
    let bytes = unsafe { std::slice::from_raw_parts(pointer, length) };
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    crate::READERS.get(reader).map_or(0, |(_, read)| read(text))
}
