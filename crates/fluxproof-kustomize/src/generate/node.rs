//! An object as Go's JSON shows yaml.v3's tree of it, places included: what kustomize hashes for kinds other than
//! ConfigMap and Secret (`json.Marshal(node.YNode())`). Comments, which are in there too, are not known here.

use crate::tree::NOWHERE;
use fluxproof_yaml::{Data, Entry, Sources, Span, Value, to_json};
use std::fmt::Write;

/// `yaml.Kind`
const SEQUENCE: u8 = 2;
const MAPPING: u8 = 4;
const SCALAR: u8 = 8;

/// `yaml.Style`
const DOUBLE_QUOTED: u8 = 2;
const SINGLE_QUOTED: u8 = 4;
const LITERAL: u8 = 8;
const FOLDED: u8 = 16;
const FLOW: u8 = 32;

/// The tree of an object as JSON.
pub(crate) fn encode(sources: &Sources, object: &Value) -> String {
    let mut tree = Tree { sources, first_line: first_line(sources, object.span), json: String::new() };
    tree.value(object);
    tree.json
}

/// The line that kustomize counts as the first: each document is read apart.
fn first_line(sources: &Sources, span: Span) -> u32 {
    let before = sources.text(span.file).get(..span.start as usize).unwrap_or_default();
    let lines = before.lines().collect::<Vec<_>>();
    let separator = lines.iter().rposition(|line| line.starts_with("---"));
    separator.map_or(0, |at| u32::try_from(at + 1).unwrap_or(0))
}

struct Tree<'s> {
    sources: &'s Sources,
    first_line: u32,
    json: String,
}

impl Tree<'_> {
    fn value(&mut self, value: &Value) {
        match &value.data {
            Data::Scalar(text, kind) => {
                self.open(SCALAR, self.scalar_style(value.span), kind.tag(), text);
                self.json.push_str("null");
            }
            Data::Seq(items) => {
                self.open(SEQUENCE, self.collection_style(value.span), "!!seq", "");
                self.list(items.iter(), |tree, item| tree.value(item));
            }
            Data::Map(entries) => {
                self.open(MAPPING, self.collection_style(value.span), "!!map", "");
                self.list(entries.iter(), Self::entry);
            }
        }
        self.close(value.span);
    }

    fn entry(&mut self, entry: &Entry) {
        self.open(SCALAR, self.scalar_style(entry.key_span), "!!str", &entry.key);
        self.json.push_str("null");
        self.close(entry.key_span);
        self.json.push(',');
        self.value(&entry.value);
    }

    fn list<'v, T: 'v>(&mut self, items: impl ExactSizeIterator<Item = &'v T>, mut show: impl FnMut(&mut Self, &'v T)) {
        if items.len() == 0 {
            self.json.push_str("null");
            return;
        }
        for (at, item) in items.enumerate() {
            self.json.push(if at == 0 { '[' } else { ',' });
            show(self, item);
        }
        self.json.push(']');
    }

    fn open(&mut self, kind: u8, style: u8, tag: &str, text: &str) {
        let _ = write!(self.json, "{{\"Kind\":{kind},\"Style\":{style},\"Tag\":\"{tag}\",\"Value\":");
        self.json.push_str(&to_json(&Value::string(NOWHERE, text)).unwrap_or_default());
        self.json.push_str(",\"Anchor\":\"\",\"Alias\":null,\"Content\":");
    }

    fn close(&mut self, span: Span) {
        let place = self.sources.line_column(span.file, span.start);
        let line = place.line.saturating_sub(self.first_line);
        self.json.push_str(",\"HeadComment\":\"\",\"LineComment\":\"\",\"FootComment\":\"\"");
        let _ = write!(self.json, ",\"Line\":{line},\"Column\":{}}}", place.column);
    }

    fn scalar_style(&self, span: Span) -> u8 {
        match self.sources.snippet(span).as_bytes().first() {
            Some(b'"') => DOUBLE_QUOTED,
            Some(b'\'') => SINGLE_QUOTED,
            Some(b'|') => LITERAL,
            Some(b'>') => FOLDED,
            _ => 0,
        }
    }

    fn collection_style(&self, span: Span) -> u8 {
        if self.sources.snippet(span).starts_with(['[', '{']) { FLOW } else { 0 }
    }
}
