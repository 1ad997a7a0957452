//! Any kustomization above a fixed base: the build never panics, is repeatable, and prints YAML.
#![no_main]

use fluxproof_fuzz::check_build;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    check_build(&[("top/kustomization.yaml", text)]);
});
