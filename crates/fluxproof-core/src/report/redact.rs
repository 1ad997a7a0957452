//! The text that a report shows: values of Secrets are blacked out, to the same length.
//!
//! A file that cannot be read whole does not say where its values are; there everything from the first word that may
//! begin them is blacked out. Findings point at broken files more than at others, so this is no rare case.

use fluxproof_yaml::{Budget, Document, FileId, Sources, Span, Table, Value, parse};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Words that begin the values of a Secret, or of a `secretGenerator`, in a text that cannot be read.
const BEGINNINGS: &[&str] = &["data", "Data", "literals"];

/// The text of a file without the values of its Secrets. Every byte that stays keeps its place.
fn shown(sources: &Sources, file: FileId) -> Cow<'_, str> {
    without(sources.text(file), sources.file(file).is_some_and(|file| file.unread.is_none()))
}

/// A whole text without the values of its Secrets.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    without(text, true)
}

fn without(text: &str, whole: bool) -> Cow<'_, str> {
    if !text.contains("Secret") && !text.contains("secretGenerator") {
        return Cow::Borrowed(text);
    }
    let spans = secret_values(FileId(0), text).filter(|_| whole).unwrap_or_else(|| vec![after_the_first(text)]);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in spans {
        bytes[range].iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b'*');
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// The texts of some files, as [`shown`] gives them; each file is looked through once.
pub(crate) fn all(sources: &Sources, files: impl Iterator<Item = FileId>) -> BTreeMap<FileId, Cow<'_, str>> {
    let mut texts = BTreeMap::new();
    for file in files {
        texts.entry(file).or_insert_with(|| shown(sources, file));
    }
    texts
}

/// Where the values are; nothing where the text cannot be read whole.
fn secret_values(file: FileId, text: &str) -> Option<Vec<Range<usize>>> {
    let parsed = parse(file, text);
    let mut spans = Vec::new();
    for root in parsed.documents.iter().filter_map(Document::root) {
        objects(&root.to_value(Table::GoYaml3, &mut Budget::default()).ok()?, 4, &mut spans);
    }
    let ranges = spans.into_iter().map(|span| span.start as usize..span.end as usize).collect();
    parsed.problems.is_empty().then_some(ranges)
}

fn after_the_first(text: &str) -> Range<usize> {
    let end = |word: &&str| {
        let mut all = text.match_indices(word).filter(|(at, _)| !text[..*at].ends_with("meta"));
        all.next().map(|(at, word)| at + word.len())
    };
    BEGINNINGS.iter().filter_map(end).min().unwrap_or(text.len())..text.len()
}

/// Secrets, also inside lists and patches of them: whatever says `kind: Secret` here or a few levels down.
fn objects(value: &Value, depth: usize, out: &mut Vec<Span>) {
    if value.str_at(&["kind"]) == Some("Secret") {
        for field in ["data", "stringData"].iter().filter_map(|field| value.get(field)) {
            match field.entries() {
                [] => out.push(field.span),
                entries => out.extend(entries.iter().map(|entry| entry.value.span)),
            }
        }
    }
    for generator in value.get("secretGenerator").map_or(&[][..], Value::items) {
        out.extend(generator.get("literals").map(|literals| literals.span));
    }
    if depth > 0 {
        value.items().iter().for_each(|item| objects(item, depth - 1, out));
        value
            .entries()
            .iter()
            .filter(|entry| entry.value.is_map() || entry.value.is_seq())
            .for_each(|entry| objects(&entry.value, depth - 1, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::RepoPath;

    #[test]
    fn values_of_secrets_are_blacked_out_in_place() {
        let text = "kind: Secret\nstringData:\n  token: hünter2\n  key: |\n    line one\n    two\n---\nkind: ConfigMap\ndata:\n  a: shown\n";
        let sources = Sources::from_texts([(RepoPath::new("s.yaml").expect("a path"), text)]);
        let shown = shown(&sources, FileId(0));
        assert_eq!(shown.len(), text.len());
        assert!(
            !shown.contains("nter2")
                && !shown.contains("line one")
                && shown.contains("a: shown")
                && shown.contains("token: ")
        );
    }

    #[test]
    fn nothing_of_a_secret_is_shown_where_it_cannot_be_read() {
        let head = "kind: Secret\nmetadata:\n  name: s\n";
        let cases = [
            "stringData:\n  token: \"hunter2\n",
            "stringData:\n  token: hunter2: x\n",
            "stringData:\n  token: hunter2\n  token: hunter2\n",
            "stringData:\n\ttoken: hunter2\n",
            "stringData: {token: hunter2\n",
            "stringData: hunter2\n",
            "data:\n  token: *hunter2\n",
            "data:\n  token: @hunter2\n",
            "data:\n  ? [hunter2]\n  : a\n",
            "data:\n  <<: hunter2\n",
        ];
        for case in cases {
            let text = format!("{head}{case}");
            let sources = Sources::from_texts([(RepoPath::new("s.yaml").expect("a path"), text.as_str())]);
            let shown = shown(&sources, FileId(0));
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.starts_with(head) && shown.len() == text.len(), "{shown}");
        }
    }

    #[test]
    fn literals_of_a_generator_are_blacked_out() {
        for more in ["", "\tbroken"] {
            let text = format!("secretGenerator:\n- name: a\n  literals:\n  - token=hunter2\n{more}");
            let sources = Sources::from_texts([(RepoPath::new("s.yaml").expect("a path"), text.as_str())]);
            let shown = shown(&sources, FileId(0));
            assert!(shown.contains("name: a") && !shown.contains("hunter2"), "{shown}");
        }
    }
}
