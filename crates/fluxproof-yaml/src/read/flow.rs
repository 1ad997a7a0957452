//! Collections in brackets.

use super::scan::{BLANK, BREAK, FLOW, is, spaces};
use super::{Flaw, Read, Reader};
use crate::build::{Form, Open, to_u32};

impl Reader<'_> {
    /// Reads a collection from its bracket up to the closing one.
    pub(super) fn flow(&mut self) -> Read {
        let inside = self.inside();
        let outside = self.builder.open.len();
        self.flow_open()?;
        // Whether the last node is one that `:` may follow without a space, as in JSON.
        let mut json = false;
        while self.builder.open.len() > outside {
            self.flow_space(inside)?;
            json = self.flow_step(inside, json)?;
        }
        Ok(())
    }

    fn flow_open(&mut self) -> Read {
        let form = if self.byte() == b'[' { Form::FlowSequence } else { Form::FlowMapping };
        self.builder.open(form, self.at, 0)?;
        self.at += 1;
        Ok(())
    }

    /// Reads an indicator or a node; `true` behind one that is JSON.
    fn flow_step(&mut self, inside: usize, json: bool) -> Read<bool> {
        let next = self.byte_at(self.at + 1);
        let blank = is(next, BLANK | BREAK);
        match self.byte() {
            0 => self.not_closed(),
            b'-' | b'.' if self.column() == 0 && self.is_marker(self.at) => self.not_closed(),
            b']' | b'}' => self.flow_close().map(|()| true),
            b',' => self.comma().map(|()| false),
            b':' if json || blank || is(next, FLOW) => {
                self.colon(inside, json || !matches!(next, b'[' | b'{')).map(|()| false)
            }
            b'?' if blank => self.question().map(|()| false),
            b'-' if blank => self.fault(Flaw::FlowDash, self.at),
            _ => self.flow_node(inside),
        }
    }

    /// The innermost collection in brackets, which is open as long as `flow` runs.
    fn innermost(&mut self) -> Read<&mut Open> {
        let at = to_u32(self.at);
        self.builder.open.last_mut().ok_or(super::Fault { flaw: Flaw::StrayBracket, at })
    }

    /// The document ends before the bracket is closed.
    fn not_closed<T>(&self) -> Read<T> {
        let bracket = self.builder.open.iter().rev().find(|open| open.form != Form::Pair);
        let at = bracket.map_or(self.at, |open| self.builder.start_of(open.node()));
        self.fault(Flaw::NotClosed, at)
    }

    fn flow_close(&mut self) -> Read {
        self.end_entry()?;
        let closes = if self.byte() == b']' { Form::FlowSequence } else { Form::FlowMapping };
        let open = self.innermost()?;
        if open.form != closes {
            let node = open.node();
            return self.fault(Flaw::WrongBracket, self.builder.start_of(node));
        }
        self.at += 1;
        self.builder.close(self.at);
        Ok(())
    }

    fn comma(&mut self) -> Read {
        self.end_entry()?;
        let open = self.innermost()?;
        if open.pending {
            return self.fault(Flaw::FlowItem, self.at);
        }
        (open.pending, open.explicit) = (true, false);
        self.at += 1;
        Ok(())
    }

    /// Gives an entry what is not written of it, and ends a mapping without braces.
    fn end_entry(&mut self) -> Read {
        let open = self.innermost()?;
        if open.form != Form::FlowSequence {
            let (gap, end, pending) = (open.gap as usize, open.end as usize, open.pending);
            if pending && open.explicit && !open.has_key() {
                self.builder.empty(gap);
            }
            if self.innermost()?.has_key() {
                self.builder.empty(if pending { gap } else { end });
            }
        }
        if self.innermost()?.form == Form::Pair {
            self.builder.close(0);
        }
        Ok(())
    }

    /// `:` behind a key; `apart` says whether it is one where a bracket follows.
    fn colon(&mut self, inside: usize, apart: bool) -> Read {
        let at = self.at;
        let open = self.innermost()?;
        let (form, has_key, pending) = (open.form, open.has_key(), open.pending);
        match form {
            _ if !apart => return self.fault(Flaw::FlowColon, at),
            Form::FlowSequence if pending => {
                self.builder.open(Form::Pair, at, 0)?;
                self.builder.empty(at);
            }
            Form::FlowSequence => self.pair()?,
            _ if pending && !has_key => self.builder.empty(at),
            _ if pending => return self.fault(Flaw::FlowItem, at),
            _ if has_key => self.check_key(inside)?,
            _ => return self.fault(Flaw::Separator, at),
        }
        self.at += 1;
        self.expect()
    }

    /// A node is pending behind the indicator.
    fn expect(&mut self) -> Read {
        let at = to_u32(self.at);
        let open = self.innermost()?;
        (open.pending, open.gap) = (true, at);
        Ok(())
    }

    /// The last item of a sequence is the key of a mapping without braces.
    fn pair(&mut self) -> Read {
        let open = self.innermost()?;
        let (start, line, node) = (open.gap as usize, open.inside as usize, open.last);
        if line != self.line {
            return self.fault(Flaw::LinesKey, self.at);
        }
        if self.is_long(start) {
            return self.fault(Flaw::LongKey, start);
        }
        self.builder.wrap(node, Form::Pair, start, 0)
    }

    /// A key without `?` is short. It may be of several lines, unless its first or last one is not indented as the block
    /// around it demands.
    fn check_key(&mut self, inside: usize) -> Read {
        let open = self.innermost()?;
        let (start, line, explicit) = (open.gap as usize, open.inside as usize, open.explicit);
        let outside = line != self.line && (start - line < inside || spaces(self.bytes, self.line) < inside);
        if explicit {
            return Ok(());
        }
        if outside {
            return self.fault(Flaw::LinesKey, self.at);
        }
        if self.is_long(start) { self.fault(Flaw::LongKey, start) } else { Ok(()) }
    }

    /// `?` before a key.
    fn question(&mut self) -> Read {
        let at = self.at;
        let open = self.innermost()?;
        if !open.pending || open.has_key() || open.explicit {
            return self.fault(Flaw::Separator, at);
        }
        if open.form == Form::FlowSequence {
            self.builder.open(Form::Pair, at, 0)?;
        }
        self.innermost()?.explicit = true;
        self.at += 1;
        self.expect()
    }

    /// Reads a node; of a collection only its bracket. `true` behind one that is JSON.
    fn flow_node(&mut self, inside: usize) -> Read<bool> {
        let (start, line, node) = (self.at, self.line, self.builder.next());
        let open = self.innermost()?;
        if !open.pending {
            return self.fault(Flaw::Separator, start);
        }
        (open.gap, open.inside, open.last) = (to_u32(start), to_u32(line), node);
        let names = self.flow_names(inside)?;
        self.builder.announce(names.as_deref());
        let json = self.flow_content(inside, names.as_ref().map(|names| names.end as usize))?;
        if let Some(names) = names {
            self.builder.name(node, *names)?;
        }
        Ok(json)
    }

    fn flow_content(&mut self, inside: usize, named: Option<usize>) -> Read<bool> {
        let next = self.byte_at(self.at + 1);
        match self.byte() {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.plain_in_flow(inside)?,
            b'"' => return self.double_quoted().map(|()| true),
            b'\'' => return self.single_quoted().map(|()| true),
            b'[' | b'{' => self.flow_open()?,
            b'*' => self.alias(FLOW)?,
            byte => match named {
                Some(end) if is(byte, FLOW) || byte == b':' && is(next, BLANK | BREAK | FLOW) => {
                    self.builder.empty(end)
                }
                _ => {
                    self.check_flow_first(byte, next)?;
                    self.plain_in_flow(inside)?;
                }
            },
        }
        Ok(false)
    }

    /// Whether a text without quotes may begin with a byte.
    fn check_flow_first(&self, byte: u8, next: u8) -> Read {
        let flaw = match byte {
            0 => return self.not_closed(),
            b'-' | b'.' if self.column() == 0 && self.is_marker(self.at) => return self.not_closed(),
            b'-' if is(next, BLANK | BREAK) => Flaw::FlowDash,
            b'?' if is(next, BLANK | BREAK) => Flaw::KeyNotAllowed,
            b'-' if is(next, FLOW) => Flaw::Character,
            b'@' | b'`' | b'%' | b'|' | b'>' | b'#' => Flaw::Character,
            0xEF if self.is_byte_order_mark(self.at) => Flaw::ByteOrderMark,
            _ => return Ok(()),
        };
        self.fault(flaw, self.at)
    }

    /// Goes over blanks, line breaks and comments between brackets.
    pub(super) fn flow_space(&mut self, inside: usize) -> Read {
        loop {
            match self.byte() {
                b' ' => self.at += 1,
                b'\n' | b'\r' => self.newline(),
                b'\t' => drop(self.indented_by_tab(inside)?),
                b'#' if self.is_separated() => self.comment(),
                b'#' => return self.fault(Flaw::Comment, self.at),
                _ => return Ok(()),
            }
        }
    }
}
