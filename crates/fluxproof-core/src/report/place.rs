//! Spans as people and programs read them.

use fluxproof_yaml::{LineColumn, Sources, Span};

/// A span with its path and its lines.
#[derive(Debug, Clone)]
pub(crate) struct Place<'s> {
    pub(crate) path: &'s str,
    pub(crate) start: LineColumn,
    pub(crate) end: LineColumn,
}

/// Where a span is.
pub(crate) fn place(sources: &Sources, span: Span) -> Place<'_> {
    Place {
        path: sources.path(span.file).as_str(),
        start: sources.line_column(span.file, span.start),
        end: sources.line_column(span.file, span.end),
    }
}

/// `path:line`
pub(crate) fn short(sources: &Sources, span: Span) -> String {
    let place = place(sources, span);
    format!("{}:{}", place.path, place.start.line)
}

/// `path:line:column`
pub(crate) fn long(sources: &Sources, span: Span) -> String {
    let place = place(sources, span);
    format!("{}:{}:{}", place.path, place.start.line, place.start.column)
}
