//! The three exports. Memory goes from hand to hand as boxed slices, so lengths are capacities.

#![cfg(target_arch = "wasm32")]
#![expect(unsafe_code, reason = "a host hands over pointers into this module's memory; nothing else does")]

/// Memory for a request of `length` bytes. It is the host's until it calls with it.
#[unsafe(no_mangle)]
extern "C" fn fluxproof_alloc(length: usize) -> *mut u8 {
    Box::into_raw(vec![0u8; length].into_boxed_slice()).cast()
}

/// Takes back what `fluxproof_alloc` or `fluxproof_call` gave.
#[unsafe(no_mangle)]
extern "C" fn fluxproof_free(pointer: *mut u8, length: usize) {
    drop(take(pointer, length));
}

/// Answers the request at `pointer`, which is taken over. High half: where the answer is; low half: its length.
#[unsafe(no_mangle)]
extern "C" fn fluxproof_call(pointer: *mut u8, length: usize) -> u64 {
    let request = take(pointer, length);
    let answer = crate::call(&request).into_boxed_slice();
    drop(request);
    let length = answer.len() as u64;
    let pointer = Box::into_raw(answer).cast::<u8>() as usize as u64;
    pointer << 32 | length
}

fn take(pointer: *mut u8, length: usize) -> Box<[u8]> {
    // SAFETY: the host gives back exactly what it was given: a boxed slice of this length, once.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(pointer, length)) }
}
