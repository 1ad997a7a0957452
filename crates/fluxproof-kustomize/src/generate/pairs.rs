//! The keys and values of a generator: from env files, literals and files, in this order (`api/kv`,
//! `internal/generators/utils.go`).

use super::args::Args;
use crate::Doubt;
use crate::build::{Builder, Level};
use crate::kustomization::items;
use fluxproof_yaml::{EcoString, FileId, Problem, Span, Value};
use std::sync::Arc;

/// Go's `bufio.Scanner` ends at a line of this length, and kustomize does not ask why.
const LONGEST_LINE: usize = 64 * 1024;

/// What a key holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Text(EcoString),
    /// What is not UTF-8.
    Bytes(Arc<[u8]>),
}

/// A key and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    pub(crate) key: EcoString,
    pub(crate) key_span: Span,
    pub(crate) content: Content,
    /// Where a person would edit it.
    pub(crate) span: Span,
}

/// The pairs of one entry, with what is not known about them.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) all: Vec<Pair>,
    pub(crate) doubts: Vec<Doubt>,
}

/// Reads all sources of an entry (`kv.Load`).
pub(crate) fn load(builder: &mut Builder<'_, '_>, level: Level<'_>, args: &Args<'_>) -> Result<Pairs, Problem> {
    let mut pairs = Pairs::default();
    let (literals, files) = (items(args.entry, "literals"), items(args.entry, "files"));
    for item in &args.envs {
        pairs.env_file(builder, level, item).map_err(|problem| within("env source files:", &args.envs, problem))?;
    }
    for item in literals {
        pairs.literal(builder, item).map_err(|problem| within("literal sources", literals, problem))?;
    }
    for item in files {
        pairs.file(builder, level, item).map_err(|problem| within("file sources:", files, problem))?;
    }
    Ok(pairs)
}

/// Puts kustomize's words around an error: which list it is from, as Go shows it.
fn within<V: std::borrow::Borrow<Value>>(what: &str, list: &[V], problem: Problem) -> Problem {
    let shown: Vec<&str> = list.iter().map(|item| item.borrow().as_str().unwrap_or_default()).collect();
    let message = format!("loading KV pairs: {what} [{}]: {}", shown.join(" "), problem.message);
    Problem { message, ..problem }
}

impl Pairs {
    fn push(&mut self, key: &str, key_span: Span, content: Content, span: Span) {
        self.all.push(Pair { key: key.into(), key_span, content, span });
    }

    /// `key=value`, quotes around the whole value taken off (`parseLiteralSource`).
    fn literal(&mut self, builder: &Builder<'_, '_>, item: &Value) -> Result<(), Problem> {
        let text = item.as_str().unwrap_or_default();
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            let message = format!("invalid literal source {text}, expected key=value");
            return Err(Problem::new(item.span, message));
        };
        let at = |part: &str| part_of(builder, item, text, part);
        self.push(key, at(key), Content::Text(without_quotes(value).into()), at(value));
        Ok(())
    }

    /// `path` or `key=path` (`ParseFileSource`).
    fn file(&mut self, builder: &mut Builder<'_, '_>, level: Level<'_>, item: &Value) -> Result<(), Problem> {
        let (key, path) = file_source(item)?;
        let Some(file) = builder.file_named(level, item, path)? else {
            self.unknown(item.span, format!("{path} is not read: it lies outside the repository"));
            self.push(key, item.span, Content::Text(EcoString::new()), item.span);
            return Ok(());
        };
        let text = builder.sources().text(file);
        let whole = Span::new(file, 0, u32::try_from(text.len()).unwrap_or(u32::MAX));
        let content = match builder.sources().file(file).and_then(|file| file.bytes.clone()) {
            Some(bytes) => Content::Bytes(bytes),
            None => Content::Text(self.text(builder, file, item).into()),
        };
        self.push(key, item.span, content, whole);
        Ok(())
    }

    /// Lines of `key=value` (`keyValuesFromLines`).
    fn env_file(&mut self, builder: &mut Builder<'_, '_>, level: Level<'_>, item: &Value) -> Result<(), Problem> {
        let path = item.as_str().unwrap_or_default();
        let Some(file) = builder.file_named(level, item, path)? else {
            self.unknown(item.span, format!("{path} is not read: it lies outside the repository"));
            return Ok(());
        };
        if builder.sources().file(file).is_some_and(|file| file.bytes.is_some()) {
            return Err(Problem::new(item.span, format!("a line of {path} has invalid utf8 bytes")));
        }
        let text = self.text(builder, file, item);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if line.trim_end_matches('\n').len() >= LONGEST_LINE {
                break;
            }
            self.env_line(file, text, start, line);
            start += line.len();
        }
        Ok(())
    }

    fn env_line(&mut self, file: FileId, text: &str, start: usize, line: &str) {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = if start == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        let (key, value) = line.split_once('=').unwrap_or((line, &line[line.len()..]));
        if key.is_empty() || line.starts_with('#') {
            return;
        }
        let at = |part: &str| span_in(file, text, part);
        self.push(key, at(key), Content::Text(value.into()), at(value));
    }

    /// The text of a file; that it is not read in full is a doubt of what is generated, and not of what else is built.
    fn text<'s>(&mut self, builder: &mut Builder<'_, 's>, file: FileId, item: &Value) -> &'s str {
        let before = builder.doubts.len();
        builder.text(file, item.span);
        self.doubts.extend(builder.doubts.drain(before..));
        builder.sources().text(file)
    }

    fn unknown(&mut self, span: Span, what: String) {
        self.doubts.push(Doubt { span, what });
    }
}

fn file_source(item: &Value) -> Result<(&str, &str), Problem> {
    let source = item.as_str().unwrap_or_default();
    let wrong = |message: String| Err(Problem::new(item.span, message));
    match (source.split_once('='), source.matches('=').count()) {
        (None, _) => Ok((base_name(source), source)),
        (Some(("", path)), 1) => wrong(format!("missing key name for file path {path:?} in source {source:?}")),
        (Some((key, "")), 1) => wrong(format!("missing file path for key name {key:?} in source {source:?}")),
        (Some(parts), 1) => Ok(parts),
        _ => wrong(format!("source {source:?} key name or file path contains '='")),
    }
}

/// `path.Base`
fn base_name(path: &str) -> &str {
    match path.trim_end_matches('/').rsplit('/').next() {
        Some("") | None => {
            if path.is_empty() {
                "."
            } else {
                "/"
            }
        }
        Some(name) => name,
    }
}

/// `removeQuotes`
fn without_quotes(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// The span of a part of an item's text; the whole item where it is written in another way than it reads.
fn part_of(builder: &Builder<'_, '_>, item: &Value, text: &str, part: &str) -> Span {
    let written = builder.sources().snippet(item.span);
    let quote = usize::from(written.starts_with(['"', '\'']));
    if written.get(quote..written.len().saturating_sub(quote)) != Some(text) {
        return item.span;
    }
    let inner = span_in(item.span.file, text, part);
    let start = item.span.start + u32::try_from(quote).unwrap_or(0);
    Span::new(inner.file, start + inner.start, start + inner.end)
}

/// Where a part of a text, a slice of it, stands in it.
fn span_in(file: FileId, text: &str, part: &str) -> Span {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(start), offset(start + part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(text: &str) -> Vec<(String, String)> {
        let mut pairs = Pairs::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            pairs.env_line(FileId(0), text, start, line);
            start += line.len();
        }
        let shown = |pair: Pair| match pair.content {
            Content::Text(value) => {
                assert_eq!(&text[pair.span.start as usize..pair.span.end as usize], value);
                (pair.key.to_string(), value.to_string())
            }
            Content::Bytes(_) => (pair.key.to_string(), String::new()),
        };
        pairs.all.into_iter().map(shown).collect()
    }

    #[test]
    fn lines_of_env_files() {
        let text = "\u{feff}A=1\n  B = 2 \r\n# c\n\n=x\nC\nD=a=b\n \u{feff}E=1\n #F=1\nG=\"q\"";
        let expected = [("A", "1"), ("B ", " 2 "), ("C", ""), ("D", "a=b"), ("\u{feff}E", "1"), ("G", "\"q\"")];
        let expected: Vec<(String, String)> = expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        assert_eq!(env(text), expected);
    }

    #[test]
    fn quotes_are_taken_off_once_and_in_pairs() {
        for (text, expected) in
            [("\"a\"", "a"), ("'a'", "a"), ("''a''", "'a'"), ("\"a'", "\"a'"), ("\"", "\""), ("''", ""), ("a", "a")]
        {
            assert_eq!(without_quotes(text), expected, "{text}");
        }
    }

    #[test]
    fn file_sources() {
        let read = |text: &str| {
            let item = Value::string(Span::new(FileId(0), 0, 0), text);
            file_source(&item).map(|(key, path)| format!("{key}|{path}")).map_err(|problem| problem.message)
        };
        assert_eq!(read("a/b.txt"), Ok("b.txt|a/b.txt".to_owned()));
        assert_eq!(read("k=a/b.txt"), Ok("k|a/b.txt".to_owned()));
        assert_eq!(read("=a"), Err("missing key name for file path \"a\" in source \"=a\"".to_owned()));
        assert_eq!(read("a="), Err("missing file path for key name \"a\" in source \"a=\"".to_owned()));
        assert_eq!(read("a=b=c"), Err("source \"a=b=c\" key name or file path contains '='".to_owned()));
    }
}
