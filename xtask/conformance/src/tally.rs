//! Counting, and showing what failed.

use std::collections::BTreeMap;

/// Passed and failed cases by tier.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<String, (usize, usize)>);

impl Tally {
    /// Counts a case; shows why it failed.
    pub(crate) fn count(&mut self, tier: &str, name: &str, outcome: Result<(), String>) {
        let (passed, failed) = self.0.entry(tier.to_owned()).or_default();
        match outcome {
            Ok(()) => *passed += 1,
            Err(why) => {
                *failed += 1;
                println!("FAILED {tier} {name}\n{}\n", why.trim_end());
            }
        }
    }

    pub(crate) fn passed(&self) -> usize {
        self.0.values().map(|(passed, _)| passed).sum()
    }

    pub(crate) fn failed(&self) -> usize {
        self.0.values().map(|(_, failed)| failed).sum()
    }

    pub(crate) fn print(&self) {
        for (tier, (passed, failed)) in &self.0 {
            println!("{tier}: {passed} passed, {failed} failed");
        }
        println!("{} passed, {} failed", self.passed(), self.failed());
    }
}
