//! The certificate for people: every requirement with the chain of guarantees that carries it, and the sums.

use super::human::{heading, last_line, mark, summary, timeline, wrap};
use super::place::Places;
use super::{Analysis, Counts, assumptions, certificate};
use crate::command::Terminal;
use crate::style::{Ink, Style, tame};
use fluxproof_delivery::{Broken, Delivery, Requirement, Step, Verdict};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Where the steps of a chain begin.
const INDENT: usize = 11;
/// A step that is wider than this does not push the guarantees of the others to the right.
const WIDE: usize = 64;

/// The report of `prove`.
pub(crate) fn prove(analysis: &Analysis, terminal: Terminal) -> String {
    let page = Page { places: Places::new(&analysis.sources), style: Style { color: terminal.color }, terminal };
    let mut out = String::new();
    for delivery in &analysis.deliveries.clusters {
        page.cluster(delivery, &mut out);
        out.push_str(&summary(delivery, &analysis.findings, usize::MAX, page.style));
        out.push('\n');
    }
    out.push_str(&in_all(&analysis.deliveries.clusters, page.style));
    out.push_str(&last_line(analysis, page.style));
    tame(&out, terminal.color)
}

/// The sum over several clusters; a fact that more than one assumes counts once.
fn in_all(clusters: &[Delivery], style: Style) -> String {
    if clusters.len() < 2 {
        return String::new();
    }
    let sum = |count: fn(Counts) -> usize| clusters.iter().map(|cluster| count(Counts::of(cluster))).sum::<usize>();
    let facts: BTreeSet<String> = clusters.iter().flat_map(assumptions).map(|(what, ..)| what).collect();
    format!(
        "{}: {} of {} requirements proven, {} broken, {} assumed ({} facts)\n",
        style.paint(Ink::Strong, &format!("{} clusters in all", clusters.len())),
        sum(|counts| counts.proven),
        sum(|counts| counts.all),
        sum(|counts| counts.broken),
        sum(|counts| counts.assumed),
        facts.len()
    )
}

struct Page<'a> {
    places: Places<'a>,
    style: Style,
    terminal: Terminal,
}

impl Page<'_> {
    fn cluster(&self, delivery: &Delivery, out: &mut String) {
        let head = format!("cluster {}, entry {}", delivery.name, delivery.entry);
        let _ = writeln!(out, "{}", self.style.paint(Ink::Strong, &head));
        let mut part = None;
        for (index, requirement) in delivery.requirements.iter().enumerate() {
            if part != Some(requirement.group) {
                part = Some(requirement.group);
                let members = delivery.requirements.iter().filter(|one| one.group == requirement.group);
                let _ = writeln!(out, "\n  {}", self.part(heading(requirement.group), members));
            }
            self.requirement(index + 1, requirement, out);
        }
        out.push('\n');
    }

    /// `Namespaces  4 of 5, 1 assumed`
    fn part<'r>(&self, title: &str, members: impl Iterator<Item = &'r Requirement>) -> String {
        let (mut proven, mut assumed, mut all) = (0, 0, 0);
        for member in members {
            all += 1;
            proven += usize::from(matches!(member.verdict, Verdict::Proven(_)));
            assumed += usize::from(matches!(member.verdict, Verdict::Assumed(_)));
        }
        let broken = all - proven - assumed;
        let mut said = format!("{proven} of {all} proven");
        for (count, word) in [(broken, "broken"), (assumed, "assumed")].into_iter().filter(|(count, _)| *count > 0) {
            let _ = write!(said, ", {count} {word}");
        }
        format!("{}  {}", self.style.paint(Ink::Strong, title), self.style.paint(Ink::Faint, &said))
    }

    fn requirement(&self, number: usize, requirement: &Requirement, out: &mut String) {
        let place = requirement.span.map(|span| self.places.short(span)).unwrap_or_default();
        let (ink, square) = mark(&requirement.verdict);
        let title = format!("{} needs: {}", requirement.object, certificate::needs(requirement));
        let mut lines = wrap(&title, self.room(9)).into_iter();
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(out, "  {} {number:>4}  {first}", self.style.paint(ink, square));
        lines.for_each(|line| self.line(9, &line, out));
        if !place.is_empty() {
            self.line(9, &self.style.paint(Ink::Faint, &place), out);
        }
        match &requirement.verdict {
            Verdict::Proven(steps) => self.chain(steps, out),
            Verdict::Broken(broken) => self.broken(requirement, broken, out),
            Verdict::Assumed(assumption) => self.prose(Ink::Faint, &format!("assumed: {}", assumption.why), out),
        }
    }

    fn room(&self, indent: usize) -> usize {
        usize::from(self.terminal.width).saturating_sub(indent).max(30)
    }

    fn line(&self, indent: usize, text: &str, out: &mut String) {
        let _ = writeln!(out, "{:indent$}{text}", "");
    }

    fn prose(&self, ink: Ink, text: &str, out: &mut String) {
        wrap(text, self.room(INDENT)).iter().for_each(|line| self.line(INDENT, &self.style.paint(ink, line), out));
    }

    /// Steps below one another: what happened, the guarantee that it rests on, and where that is written.
    fn chain(&self, steps: &[Step], out: &mut String) {
        let wide = |step: &Step| step.event.chars().count();
        let events = steps.iter().map(wide).filter(|wide| *wide <= WIDE).max().unwrap_or(0);
        let reasons = steps.iter().map(|step| step.because.len()).max().unwrap_or(0);
        for (index, step) in steps.iter().enumerate() {
            let place = step.span.map(|span| self.places.short(span)).unwrap_or_default();
            let arrow = if index == 0 { "  " } else { "→ " };
            let pad = events.saturating_sub(wide(step));
            let whole = INDENT + 2 + wide(step) + pad + 2 + reasons + 2 + place.chars().count();
            let reason = self.style.paint(Ink::Info, step.because);
            let gap = reasons - step.because.len() + 2;
            let said = if place.is_empty() {
                reason
            } else {
                format!("{reason}{:gap$}{}", "", self.style.paint(Ink::Faint, &place))
            };
            match step.because.is_empty() && place.is_empty() {
                true => self.line(INDENT, &format!("{arrow}{}", step.event), out),
                false if whole <= usize::from(self.terminal.width) => {
                    let _ = writeln!(out, "{:INDENT$}{arrow}{}{:pad$}  {}", "", step.event, "", said);
                }
                false => self.tall(arrow, step, &place, out),
            }
        }
    }

    /// A step on a narrow terminal: the guarantee and its place stand below.
    fn tall(&self, arrow: &str, step: &Step, place: &str, out: &mut String) {
        for (index, line) in wrap(&step.event, self.room(INDENT + 2)).iter().enumerate() {
            self.line(INDENT, &format!("{}{line}", if index == 0 { arrow } else { "  " }), out);
        }
        let because = self.style.paint(Ink::Info, step.because);
        let parts: Vec<String> = [because, self.style.paint(Ink::Faint, place)]
            .into_iter()
            .zip([step.because, place])
            .filter(|(_, plain)| !plain.is_empty())
            .map(|(text, _)| text)
            .collect();
        if step.because.len() + place.chars().count() + 2 <= self.room(INDENT + 4) {
            return self.line(INDENT + 4, &parts.join("  "), out);
        }
        parts.iter().for_each(|part| self.line(INDENT + 4, part, out));
    }

    fn broken(&self, requirement: &Requirement, broken: &Broken, out: &mut String) {
        let mut said = format!("{}: {}", broken.kind.name(), certificate::why(requirement));
        if let Some(seconds) = broken.delay_seconds {
            let _ = write!(said, " (one lost round costs {})", fluxproof_delivery::duration(seconds));
        }
        self.prose(Ink::Bad, &said, out);
        let inner = Terminal { width: self.terminal.width.saturating_sub(7), ..self.terminal };
        for line in timeline(&self.places, &broken.trace, self.style, inner).lines().filter(|l| !l.is_empty()) {
            self.line(7, line, out);
        }
    }
}
