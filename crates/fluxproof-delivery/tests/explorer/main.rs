//! The verdicts of the model against every schedule of the controllers, on thousands of small clusters.
//!
//! The explorer knows nothing of the graph, the judge or the requirements: where the two disagree, one of them is wrong.
//! `PROPTEST_CASES=5000 cargo test -p fluxproof-delivery --test explorer` looks at more clusters.
#![expect(clippy::expect_used, reason = "tests")]

mod cases;
mod cluster;
mod compare;
mod explore;
mod generate;
mod render;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::cell::Cell;

/// How many clusters an ordinary run looks at.
const CASES: u32 = 300;

fn runner() -> TestRunner {
    let usual = Config::default();
    let cases = if usual.cases == 256 { CASES } else { usual.cases };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_000, ..usual };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn verdicts_agree_with_every_schedule() {
    let total = Cell::new(compare::Tally::default());
    let outcome = runner().run(&generate::clusters(), |cluster| {
        let Some((tally, said)) = compare::compare(&cluster) else { return Ok(()) };
        total.set(total.get().plus(tally));
        if said.is_empty() { Ok(()) } else { Err(TestCaseError::fail(said.join("\n"))) }
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let seen = total.get();
    for (what, count) in seen.counts() {
        assert!(count > 30, "too few clusters have {what}: {seen:?}");
    }
}
