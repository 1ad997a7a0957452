//! The Markdown of a rule page, as far as those pages use it. Pure.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block<'t> {
    Heading(usize, &'t str),
    Text(String),
    Item(String),
    /// The info string after the fence, and the lines.
    Code(&'t str, String),
    Row(Vec<&'t str>),
}

/// A page in blocks, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut joins = false; // whether the next plain line continues the last block
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(fence) = line.trim_start().strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
            blocks.push(Block::Code(fence.trim(), body.join("\n")));
            joins = false;
        } else {
            joins = plain(&mut blocks, line.trim(), joins);
        }
    }
    blocks
}

fn plain<'t>(blocks: &mut Vec<Block<'t>>, line: &'t str, joins: bool) -> bool {
    let title = line.trim_start_matches('#');
    let depth = line.len() - title.len();
    match (line, blocks.last_mut()) {
        ("", _) => return false,
        _ if depth > 0 && title.starts_with(' ') => {
            blocks.push(Block::Heading(depth, title.trim()));
            return false;
        }
        _ if line.starts_with('|') => {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let ruler =
                cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|letter| matches!(letter, '-' | ':')));
            if !ruler {
                blocks.push(Block::Row(cells));
            }
            return false;
        }
        _ if item(line).is_some() => blocks.push(Block::Item(item(line).unwrap_or_default().to_owned())),
        (_, Some(Block::Text(text) | Block::Item(text))) if joins => {
            text.push(' ');
            text.push_str(line);
        }
        _ => blocks.push(Block::Text(line.to_owned())),
    }
    true
}

fn item(line: &str) -> Option<&str> {
    let numbered = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    line.strip_prefix("- ")
        .or_else(|| line.strip_prefix("* "))
        .or_else(|| (numbered.len() < line.len()).then(|| numbered.strip_prefix(". ")).flatten())
}

/// A section whose code blocks are files: its title, and each file's path and text.
pub(crate) type Example<'t> = (&'t str, Vec<(&'t str, String)>);

/// The sections of a page that hold files, as a repository each.
pub(crate) fn examples(text: &str) -> Vec<Example<'_>> {
    let mut examples: Vec<Example<'_>> = Vec::new();
    for block in blocks(text) {
        match block {
            Block::Heading(_, title) => examples.push((title, Vec::new())),
            Block::Code(info, text) => {
                if let (Some(path), Some((_, files))) = (file(info), examples.last_mut()) {
                    files.push((path, text + "\n"));
                }
            }
            _ => {}
        }
    }
    examples.retain(|(_, files)| !files.is_empty());
    examples
}

/// The path in an info string: `yaml file=a/b.yaml`.
pub(crate) fn file(info: &str) -> Option<&str> {
    info.split_whitespace().find_map(|word| word.strip_prefix("file="))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span<'t> {
    Text(&'t str),
    Code(&'t str),
    Strong(&'t str),
    /// The words, and the address.
    Link(&'t str, &'t str),
}

/// A line of prose in spans. What does not close is text.
pub(crate) fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((at, span, end)) = next(rest) {
        spans.extend(rest.get(..at).filter(|text| !text.is_empty()).map(Span::Text));
        spans.push(span);
        rest = rest.get(end..).unwrap_or_default();
    }
    spans.extend((!rest.is_empty()).then_some(Span::Text(rest)));
    spans
}

fn next(text: &str) -> Option<(usize, Span<'_>, usize)> {
    let candidates = [("`", "`"), ("**", "**"), ("[", ")")];
    let found = candidates.iter().filter_map(|(open, close)| {
        let at = text.find(open)?;
        let inside = at + open.len();
        let length = text.get(inside..)?.find(close)?;
        let body = text.get(inside..inside + length)?;
        let span = match *open {
            "`" => Span::Code(body),
            "**" => Span::Strong(body),
            _ => body.split_once("](").map(|(words, address)| Span::Link(words, address))?,
        };
        Some((at, span, inside + length + close.len()))
    });
    found.min_by_key(|(at, ..)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_apart_into_its_blocks() {
        let page = "# name\n\nOne line\nand the next.\n\n## Example\n\n```yaml file=a.yaml\na: b\n\n# c\n```\n\n- one\n  more\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
        assert_eq!(
            blocks(page),
            [
                Block::Heading(1, "name"),
                Block::Text("One line and the next.".into()),
                Block::Heading(2, "Example"),
                Block::Code("yaml file=a.yaml", "a: b\n\n# c".into()),
                Block::Item("one more".into()),
                Block::Item("two".into()),
                Block::Row(vec!["a", "b"]),
                Block::Row(vec!["1", "2"]),
            ]
        );
    }

    #[test]
    fn a_section_with_files_is_an_example() {
        let page = "# rule\n\n```sh\nx\n```\n\n## Broken\n\n```yaml file=a/b.yaml\nk: v\n```\n\n```yaml file=c.yaml\n```\n\n## Sources\n";
        assert_eq!(examples(page), [("Broken", vec![("a/b.yaml", "k: v\n".to_owned()), ("c.yaml", "\n".to_owned())])]);
    }

    #[test]
    fn spans_close_or_are_text() {
        assert_eq!(
            spans("a `b` [c](d) **e** `f"),
            [
                Span::Text("a "),
                Span::Code("b"),
                Span::Text(" "),
                Span::Link("c", "d"),
                Span::Text(" "),
                Span::Strong("e"),
                Span::Text(" `f"),
            ]
        );
    }

    #[test]
    fn an_unclosed_fence_ends_with_the_page() {
        assert_eq!(blocks("```\nx"), [Block::Code("", "x".into())]);
    }
}
