//! Blocks: what indentation makes into mappings and sequences, line by line.

use super::{Flaw, Read, Reader};
use crate::build::{Form, Names, to_u32};

impl<'t> Reader<'t> {
    /// Reads the node or the entry at `at`, and those that begin behind its indicators on the same line.
    pub(super) fn line_node(&mut self) -> Read {
        while self.inside() > self.column() + 1 {
            self.close()?;
        }
        let mut goes_on = true;
        while goes_on {
            goes_on = if self.inside() > self.column() {
                self.entry()?
            } else if self.is_pending() {
                self.block_node(true)?
            } else {
                return self.misplaced();
            };
        }
        Ok(())
    }

    /// Content deeper than the innermost block, which waits for none.
    fn misplaced(&self) -> Read {
        let flaw = match self.builder.open.last().map(|open| open.form) {
            None if self.byte() == b'%' && self.column() == 0 => Flaw::LateDirective,
            None => Flaw::DocumentOver,
            Some(Form::Mapping) => Flaw::EntryExpected,
            Some(_) => Flaw::ItemExpected,
        };
        self.fault(flaw, self.at)
    }

    /// Reads an entry of the innermost block, at its column; `true` where more content follows on the line.
    fn entry(&mut self) -> Read<bool> {
        let Some(open) = self.builder.open.last() else { return Ok(false) };
        let (form, pending, indicator) = (open.form, open.pending, self.is_space(self.at + 1));
        match (form, self.byte()) {
            (Form::Mapping, b'-') if indicator && pending => self.sequence(Form::Indentless),
            (Form::Mapping, b'-') if indicator => self.fault(Flaw::EntryExpected, self.at),
            (Form::Mapping, b'?') if indicator => {
                self.complete()?;
                self.explicit_key()
            }
            (Form::Mapping, b':') if indicator => self.explicit_value(),
            (Form::Mapping, _) => self.key(),
            (_, b'-') if indicator => {
                self.fill()?;
                self.indicator()
            }
            (Form::Indentless, _) => {
                self.close()?;
                Ok(true)
            }
            (_, b'%') if self.column() == 0 => self.fault(Flaw::LateDirective, self.at),
            _ => self.fault(Flaw::ItemExpected, self.at),
        }
    }

    /// Goes over an indicator, behind which a node is pending; `true` where content follows on the line.
    fn indicator(&mut self) -> Read<bool> {
        self.at += 1;
        if let Some(open) = self.builder.open.last_mut() {
            (open.pending, open.gap) = (true, to_u32(self.at));
        }
        self.tab = self.blanks();
        Ok(!self.line_ends()?)
    }

    fn sequence(&mut self, form: Form) -> Read<bool> {
        let inside = self.column() + 1;
        self.open(form, self.at, inside)?;
        self.indicator()
    }

    /// Begins the block that is pending.
    fn open(&mut self, form: Form, start: usize, inside: usize) -> Read {
        let outer = self.outer.take();
        self.builder.announce(outer.as_deref());
        let node = self.builder.open(form, start, inside)?;
        outer.map_or(Ok(()), |names| self.builder.name(node, *names))
    }

    fn explicit_key(&mut self) -> Read<bool> {
        if let Some(open) = self.builder.open.last_mut() {
            open.pending = true;
        }
        self.indicator()
    }

    /// `: ` at the beginning of a line: behind the key of a `?`, or behind no key.
    fn explicit_value(&mut self) -> Read<bool> {
        self.fill()?;
        if !self.builder.open.last().is_some_and(|open| open.has_key()) {
            self.builder.empty(self.at);
        }
        self.indicator()
    }

    /// `key: value` in a mapping that is open.
    fn key(&mut self) -> Read<bool> {
        self.complete()?;
        let (start, line) = (self.at, self.line);
        let names = self.line_names()?;
        if names.is_some() && self.line_ends()? {
            return self.fault(Flaw::KeyWithoutColon, start);
        }
        self.builder.announce(names.as_deref());
        let node = self.leaf(false)?;
        if !self.is_at_colon() || self.line != line {
            return self
                .fault(if self.starts_directive(start) { Flaw::LateDirective } else { Flaw::KeyWithoutColon }, start);
        }
        if self.is_long(start) {
            return self.fault(Flaw::LongKey, start);
        }
        if let Some(names) = names {
            self.builder.name(node, *names)?;
        }
        self.value()
    }

    fn starts_directive(&self, at: usize) -> bool {
        at == self.line && self.byte_at(at) == b'%'
    }

    /// What follows the `:` of a key on its line.
    fn value(&mut self) -> Read<bool> {
        if self.indicator()? {
            self.block_node(false)?;
        }
        Ok(false)
    }

    /// Reads the node that is pending. Where `compact`, a block may begin here, and `true` says that it goes on.
    pub(super) fn block_node(&mut self, compact: bool) -> Read<bool> {
        let start = self.at;
        match self.line_names()? {
            Some(names) if self.line_ends()? => self.keep(names),
            names => self.content(compact, start, names),
        }
    }

    /// Keeps anchor and tag for the node on a line below.
    fn keep(&mut self, names: Box<Names<'t>>) -> Read<bool> {
        let Some(outer) = &mut self.outer else {
            self.outer = Some(names);
            return Ok(false);
        };
        if outer.anchor.is_some() && names.anchor.is_some() || outer.tag.is_some() && names.tag.is_some() {
            let at = names.start();
            return self.fault(Flaw::SecondProperty, at);
        }
        outer.anchor = outer.anchor.or(names.anchor);
        outer.end = names.end;
        if names.tag.is_some() {
            outer.tag = names.tag;
        }
        Ok(false)
    }

    /// Reads a node behind its anchor and its tag; `start` is where these begin.
    fn content(&mut self, compact: bool, start: usize, names: Option<Box<Names<'t>>>) -> Read<bool> {
        let (byte, line) = (self.byte(), self.line);
        if matches!(byte, b'-' | b'?' | b':') && self.is_space(self.at + 1) {
            return self.begin(byte, compact, start, names);
        }
        self.builder.announce(self.outer.as_deref());
        self.builder.announce(names.as_deref());
        if matches!(byte, b'|' | b'>') {
            let node = self.block_scalar()?;
            return self.name(node, names).map(|()| false);
        }
        let node = self.leaf(true)?;
        if compact && self.line == line && self.is_at_colon() {
            return self.first_key(node, start, names);
        }
        self.name(node, names)?;
        self.end_line().map(|()| false)
    }

    /// Gives a node its names: those before it, and those on lines above.
    fn name(&mut self, node: u32, names: Option<Box<Names<'t>>>) -> Read {
        if let Some(names) = names {
            self.builder.name(node, *names)?;
        }
        match self.outer.take() {
            Some(outer) => self.builder.name(node, *outer),
            None => Ok(()),
        }
    }

    /// Begins a block at its indicator.
    fn begin(&mut self, byte: u8, compact: bool, start: usize, names: Option<Box<Names<'t>>>) -> Read<bool> {
        if !compact || names.is_some() && byte != b':' {
            return self.fault(misplaced_indicator(byte), self.at);
        }
        if let Some(tab) = self.tab {
            return self.fault(Flaw::Tab, tab);
        }
        if byte == b'-' {
            return self.sequence(Form::Sequence);
        }
        self.open(Form::Mapping, start, start - self.line + 1)?;
        match (byte, names) {
            (b'?', _) => self.explicit_key(),
            (_, None) => self.explicit_value(),
            (_, Some(names)) => {
                self.nameless_key(names)?;
                self.value()
            }
        }
    }

    /// A key that has an anchor or a tag, and nothing else.
    fn nameless_key(&mut self, names: Box<Names<'t>>) -> Read {
        self.builder.announce(Some(&names));
        let node = self.builder.next();
        self.builder.empty(names.end as usize);
        self.builder.name(node, *names)
    }

    /// The node that was read is the first key of a mapping.
    fn first_key(&mut self, node: u32, start: usize, names: Option<Box<Names<'t>>>) -> Read<bool> {
        if let Some(tab) = self.tab {
            return self.fault(Flaw::Tab, tab);
        }
        if self.is_long(start) {
            return self.fault(Flaw::LongKey, start);
        }
        self.builder.wrap(node, Form::Mapping, start, start - self.line + 1)?;
        if let Some(outer) = self.outer.take() {
            self.builder.name(node, *outer)?;
        }
        if let Some(names) = names {
            self.builder.announced_key(&names, node);
            self.builder.name(node + 1, *names)?;
        }
        self.value()
    }

    /// Reads a scalar, an alias or a collection in brackets; a text without quotes only to its line's end, but for `lines`.
    fn leaf(&mut self, lines: bool) -> Read<u32> {
        let node = self.builder.next();
        match self.byte() {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.plain(lines)?,
            b'"' => self.double_quoted()?,
            b'\'' => self.single_quoted()?,
            b'[' | b'{' => self.flow()?,
            b'*' => self.alias(0)?,
            b':' if self.is_space(self.at + 1) => self.builder.empty(self.at),
            byte => {
                self.check_first(byte)?;
                self.plain(lines)?;
            }
        }
        Ok(node)
    }

    /// Whether a text without quotes may begin with a byte.
    fn check_first(&self, byte: u8) -> Read {
        let flaw = match byte {
            b'-' | b'?' if self.is_space(self.at + 1) => misplaced_indicator(byte),
            b']' | b'}' => Flaw::StrayBracket,
            b'%' if self.column() == 0 => Flaw::LateDirective,
            b',' | b'@' | b'`' | b'%' | b'|' | b'>' => Flaw::Character,
            0xEF if self.is_byte_order_mark(self.at) => Flaw::ByteOrderMark,
            _ => return Ok(()),
        };
        self.fault(flaw, self.at)
    }

    /// Whether, behind blanks, the `:` of a key follows.
    fn is_at_colon(&mut self) -> bool {
        self.blanks();
        self.byte() == b':' && self.is_space(self.at + 1)
    }

    /// Nothing but a comment may follow on the line.
    fn end_line(&mut self) -> Read {
        self.blanks();
        if self.line_ends()? {
            return Ok(());
        }
        let flaw = match self.byte() {
            b':' if self.is_space(self.at + 1) => Flaw::MappingNotAllowed,
            b']' | b'}' => Flaw::StrayBracket,
            _ => Flaw::Trailing,
        };
        self.fault(flaw, self.at)
    }

    /// The first column that is inside of the innermost block.
    pub(super) fn inside(&self) -> usize {
        self.builder.open.last().map_or(0, |open| open.inside as usize)
    }

    /// Whether a node may come: as key, value, item or root.
    pub(super) fn is_pending(&self) -> bool {
        self.builder.open.last().map_or_else(|| self.builder.document.nodes.is_empty(), |open| open.pending)
    }

    /// A pending node is not written.
    pub(super) fn absent(&mut self, gap: usize) -> Read {
        let outer = self.outer.take();
        self.builder.announce(outer.as_deref());
        let node = self.builder.next();
        self.builder.empty(outer.as_ref().map_or(gap, |names| names.end as usize));
        outer.map_or(Ok(()), |names| self.builder.name(node, *names))
    }

    /// Ends the innermost block.
    pub(super) fn close(&mut self) -> Read {
        self.complete()?;
        self.builder.close(0);
        Ok(())
    }

    /// Gives the innermost block what is pending, and a key its value.
    pub(super) fn complete(&mut self) -> Read {
        self.fill()?;
        if let Some(open) = self.builder.open.last()
            && open.has_key()
        {
            let end = open.end as usize;
            self.builder.empty(end);
        }
        Ok(())
    }

    /// Gives the innermost block the node that is pending, as one that is not written.
    pub(super) fn fill(&mut self) -> Read {
        match self.builder.open.last() {
            Some(open) if open.pending => {
                let gap = open.gap as usize;
                self.absent(gap)
            }
            _ => Ok(()),
        }
    }
}

fn misplaced_indicator(byte: u8) -> Flaw {
    match byte {
        b'-' => Flaw::SequenceNotAllowed,
        b'?' => Flaw::KeyNotAllowed,
        _ => Flaw::MappingNotAllowed,
    }
}
