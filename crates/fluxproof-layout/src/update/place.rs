//! Where in a text the parts of a YAML collection stand, line by line.

use fluxproof_yaml::{Node, Style};
use std::ops::Range;

/// The byte after the line that ends with, or holds, the last byte before `at`.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    if at > 0 && text.as_bytes().get(at - 1) == Some(&b'\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The first byte of a line.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// How far from the left a byte stands.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

pub(super) fn start(node: Node<'_>) -> usize {
    node.span().start as usize
}

/// The end of a node without the line ends that a block scalar has behind it.
pub(super) fn end(text: &str, node: Node<'_>) -> usize {
    let (start, end) = (node.span().start as usize, node.span().end as usize);
    start + text[start..end].trim_end_matches('\n').len()
}

pub(super) fn is_flow(node: Node<'_>) -> bool {
    node.style() == Style::Flow
}

/// What stands behind a key: the colon, the properties and the value.
pub(super) fn slot(text: &str, key: Node<'_>, value: Node<'_>) -> Range<usize> {
    let from = key.span().end as usize;
    // An empty value stands where its colon is, or behind it.
    let colon = text[from..].find(':').map_or(from, |at| from + at + 1);
    from..end(text, value).max(colon)
}

/// The first byte of the line comments that stand directly above a line and as far from the left as `column`.
pub(super) fn with_comments(text: &str, line: usize, column: usize) -> usize {
    let mut first = line;
    while first > 0 {
        let above = line_start(text, first - 1);
        let words = text[above..first].trim_end_matches('\n');
        let comment = words.trim_start_matches(' ');
        if !comment.starts_with('#') || words.len() - comment.len() != column {
            break;
        }
        first = above;
    }
    first
}

/// Where the dash of a list's item stands, when it is alone before the item on its line.
pub(super) fn dash(text: &str, item: Node<'_>) -> Option<usize> {
    let at = properties_start(item);
    let line = line_start(text, at);
    let before = &text[line..at];
    (before.trim() == "-").then(|| line + before.find('-').unwrap_or(0))
}

/// The first byte of a node with its tag and anchor.
fn properties_start(node: Node<'_>) -> usize {
    let spans = [node.tag_span(), node.anchor_span()].into_iter().flatten();
    spans.map(|span| span.start as usize).chain([start(node)]).min().unwrap_or(0)
}

/// Lines moved from one column to another. Empty lines stay empty; the first line has no indentation to lose when it does
/// not begin its line.
pub(super) fn moved(lines: &str, from: usize, to: usize) -> String {
    let mut out = String::new();
    for (number, line) in lines.split_inclusive('\n').enumerate() {
        let bare = line.trim_end_matches('\n');
        let blanks = bare.len() - bare.trim_start_matches(' ').len();
        if number > 0 && !bare.is_empty() {
            out.extend(std::iter::repeat_n(' ', (blanks + to).saturating_sub(from)));
            out.push_str(&line[blanks..]);
        } else {
            out.push_str(line);
        }
    }
    out
}
