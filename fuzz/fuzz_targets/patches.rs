//! Any patch with any target on the objects of a fixed base, in each of the fields that hold patches. The input is the
//! patch, a line `===`, and the target (a mapping between braces).
#![no_main]

use fluxproof_fuzz::check_build;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (patch, target) = text.split_once("\n===\n").unwrap_or((text, ""));
    let base = "resources: [../base, one.yaml]\n";
    let target = target.replace('\n', "\n    ");
    for fields in [
        "patchesStrategicMerge: [any.yaml]\n".to_owned(),
        format!("patches:\n- path: any.yaml\n  target:\n    {target}\n"),
        format!(
            "patches:\n- path: any.yaml\n  options: {{allowNameChange: true, allowKindChange: true}}\n  target:\n    {target}\n"
        ),
        format!("patchesJson6902:\n- path: any.yaml\n  target:\n    {target}\n"),
    ] {
        check_build(&[("top/kustomization.yaml", &format!("{base}{fields}")), ("top/any.yaml", patch)]);
    }
});
