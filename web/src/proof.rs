//! What the page says of a proof: the totals, the groups of the certificate, the lines that carry it. Pure.
use crate::wire::{Assumption, Cluster, Location, Proof, Report, Requirement, Severity, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// How a requirement is drawn: a filled, a crossed, a half or a dashed square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Proven,
    Broken,
    Assumed,
}

impl Verdict {
    pub(crate) const fn standing(self) -> Standing {
        match self {
            Self::Proven => Standing::Proven,
            Self::Assumed => Standing::Assumed,
            _ => Standing::Broken,
        }
    }
}

/// The totals over all clusters of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) proven: usize,
    pub(crate) broken: usize,
    pub(crate) assumed: usize,
    pub(crate) errors: usize,
}

impl Totals {
    pub(crate) fn of(report: &Report) -> Self {
        let sum = |count: fn(&Proof) -> usize| report.clusters.iter().map(|cluster| count(&cluster.proof)).sum();
        let certain = |severity| {
            report
                .findings
                .iter()
                .filter(|finding| finding.severity == severity && finding.suppressed.is_none())
                .count()
        };
        Self {
            proven: sum(|proof| proof.proven),
            broken: sum(|proof| proof.broken),
            assumed: sum(|proof| proof.assumed),
            errors: certain(Severity::Error),
        }
    }

    /// Proven is said only when no requirement is broken and no error was found.
    pub(crate) const fn holds(self) -> bool {
        self.broken == 0 && self.errors == 0 && self.proven > 0
    }

    /// Requirements that the repository itself has to meet.
    pub(crate) const fn asked(self) -> usize {
        self.proven + self.broken
    }
}

/// The groups of a certificate in its own order.
pub(crate) fn groups(certificate: &[Requirement]) -> Vec<(&str, Vec<&Requirement>)> {
    let mut groups: Vec<(&str, Vec<&Requirement>)> = Vec::new();
    for requirement in certificate {
        match groups.iter_mut().find(|(group, _)| *group == requirement.group) {
            Some((_, members)) => members.push(requirement),
            None => groups.push((&requirement.group, vec![requirement])),
        }
    }
    groups
}

/// The assumptions of all clusters, each once.
pub(crate) fn assumptions(report: &Report) -> Vec<&Assumption> {
    let mut seen = BTreeSet::new();
    report
        .clusters
        .iter()
        .flat_map(|cluster| &cluster.proof.assumptions)
        .filter(|one| seen.insert(one.what.as_str()))
        .collect()
}

/// Line -> numbers of the proven requirements that rest on it.
pub(crate) fn carried(report: &Report, path: &str) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut lines: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let requirements = report.clusters.iter().flat_map(|cluster| &cluster.certificate);
    for requirement in requirements.filter(|one| one.verdict == Verdict::Proven) {
        for location in places(requirement).filter(|place| place.path == path && place.line > 0) {
            lines.entry(location.line).or_default().insert(requirement.number);
        }
    }
    lines
}

fn places(requirement: &Requirement) -> impl Iterator<Item = &Location> {
    requirement.path.iter().filter_map(|step| step.location.as_ref())
}

/// Where a requirement is best looked at: the last step with a place, or the object itself.
pub(crate) fn place(requirement: &Requirement) -> Option<&Location> {
    places(requirement).last().or(requirement.location.as_ref())
}

/// Why a requirement is met, in a line: the reason given, or the guarantees along its path, or else what happens on it.
pub(crate) fn because(requirement: &Requirement) -> String {
    if !requirement.why.is_empty() {
        return requirement.why.clone();
    }
    let steps = || requirement.path.iter();
    let mut said: Vec<&str> = steps().map(|step| step.because.as_str()).filter(|one| !one.is_empty()).collect();
    if said.is_empty() {
        said = steps().map(|step| step.event.as_str()).collect();
    }
    said.dedup();
    said.join(", ")
}

/// The part of a count that a person reads: `10 of 10, 1 assumed`.
pub(crate) fn counted(members: &[&Requirement]) -> (usize, usize, usize) {
    let of = |standing| members.iter().filter(|one| one.verdict.standing() == standing).count();
    (of(Standing::Proven), of(Standing::Broken), of(Standing::Assumed))
}

pub(crate) fn named(cluster: &Cluster) -> &str {
    if cluster.name.is_empty() { &cluster.entry } else { &cluster.name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        crate::read::parse(
            r#"{"clusters":[{"name":"prod","proof":{"requirements":3,"proven":1,"broken":1,"assumed":1,
            "assumptions":[{"what":"Vault answers","why":"outside"},{"what":"Vault answers","why":"outside"}]},
            "certificate":[
              {"number":1,"group":"sources","need":"a","needs":"b","verdict":"proven","path":[
                {"event":"x","because":"wait","location":{"path":"f.yaml","line":4}},{"event":"y","because":"wait"}]},
              {"number":2,"group":"secrets","need":"a","needs":"c","verdict":"assumed","why":"outside"},
              {"number":3,"group":"sources","need":"a","needs":"d","verdict":"a-later-kind","path":[
                {"event":"x","because":"wait","location":{"path":"f.yaml","line":5}}]}]}],
            "findings":[{"severity":"error","suppressed":{"by":"inline"}}],"unknown":1}"#,
        )
        .unwrap_or_default()
    }

    #[test]
    fn totals_leave_suppressed_findings_out() {
        assert_eq!(Totals::of(&report()), Totals { proven: 1, broken: 1, assumed: 1, errors: 0 });
        assert!(!Totals::of(&report()).holds());
        assert!(!Totals::default().holds(), "nothing proven is not proven");
    }

    #[test]
    fn an_unknown_verdict_is_never_taken_for_proven() {
        let report = report();
        assert_eq!(report.clusters[0].certificate[2].verdict.standing(), Standing::Broken);
        assert_eq!(carried(&report, "f.yaml"), BTreeMap::from([(4, BTreeSet::from([1]))]));
    }

    #[test]
    fn groups_keep_the_order_of_the_certificate() {
        let report = report();
        let names: Vec<_> =
            groups(&report.clusters[0].certificate).into_iter().map(|(name, members)| (name, members.len())).collect();
        assert_eq!(names, [("sources", 2), ("secrets", 1)]);
    }

    #[test]
    fn reasons_and_assumptions_are_said_once() {
        let report = report();
        assert_eq!(because(&report.clusters[0].certificate[0]), "wait");
        assert_eq!(because(&report.clusters[0].certificate[1]), "outside");
        assert_eq!(assumptions(&report).len(), 1);
    }
}
