//! The report for people: rustc-like findings, the trace as a timeline, a summary per cluster.

use super::place::{long, short};
use super::{Analysis, Counts, assumptions, certificate, redact};
use crate::command::Terminal;
use crate::style::{Ink, Style, tame};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use fluxproof_delivery::{Delivery, Group as Part, Need, Requirement, TraceStep, Verdict};
use fluxproof_rules::{Finding, Severity};
use fluxproof_yaml::{FileId, Sources, Span};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many files that were not read are named one by one.
const SKIPPED_SHOWN: usize = 10;

/// The report of `check`.
pub(crate) fn check(analysis: &Analysis, terminal: Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    for finding in &analysis.findings {
        out.push_str(&render(&analysis.sources, finding, terminal));
        out.push_str(&timeline(&analysis.sources, &finding.trace, style, terminal));
        out.push('\n');
    }
    for delivery in &analysis.deliveries.clusters {
        out.push_str(&summary(delivery, style));
    }
    out.push_str(&skipped(analysis, style));
    out.push_str(&last_line(analysis, style));
    tame_but_colour(&out, terminal.color)
}

/// The report of `prove`: every requirement, then the summary.
pub(crate) fn prove(analysis: &Analysis, terminal: Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    for delivery in &analysis.deliveries.clusters {
        let _ = writeln!(out, "{}", style.paint(Ink::Strong, &format!("cluster {}, entry {}", delivery.name, delivery.entry)));
        let mut part = None;
        for (index, requirement) in delivery.requirements.iter().enumerate() {
            if part != Some(requirement.group) {
                part = Some(requirement.group);
                let _ = writeln!(out, "\n  {}", style.paint(Ink::Strong, heading(requirement.group)));
            }
            out.push_str(&line(&analysis.sources, index + 1, requirement, style));
        }
        out.push('\n');
        out.push_str(&summary(delivery, style));
    }
    out.push_str(&last_line(analysis, style));
    tame_but_colour(&out, terminal.color)
}

fn heading(group: Part) -> &'static str {
    match group {
        Part::Sources => "Sources and paths",
        Part::Dependencies => "Dependencies",
        Part::Namespaces => "Namespaces",
        Part::Definitions => "Definitions",
        Part::Webhooks => "Webhooks",
        Part::Secrets => "Stores, accounts and Secrets",
    }
}

fn line(sources: &Sources, number: usize, requirement: &Requirement, style: Style) -> String {
    let place = requirement.span.map(|span| short(sources, span)).unwrap_or_default();
    let (ink, mark) = mark(&requirement.verdict);
    let mut text = format!(
        "  {} {number:>3}  {} needs: {}  {}\n",
        style.paint(ink, mark),
        requirement.object,
        certificate::needs(requirement),
        style.paint(Ink::Faint, &place)
    );
    match &requirement.verdict {
        Verdict::Proven(steps) => {
            for step in steps {
                let because = if step.because.is_empty() { String::new() } else { format!(" ({})", step.because) };
                let _ = writeln!(text, "          {}{}", step.event, style.paint(Ink::Faint, &because));
            }
        }
        _ => {
            let _ = writeln!(text, "          {}: {}", style.paint(ink, requirement.verdict.name()), certificate::why(requirement));
        }
    }
    text
}

fn mark(verdict: &Verdict) -> (Ink, &'static str) {
    match verdict {
        Verdict::Proven(_) => (Ink::Good, "■"),
        Verdict::Broken(_) => (Ink::Bad, "☒"),
        Verdict::Assumed(_) => (Ink::Faint, "□"),
    }
}

fn render(sources: &Sources, finding: &Finding, terminal: Terminal) -> String {
    let renderer = if terminal.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(terminal.width as usize);
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = level.primary_title(finding.message.as_str()).id(finding.rule).elements(snippets(sources, finding));
    group = group.element(Level::NOTE.message(finding.why.as_str()));
    group = group.element(Level::HELP.message(finding.help.as_str()));
    if finding.clusters.len() > 1 {
        return renderer.render(&[group, several(&finding.clusters)]) + "\n";
    }
    renderer.render(&[group]) + "\n"
}

fn several(clusters: &[String]) -> Group<'_> {
    Group::with_title(Level::NOTE.secondary_title(format!("in {} clusters: {}", clusters.len(), clusters.join(", "))))
}

/// One snippet for each file that the finding points into, the primary one first.
fn snippets<'a>(sources: &'a Sources, finding: &'a Finding) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut by_file: BTreeMap<FileId, Vec<(Span, &str, bool)>> = BTreeMap::new();
    by_file.entry(finding.location.file).or_default().push((finding.location, &finding.label, true));
    for label in &finding.related {
        by_file.entry(label.span.file).or_default().push((label.span, &label.message, false));
    }
    let mut files: Vec<_> = by_file.into_iter().collect();
    files.sort_by_key(|(file, _)| (*file != finding.location.file, *file));
    files.into_iter().map(|(file, labels)| snippet(sources, file, labels)).collect()
}

fn snippet<'a>(sources: &'a Sources, file: FileId, labels: Vec<(Span, &'a str, bool)>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = redact::shown(sources, file);
    let lines: Vec<_> = labels.iter().map(|(span, ..)| first_line(&text, *span)).collect();
    let mut snippet = Snippet::source(text).path(sources.path(file).as_str());
    for ((_, label, primary), range) in labels.into_iter().zip(lines) {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        snippet = snippet.annotation(kind.span(range).label(label));
    }
    snippet
}

/// A label stands on one line: the whole of an object would bury the point.
fn first_line(text: &str, span: Span) -> std::ops::Range<usize> {
    let (start, end) = ((span.start as usize).min(text.len()), (span.end as usize).min(text.len()));
    let line = text.get(start..end).unwrap_or("").split(['\n', '\r']).next().unwrap_or("");
    start..start + line.len()
}

fn timeline(sources: &Sources, trace: &[TraceStep], style: Style, terminal: Terminal) -> String {
    if trace.is_empty() {
        return String::new();
    }
    let mut out = format!("\n  {}\n", style.paint(Ink::Strong, "how it happens"));
    let actors = trace.iter().map(|step| step.actor.len()).max().unwrap_or(0);
    let room = usize::from(terminal.width).saturating_sub(actors + 10).max(30);
    for step in trace {
        let place = step.span.map(|span| short(sources, span)).unwrap_or_default();
        out.push_str(&step_lines(step, &place, actors, room, style));
    }
    out
}

fn step_lines(step: &TraceStep, place: &str, actors: usize, room: usize, style: Style) -> String {
    let mut out = String::new();
    let at = format!("T{}", step.at);
    let mut lines = wrap(&step.event, room);
    let last = lines.pop().unwrap_or_default();
    let fits = last.len() + 2 + place.len() <= room;
    lines.push(if fits && !place.is_empty() { format!("{last}  {}", style.paint(Ink::Faint, place)) } else { last });
    if !fits {
        lines.push(style.paint(Ink::Faint, place));
    }
    for error in step.error.iter().flat_map(|error| wrap(error, room)) {
        lines.push(style.paint(Ink::Bad, &error));
    }
    for (index, line) in lines.iter().enumerate() {
        let (at, actor) = if index == 0 { (at.as_str(), step.actor) } else { ("", "") };
        let _ = writeln!(out, "    {} {}  {line}", style.paint(Ink::Strong, &format!("{at:<3}")), style.paint(Ink::Info, &format!("{actor:<actors$}")));
    }
    out
}

/// Breaks a text at spaces; a word that is longer than a line keeps one of its own.
fn wrap(text: &str, room: usize) -> Vec<String> {
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
pub(crate) fn summary(delivery: &Delivery, style: Style) -> String {
    let counts = Counts::of(delivery);
    let mut out = String::new();
    let verdict = verdict(delivery, counts, style);
    let broken = if counts.broken == 0 { String::new() } else { format!(", {} broken ({})", counts.broken, kinds(delivery)) };
    let _ = writeln!(
        out,
        "cluster {}: {verdict}: {} of {} requirements proven{broken}, {} assumed",
        style.paint(Ink::Strong, &delivery.name),
        counts.proven,
        counts.all,
        counts.assumed
    );
    let assumptions = assumptions(delivery);
    if !assumptions.is_empty() {
        out.push_str("  assumed, because this repository cannot show it:\n");
    }
    out.push_str(&assumed(&assumptions, style));
    out
}

/// Proven is said only where nothing but facts outside the repository is assumed.
fn verdict(delivery: &Delivery, counts: Counts, style: Style) -> String {
    let inside = |r: &&Requirement| matches!(r.verdict, Verdict::Assumed(_)) && !matches!(r.group, Part::Secrets) && !matches!(r.need, Need::Outside(_));
    match (counts.broken, delivery.requirements.iter().filter(inside).count()) {
        (0, 0) => style.paint(Ink::Good, "■ proven"),
        (0, _) => style.paint(Ink::Warn, "□ nothing broken"),
        _ => style.paint(Ink::Bad, "☒ not proven"),
    }
}

/// How many assumptions with one reason are named one by one.
const ASSUMED_SHOWN: usize = 5;

fn assumed(assumptions: &[(String, String, usize)], style: Style) -> String {
    let mut by_reason: Vec<(&str, Vec<&(String, String, usize)>)> = Vec::new();
    for assumption in assumptions {
        match by_reason.iter_mut().find(|(why, _)| *why == assumption.1) {
            Some((_, list)) => list.push(assumption),
            None => by_reason.push((&assumption.1, vec![assumption])),
        }
    }
    let mut out = String::new();
    for (why, list) in by_reason {
        for (what, _, count) in list.iter().take(ASSUMED_SHOWN) {
            let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
            let _ = writeln!(out, "    □ {what}{times}");
        }
        if list.len() > ASSUMED_SHOWN {
            let _ = writeln!(out, "    □ and {} more", list.len() - ASSUMED_SHOWN);
        }
        let _ = writeln!(out, "      {}", style.paint(Ink::Faint, why));
    }
    out
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

fn skipped(analysis: &Analysis, style: Style) -> String {
    let mut out = String::new();
    for orphan in analysis.deliveries.orphans.iter().take(SKIPPED_SHOWN) {
        let _ = writeln!(out, "{} {} ({}): no entry applies it", style.paint(Ink::Faint, "not analysed:"), orphan.object, long(&analysis.sources, orphan.span));
    }
    if analysis.deliveries.orphans.len() > SKIPPED_SHOWN {
        let _ = writeln!(out, "{} {} more Kustomizations that no entry applies", style.paint(Ink::Faint, "not analysed:"), analysis.deliveries.orphans.len() - SKIPPED_SHOWN);
    }
    for (path, why) in analysis.skipped.iter().take(SKIPPED_SHOWN) {
        let _ = writeln!(out, "{} {path}: {why}", style.paint(Ink::Faint, "not read:"));
    }
    if analysis.skipped.len() > SKIPPED_SHOWN {
        let _ = writeln!(out, "{} {} more files (--format json lists them)", style.paint(Ink::Faint, "not read:"), analysis.skipped.len() - SKIPPED_SHOWN);
    }
    out
}

fn last_line(analysis: &Analysis, style: Style) -> String {
    let parts = [(Severity::Error, Ink::Bad), (Severity::Warning, Ink::Warn), (Severity::Info, Ink::Info)];
    let words: Vec<String> = parts
        .iter()
        .map(|(severity, ink)| (analysis.count(*severity), severity, ink))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, severity, ink)| style.paint(*ink, &format!("{count} {}{}", severity.name(), if count == 1 { "" } else { "s" })))
        .collect();
    let files = format!("{} files", analysis.deliveries.files);
    if words.is_empty() { format!("no findings in {files}\n") } else { format!("{} in {files}\n", words.join(", ")) }
}

/// Control characters of a repository are shown as such; our own escapes stay.
fn tame_but_colour(text: &str, color: bool) -> String {
    if color { text.to_owned() } else { tame(text) }
}
