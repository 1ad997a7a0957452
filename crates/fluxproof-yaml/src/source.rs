//! The text of a repository, held in memory, and places in it.

use std::collections::BTreeMap;
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
}

/// A repository in memory: paths in order, each with its text. Nothing else is ever read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes files in any order; of two with one path the later one counts.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> Self {
        let by_path: BTreeMap<RepoPath, SourceFile> =
            fluxproof_order::gather(files.into_iter().map(|f| (f.path.clone(), f)));
        Self { files: by_path.into_values().collect() }
    }

    /// Takes paths and texts that are known to be good: generated trees and tests.
    #[must_use]
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (RepoPath, &'a str)>) -> Self {
        Self::new(files.into_iter().map(|(path, text)| SourceFile {
            path,
            text: text.into(),
            unread: None,
            bytes: None,
        }))
    }

    /// The file at `path`.
    #[must_use]
    pub fn find(&self, path: &RepoPath) -> Option<FileId> {
        let index = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        u32::try_from(index).ok().map(FileId)
    }

    /// Whether `folder` holds a file, at any depth. The root always exists.
    #[must_use]
    pub fn has_folder(&self, folder: &RepoPath) -> bool {
        folder.as_str().is_empty() || self.in_folder(folder).next().is_some()
    }

    /// The files below `folder`, at any depth, in path order.
    pub fn in_folder(&self, folder: &RepoPath) -> impl Iterator<Item = FileId> + use<> {
        let prefix = if folder.as_str().is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.files.partition_point(|file| file.path.as_str() < prefix.as_str());
        let behind = self.files[start..].partition_point(|file| file.path.as_str().starts_with(&prefix));
        let id = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        (id(start)..id(start + behind)).map(FileId)
    }

    /// Every file, in path order.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(FileId)
    }

    /// The file; an empty one for an id of other sources.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The path of a file.
    ///
    /// # Panics
    /// For an id of other sources: ids are only made by these.
    #[must_use]
    pub fn path(&self, id: FileId) -> &RepoPath {
        &self.files[id.0 as usize].path
    }

    /// The text of a file; `""` for an id of other sources.
    #[must_use]
    pub fn text(&self, id: FileId) -> &str {
        self.file(id).map_or("", |file| &file.text)
    }

    /// The text of a span; `""` where it is not one of this file.
    #[must_use]
    pub fn snippet(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are no files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The line and column of a byte; the end of the text for a byte behind it.
    #[must_use]
    pub fn line_column(&self, file: FileId, byte: u32) -> LineColumn {
        let text = self.text(file);
        let mut end = (byte as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        LineColumn { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
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

    #[test]
    fn sources_are_in_path_order_and_the_later_counts() {
        let sources = Sources::from_texts([(path("b"), "1"), (path("a/x"), "2"), (path("b"), "3")]);
        let texts: Vec<(&str, &str)> = sources.ids().map(|id| (sources.path(id).as_str(), sources.text(id))).collect();
        assert_eq!(texts, [("a/x", "2"), ("b", "3")]);
        assert!(sources.has_folder(&path("a")) && !sources.has_folder(&path("b")) && !sources.has_folder(&path("c")));
        assert!(sources.find(&path("b")).is_some() && sources.find(&path("a")).is_none());
        assert_eq!((sources.len(), sources.is_empty()), (2, false));
    }

    #[test]
    fn places_are_counted_as_people_do() {
        let sources = Sources::from_texts([(path("a"), "é𐍈x\nb")]);
        let at = |byte| {
            let place = sources.line_column(FileId(0), byte);
            (place.line, place.column)
        };
        assert_eq!([at(0), at(2), at(3), at(6), at(8), at(99)], [(1, 1), (1, 2), (1, 2), (1, 3), (2, 1), (2, 2)]);
        assert_eq!(sources.snippet(Span::new(FileId(0), 0, 2)), "é");
        assert_eq!(sources.snippet(Span::new(FileId(0), 1, 2)), "");
        assert_eq!(Span::new(FileId(0), 4, 6).to(Span::new(FileId(0), 1, 5)), Span::new(FileId(0), 1, 6));
    }
}
