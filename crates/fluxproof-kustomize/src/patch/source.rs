//! The text of a patch: a file, or a string of the kustomization, whose values stand in the kustomization's own text.

use crate::Workspace;
use crate::inline::Inline;
use crate::workspace::{configuration_of, not_a_resource};
use fluxproof_yaml::{Data, FileId, Problem, Span, Value};

/// A text that is a patch.
pub(super) enum Source<'w> {
    File(&'w Workspace<'w>, FileId),
    Inline(Inline),
}

impl Source<'_> {
    /// The text of a string.
    pub(super) fn inline<'w>(workspace: &'w Workspace<'w>, value: &Value) -> Source<'w> {
        Source::Inline(Inline::of(workspace.sources(), value))
    }

    /// The text without the space around it.
    pub(super) fn trimmed(self) -> Self {
        match self {
            Self::Inline(inline) => Self::Inline(inline.trimmed()),
            file @ Self::File(..) => file,
        }
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
            Self::Inline(inline) => inline.documents(),
        };
        let is_nothing = |value: &Value| match &value.data {
            Data::Map(entries) => entries.is_empty(),
            Data::Seq(items) => items.is_empty(),
            Data::Scalar(..) => value.is_null(),
        };
        let values: Vec<Value> = values.into_iter().filter(|value| !is_nothing(value)).collect();
        match problems.into_iter().next().or_else(|| values.iter().find_map(not_a_resource)) {
            Some(problem) => Err(problem),
            None => Ok(values),
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
    pub(super) fn placed(&self, value: Value) -> Value {
        match self {
            Self::Inline(inline) => inline.moved(value),
            Self::File(..) => value,
        }
    }
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
