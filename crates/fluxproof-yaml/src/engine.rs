//! The one module that knows granit-parser: its events, its spans and their corrections.

use crate::build::{Builder, DEPTH_LIMIT, ScalarEvent, Step, to_u32};
use crate::message::{self, describe, too_deep, too_long};
use crate::{FileId, NodeKind, Parsed, Span, Style};
use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag, options};

/// The longest text that is read, in bytes: what is longer is no configuration, and a tree takes ten times its text.
pub(crate) const TEXT_LIMIT: usize = 64 << 20;

/// Reads every document of a text. What cannot be read becomes a problem, and reading goes on at the next `---`.
///
/// ```
/// use fluxproof_yaml::{FileId, parse};
///
/// let parsed = parse(FileId(0), "kind: Namespace\n---\nkind: [broken\n---\nkind: Secret\n");
/// assert_eq!(parsed.documents.len(), 2);
/// assert_eq!(parsed.problems.len(), 1);
/// let kind = parsed.documents[1].root().and_then(|root| root.get("kind"));
/// assert_eq!(kind.map(|kind| kind.text()), Some("Secret"));
/// ```
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut builder = Builder::new(file, text);
    if text.len() > TEXT_LIMIT {
        builder.break_with(too_long(file));
        return builder.finish();
    }
    let mut from = 0;
    while let Some(at) = control_character(text, from) {
        // go-yaml reads nothing with such a character. Here it costs the document that has it.
        let document = markers(text, from, at).last().unwrap_or(from);
        builder = read(file, &text[..document], from, builder);
        builder.break_with(message::control_character(file, text, at));
        let Some(next) = markers(text, at, text.len()).next() else { return builder.finish() };
        from = next;
    }
    read(file, text, from, builder).finish()
}

/// Reads the documents of `text` from `base` on.
fn read<'t>(file: FileId, text: &'t str, base: usize, builder: Builder<'t>) -> Builder<'t> {
    if base == text.len() {
        return builder;
    }
    Reader { file, text, base, read_to: to_u32(base), skipped: false, builder }.read()
}

/// Where a `---` begins a document: at the beginning of a line, and alone.
fn markers(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    text[from..to].match_indices("---").map(move |(at, _)| from + at).filter(move |at| {
        (*at == 0 || matches!(bytes[at - 1], b'\n' | b'\r')) && bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace)
    })
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    /// Where reading begins.
    base: usize,
    /// The end of the last token: comments and the header of a block scalar are searched from here.
    read_to: u32,
    /// Whether the text from `read_to` on is of a broken document.
    skipped: bool,
    builder: Builder<'t>,
}

type Events<'t> = Parser<'t, StrInput<'t>>;

impl<'t> Reader<'t> {
    fn read(mut self) -> Builder<'t> {
        let mut events = Parser::new_from_str_with_options(&self.text[self.base..], limits());
        while let Some(next) = events.next_event() {
            // By reference: an event is large.
            let goes_on = match &next {
                Ok((event, span)) => self.take(event, span) || self.skip_document(&mut events),
                Err(error) => {
                    self.report(error);
                    self.skip_document(&mut events)
                }
            };
            if !goes_on {
                break;
            }
        }
        self.builder
    }

    /// Takes an event; `false` where the document is too deep to go on.
    fn take(&mut self, event: &Event<'t>, span: &granit_parser::Span) -> bool {
        let (start, end) = (self.byte(&span.start), self.byte(&span.end));
        self.comments_before(start);
        let step = match event {
            Event::Scalar(text, style, _, tag) => {
                self.scalar(text, *style, start, end);
                self.tag(tag.as_deref(), span);
                Step::Go
            }
            Event::MappingStart(style, _, tag) => self.open(NodeKind::Mapping, *style, tag.as_deref(), span),
            Event::SequenceStart(style, _, tag) => self.open(NodeKind::Sequence, *style, tag.as_deref(), span),
            other => {
                self.take_rest(other, start, end);
                Step::Go
            }
        };
        if step == Step::TooDeep {
            self.builder.break_with(too_deep(Span::new(self.file, start, start)));
        }
        step == Step::Go
    }

    fn take_rest(&mut self, event: &Event<'t>, start: u32, end: u32) {
        match event {
            Event::MappingEnd | Event::SequenceEnd => self.builder.close_collection(end),
            Event::Alias(anchor) => {
                let name = self.slice(start + 1, end);
                self.builder.alias(Some(*anchor), name, start, end);
            }
            Event::UnresolvedAlias(name) => self.builder.alias(None, name, start, end),
            // Its span lies before the node's, so that it does not move `read_to`.
            Event::Anchor(anchor, name) => return self.builder.anchor(*anchor, name, start, end),
            Event::DocumentStart(..) => self.builder.start_document(start),
            Event::DocumentEnd => self.builder.end_document(end),
            _ => {}
        }
        self.read_to = self.read_to.max(end);
    }

    /// Finds the comments between the last token and the one at `start`. Only blanks, indicators, anchors, tags and
    /// directives can stand there, so that a `#` behind a blank is a comment.
    fn comments_before(&mut self, start: u32) {
        if std::mem::take(&mut self.skipped) {
            self.read_to = self.read_to.max(start);
        }
        let bytes = self.text.as_bytes();
        let (mut at, end) = (self.read_to as usize, start as usize);
        while at < end {
            if bytes[at] != b'#' || !at.checked_sub(1).is_none_or(|before| b" \t\n\r".contains(&bytes[before])) {
                at += 1;
                continue;
            }
            let length = bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let line_end = length.map_or(bytes.len(), |length| at + length);
            self.builder.comment(to_u32(at), to_u32(line_end));
            at = line_end;
        }
    }

    fn open(&mut self, kind: NodeKind, style: StructureStyle, tag: Option<&Tag>, span: &granit_parser::Span) -> Step {
        let (start, end) = (self.byte(&span.start), self.byte(&span.end));
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        let step = self.builder.open_collection(kind, style, start, end);
        self.tag(tag, span);
        self.read_to = self.read_to.max(end);
        step
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, start: u32, end: u32) {
        if start == end && style == ScalarStyle::Plain {
            // granit says "~" for what is not written.
            self.builder.empty(start);
        } else {
            let style = scalar_style(style);
            let (start, shown_end) = match style {
                Style::Literal | Style::Folded => self.block_scalar(start, end),
                _ => (start, end),
            };
            self.builder.scalar(&ScalarEvent { text, style, start, end: shown_end });
        }
        self.read_to = self.read_to.max(end);
    }

    /// The span of a block scalar from its header to the end of its last line; granit's begins with the content and
    /// ends with the blank lines behind it.
    fn block_scalar(&self, start: u32, end: u32) -> (u32, u32) {
        let header = self.block_header().unwrap_or(start);
        let content = self.slice(header, end);
        let indicators = content.lines().next().and_then(|line| line.split([' ', '\t', '#']).next()).unwrap_or("");
        let shown = if indicators.contains('+') { without_last_break(content) } else { without_blank_lines(content) };
        (header, header + to_u32(shown.len().max(1)))
    }

    /// The `|` or `>` that follows the last token, behind its indicators, tags, anchors and comments.
    fn block_header(&self) -> Option<u32> {
        let bytes = self.text.as_bytes();
        let mut at = self.read_to as usize;
        loop {
            match bytes.get(at)? {
                b'|' | b'>' => return Some(to_u32(at)),
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => at += bytes[at..].iter().position(|byte| *byte == b'\n')?,
                _ => at += bytes[at..].iter().position(|byte| b" \t\n\r".contains(byte))?,
            }
        }
    }

    fn tag(&mut self, tag: Option<&Tag>, span: &granit_parser::Span) {
        if let Some(tag) = tag {
            let name = format!("{}{}", tag.handle(), tag.suffix());
            let span = span.tag_span().map(|span| Span::new(self.file, self.byte(&span.start), self.byte(&span.end)));
            self.builder.tag(name, span);
        }
    }

    fn report(&mut self, error: &ScanError) {
        let at = self.byte(error.marker());
        self.builder.break_with(describe(self.file, self.text, error.kind(), at));
    }

    /// Goes to the next document; `false` where there is none.
    fn skip_document(&mut self, events: &mut Events<'t>) -> bool {
        self.skipped = true;
        events.proceed_next_document().unwrap_or_else(|error| {
            self.report(&error);
            false
        })
    }

    fn byte(&self, marker: &Marker) -> u32 {
        to_u32(self.base + marker.byte_offset().unwrap_or(0))
    }

    fn slice(&self, start: u32, end: u32) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}

fn limits() -> granit_parser::Options {
    let mut options = options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: DEPTH_LIMIT,
        block_nesting_limit: DEPTH_LIMIT,
        // As go-yaml reads a last line without a line feed.
        block_scalar_eof_without_line_feed: true,
    };
    // Also where another crate asks for the feature.
    options.set_emit_comments(false);
    options
}

fn without_blank_lines(text: &str) -> &str {
    let content = text.trim_end_matches(['\n', '\r', ' ', '\t']).len();
    let rest = text[content..].find(['\n', '\r']);
    rest.map_or(text, |rest| &text[..content + rest])
}

fn without_last_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The first character from `from` on that YAML does not allow, as go-yaml has it (`readerc.go`): control characters but
/// for tab, line breaks and NEL, and the non-characters U+FFFE and U+FFFF.
fn control_character(text: &str, from: usize) -> Option<usize> {
    const BLOCK: usize = 64;
    let bytes = text.as_bytes().get(from..)?;
    for (index, block) in bytes.chunks(BLOCK).enumerate() {
        // Without branches, so that it is done on many bytes at once.
        if block.iter().fold(false, |found, byte| found | may_be_control(*byte)) {
            let start = from + index * BLOCK;
            let found = (start..start + block.len()).find(|at| is_control(text, *at));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn may_be_control(byte: u8) -> bool {
    (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) | matches!(byte, 0x7F | 0xC2 | 0xEF)
}

fn is_control(text: &str, at: usize) -> bool {
    let bytes = &text.as_bytes()[at..];
    may_be_control(bytes[0])
        && match bytes {
            [0xC2, next, ..] => (0x80..0xA0).contains(next) && *next != 0x85,
            [0xEF, 0xBF, 0xBE | 0xBF, ..] => true,
            [0xEF, ..] => false,
            _ => true,
        }
}

fn scalar_style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
