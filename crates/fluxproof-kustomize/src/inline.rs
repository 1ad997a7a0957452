//! YAML inside a scalar of YAML: patches and plugin objects that a kustomization holds as text. What is read from it
//! has the spans of the file, so that a person is led to the line that says it.

use fluxproof_yaml::{Data, EcoString, Problem, Sources, Span, Value};

/// The text of a scalar, and where it stands in its file.
#[derive(Debug)]
pub(crate) struct Inline {
    pub(crate) text: EcoString,
    pub(crate) whole: Span,
    /// Where lines of the text begin in it and in the file; none where it is written in another way than it reads.
    lines: Vec<(u32, u32)>,
}

impl Inline {
    /// Of a scalar as it stands in a file: in one line, with or without quotes, or a literal block.
    pub(crate) fn of(sources: &Sources, scalar: &Value) -> Self {
        let text = scalar.scalar_text().cloned().unwrap_or_default();
        let written = sources.snippet(scalar.span);
        let lines = if written.starts_with('|') { block_lines(written, &text) } else { one_line(written, &text) };
        let start = scalar.span.start;
        let lines = lines.into_iter().map(|(inner, outer)| (inner, start + outer)).collect();
        Self { text, whole: scalar.span, lines }
    }

    /// The text without the space around it.
    pub(crate) fn trimmed(self) -> Self {
        let start = offset(self.text.len() - self.text.trim_start().len());
        let lines = self.lines.iter().map(|(inner, outer)| match inner.checked_sub(start) {
            Some(inner) => (inner, *outer),
            None => (0, outer + start - inner),
        });
        Self { lines: lines.collect(), text: self.text.trim().into(), whole: self.whole }
    }

    /// The place in the file of a place in the text.
    pub(crate) fn span(&self, inner: Span) -> Span {
        let end = self.place(inner.end.saturating_sub(1)).map(|end| end + 1);
        match (self.place(inner.start), end) {
            (Some(start), Some(end)) if inner.end > inner.start => Span::new(self.whole.file, start, end.max(start)),
            (Some(start), _) => Span::new(self.whole.file, start, start),
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

    /// The resources of the text, lists taken apart, and what could not be read.
    pub(crate) fn documents(&self) -> (Vec<Value>, Vec<Problem>) {
        let (documents, problems) = crate::workspace::documents(self.whole.file, &self.text);
        let documents = documents.into_iter().map(|document| self.moved(document)).collect();
        (documents, problems.into_iter().map(|problem| self.problem(problem)).collect())
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
    Inline::of(sources, scalar).documents()
}

fn one_line(written: &str, text: &str) -> Vec<(u32, u32)> {
    let at = Some(text).filter(|text| !text.contains('\n') && !text.is_empty()).and_then(|text| written.find(text));
    at.map_or_else(Vec::new, |at| vec![(0, offset(at))])
}

/// The lines of a literal block: those behind its first one, less their indentation.
fn block_lines(written: &str, text: &str) -> Vec<(u32, u32)> {
    let mut outer = written.find('\n').map_or(written.len(), |at| at + 1);
    let mut inner = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let here = written.get(outer..).unwrap_or("").split_inclusive('\n').next().unwrap_or("");
        let (wanted, found) = (line.trim_end_matches(['\n', '\r']), here.trim_end_matches(['\n', '\r']));
        let indentation = found.strip_suffix(wanted).filter(|indent| indent.bytes().all(|byte| byte == b' '));
        let Some(indentation) = indentation else { return Vec::new() };
        lines.push((offset(inner), offset(outer + indentation.len())));
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
