//! Every valid config, whatever it says, gives a tree that is proven and of which no rule has anything to say.
//! `PROPTEST_CASES=1000 cargo test -p fluxproof-core --test layouts` looks at more of them.
#![expect(clippy::expect_used, reason = "a test ends where its premise fails")]

#[expect(unreachable_pub, reason = "a module of a test has no other crate")]
#[path = "../../../fluxproof-layout/tests/configs/mod.rs"]
mod configs;

use configs::{crds, valid};
use fluxproof_core::command::{Content, InputFile, Inputs, Invocation, Terminal, run};
use fluxproof_layout::Layout;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;

/// How many configs an ordinary run looks at: the same in each.
const CASES: u32 = 40;

fn runner() -> TestRunner {
    let usual = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return TestRunner::new(usual);
    }
    let always = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config { cases: CASES, ..usual }, always)
}

/// What `generate --format json` says of a layout.
fn generated(layout: &Layout) -> (u8, Value) {
    let config = Value::Object(layout.differences()).to_string().into_bytes();
    let file = |(path, text): (String, String)| InputFile { path, content: Content::Bytes(text.into_bytes()) };
    let beside = vec![Ok(crds().into_iter().map(file).collect())];
    let args = ["generate", "--crds", "crds", "--config", "-", "--format", "json"].map(str::to_owned).to_vec();
    let invocation = Invocation { args, terminal: Terminal::default(), core_digest: None };
    let outcome = run(&invocation, Inputs { config: Some(config), beside, ..Inputs::default() });
    let text = String::from_utf8(outcome.stdout).expect("UTF-8");
    let said = String::from_utf8(outcome.stderr).expect("UTF-8");
    (outcome.status, serde_json::from_str(&text).unwrap_or(Value::String(said)))
}

/// What a failure has to tell.
fn told(said: &Value) -> Value {
    let proofs = said["report"]["clusters"].as_array().into_iter().flatten().map(|cluster| cluster["proof"].clone());
    match proofs.collect::<Vec<_>>() {
        none if none.is_empty() => said.clone(),
        proofs => serde_json::json!([proofs, said["report"]["findings"]]),
    }
}

#[test]
fn every_tree_is_proven_and_has_no_finding() {
    let proven = |layout: Layout| {
        let (status, said) = generated(&layout);
        let wrong = |why: &str| {
            TestCaseError::fail(format!("{why}: {:#}\n{}", told(&said), Value::Object(layout.differences())))
        };
        let clusters = said["report"]["clusters"].as_array().filter(|list| !list.is_empty());
        let Some(clusters) = clusters.filter(|_| status == 0) else { return Err(wrong("not written")) };
        if clusters.iter().any(|cluster| cluster["proof"]["broken"] != 0 || cluster["proof"]["proven"] == 0) {
            return Err(wrong("not proven"));
        }
        match said["report"]["findings"].as_array() {
            Some(findings) if findings.is_empty() => Ok(()),
            _ => Err(wrong("findings")),
        }
    };
    runner().run(&valid(), proven).unwrap_or_else(|error| panic!("{error}"));
}
