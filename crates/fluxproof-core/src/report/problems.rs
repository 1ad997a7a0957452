//! Problems as they are printed where there is no finding: an error, its place, its line.

use super::place::Places;
use super::redact;
use crate::command::Terminal;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, renderer::DecorStyle};
use fluxproof_yaml::{FileId, Problem, Sources, Span};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A line of more bytes is only named.
const LONG: usize = 500;

/// The texts that problems point into, fit to be shown.
type Texts<'s> = BTreeMap<FileId, Cow<'s, str>>;

/// The problems for people, one after the other.
pub(crate) fn human(sources: &Sources, problems: &[Problem], terminal: Terminal) -> String {
    let places = Places::new(sources);
    let texts = redact::all(sources, problems.iter().map(|problem| problem.span.file));
    let renderer = if terminal.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(terminal.width.into());
    let render = |problem: &Problem| format!("{}\n\n", renderer.render(&[group(&texts, &places, problem)]));
    problems.iter().map(render).collect()
}

fn group<'a>(texts: &'a Texts<'_>, places: &Places<'a>, problem: &'a Problem) -> Group<'a> {
    let title = Level::ERROR.primary_title(problem.message.as_str());
    let mut group = title.element(piece(texts, places, problem.span));
    if let Some(note) = &problem.note {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    match &problem.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

/// The first line of a span with the span marked in it; values of Secrets are blacked out.
fn piece<'a>(texts: &'a Texts<'_>, places: &Places<'a>, span: Span) -> Element<'a> {
    let place = places.place(span);
    let line = places.line(span.file, place.start.line);
    if line.len() > LONG || line.is_empty() {
        return Origin::path(place.path)
            .line(place.start.line as usize)
            .char_column(place.start.column as usize)
            .into();
    }
    let text = texts.get(&span.file).and_then(|text| text.get(line.clone())).unwrap_or_default().trim_end();
    let start = (span.start as usize - line.start).min(text.len());
    let end = (span.end as usize).saturating_sub(line.start).clamp(start, text.len());
    let snippet = Snippet::source(text).path(place.path).line_start(place.start.line as usize);
    snippet.annotation(AnnotationKind::Primary.span(start..end)).into()
}
