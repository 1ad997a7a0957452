//! The text of a patch: a file, or a string of the kustomization, whose values stand in the kustomization's own text.

use crate::Workspace;
use crate::workspace::{configuration_of, documents, not_a_resource};
use fluxproof_yaml::{Data, EcoString, FileId, Problem, Span, Value};

/// A text that is a patch.
pub(super) enum Source<'w> {
    File(&'w Workspace<'w>, FileId),
    Inline(Inline),
}

/// A text in the middle of another one.
pub(super) struct Inline {
    text: EcoString,
    whole: Span,
    /// Where its lines begin, here and in the file; none where it is not there as it is.
    lines: Vec<(usize, usize)>,
}

impl Source<'_> {
    /// The text of a string.
    pub(super) fn inline<'w>(workspace: &'w Workspace<'w>, value: &Value) -> Source<'w> {
        let text: EcoString = value.as_str().unwrap_or_default().into();
        let range = value.span.start as usize..value.span.end as usize;
        let written = workspace.sources().text(value.span.file).get(range).unwrap_or("");
        let lines = lines(&text, written, value.span.start as usize);
        Source::Inline(Inline { text, whole: value.span, lines })
    }

    /// The text without the space around it.
    pub(super) fn trimmed(self) -> Self {
        let Self::Inline(inline) = self else { return self };
        let start = inline.text.len() - inline.text.trim_start().len();
        let lines = inline.lines.iter().map(|(here, there)| match here.checked_sub(start) {
            Some(here) => (here, *there),
            None => (0, there + start - here),
        });
        Self::Inline(Inline { lines: lines.collect(), text: inline.text.trim().into(), whole: inline.whole })
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::File(workspace, file) => workspace.sources().text(*file),
            Self::Inline(inline) => &inline.text,
        }
    }

    pub(super) fn file(&self) -> FileId {
        match self {
            Self::File(_, file) => *file,
            Self::Inline(inline) => inline.whole.file,
        }
    }

    /// Where the patch as a whole stands.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::File(_, file) => Span::new(*file, 0, 0),
            Self::Inline(inline) => inline.whole,
        }
    }

    /// The text as resources (`SliceFromBytes`).
    pub(super) fn resources(&self) -> Result<Vec<Value>, Problem> {
        let (values, problems) = match self {
            Self::File(workspace, file) => {
                (workspace.documents(*file).to_vec(), workspace.problems_as_yaml(*file).to_vec())
            }
            Self::Inline(inline) => documents(inline.whole.file, &inline.text),
        };
        let is_nothing = |value: &Value| match &value.data {
            Data::Map(entries) => entries.is_empty(),
            Data::Seq(items) => items.is_empty(),
            Data::Scalar(..) => value.is_null(),
        };
        let values: Vec<Value> = values.into_iter().filter(|value| !is_nothing(value)).collect();
        match problems.into_iter().next().or_else(|| values.iter().find_map(not_a_resource)) {
            Some(problem) => Err(Problem { span: self.place(problem.span), ..problem }),
            None => Ok(values.into_iter().map(|value| self.placed(value)).collect()),
        }
    }

    /// The text as sigs.k8s.io/yaml reads it.
    pub(super) fn configuration(&self) -> Result<Option<Value>, String> {
        match self {
            Self::File(workspace, file) => match workspace.configuration_problems(*file).first() {
                Some(problem) => Err(problem.message.clone()),
                None => Ok(workspace.configuration(*file).cloned()),
            },
            Self::Inline(inline) => {
                let value = configuration_of(inline.whole.file, &inline.text).map_err(|problem| problem.message)?;
                Ok(value.map(|value| self.placed(value)))
            }
        }
    }

    /// A value of this text, with its places in the file.
    pub(super) fn placed(&self, mut value: Value) -> Value {
        if let Self::Inline(_) = self {
            self.move_spans(&mut value);
        }
        value
    }

    fn move_spans(&self, value: &mut Value) {
        value.span = self.place(value.span);
        match &mut value.data {
            Data::Scalar(..) => {}
            Data::Seq(items) => items.make_mut().iter_mut().for_each(|item| self.move_spans(item)),
            Data::Map(entries) => entries.make_mut().iter_mut().for_each(|entry| {
                entry.key_span = self.place(entry.key_span);
                self.move_spans(&mut entry.value);
            }),
        }
    }

    fn place(&self, span: Span) -> Span {
        let Self::Inline(inline) = self else { return span };
        let end = inline.offset(span.end.saturating_sub(1) as usize).map(|end| end + 1);
        match (inline.offset(span.start as usize), end) {
            (Some(start), Some(end)) if span.end > span.start => Span::new(inline.whole.file, start, end),
            (Some(start), _) => Span::new(inline.whole.file, start, start),
            _ => inline.whole,
        }
    }
}

impl Inline {
    /// Where a byte of the text stands in the file.
    fn offset(&self, at: usize) -> Option<u32> {
        let line = self.lines.partition_point(|(here, _)| *here <= at).checked_sub(1)?;
        let (here, there) = self.lines.get(line)?;
        u32::try_from(there + at - here).ok()
    }
}

/// Where the lines of a string begin in itself and in the file; nothing where they are not there one by one.
fn lines(text: &str, written: &str, start: usize) -> Vec<(usize, usize)> {
    if !written.starts_with('|') {
        let at = Some(text).filter(|text| !text.contains('\n') && !text.is_empty()).and_then(|text| written.find(text));
        return at.map_or_else(Vec::new, |at| vec![(0, start + at)]);
    }
    let mut places = Vec::new();
    let mut here = 0;
    let mut there = written.find('\n').map_or(written.len(), |at| at + 1);
    for line in text.split_inclusive('\n') {
        let source = written.get(there..).and_then(|rest| rest.split_inclusive('\n').next()).unwrap_or("");
        let (bare, source_bare) = (line.trim_end_matches('\n'), source.trim_end_matches(['\r', '\n']));
        let Some(indent) = source_bare.strip_suffix(bare) else { return Vec::new() };
        if !indent.bytes().all(|byte| byte == b' ') {
            return Vec::new();
        }
        places.push((here, start + there + indent.len()));
        here += line.len();
        there += source.len();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{RepoPath, Sources};

    fn named(kustomization: &str) -> Vec<String> {
        let path = RepoPath::new("kustomization.yaml").expect("a path");
        let sources = Sources::from_texts([(path, kustomization)]);
        let workspace = Workspace::new(&sources);
        let value = workspace.configuration(FileId(0)).and_then(|value| value.get("patch")).expect("a patch");
        let source = Source::inline(&workspace, value).trimmed();
        let patch = source.resources().expect("resources").remove(0);
        let shown = |value: &Value| kustomization[value.span.start as usize..value.span.end as usize].to_owned();
        ["kind", "metadata"].iter().filter_map(|key| patch.get(key)).map(shown).collect()
    }

    #[test]
    fn values_of_an_inline_patch_stand_in_the_kustomization() {
        let block = "patch: |-\n\n    kind: A\n    metadata: {name: b}\n";
        assert_eq!(named(block), ["A", "{name: b}"]);
        assert_eq!(named("patch: '  {kind: A, metadata: {name: b}}'\n"), ["A", "{name: b}"]);
        let escaped = "patch: \"kind: A\\nmetadata: {name: b}\"\n";
        assert_eq!(named(escaped), [&escaped[7..escaped.len() - 1]; 2], "the whole string, where it has no lines");
    }
}
