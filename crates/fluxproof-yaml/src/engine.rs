//! granit-parser's events. This is the only module that knows it.

use crate::build::{Builder, DEPTH_LIMIT};
use crate::{FileId, Parsed, Problem, Span, Style, message};
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};

/// The longest text that is read: what is longer is no configuration.
pub(crate) const MAX_BYTES: usize = 64 << 20;

/// Reads every document of a text. What cannot be read is a problem; the documents behind it are read all the same.
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    if let Some(problem) = message::unreadable(file, text) {
        parsed.problems.push(problem);
        return parsed;
    }
    let mut parser = Parser::new_from_str_with_options(text, options());
    let mut builder = Builder::new(file, text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => take(&mut builder, &mut parsed, event, range(&span), tag_range(&span)),
            Err(error) => {
                parsed.problems.push(problem(file, text, &error));
                builder.abandon();
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    parsed.comments = builder.take_comments();
    parsed.problems.sort();
    parsed
}

fn options() -> Options {
    let mut options = Options::default();
    options.strict_indentation = false;
    options.emit_unresolved_aliases = true;
    options.emit_anchor_events = true;
    options.max_buffered_comment_events = 65_536;
    options.flow_nesting_limit = DEPTH_LIMIT;
    options.block_nesting_limit = DEPTH_LIMIT;
    options
}

fn range(span: &granit_parser::Span) -> (u32, u32) {
    let range = span.byte_range().unwrap_or(0..0);
    (offset(range.start), offset(range.end))
}

fn tag_range(span: &granit_parser::Span) -> Option<u32> {
    span.tag_start.as_ref().and_then(granit_parser::Marker::byte_offset).map(offset)
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

fn problem(file: FileId, text: &str, error: &ScanError) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    message::broken(file, text, at, &error.info())
}

fn take(builder: &mut Builder<'_>, parsed: &mut Parsed, event: Event<'_>, at: (u32, u32), tag_at: Option<u32>) {
    match event {
        Event::DocumentStart(..) => builder.start_document(at.0),
        Event::DocumentEnd => {
            let (document, problems) = builder.end_document(at.1);
            parsed.documents.extend(document);
            parsed.problems.extend(problems);
        }
        Event::Scalar(text, style, anchor, tag) => {
            builder.scalar(&text, scalar_style(style), at, anchor);
            builder.tag(tag.as_deref().map(tag_text), tag_at);
        }
        Event::SequenceStart(style, anchor, tag) => {
            builder.open(false, style == StructureStyle::Flow, at, anchor);
            builder.tag(tag.as_deref().map(tag_text), tag_at);
        }
        Event::MappingStart(style, anchor, tag) => {
            builder.open(true, style == StructureStyle::Flow, at, anchor);
            builder.tag(tag.as_deref().map(tag_text), tag_at);
        }
        Event::SequenceEnd | Event::MappingEnd => builder.close(at.1),
        Event::Alias(id) => builder.alias(Some(id), at),
        Event::UnresolvedAlias(_) => builder.alias(None, at),
        Event::Anchor(_, name) => builder.anchor(&name, at),
        Event::Comment(..) => builder.comment(at),
        _ => {}
    }
}

fn tag_text(tag: &granit_parser::Tag) -> String {
    let (handle, suffix) = tag.parts();
    format!("{handle}{suffix}")
}

fn scalar_style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        ScalarStyle::Plain => Style::Plain,
    }
}

/// A span of a file.
pub(crate) fn span(file: FileId, at: (u32, u32)) -> Span {
    Span::new(file, at.0, at.1.max(at.0))
}
