//! The report for people: rustc-like findings, the trace as a timeline, a summary per cluster.

use super::fold;
use super::place::Places;
use super::snippet::Texts;
use super::{Analysis, Assumed, Counts, assumptions};
use crate::command::Terminal;
use crate::style::{Ink, Style, tame};
use annotate_snippets::{Element, Group, Level, Renderer, renderer::DecorStyle};
use fluxproof_delivery::{Delivery, Group as Part, Need, Requirement, TraceStep, Verdict};
use fluxproof_rules::{Finding, Severity};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many files that were not read are named one by one.
const SKIPPED_SHOWN: usize = 10;

/// The report of `check`.
pub(crate) fn check(analysis: &Analysis, terminal: Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    let places = Places::new(&analysis.sources);
    let texts = Texts::new(&analysis.sources, &analysis.findings);
    for alike in fold::by_cause(&analysis.findings) {
        let finding = alike[0];
        out.push_str(&render(texts.pieces(&places, finding), finding, terminal));
        out.push_str(&timeline(&places, &finding.trace, style, terminal));
        out.push_str(&fold::others(&places, &alike[1..], style));
        out.push('\n');
    }
    for delivery in &analysis.deliveries.clusters {
        out.push_str(&summary(delivery, &analysis.findings, ASSUMED_SHOWN, style));
        out.push_str(&entry(analysis, delivery, style));
    }
    out.push_str(&skipped(analysis, style));
    out.push_str(&last_line(analysis, style));
    tame(&out, terminal.color)
}

/// The title of a part of the certificate.
pub(super) fn heading(group: Part) -> &'static str {
    match group {
        Part::Sources => "Sources and paths",
        Part::Content => "Content",
        Part::Dependencies => "Dependencies",
        Part::Namespaces => "Namespaces",
        Part::Definitions => "Definitions",
        Part::Webhooks => "Webhooks",
        Part::Secrets => "Stores, accounts and Secrets",
    }
}

/// How a verdict is drawn.
pub(super) fn mark(verdict: &Verdict) -> (Ink, &'static str) {
    match verdict {
        Verdict::Proven(_) => (Ink::Good, "■"),
        Verdict::Broken(_) => (Ink::Bad, "☒"),
        Verdict::Assumed(_) => (Ink::Faint, "□"),
    }
}

fn render(pieces: Vec<Element<'_>>, finding: &Finding, terminal: Terminal) -> String {
    let renderer = if terminal.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(terminal.width as usize);
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = level.primary_title(finding.message.as_str()).id(finding.rule).elements(pieces);
    let room = usize::from(terminal.width).saturating_sub(14);
    group = group.element(Level::NOTE.message(wrap(&finding.why, room).join("\n")));
    group = group.element(Level::HELP.message(wrap(&finding.help, room).join("\n")));
    if finding.clusters.len() > 1 {
        return renderer.render(&[group, several(&finding.clusters)]) + "\n";
    }
    renderer.render(&[group]) + "\n"
}

fn several(clusters: &[String]) -> Group<'_> {
    Group::with_title(Level::NOTE.secondary_title(format!("in {} clusters: {}", clusters.len(), clusters.join(", "))))
}

/// A schedule that fails.
pub(super) fn timeline(places: &Places<'_>, trace: &[TraceStep], style: Style, terminal: Terminal) -> String {
    if trace.is_empty() {
        return String::new();
    }
    let mut out = format!("\n  {}\n", style.paint(Ink::Strong, "how it happens"));
    let actors = trace.iter().map(|step| step.actor.len()).max().unwrap_or(0);
    let room = usize::from(terminal.width).saturating_sub(actors + 10).max(30);
    for step in trace {
        let place = step.span.map(|span| places.short(span)).unwrap_or_default();
        out.push_str(&step_lines(step, &place, actors, room, style));
    }
    out
}

fn step_lines(step: &TraceStep, place: &str, actors: usize, room: usize, style: Style) -> String {
    let mut out = String::new();
    let at = format!("T{}", step.at);
    let mut lines = wrap(&step.event, room);
    let fits = lines.last().is_some_and(|last| last.len() + 2 + place.len() <= room);
    match lines.last_mut().filter(|_| fits) {
        _ if place.is_empty() => {}
        Some(last) => *last = format!("{last}  {}", style.paint(Ink::Faint, place)),
        None => lines.push(style.paint(Ink::Faint, place)),
    }
    for error in step.error.iter().flat_map(|error| wrap(error, room)) {
        lines.push(style.paint(Ink::Bad, &error));
    }
    for (index, line) in lines.iter().enumerate() {
        let (at, actor) = if index == 0 { (at.as_str(), step.actor) } else { ("", "") };
        let _ = writeln!(
            out,
            "    {} {}  {line}",
            style.paint(Ink::Strong, &format!("{at:<3}")),
            style.paint(Ink::Info, &format!("{actor:<actors$}"))
        );
    }
    out
}

/// Breaks a text at spaces; a word that is longer than a line keeps one of its own.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, String::len);
        if line > 0 && line + 1 + word.len() > room {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// The proof summary of a cluster.
pub(crate) fn summary(delivery: &Delivery, findings: &[Finding], shown: usize, style: Style) -> String {
    let counts = Counts::of(delivery);
    let mut out = String::new();
    let verdict = verdict(delivery, counts, findings, style);
    let broken =
        if counts.broken == 0 { String::new() } else { format!(", {} broken ({})", counts.broken, kinds(delivery)) };
    let _ = writeln!(
        out,
        "cluster {}: {verdict}: {} of {} requirements proven{broken}, {} assumed",
        style.paint(Ink::Strong, &delivery.name),
        counts.proven,
        counts.all,
        counts.assumed
    );
    let open = delivery.kustomizations.iter().filter_map(|node| Some((&node.object, node.open.as_deref()?)));
    for (object, why) in open.take(shown) {
        let _ = writeln!(out, "  {object} may apply more than is read: {why}");
    }
    let assumptions = assumptions(delivery);
    if !assumptions.is_empty() {
        out.push_str("  assumed, because this repository cannot show it:\n");
    }
    out.push_str(&assumed(&assumptions, shown, style));
    out
}

/// Why a folder is taken for an entry, where there is more than one, or what none of them applies.
pub(super) fn entry(analysis: &Analysis, delivery: &Delivery, style: Style) -> String {
    let deliveries = &analysis.deliveries;
    if deliveries.clusters.len() < 2 && deliveries.orphans.is_empty() {
        return String::new();
    }
    let folder = if delivery.entry.as_str().is_empty() { "." } else { delivery.entry.as_str() };
    let why = style.paint(Ink::Faint, delivery.reason.text());
    format!("  entry {folder}: {why}\n")
}

/// Proven is said only where every build is read in full, nothing but facts outside the repository is assumed, and no
/// error is found beside the order.
fn verdict(delivery: &Delivery, counts: Counts, findings: &[Finding], style: Style) -> String {
    let inside = |r: &&Requirement| {
        matches!(r.verdict, Verdict::Assumed(_))
            && !matches!(r.group, Part::Secrets)
            && !matches!(r.need, Need::Outside(_))
    };
    let is_error = |f: &&Finding| f.severity == Severity::Error && f.clusters.contains(&delivery.name);
    let errors = findings.iter().filter(is_error).count();
    let open = delivery.kustomizations.iter().any(|node| node.open.is_some());
    match (counts.broken, errors, open || delivery.requirements.iter().any(|r| inside(&r))) {
        (0, 0, false) => style.paint(Ink::Good, "■ proven"),
        (0, 0, true) => style.paint(Ink::Warn, "□ nothing broken"),
        (0, _, _) => style.paint(Ink::Bad, "☒ in order, but not right"),
        _ => style.paint(Ink::Bad, "☒ not proven"),
    }
}

/// How many assumptions with one reason are named one by one.
pub(crate) const ASSUMED_SHOWN: usize = 5;
/// How many reasons are.
const REASONS_SHOWN: usize = 10;

fn assumed(assumptions: &[Assumed], shown: usize, style: Style) -> String {
    let mut out = String::new();
    let by_reason = by_reason(assumptions);
    let reasons = if shown == usize::MAX { by_reason.len() } else { REASONS_SHOWN };
    for (why, list) in by_reason.iter().take(reasons) {
        for (what, count) in list.iter().take(shown) {
            let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
            let _ = writeln!(out, "    □ {what}{times}");
        }
        if list.len() > shown {
            let _ = writeln!(out, "    □ and {} more", list.len() - shown);
        }
        let _ = writeln!(out, "      {}", style.paint(Ink::Faint, why));
    }
    if by_reason.len() > reasons {
        let rest: usize = by_reason[reasons..].iter().map(|(_, list)| list.len()).sum();
        let others = format!("for {} other reasons (--format json lists them)", by_reason.len() - reasons);
        let _ = writeln!(out, "    □ and {rest} more\n      {}", style.paint(Ink::Faint, &others));
    }
    out
}

/// A reason, and what is assumed for it, each with how many requirements rest on it.
type Reasoned<'a> = (&'a str, Vec<(&'a str, usize)>);

/// What is assumed by its first reason: a fact is named once.
fn by_reason(assumptions: &[Assumed]) -> Vec<Reasoned<'_>> {
    let mut by_reason: Vec<Reasoned<'_>> = Vec::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut facts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (what, why, count) in assumptions {
        if let Some((reason, fact)) = facts.get(what.as_str()) {
            by_reason[*reason].1[*fact].1 += count;
            continue;
        }
        let at = *reasons.entry(why).or_insert(by_reason.len());
        if at == by_reason.len() {
            by_reason.push((why, Vec::new()));
        }
        facts.insert(what, (at, by_reason[at].1.len()));
        by_reason[at].1.push((what, *count));
    }
    by_reason
}

fn kinds(delivery: &Delivery) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for requirement in &delivery.requirements {
        if let Verdict::Broken(broken) = &requirement.verdict {
            *kinds.entry(broken.kind.name()).or_default() += 1;
        }
    }
    kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}

/// What was left out, for a run that has nothing else to say.
pub(crate) fn not_read(analysis: &Analysis, terminal: Terminal) -> String {
    tame(&skipped(analysis, Style { color: terminal.color }), terminal.color)
}

fn skipped(analysis: &Analysis, style: Style) -> String {
    let mut out = String::new();
    let places = Places::new(&analysis.sources);
    for orphan in analysis.deliveries.orphans.iter().take(SKIPPED_SHOWN) {
        let _ = writeln!(
            out,
            "{} {} ({}): no entry applies it",
            style.paint(Ink::Faint, "not analysed:"),
            orphan.object,
            places.long(orphan.span)
        );
    }
    if analysis.deliveries.orphans.len() > SKIPPED_SHOWN {
        let _ = writeln!(
            out,
            "{} {} more Flux objects that no entry applies",
            style.paint(Ink::Faint, "not analysed:"),
            analysis.deliveries.orphans.len() - SKIPPED_SHOWN
        );
    }
    for (path, why) in analysis.skipped.iter().take(SKIPPED_SHOWN) {
        let _ = writeln!(out, "{} {path}: {why}", style.paint(Ink::Faint, "not read:"));
    }
    if analysis.skipped.len() > SKIPPED_SHOWN {
        let _ = writeln!(
            out,
            "{} {} more files (--format json lists them)",
            style.paint(Ink::Faint, "not read:"),
            analysis.skipped.len() - SKIPPED_SHOWN
        );
    }
    out
}

/// How many findings there are.
pub(super) fn last_line(analysis: &Analysis, style: Style) -> String {
    let parts = [(Severity::Error, Ink::Bad), (Severity::Warning, Ink::Warn), (Severity::Info, Ink::Info)];
    let words: Vec<String> = parts
        .iter()
        .map(|(severity, ink)| (analysis.count(*severity), severity, ink))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, severity, ink)| {
            style.paint(*ink, &format!("{count} {}{}", severity.name(), if count == 1 { "" } else { "s" }))
        })
        .collect();
    let count = analysis.deliveries.files;
    let files = format!("{count} file{}", if count == 1 { "" } else { "s" });
    if words.is_empty() { format!("no findings in {files}\n") } else { format!("{} in {files}\n", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_named_once_and_not_every_reason() {
        let fact = |what: &str, why: &str| (what.to_owned(), why.to_owned(), 2);
        let facts = [fact("a", "first"), fact("b", "first"), fact("a", "second"), fact("c", "second")];
        let said = assumed(&facts, ASSUMED_SHOWN, Style { color: false });
        assert_eq!(said, "    □ a (4 times)\n    □ b (2 times)\n      first\n    □ c (2 times)\n      second\n");
        let many: Vec<Assumed> = (0..14).map(|n| fact(&format!("fact {n}"), &format!("reason {n}"))).collect();
        let said = assumed(&many, ASSUMED_SHOWN, Style { color: false });
        assert!(said.contains("reason 9\n") && !said.contains("reason 10"), "{said}");
        assert!(said.ends_with("    □ and 4 more\n      for 4 other reasons (--format json lists them)\n"), "{said}");
        assert!(assumed(&many, usize::MAX, Style { color: false }).contains("reason 13"), "a certificate names all");
    }
}
