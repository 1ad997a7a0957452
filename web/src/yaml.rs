//! YAML as coloured text: one line at a time, for reading only. Nothing is checked here. Pure.

/// What a piece of a line is; the page has a class for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Key,
    Value,
    Literal,
    Comment,
    Mark,
}

impl Ink {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Key => "k",
            Self::Value => "s",
            Self::Literal => "n",
            Self::Comment => "c",
            Self::Mark => "p",
        }
    }
}

pub(crate) type Piece<'t> = (Ink, &'t str);

/// Every line of a text, in pieces. Block scalars (`|`, `>`) are followed from line to line.
pub(crate) fn lines(text: &str) -> Vec<Vec<Piece<'_>>> {
    let mut block: Option<usize> = None;
    text.lines()
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            if let Some(depth) = block {
                if line.trim().is_empty() || indent > depth {
                    return split(line, indent, |rest| vec![(Ink::Value, rest)]);
                }
                block = None;
            }
            let pieces = split(line, indent, content);
            if pieces.last().is_some_and(|(ink, text)| *ink == Ink::Mark && text.starts_with(['|', '>'])) {
                block = Some(indent);
            }
            pieces
        })
        .collect()
}

fn split<'t>(line: &'t str, indent: usize, rest: impl Fn(&'t str) -> Vec<Piece<'t>>) -> Vec<Piece<'t>> {
    let (space, text) = line.split_at(indent);
    let mut pieces = vec![(Ink::Plain, space)];
    pieces.extend(rest(text));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

fn content(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(rest) = text.strip_prefix("- ") {
        let (mark, _) = text.split_at(text.len() - rest.len());
        pieces.push((Ink::Mark, mark));
        text = rest;
    }
    if text.starts_with('#') {
        pieces.push((Ink::Comment, text));
    } else if matches!(text, "---" | "..." | "-") {
        pieces.push((Ink::Mark, text));
    } else if let Some(colon) = key_end(text) {
        let (key, rest) = text.split_at(colon);
        let (mark, value) = rest.split_at(1);
        pieces.extend([(Ink::Key, key), (Ink::Mark, mark)]);
        pieces.extend(scalar(value));
    } else {
        pieces.extend(scalar(text));
    }
    pieces
}

/// Where a key ends: at the first colon, outside quotes, before a space or the end of the line.
fn key_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') if at == 0 => quote = Some(letter),
            (Some(open), _) if letter == open => quote = None,
            (None, '#') if text[..at].ends_with(' ') => return None,
            (None, ':') if matches!(text.as_bytes().get(at + 1), None | Some(b' ')) => {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

fn scalar(text: &str) -> Vec<Piece<'_>> {
    let (value, comment) = match text.find(" #") {
        Some(at) if !text.trim_start().starts_with(['"', '\'']) => text.split_at(at + 1),
        _ => (text, ""),
    };
    let lead = value.len() - value.trim_start().len();
    let (space, value) = value.split_at(lead);
    vec![(Ink::Plain, space), (ink(value.trim_end()), value), (Ink::Comment, comment)]
}

fn ink(value: &str) -> Ink {
    match value {
        "true" | "false" | "null" | "~" => Ink::Literal,
        "|" | ">" | "|-" | ">-" | "|+" | ">+" => Ink::Mark,
        _ if value.parse::<f64>().is_ok() => Ink::Literal,
        _ => Ink::Value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_is_lost() {
        let text =
            "a: b # c\n\n- - x: 'y: z' \n  k: |\n    # not a comment\n    t\nwait: true\n---\nurl: https://x:8200\n";
        let back: Vec<String> = lines(text).iter().map(|line| line.iter().map(|(_, text)| *text).collect()).collect();
        assert_eq!(back, text.lines().collect::<Vec<_>>());
    }

    #[test]
    fn keys_values_literals_and_comments_have_their_ink() {
        let all = lines("- name: vault # here\nwait: true\nurl: https://x:8200");
        assert_eq!(
            all.first().map(Vec::as_slice),
            Some(
                [
                    (Ink::Mark, "- "),
                    (Ink::Key, "name"),
                    (Ink::Mark, ":"),
                    (Ink::Plain, " "),
                    (Ink::Value, "vault "),
                    (Ink::Comment, "# here")
                ]
                .as_slice()
            )
        );
        assert_eq!(all.get(1).and_then(|line| line.last()), Some(&(Ink::Literal, "true")));
        assert_eq!(all.get(2).and_then(|line| line.last()), Some(&(Ink::Value, "https://x:8200")));
    }

    #[test]
    fn a_block_scalar_ends_where_its_indent_does() {
        let all = lines("ignore: |\n  /*\n  # kept\nref: main");
        assert_eq!(all.get(2).and_then(|line| line.last()), Some(&(Ink::Value, "# kept")));
        assert_eq!(all.get(3).and_then(|line| line.first()), Some(&(Ink::Key, "ref")));
    }
}
