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
        // Advice of one kind is one piece of advice.
        let advice = (finding.severity == Severity::Info).then_some("");
        let at = finding.cause.as_deref().or(advice).map(|cause| *known.entry(key(cause)).or_insert(groups.len()));
        match at.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// The places of the findings that say the same as one that is told in full.
pub(super) fn others(places: &Places<'_>, others: &[&Finding], style: Style) -> String {
    let mut lines: Vec<String> = Vec::new();
    for finding in others {
        let what = finding.object.as_ref().map_or_else(|| finding.message.clone(), ToString::to_string);
        let line = format!("    {}  {what}\n", style.paint(Ink::Faint, &places.long(finding.location)));
        // One place may say the same of several clusters, each with other numbers.
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let title = match lines.len() {
        0 => return String::new(),
        1 => "the same once more".to_owned(),
        count => format!("the same {count} more times"),
    };
    let mut out = format!("\n  {}\n", style.paint(Ink::Strong, &title));
    out.extend(lines.iter().take(SHOWN).map(String::as_str));
    if lines.len() > SHOWN {
        let _ = writeln!(out, "    and {} more (--format json lists them)", lines.len() - SHOWN);
    }
    out
}
