//! Paths, files and places in them, and what is wrong there.

use std::fmt;
use std::sync::Arc;

/// A path inside a repository: relative, `/`-separated, without `.`, `..` or empty parts; the root is `""`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RepoPath(Arc<str>);

/// Why a text is not a [`RepoPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepoPathError {
    /// The path is absolute or has a drive letter.
    Absolute,
    /// The path has more `..` than parts before them.
    Outside,
    /// The path contains a NUL byte or a backslash.
    BadCharacter,
}

impl fmt::Display for RepoPathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "the path is absolute",
            Self::Outside => "the path leaves the repository",
            Self::BadCharacter => "the path contains a backslash or a NUL",
        })
    }
}

impl std::error::Error for RepoPathError {}

impl RepoPath {
    /// The root of the repository.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Normalises `text` (`./a//b/../c` becomes `a/c`) or says why it is not a path inside the repository.
    pub fn new(text: &str) -> Result<Self, RepoPathError> {
        if text.starts_with('/') {
            return Err(RepoPathError::Absolute);
        }
        Self::root().join(text)
    }

    /// Resolves `text` relative to this folder.
    pub fn join(&self, text: &str) -> Result<Self, RepoPathError> {
        if text.contains(['\\', '\0']) {
            return Err(RepoPathError::BadCharacter);
        }
        let mut parts: Vec<&str> = if text.starts_with('/') { Vec::new() } else { self.parts().collect() };
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop().ok_or(RepoPathError::Outside)?),
                name => parts.push(name),
            }
        }
        Ok(Self(parts.join("/").into()))
    }

    /// Resolves `text` as `filepath-securejoin` does: `..` at the root stays at the root.
    #[must_use]
    pub fn join_clamped(&self, text: &str) -> Self {
        let mut parts: Vec<&str> = if text.starts_with('/') { Vec::new() } else { self.parts().collect() };
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        Self(parts.join("/").into())
    }

    /// The path as text; `""` for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes; none for the root.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The last part; `""` for the root.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The folder that holds this path; the root for a path of one part.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(parent, _)| parent).into())
    }

    /// Whether this path is `folder` or lies below it.
    #[must_use]
    pub fn is_in(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self.0.strip_prefix(&*folder.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

/// A file of [`Sources`]: an index in path order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of UTF-8 bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of `file` from byte `start` up to byte `end`.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that holds both; `self` where they are of different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people count it: both from 1, columns in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// Something that could not be read: what, where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What: one lowercase sentence without a final period.
    pub message: String,
    /// Why it is so, where that helps.
    pub note: Option<String>,
    /// What to do, where that is known.
    pub help: Option<String>,
    /// Other places that belong to it, in the order of the story.
    pub related: Vec<Related>,
}

/// A second place of a [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there, in a few words.
    pub label: String,
}

impl Problem {
    /// A problem with no note and no help.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), note: None, help: None, related: Vec::new() }
    }

    /// Says why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points at a second place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Related { span, label: label.into() });
        self
    }
}

/// One file: its text where it was read, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path.
    pub path: RepoPath,
    /// The text; up to the first bad byte where the file is not UTF-8, empty where it was not read.
    pub text: Arc<str>,
    /// Why the text is not whole: `not UTF-8 at byte 17`, `larger than 3 MB`, `a symlink that leaves the repository`.
    pub unread: Option<String>,
    /// All bytes of a file that is not UTF-8: what a generated ConfigMap has as `binaryData`.
    pub bytes: Option<Arc<[u8]>>,
}

impl SourceFile {
    /// A file of these bytes.
    #[must_use]
    pub fn read(path: RepoPath, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self { path, text: text.into(), unread: None, bytes: None },
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let text = String::from_utf8_lossy(&bytes[..good]).into_owned();
                let line = text.matches('\n').count() + 1;
                let column = text.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                let unread = Some(format!("{line}:{column}: not UTF-8 at byte {good}"));
                Self { path, text: text.into(), unread, bytes: Some(bytes.into()) }
            }
        }
    }

    /// A file whose content is not known, and why.
    #[must_use]
    pub fn unread(path: RepoPath, why: impl Into<String>) -> Self {
        Self { path, text: "".into(), unread: Some(why.into()), bytes: None }
    }

    /// A file that is known to exist and that nobody has read yet.
    #[must_use]
    pub fn listed(path: RepoPath) -> Self {
        Self::unread(path, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).expect("a path")
    }

    #[test]
    fn paths_are_normalised_and_stay_inside() {
        for (text, expected) in [("a/b", "a/b"), ("./a//b/../c/", "a/c"), ("", ""), (".", ""), ("a/..", "")] {
            assert_eq!(path(text).as_str(), expected, "{text}");
        }
        for (text, error) in [
            ("/a", RepoPathError::Absolute),
            ("..", RepoPathError::Outside),
            ("a/../../b", RepoPathError::Outside),
            ("a\\b", RepoPathError::BadCharacter),
            ("a\0", RepoPathError::BadCharacter),
        ] {
            assert_eq!(RepoPath::new(text), Err(error), "{text}");
        }
        assert_eq!(path("a/b").join("../c"), Ok(path("a/c")));
        assert_eq!(path("a").join_clamped("../../b").as_str(), "b");
        assert_eq!(path("a/b").join_clamped("/c").as_str(), "c");
    }

    #[test]
    fn paths_know_their_parts() {
        let file = path("a/b.yaml");
        assert_eq!((file.name(), file.parent().as_str(), file.parent().parent().as_str()), ("b.yaml", "a", ""));
        assert!(file.is_in(&path("a")) && file.is_in(&RepoPath::root()) && file.is_in(&file));
        assert!(!path("ab/c").is_in(&path("a")));
        assert_eq!(RepoPath::root().to_string(), ".");
        assert_eq!(file.parts().collect::<Vec<_>>(), ["a", "b.yaml"]);
    }
}
