//! Keys that stand twice in one mapping.

use crate::build::Builder;
use crate::message::duplicate_key;
use crate::{NodeKind, Span};

/// From this number of keys on, doubles are found by sorting instead of comparing each with each.
const SORT_KEYS_FROM: usize = 16;

impl Builder<'_> {
    pub(crate) fn report_doubles(&mut self, mapping: u32) {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        self.collect_keys(mapping, &mut keys);
        if keys.len() < SORT_KEYS_FROM {
            for (at, (print, key)) in keys.iter().enumerate().skip(1) {
                let same = |first: &&(u64, u32)| first.0 == *print && self.key_text(first.1) == self.key_text(*key);
                if let Some((_, first)) = keys[..at].iter().find(same) {
                    self.report_double(mapping, *first, *key);
                }
            }
        } else {
            fluxproof_order::sort_by(&mut keys, |a, b| self.key_text(a.1).cmp(self.key_text(b.1)).then(a.1.cmp(&b.1)));
            self.report_sorted_doubles(mapping, &keys);
        }
        self.keys = keys;
    }

    /// The keys that are scalars, each with a number that equal texts have in common.
    fn collect_keys(&self, mapping: u32, keys: &mut Vec<(u64, u32)>) {
        let end = self.document.nodes[mapping as usize].next;
        let mut at = mapping + 1;
        while at < end {
            let key = &self.document.nodes[at as usize];
            if key.kind == NodeKind::Scalar {
                keys.push((print(self.key_text(at)), at));
            }
            let value = key.next;
            at = self.document.nodes.get(value as usize).map_or(end, |value| value.next);
        }
    }

    fn report_sorted_doubles(&mut self, mapping: u32, keys: &[(u64, u32)]) {
        let mut doubles: Vec<(u32, u32)> = Vec::new();
        let mut first = keys[0].1;
        for (_, key) in &keys[1..] {
            if self.key_text(first) == self.key_text(*key) {
                doubles.push((first, *key));
            } else {
                first = *key;
            }
        }
        fluxproof_order::sort_by_key(&mut doubles, |(_, key)| *key);
        for (first, key) in doubles {
            self.report_double(mapping, first, key);
        }
    }

    fn key_text(&self, key: u32) -> &str {
        let cell = &self.document.nodes[key as usize];
        &self.document.text[cell.text_start as usize..cell.text_end as usize]
    }

    fn report_double(&mut self, mapping: u32, first: u32, second: u32) {
        self.document.nodes[mapping as usize].has_doubles = true;
        let span = |node: u32| {
            let cell = &self.document.nodes[node as usize];
            Span::new(self.file, cell.start, cell.end)
        };
        let problem = duplicate_key(span(first), span(second), self.key_text(second));
        self.problems.push(problem);
    }
}

/// Length, first and last bytes of a text: most keys that differ, differ in these.
fn print(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let fold = |print: u64, byte: &u8| print << 8 | u64::from(*byte);
    let first = bytes.iter().take(3).fold(0, fold);
    let last = bytes.iter().rev().take(4).fold(first, fold);
    last ^ (bytes.len() as u64) << 56
}
