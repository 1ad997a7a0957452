//! Golden repositories: `tests/repos/<case>/` and what `check` prints of it, `tests/repos/<case>.out`.

use crate::support::{fluxproof, fluxproof_with, root, same, text};

fn cases() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("tests/repos")).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn repositories_give_what_is_recorded() {
    let cases = cases();
    assert!(cases.len() >= 3, "the repositories are gone");
    for case in cases {
        let outcome = fluxproof(&format!("check tests/repos/{case}"));
        same(
            &root().join(format!("tests/repos/{case}.out")),
            &format!("{}exit status {}\n", text(&outcome), outcome.status),
        );
    }
}

/// The four states of the guide, as the README tells them.
#[test]
fn the_guide_had_a_race_then_two_owners_and_ours_is_proven() {
    let rules = |case: &str| -> Vec<String> {
        let json = fluxproof(&format!("check tests/repos/{case} --format json")).stdout;
        let report: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().map(|finding| finding["rule"].as_str().expect("a rule").to_owned()).collect()
    };
    let has = |rules: &[String], rule: &str| rules.iter().any(|name| name == rule);
    let first = rules("guide-2021");
    assert!(has(&first, "custom-resource-before-webhook") && has(&first, "dependency-not-awaited"));
    assert!(!has(&first, "crds-with-two-owners"));
    let january = rules("guide-2026-01");
    for rule in
        ["custom-resource-before-webhook", "crds-with-two-owners", "unknown-chart-value", "dead-create-namespace"]
    {
        assert!(has(&january, rule), "{rule}");
    }
    let june = rules("guide-2026-06");
    assert!(has(&june, "crds-with-two-owners") && has(&june, "dead-create-namespace"));
    assert!(!has(&june, "custom-resource-before-webhook") && !has(&june, "custom-resource-before-crd"));
}

#[test]
fn what_we_generate_is_proven_without_a_finding() {
    for config in ["", "vault: {auth: {method: token}}", "vault: {auth: {method: appRole}}", "mode: embed"] {
        let outcome = fluxproof_with("generate --format json --config -", Some(config));
        let report: serde_json::Value =
            serde_json::from_slice(&outcome.stdout).unwrap_or_else(|_| panic!("{config}: {}", text(&outcome)));
        assert_eq!(outcome.status, 0, "{config}");
        assert_eq!(report["report"]["findings"].as_array().map(Vec::len), Some(0), "{config}");
        let proof = &report["report"]["clusters"][0]["proof"];
        assert_eq!(proof["broken"], 0, "{config}");
        assert!(proof["proven"].as_u64() > Some(10), "{config}: {proof}");
    }
}
