//! What becomes of a folded text (`>`) on its way through kustomize.

use super::style::{is_break, is_printable};
use std::borrow::Cow;

/// A text that was written as a folded block (`>`), as kustomize prints it.
///
/// kustomize keeps the style, writes the object with yaml.v3 and reads it again before it prints it, and
/// `yaml_emitter_write_folded_scalar` (`emitterc.go`) does not write what it will read: an empty line too many above lines
/// that are indented deeper, and at an end that is kept; none at all where the text begins with white space.
/// [`to_yaml`](super::to_yaml) cannot know of it: values have no style.
#[must_use]
pub(crate) fn refolded(text: &str) -> Cow<'_, str> {
    let first = text.trim_start_matches('\n');
    if !text.contains('\n') || first.is_empty() || !is_block(text) {
        return Cow::Borrowed(text);
    }
    let repeats = !first.starts_with([' ', '\t']);
    let (last, end) = split_end(first);
    let mut read = text[..text.len() - first.len()].to_owned();
    let mut rest = last;
    while let Some(at) = rest.find('\n') {
        let (line, below) = rest.split_at(at);
        let next = below.trim_start_matches('\n');
        read.push_str(line);
        fold(&mut read, line, next, below.len() - next.len(), repeats);
        rest = next;
    }
    read.push_str(rest);
    let kept = if end.len() > 1 && repeats && !is_indented(rest) { 1 } else { 0 };
    read.extend(std::iter::repeat_n('\n', end.len() + kept));
    Cow::Owned(read)
}

/// The text and the breaks at its end.
fn split_end(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches('\n').len())
}

fn is_indented(line: &str) -> bool {
    line.starts_with([' ', '\t'])
}

/// Breaks between two lines, as yaml.v3 reads what it has written for them.
fn fold(read: &mut String, line: &str, next: &str, breaks: usize, repeats: bool) {
    let written = breaks + usize::from(repeats && !is_indented(line));
    match written - usize::from(!is_indented(line) && !is_indented(next)) {
        0 => read.push(' '),
        count => read.extend(std::iter::repeat_n('\n', count)),
    }
}

/// Whether yaml.v3 keeps a text's style: what cannot be a block goes in double quotes, which it reads as it wrote them.
fn is_block(text: &str) -> bool {
    let fits = |character: char| match character {
        '\n' | '\t' => true,
        _ => {
            let mut buffer = [0; 4];
            let bytes = character.encode_utf8(&mut buffer).as_bytes();
            is_printable(bytes) && !is_break(bytes)
        }
    };
    !text.ends_with(' ') && !text.contains(" \n") && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::refolded;

    #[test]
    fn what_yaml_v3_reads_of_what_it_wrote() {
        for (text, read) in [
            ("one line\n", "one line\n"),
            ("a\nb\n\nc\n", "a\nb\n\nc\n"),
            ("words\n  deeper\nback\n", "words\n\n  deeper\nback\n"),
            ("words\n\n  deeper\n", "words\n\n\n  deeper\n"),
            (" first\nsecond\n\nthird\n", " first\nsecond\nthird\n"),
            (" first\nsecond\nthird\n", " first\nsecond third\n"),
            ("kept\n\n", "kept\n\n\n"),
            ("kept\n  deeper\n\n", "kept\n\n  deeper\n\n"),
            ("\nabove\n  x", "\nabove\n\n  x"),
            ("a space at an end \n  x", "a space at an end \n  x"),
            ("\n\n", "\n\n"),
            ("😀\n  is in double quotes", "😀\n  is in double quotes"),
        ] {
            assert_eq!(refolded(text), read, "{text:?}");
        }
    }
}
