//! Any text with variables: substituting never panics; what is strictly right is right in any case.
#![no_main]

use fluxproof_delivery::substitute;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let variables: BTreeMap<String, String> =
        [("a", "1"), ("b", ""), ("name", "Großer Wert"), ("path", "/x/y.z"), ("self", "${self}")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    let lenient = substitute(text, &variables, false);
    let strict = substitute(text, &variables, true);
    if let Ok(strict) = &strict {
        assert_eq!(lenient.as_ref(), Ok(strict), "{text}");
    }
    if let Err(error) = &lenient {
        assert!(!error.contains("not set"), "{text}: {error}");
    }
    if !text.contains('$') {
        assert_eq!(lenient.as_deref(), Ok(text));
    }
});
