//! The pieces of text that a finding points at.

use super::place::Places;
use super::redact;
use annotate_snippets::{AnnotationKind, Element, Origin, Snippet};
use fluxproof_rules::Finding;
use fluxproof_yaml::{FileId, Sources, Span};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Labels this many lines apart have a piece each.
const FAR: u32 = 100;
/// A line of more bytes is not shown, only named: it would not fit a terminal, and a file may be one line.
const LONG: usize = 2_000;

/// The texts that findings point into, fit to be shown.
pub(crate) struct Texts<'a> {
    sources: &'a Sources,
    shown: BTreeMap<FileId, Cow<'a, str>>,
}

/// A place to point at, and whether it is the primary one.
#[derive(Clone, Copy)]
struct Label<'a> {
    span: Span,
    text: &'a str,
    primary: bool,
    line: u32,
}

impl<'a> Texts<'a> {
    /// The texts of these findings; each file is looked through once.
    pub(crate) fn new(sources: &'a Sources, findings: &[Finding]) -> Self {
        let files = |finding: &Finding| {
            let related: Vec<FileId> = finding.related.iter().map(|label| label.span.file).collect();
            related.into_iter().chain([finding.location.file])
        };
        Self { sources, shown: redact::all(sources, findings.iter().flat_map(files)) }
    }

    /// The pieces that a finding points at: the primary one first, then by file and place.
    pub(crate) fn pieces(&'a self, places: &Places<'a>, finding: &'a Finding) -> Vec<Element<'a>> {
        let label =
            |span: Span, text: &'a str, primary| Label { span, text, primary, line: places.place(span).start.line };
        let mut labels: Vec<Label<'a>> = finding.related.iter().map(|l| label(l.span, &l.message, false)).collect();
        labels.insert(0, label(finding.location, &finding.label, true));
        fluxproof_order::sort_by_key(&mut labels, |label| (label.span.file, label.span.start));
        let near = |a: &Label<'_>, b: &Label<'_>| a.span.file == b.span.file && b.line - a.line <= FAR;
        let mut pieces: Vec<&[Label<'a>]> = labels.chunk_by(near).collect();
        fluxproof_order::sort_by_key(&mut pieces, |piece| !piece.iter().any(|label| label.primary));
        pieces.into_iter().map(|piece| self.piece(places, piece)).collect()
    }

    fn piece(&'a self, places: &Places<'a>, labels: &[Label<'a>]) -> Element<'a> {
        let (first, last) = (labels[0], labels[labels.len() - 1]);
        let path = self.sources.path(first.span.file).as_str();
        if labels.iter().any(|label| places.line(label.span.file, label.line).len() > LONG) {
            let at = places.place(first.span).start;
            return Origin::path(path).line(at.line as usize).char_column(at.column as usize).into();
        }
        let window = places.line(first.span.file, first.line).start..places.line(last.span.file, last.line).end;
        let text = self.shown.get(&first.span.file).map_or("", |text| text.get(window.clone()).unwrap_or(""));
        let mut ordered = labels.to_vec();
        fluxproof_order::sort_by_key(&mut ordered, |label| !label.primary);
        let snippet = Snippet::source(text).path(path).line_start(first.line as usize);
        let annotation = |label: Label<'a>| {
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(on_one_line(text, label.span, window.start)).label(label.text)
        };
        snippet.annotations(ordered.into_iter().map(annotation)).into()
    }
}

/// A label stands on one line: the whole of an object would bury the point.
fn on_one_line(text: &str, span: Span, offset: usize) -> Range<usize> {
    let within = |byte: u32| (byte as usize).saturating_sub(offset).min(text.len());
    let (start, end) = (within(span.start), within(span.end));
    let line = text.get(start..end).unwrap_or("").split(['\n', '\r']).next().unwrap_or("");
    start..start + line.len()
}
