//! The verdicts of a case beside its record, object by object.

use crate::case::Case;
use crate::record::Outcome;
use fluxproof_delivery::{Deliveries, Delivery, Fate, Owner, deliver};
use std::collections::BTreeMap;
use std::path::Path;

/// How a verdict and an outcome go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Agreement {
    /// They do.
    Agrees,
    /// The verdict names a race that this record has won.
    Won,
    /// The verdict names a fact outside that would have had to hold.
    Undecided,
    /// They do not.
    Differs,
}

/// What becomes of an object, and whether that hangs on facts outside.
type Verdict = (Fate, bool);

/// How many objects agree, and the cases that do not.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    objects: usize,
    won: usize,
    undecided: usize,
    passed: usize,
    failed: Vec<String>,
}

impl Tally {
    /// Compares one case and says what differs.
    pub(crate) fn add(&mut self, case: &Case) {
        let fates = fates(&deliver(&case.sources, &case.world));
        let mut differs = false;
        for (name, outcome) in &case.outcomes {
            let Some(fate) = expected(&fates, name) else { continue };
            self.objects += 1;
            match agreement(fate, &outcome.word) {
                Agreement::Agrees => {}
                Agreement::Won => self.won += 1,
                Agreement::Undecided => self.undecided += 1,
                Agreement::Differs => {
                    differs = true;
                    say(&case.name, name, fate, outcome);
                }
            }
        }
        if differs { self.failed.push(case.name.clone()) } else { self.passed += 1 }
    }

    /// Counts a case that cannot be read as failed.
    pub(crate) fn unreadable(&mut self, folder: &Path, error: &str) {
        println!("{}: {error}", folder.display());
        self.failed.push(folder.display().to_string());
    }

    /// Prints the totals.
    pub(crate) fn print(&self) {
        println!(
            "{} objects: {} decided and agreeing, {} races that the record won, {} undecided",
            self.objects,
            self.objects - self.won - self.undecided,
            self.won,
            self.undecided
        );
        println!("{} passed, {} failed", self.passed, self.failed.len());
    }

    /// Whether every case agrees, and there is one.
    pub(crate) fn agrees(&self) -> bool {
        self.failed.is_empty() && self.passed > 0
    }
}

fn say(case: &str, name: &str, fate: Option<Verdict>, outcome: &Outcome) {
    let fate = fate.map_or("not there", |(fate, _)| fate.name());
    let error = outcome.error.lines().next().unwrap_or_default();
    println!("{case}: {name}: the verdict is {fate}, the record {} {error}", outcome.word);
}

/// The fates of the Kustomizations and HelmReleases of all clusters, as the record names them.
fn fates(deliveries: &Deliveries) -> BTreeMap<String, Verdict> {
    deliveries.clusters.iter().flat_map(of_cluster).collect()
}

fn of_cluster(delivery: &Delivery) -> Vec<(String, Verdict)> {
    let kustomizations = delivery.kustomizations.iter().map(|node| &node.object).enumerate();
    let releases = delivery.releases.iter().map(|release| &release.object).enumerate();
    let kustomizations = kustomizations.map(|(at, object)| (object, Owner::Kustomization(at)));
    let all = kustomizations.chain(releases.map(|(at, object)| (object, Owner::Release(at))));
    all.map(|(object, owner)| (object.to_string(), (delivery.fates.of(owner), delivery.fates.hangs(owner)))).collect()
}

/// The fate of a recorded object; nothing where it is of a kind that no verdict is about.
#[expect(clippy::option_option, reason = "not asked, and asked but not found, are two things")]
fn expected(fates: &BTreeMap<String, Verdict>, name: &str) -> Option<Option<Verdict>> {
    let asked = name.starts_with("Kustomization/") || name.starts_with("HelmRelease/");
    asked.then(|| fates.get(name).copied())
}

/// How a fate and an outcome go together: the record is of one schedule, a race of all of them.
fn agreement(verdict: Option<Verdict>, outcome: &str) -> Agreement {
    let Some((fate, hangs)) = verdict else { return Agreement::Differs };
    match (fate, outcome) {
        (Fate::Ready, "ready-first-try" | "deleted")
        | (Fate::Never, "never-ready")
        | (Fate::Stalled, "never-ready")
        | (Fate::Late, "ready-after-failure")
        | (Fate::Suspended, "suspended") => Agreement::Agrees,
        (Fate::Late, "ready-first-try") | (Fate::Stalled, "ready-first-try" | "ready-after-failure") => Agreement::Won,
        _ if hangs => Agreement::Undecided,
        _ => Agreement::Differs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_proof_never_agrees() {
        for outcome in ["never-ready", "ready-after-failure"] {
            assert_eq!(agreement(Some((Fate::Ready, false)), outcome), Agreement::Differs, "{outcome}");
        }
        assert_eq!(agreement(Some((Fate::Never, false)), "ready-first-try"), Agreement::Differs);
        assert_eq!(agreement(Some((Fate::Late, false)), "never-ready"), Agreement::Differs);
        assert_eq!(agreement(None, "ready-first-try"), Agreement::Differs);
    }

    #[test]
    fn a_race_may_be_won() {
        assert_eq!(agreement(Some((Fate::Late, false)), "ready-first-try"), Agreement::Won);
        assert_eq!(agreement(Some((Fate::Stalled, false)), "ready-after-failure"), Agreement::Won);
        assert_eq!(agreement(Some((Fate::Stalled, false)), "never-ready"), Agreement::Agrees);
        assert_eq!(agreement(Some((Fate::Ready, true)), "never-ready"), Agreement::Undecided);
    }
}
