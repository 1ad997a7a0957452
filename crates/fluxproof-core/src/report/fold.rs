//! Findings of one cause: the first is told in full, the others by their places.

use super::place::Places;
use crate::style::{Ink, Style};
use fluxproof_rules::{Confidence, Finding, Severity};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many of the others are named one by one.
const SHOWN: usize = 5;

/// What findings of one cause share.
type Key<'f> = (&'f str, Severity, Confidence, &'f str);

/// The findings with one cause each, in the order of their first.
pub(super) fn by_cause(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for finding in findings {
        let key = |cause| (finding.rule, finding.severity, finding.confidence, cause);
        let at = finding.cause.as_deref().map(|cause| *known.entry(key(cause)).or_insert(groups.len()));
        match at.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// The places of the findings that say the same as one that is told in full.
pub(super) fn others(places: &Places<'_>, others: &[&Finding], style: Style) -> String {
    let mut out = String::new();
    if others.is_empty() {
        return out;
    }
    let title = match others.len() {
        1 => "the same once more".to_owned(),
        count => format!("the same {count} more times"),
    };
    let _ = writeln!(out, "\n  {}", style.paint(Ink::Strong, &title));
    for finding in others.iter().take(SHOWN) {
        let what = finding.object.as_ref().map_or_else(|| finding.message.clone(), ToString::to_string);
        let _ = writeln!(out, "    {}  {what}", style.paint(Ink::Faint, &places.long(finding.location)));
    }
    if others.len() > SHOWN {
        let _ = writeln!(out, "    and {} more (--format json lists them)", others.len() - SHOWN);
    }
    out
}
