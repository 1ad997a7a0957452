//! YAML inside a scalar of YAML: patches and plugin objects that a kustomization holds as text. What is read from it
//! has the spans of the file, so that a person is led to the line that says it.

use fluxproof_yaml::{Data, EcoString, Problem, Sources, Span, Value};

/// Where the text of a scalar stands in its file.
#[derive(Debug)]
pub(crate) struct Inline {
    whole: Span,
    /// Where lines of the text begin in it and in the file; none where it is written in another way than it reads.
    lines: Vec<(u32, u32)>,
}

impl Inline {
    /// Of a scalar as it stands in a file: in one line, with or without quotes, or a literal block.
    pub(crate) fn of(sources: &Sources, scalar: &Value) -> Self {
        let text = scalar.scalar_text().map_or("", EcoString::as_str);
        let written = sources.snippet(scalar.span);
        let lines = match written.as_bytes().first() {
            Some(b'|') => block_lines(written, text),
            Some(b'"' | b'\'') => one_line(written.get(1..written.len() - 1).unwrap_or(""), text, 1),
            _ => one_line(written, text, 0),
        };
        let start = scalar.span.start;
        let lines = lines.into_iter().map(|(inner, outer)| (inner, start + outer)).collect();
        Self { whole: scalar.span, lines }
    }

    /// The place in the file of a place in the text.
    pub(crate) fn span(&self, inner: Span) -> Span {
        match (self.place(inner.start), self.place(inner.end)) {
            (Some(start), Some(end)) => Span::new(self.whole.file, start, end.clamp(start, self.whole.end.max(start))),
            _ => self.whole,
        }
    }

    fn place(&self, offset: u32) -> Option<u32> {
        let behind = self.lines.partition_point(|(inner, _)| *inner <= offset);
        let (inner, outer) = self.lines.get(behind.checked_sub(1)?)?;
        Some(outer + (offset - inner))
    }

    /// A value that was read from the text, with its spans in the file.
    pub(crate) fn moved(&self, mut value: Value) -> Value {
        self.move_spans(&mut value);
        value
    }

    fn move_spans(&self, value: &mut Value) {
        value.span = self.span(value.span);
        match &mut value.data {
            Data::Scalar(..) => {}
            Data::Seq(items) => items.make_mut().iter_mut().for_each(|item| self.move_spans(item)),
            Data::Map(entries) => entries.make_mut().iter_mut().for_each(|entry| {
                entry.key_span = self.span(entry.key_span);
                self.move_spans(&mut entry.value);
            }),
        }
    }

    /// A problem with the text, with its place in the file.
    pub(crate) fn problem(&self, mut problem: Problem) -> Problem {
        problem.span = self.span(problem.span);
        problem.related.iter_mut().for_each(|related| related.span = self.span(related.span));
        problem
    }
}

/// The resources of the text of a scalar, lists taken apart, and what could not be read.
pub(crate) fn documents(sources: &Sources, scalar: &Value) -> (Vec<Value>, Vec<Problem>) {
    let text = scalar.scalar_text().map_or("", EcoString::as_str);
    let (documents, problems) = crate::workspace::documents(scalar.span.file, text);
    let inline = Inline::of(sources, scalar);
    let documents = documents.into_iter().map(|document| inline.moved(document)).collect();
    (documents, problems.into_iter().map(|problem| inline.problem(problem)).collect())
}

fn one_line(written: &str, text: &str, start: u32) -> Vec<(u32, u32)> {
    if written == text { vec![(0, start)] } else { Vec::new() }
}

/// The lines of a literal block: those behind its first one, less their indentation.
fn block_lines(written: &str, text: &str) -> Vec<(u32, u32)> {
    let mut outer = written.find('\n').map_or(written.len(), |at| at + 1);
    let mut inner = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let here = written.get(outer..).unwrap_or("").split_inclusive('\n').next().unwrap_or("");
        let (wanted, found) = (line.trim_end_matches(['\n', '\r']), here.trim_end_matches(['\n', '\r']));
        let Some(indentation) = found.len().checked_sub(wanted.len()).filter(|_| found.ends_with(wanted)) else {
            return Vec::new();
        };
        lines.push((offset(inner), offset(outer + indentation)));
        inner += line.len();
        outer += here.len();
    }
    lines
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::documents as read;
    use fluxproof_yaml::{FileId, RepoPath};

    fn snippet(text: &str, path: &[&str]) -> String {
        let sources = Sources::from_texts([(RepoPath::new("a").expect("a path"), text)]);
        let (outer, problems) = read(FileId(0), text);
        assert!(problems.is_empty(), "{problems:?}");
        let (inner, problems) = documents(&sources, outer[0].get("a").expect("a"));
        assert!(problems.is_empty(), "{problems:?}");
        sources.snippet(inner[0].at(path).expect("a value").span).to_owned()
    }

    #[test]
    fn places_are_those_of_the_file() {
        assert_eq!(snippet("a: |\n    # é\n    b:\n\n      c: d\nz: 1\n", &["b", "c"]), "d");
        assert_eq!(snippet("a: |2-\n    b: x\n", &["b"]), "x");
        assert_eq!(snippet("a: '{b: c}'\n", &["b"]), "c");
        assert_eq!(snippet("a: \"{b: c}\"\n", &["b"]), "c");
        assert_eq!(snippet("z: 1\na: |\n  b:\n  - c\n", &["b"]), "- c");
    }

    #[test]
    fn what_is_written_otherwise_has_the_place_of_the_whole() {
        assert_eq!(snippet("a: \"b: c\\nd: e\"\n", &["b"]), "\"b: c\\nd: e\"");
        assert_eq!(snippet("a: >\n  {b:\n  c}\n", &["b"]), ">\n  {b:\n  c}");
    }
}
