//! Rules over a Flux delivery: findings with positions, reasons and remedies.
//!
//! One rule is one file under `rules/` and one page under `docs/rules/`, which is its text and its test.

mod context;
mod expression;
mod finding;
mod flux;
mod many;
mod order;
mod rules;

pub use context::Context;
pub use finding::{Confidence, Finding, Label, Severity};

use fluxproof_delivery::Deliveries;
use fluxproof_yaml::Sources;

/// A rule: its name, what it says in a line, its page, and how it checks one cluster.
#[derive(Debug)]
pub struct Rule {
    /// `custom-resource-before-crd`: the name is the identity.
    pub name: &'static str,
    /// What is wrong where it fires: one sentence.
    pub summary: &'static str,
    /// The severity of its findings, where they do not say otherwise.
    pub severity: Severity,
    /// Its page: Markdown.
    pub page: &'static str,
    check: fn(&Context<'_>, &mut Vec<Finding>),
}

/// Every rule, by name.
#[must_use]
pub fn rules() -> &'static [&'static Rule] {
    rules::ALL
}

/// The rule of this name.
#[must_use]
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.name == name).copied()
}

/// Checks every rule against every cluster. Findings come by path, then place, then rule; one that several clusters
/// share comes once.
#[must_use]
pub fn check(sources: &Sources, deliveries: &Deliveries) -> Vec<Finding> {
    let mut all = Vec::new();
    for delivery in &deliveries.clusters {
        let context = Context { sources, delivery };
        for rule in rules() {
            (rule.check)(&context, &mut all);
        }
    }
    fluxproof_order::sort_by(&mut all, |a, b| key(a).cmp(&key(b)));
    merge_clusters(all)
}

fn key(finding: &Finding) -> (fluxproof_yaml::Span, &'static str, &str) {
    (finding.location, finding.rule, &finding.message)
}

fn merge_clusters(sorted: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(sorted.len());
    for finding in sorted {
        match merged.last_mut().filter(|last| key(last) == key(&finding)) {
            Some(last) => last
                .clusters
                .extend(finding.clusters.into_iter().filter(|c| !last.clusters.contains(c)).collect::<Vec<_>>()),
            None => merged.push(finding),
        }
    }
    merged
}
