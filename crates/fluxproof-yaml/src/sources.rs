//! The text of a repository, held in memory, whole or as one artifact of it shows it.

use crate::source::{FileId, LineColumn, RepoPath, SourceFile, Span};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A repository in memory: paths in order, each with its text. Nothing else is ever read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Arc<Vec<SourceFile>>,
    /// What is seen of them; all of them at their own paths where this is absent.
    view: Option<Arc<View>>,
}

/// Some files at paths of their own.
#[derive(Debug, PartialEq, Eq)]
struct View {
    /// In path order.
    shown: Vec<(RepoPath, FileId)>,
    /// Where in `shown` each file is, by its id.
    by_id: Vec<(FileId, usize)>,
}

impl View {
    /// Of two files at one path the later one counts.
    fn new(files: impl IntoIterator<Item = (FileId, RepoPath)>) -> Self {
        let by_path: BTreeMap<RepoPath, FileId> =
            fluxproof_order::gather(files.into_iter().map(|(id, path)| (path, id)));
        let shown: Vec<(RepoPath, FileId)> = by_path.into_iter().collect();
        let mut by_id: Vec<(FileId, usize)> = shown.iter().enumerate().map(|(at, (_, id))| (*id, at)).collect();
        fluxproof_order::sort(&mut by_id);
        Self { shown, by_id }
    }

    fn path(&self, id: FileId) -> Option<&RepoPath> {
        let at = self.by_id.partition_point(|(known, _)| *known < id);
        self.by_id.get(at).filter(|(known, _)| *known == id).map(|(_, at)| &self.shown[*at].0)
    }
}

impl Sources {
    /// Takes files in any order; of two with one path the later one counts.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> Self {
        let by_path: BTreeMap<RepoPath, SourceFile> =
            fluxproof_order::gather(files.into_iter().map(|f| (f.path.clone(), f)));
        Self { files: Arc::new(by_path.into_values().collect()), view: None }
    }

    /// These files as an artifact shows them: only those named, each at its path there, with the ids they have here. Of
    /// two at one path the later one counts; a file that is shown twice has the first of its paths.
    #[must_use]
    pub fn view(&self, files: impl IntoIterator<Item = (FileId, RepoPath)>) -> Self {
        Self { files: Arc::clone(&self.files), view: Some(Arc::new(View::new(files))) }
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
        let index = match &self.view {
            Some(view) => view.shown.binary_search_by(|(shown, _)| shown.cmp(path)).ok()?,
            None => self.files.binary_search_by(|file| file.path.cmp(path)).ok()?,
        };
        Some(self.id_at(index))
    }

    /// Whether a file is only known to exist ([`SourceFile::listed`]).
    #[must_use]
    pub fn is_listed(&self, id: FileId) -> bool {
        self.file(id).is_some_and(|file| file.unread.as_deref() == Some(""))
    }

    /// Whether `folder` holds a file, at any depth. The root always exists.
    #[must_use]
    pub fn has_folder(&self, folder: &RepoPath) -> bool {
        folder.as_str().is_empty() || !self.range(folder).is_empty()
    }

    /// The files below `folder`, at any depth, in path order.
    pub fn in_folder(&self, folder: &RepoPath) -> impl Iterator<Item = FileId> + use<'_> {
        self.range(folder).map(|at| self.id_at(at))
    }

    /// Every file, in path order.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<'_> {
        (0..self.len()).map(|at| self.id_at(at))
    }

    /// Where the files below a folder stand in path order.
    fn range(&self, folder: &RepoPath) -> Range<usize> {
        let prefix = if folder.as_str().is_empty() { String::new() } else { format!("{folder}/") };
        let within = |path: &RepoPath| (path.as_str() >= prefix.as_str(), path.as_str().starts_with(&prefix));
        let (start, end) = match &self.view {
            Some(view) => bounds(&view.shown, |(path, _)| within(path)),
            None => bounds(&self.files, |file| within(&file.path)),
        };
        start..end
    }

    fn id_at(&self, index: usize) -> FileId {
        match &self.view {
            Some(view) => view.shown[index].1,
            None => FileId(u32::try_from(index).unwrap_or(u32::MAX)),
        }
    }

    /// The file; an empty one for an id of other sources.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The path of a file; that in the whole repository for one that a view does not show.
    ///
    /// # Panics
    /// For an id of other sources: ids are only made by these.
    #[must_use]
    pub fn path(&self, id: FileId) -> &RepoPath {
        let shown = self.view.as_ref().and_then(|view| view.path(id));
        shown.unwrap_or_else(|| &self.files[id.0 as usize].path)
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
        self.view.as_ref().map_or(self.files.len(), |view| view.shown.len())
    }

    /// The sources that this is a view of; these themselves where they are none.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { files: Arc::clone(&self.files), view: None }
    }

    /// Whether there are no files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

/// Where what is in a folder begins and ends: `is` says of an item whether it is not before, and whether inside.
fn bounds<T>(items: &[T], is: impl Fn(&T) -> (bool, bool)) -> (usize, usize) {
    let start = items.partition_point(|item| !is(item).0);
    (start, start + items[start..].partition_point(|item| is(item).1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).expect("a path")
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

    #[test]
    fn a_view_shows_some_files_at_paths_of_their_own_with_their_ids() {
        let sources = Sources::from_texts([(path("a/x"), "1"), (path("a/y"), "2"), (path("b/x"), "3")]);
        let (x, y) = (FileId(0), FileId(1));
        let view = sources.view([(y, path("new/y")), (x, path("x"))]);
        assert_eq!(view.ids().collect::<Vec<_>>(), [y, x]);
        assert_eq!((view.find(&path("new/y")), view.find(&path("a/y"))), (Some(y), None));
        assert_eq!((view.path(x).as_str(), view.text(y), view.len()), ("x", "2", 2));
        assert!(view.has_folder(&path("new")) && !view.has_folder(&path("a")) && !view.has_folder(&path("b")));
        assert_eq!(view.in_folder(&path("new")).collect::<Vec<_>>(), [y]);
        assert_eq!(view.path(FileId(2)).as_str(), "b/x", "a file that is not shown has its own path");
        assert_eq!(view.whole().len(), 3);
        let twice = sources.view([(x, path("p")), (y, path("p"))]);
        assert_eq!(twice.ids().collect::<Vec<_>>(), [y], "of two at one path the later one counts");
    }
}
