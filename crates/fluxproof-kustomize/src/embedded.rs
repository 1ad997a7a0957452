//! YAML inside a scalar (`patch: |-`), with the spans of the file around it.

use crate::workspace::documents;
use fluxproof_yaml::{Data, Problem, Sources, Span, Value};

/// The documents that a string holds; every node points into the file where the string's lines can be found again, else
/// at the whole string.
pub(crate) fn parse(sources: &Sources, scalar: &Value) -> (Vec<Value>, Vec<Problem>) {
    let Some(text) = scalar.as_str() else { return (vec![scalar.clone()], Vec::new()) };
    let (mut values, mut problems) = documents(scalar.span.file, text);
    let map = Map::new(sources, scalar.span, text);
    values.iter_mut().for_each(|value| map.respan(value));
    for problem in &mut problems {
        problem.span = map.span(problem.span);
        problem.related.iter_mut().for_each(|related| related.span = map.span(related.span));
    }
    (values, problems)
}

/// Where each line of a string starts: in the string, and in its file.
struct Map {
    whole: Span,
    lines: Option<Vec<(u32, u32)>>,
}

impl Map {
    fn new(sources: &Sources, whole: Span, text: &str) -> Self {
        Self { whole, lines: lines(sources.snippet(whole), whole.start, text) }
    }

    fn respan(&self, value: &mut Value) {
        crate::tree::for_each_mut(value, &mut |node| {
            node.span = self.span(node.span);
            if let Data::Map(entries) = &mut node.data {
                entries.iter_mut().for_each(|entry| entry.key_span = self.span(entry.key_span));
            }
        });
    }

    fn span(&self, span: Span) -> Span {
        let Some(start) = self.offset(span.start) else { return self.whole };
        let end = if span.end > span.start { self.offset(span.end - 1).map(|end| end + 1) } else { Some(start) };
        end.map_or(self.whole, |end| Span::new(self.whole.file, start, end))
    }

    fn offset(&self, at: u32) -> Option<u32> {
        let lines = self.lines.as_ref()?;
        let line = lines.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        lines.get(line).map(|(start, place)| place + (at - start))
    }
}

/// The lines of a literal block (`|`), which are those of the string but for their indentation; or of a text that stands
/// in one line as it is.
fn lines(source: &str, start: u32, text: &str) -> Option<Vec<(u32, u32)>> {
    let header = if source.starts_with('|') { source.find('\n')? + 1 } else { 0 };
    literal(source, start, header, text).or_else(|| {
        let at = source.find(text).filter(|_| !text.contains('\n'))?;
        Some(vec![(0, start + u32::try_from(at).ok()?)])
    })
}

fn literal(source: &str, start: u32, header: usize, text: &str) -> Option<Vec<(u32, u32)>> {
    let (mut found, mut at, mut place) = (Vec::new(), 0usize, header);
    for line in text.split_inclusive('\n') {
        let raw = source.get(place..)?.split_inclusive('\n').next().unwrap_or("");
        let (body, cooked) = (raw.trim_end_matches(['\n', '\r']), line.trim_end_matches(['\n', '\r']));
        let indent = body.strip_suffix(cooked).filter(|indent| indent.bytes().all(|b| b == b' '))?;
        found.push((u32::try_from(at).ok()?, start + u32::try_from(place + indent.len()).ok()?));
        (place, at) = (place + raw.len(), at + line.len());
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{FileId, RepoPath};

    fn snippet_of(source: &str, key: &str) -> String {
        let sources = Sources::from_texts([(RepoPath::root().join_clamped("a.yaml"), source)]);
        let (values, _) = documents(FileId(0), source);
        let (inner, problems) = parse(&sources, values[0].get("patch").expect("a patch"));
        assert_eq!(problems, []);
        sources.snippet(inner[0].get(key).expect("the key").span).to_owned()
    }

    #[test]
    fn nodes_of_a_literal_block_point_at_their_lines() {
        assert_eq!(snippet_of("x: 1\npatch: |-\n  kind: A\n  name: é b\n  size: 12\n", "size"), "12");
        assert_eq!(snippet_of("patch: |\r\n    kind: A\r\n\r\n    size: 7\r\n", "size"), "7");
    }

    #[test]
    fn one_line_points_into_it_and_folded_text_at_the_whole() {
        assert_eq!(snippet_of("patch: '{\"kind\": \"A\", \"n\": 5}'\n", "n"), "5");
        assert!(snippet_of("patch: >-\n  {kind: A,\n  n: 5}\n", "n").contains("{kind: A,\n  n: 5}"));
    }
}
