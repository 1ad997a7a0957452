//! Anchors, aliases and tags.

use super::scan::{BLANK, BREAK, FLOW, TAG, WORD, is};
use super::{Flaw, Read, Reader};
use crate::build::Names;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

impl<'t> Reader<'t> {
    /// The anchor and the tag that begin here, with the blanks behind them; on one line.
    #[inline]
    pub(super) fn line_names(&mut self) -> Read<Option<Box<Names<'t>>>> {
        if matches!(self.byte(), b'&' | b'!') { self.names_of_line().map(Some) } else { Ok(None) }
    }

    fn names_of_line(&mut self) -> Read<Box<Names<'t>>> {
        let mut names = self.no_names();
        while self.take_name(&mut names, 0)? {
            self.blanks();
        }
        Ok(Box::new(names))
    }

    /// The anchor and the tag that begin here, with the blanks and line breaks behind them.
    pub(super) fn flow_names(&mut self, inside: usize) -> Read<Option<Box<Names<'t>>>> {
        if !matches!(self.byte(), b'&' | b'!') {
            return Ok(None);
        }
        let mut names = self.no_names();
        while self.take_name(&mut names, FLOW)? {
            self.flow_space(inside)?;
        }
        Ok(Some(Box::new(names)))
    }

    fn no_names(&self) -> Names<'t> {
        Names { anchor: None, tag: None, end: 0 }
    }

    /// Takes an anchor or a tag; `false` where none is.
    fn take_name(&mut self, names: &mut Names<'t>, ends: u8) -> Read<bool> {
        let start = self.at;
        let second = match self.byte() {
            b'&' => {
                let name = self.anchor_name(ends)?;
                names.anchor.replace((name, self.builder.span(start, self.at))).is_some()
            }
            b'!' => {
                let tag = self.tag(ends)?;
                names.tag.replace((tag.into(), self.builder.span(start, self.at))).is_some()
            }
            _ => return Ok(false),
        };
        if second {
            return self.fault(Flaw::SecondProperty, start);
        }
        names.end = self.builder.span(self.at, self.at).end;
        Ok(true)
    }

    pub(super) fn alias(&mut self, ends: u8) -> Read {
        let start = self.at;
        let name = self.anchor_name(ends)?;
        self.builder.alias(name, start, self.at);
        Ok(())
    }

    /// The name behind `&` or `*`. The colon of a key may follow it at once, as Go has it (`yaml_parser_scan_anchor`).
    fn anchor_name(&mut self, ends: u8) -> Read<&'t str> {
        let start = self.at + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        self.at = start + rest.iter().position(|byte| is(*byte, BLANK | BREAK | FLOW)).unwrap_or(rest.len());
        let is_key = self.at > start + 1 && self.byte_at(self.at - 1) == b':' && !is(self.byte(), FLOW);
        self.at -= usize::from(is_key);
        let closes = self.byte() != b'[' && self.byte() != b'{' && is(self.byte(), ends);
        if self.at == start || !is_key && !closes && !self.is_space(self.at) {
            return self.fault(Flaw::Name, start - 1);
        }
        match self.slice(start, self.at) {
            name if name.contains(BYTE_ORDER_MARK) => self.fault(Flaw::ByteOrderMark, start - 1),
            name => Ok(name),
        }
    }

    /// A tag with its handle resolved.
    fn tag(&mut self, ends: u8) -> Read<String> {
        let start = self.at;
        let tag = if self.byte_at(start + 1) == b'<' { self.verbatim_tag()? } else { self.short_tag()? };
        let closes = self.byte() != b'[' && self.byte() != b'{' && is(self.byte(), ends);
        if !closes && !self.is_space(self.at) {
            return self.fault(Flaw::Tag, start);
        }
        Ok(tag)
    }

    fn verbatim_tag(&mut self) -> Read<String> {
        let start = self.at;
        self.at += 2;
        let from = self.at;
        while is_uri(self.byte()) {
            self.at += 1;
        }
        let uri = decoded(self.slice(from, self.at)).filter(|uri| !uri.is_empty() && self.byte() == b'>');
        self.at += 1;
        uri.map_or_else(|| self.fault(Flaw::Tag, start), Ok)
    }

    fn short_tag(&mut self) -> Read<String> {
        let start = self.at;
        self.at += 1;
        while is(self.byte(), WORD) {
            self.at += 1;
        }
        let named = self.byte() == b'!';
        let suffix = if named { self.at + 1 } else { start + 1 };
        self.at += usize::from(named);
        while is(self.byte(), TAG) {
            self.at += 1;
        }
        let handle = self.slice(start, suffix);
        let Some(decoded) = decoded(self.slice(suffix, self.at)) else { return self.fault(Flaw::Tag, start) };
        match self.prefix_of(handle) {
            _ if decoded.is_empty() && named => self.fault(Flaw::Tag, start),
            // The tag `!` is no handle.
            _ if decoded.is_empty() => Ok(handle.to_owned()),
            Some(prefix) => Ok(format!("{prefix}{decoded}")),
            None => self.fault(Flaw::TagHandle, start),
        }
    }

    /// What a handle stands for.
    fn prefix_of(&self, handle: &'t str) -> Option<&str> {
        let declared = self.handles.iter().find(|(declared, _)| *declared == handle);
        match (declared, handle) {
            (Some((_, prefix)), _) => Some(prefix),
            (None, "!!") => Some(CORE),
            (None, "!") => Some(handle),
            (None, _) => None,
        }
    }
}

/// Whether a byte may be part of a whole tag.
pub(super) fn is_uri(byte: u8) -> bool {
    is(byte, TAG) || matches!(byte, b'!' | b',' | b'[' | b']')
}

/// A part of a tag with its `%41` decoded; nothing where that is no text.
pub(super) fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok()
}
