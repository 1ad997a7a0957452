//! The report of a check, in each format.

pub(crate) mod certificate;
mod fold;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod place;
pub(crate) mod problems;
pub(crate) mod prove;
pub(crate) mod provenance;
pub(crate) mod redact;
mod snippet;

use fluxproof_delivery::{Deliveries, Delivery, Verdict};
use fluxproof_rules::{Finding, Severity};
use fluxproof_yaml::Sources;
use std::collections::BTreeMap;

/// All that a report is made of.
pub(crate) struct Analysis {
    pub(crate) sources: Sources,
    pub(crate) deliveries: Deliveries,
    pub(crate) findings: Vec<Finding>,
    /// Files that were not read, with the reason.
    pub(crate) skipped: Vec<(String, String)>,
    pub(crate) core_digest: Option<String>,
}

/// From which severity on a finding fails the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Threshold {
    #[default]
    Error,
    Warning,
    Info,
    Never,
}

impl Threshold {
    /// The threshold of a word of the command line.
    pub(crate) fn named(word: &str) -> Self {
        match word {
            "warning" => Self::Warning,
            "info" => Self::Info,
            "never" => Self::Never,
            _ => Self::Error,
        }
    }

    /// Whether a finding of this severity fails the run.
    pub(crate) fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity == Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

/// How many requirements there are of each verdict.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) all: usize,
    pub(crate) proven: usize,
    pub(crate) broken: usize,
    pub(crate) assumed: usize,
}

impl Counts {
    /// Counts the requirements of a cluster.
    pub(crate) fn of(delivery: &Delivery) -> Self {
        let mut counts = Self::default();
        for requirement in &delivery.requirements {
            counts.all += 1;
            match requirement.verdict {
                Verdict::Proven(_) => counts.proven += 1,
                Verdict::Broken(_) => counts.broken += 1,
                Verdict::Assumed(_) => counts.assumed += 1,
            }
        }
        counts
    }
}

/// An assumption: what, why, and how many requirements rest on it.
pub(crate) type Assumed = (String, String, usize);

/// The assumptions of a cluster.
pub(crate) fn assumptions(delivery: &Delivery) -> Vec<Assumed> {
    let mut all: Vec<Assumed> = Vec::new();
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for requirement in &delivery.requirements {
        let Verdict::Assumed(assumption) = &requirement.verdict else { continue };
        let named = known.entry(assumption.what.clone()).or_default();
        match named.iter().find(|at| all[**at].1 == assumption.why) {
            Some(at) => all[*at].2 += 1,
            None => {
                named.push(all.len());
                all.push((assumption.what.clone(), assumption.why.clone(), 1));
            }
        }
    }
    all
}

impl Analysis {
    /// Whether there was nothing to check: no cluster, and nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.deliveries.clusters.is_empty() && self.findings.is_empty()
    }

    /// The number of findings of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The exit status.
    pub(crate) fn status(&self, threshold: Threshold) -> u8 {
        u8::from(self.findings.iter().any(|finding| threshold.fails(finding.severity)))
    }
}
