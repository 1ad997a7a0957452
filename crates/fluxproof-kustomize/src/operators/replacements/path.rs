//! Paths to fields: `spec.containers.[name=a].image` (`kyaml/utils/pathsplitter.go`, `kyaml/yaml/fns.go`).

use regex_lite::Regex;

/// What a part of a path asks for.
#[derive(Debug)]
pub(crate) enum Part<'p> {
    /// An item by its number.
    Index(usize),
    /// Items by a field of theirs, or, without one, by themselves.
    Items { field: &'p str, value: &'p str },
    /// Every item.
    Every,
    /// A key of a mapping.
    Key(&'p str),
}

impl<'p> Part<'p> {
    /// A part that asks for several things.
    pub(crate) fn of(text: &'p str) -> Result<Self, String> {
        match text {
            "*" => Ok(Self::Every),
            text => match index(text) {
                Some(index) => Ok(Self::Index(index)),
                None if is_items(text) => items(text),
                None => Ok(Self::Key(text)),
            },
        }
    }
}

/// A number as Go's `Atoi` reads it, if it is not negative.
fn index(text: &str) -> Option<usize> {
    text.strip_prefix('-').unwrap_or(text).parse::<usize>().ok().filter(|index| *index == 0 || !text.starts_with('-'))
}

/// Whether a part stands for items of a list.
pub(crate) fn is_items(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']')
}

/// The field and the value of `[field=value]`.
pub(crate) fn items(text: &str) -> Result<Part<'_>, String> {
    let inner = text.strip_suffix(']').unwrap_or(text);
    match inner.strip_prefix('[').unwrap_or(inner).split_once('=') {
        Some((field, value)) => Ok(Part::Items { field, value }),
        None => Err("list path element must contain fieldName=fieldValue for element to match".to_owned()),
    }
}

/// What is made for a key that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Seq,
    Map,
}

impl Kind {
    /// What must be there for the part behind; `last` where there is none (`getPathPartKind`).
    pub(crate) fn before(next: Option<&str>, last: Self) -> Self {
        match next {
            None | Some("") => last,
            Some(next) if is_items(next) || index(next).is_some() => Self::Seq,
            Some(_) => Self::Map,
        }
    }
}

/// A regular expression that may fit anywhere in a text; most are plain.
#[derive(Debug)]
pub(crate) enum Search<'p> {
    Plain(&'p str),
    Regex(Regex),
}

impl<'p> Search<'p> {
    pub(crate) fn new(pattern: &'p str) -> Result<Self, String> {
        if !pattern.contains(|c| "\\.+*?()|[]{}^$".contains(c)) {
            return Ok(Self::Plain(pattern));
        }
        Regex::new(&as_go(pattern))
            .map(Self::Regex)
            .map_err(|error| format!("error parsing regexp: {error}: `{pattern}`"))
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Plain(plain) => text.contains(plain),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Go takes a brace that counts nothing for itself.
fn as_go(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    for (at, letter) in pattern.char_indices() {
        let counts = || pattern[at + 1..].split_once('}').is_some_and(|(count, _)| is_count(count));
        if letter == '{' && !pattern[..at].ends_with('\\') && !counts() {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// `2`, `2,` or `2,3`
fn is_count(text: &str) -> bool {
    let (least, most) = text.split_once(',').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_go() {
        let fits = |pattern, text| Search::new(pattern).expect(pattern).fits(text);
        assert!(fits("b", "abc") && fits("^a.c$", "abc") && !fits("^b$", "abc"));
        assert!(fits("{\"j\": 1}", "x{\"j\": 1}") && fits("a{2}", "aa") && !fits("a{2}", "a{2}"));
        assert!(Search::new("[").is_err());
    }

    #[test]
    fn numbers_are_places() {
        assert!(matches!(Part::of("0"), Ok(Part::Index(0))));
        assert!(matches!(Part::of("+2"), Ok(Part::Index(2))));
        assert!(matches!(Part::of("-2"), Ok(Part::Key("-2"))));
        assert!(Part::of("[a]").is_err());
    }
}
