//! The language of `${name}`: Flux's fork of drone/envsubst (fluxcd/pkg `envsubst`), quirks included.

use std::collections::BTreeMap;

/// How deep functions may nest (`${a:-${b:-…}}`): a bound for hostile trees.
const MAX_NESTING: usize = 64;

/// What is known of a variable.
pub(crate) enum Lookup<'v> {
    Value(&'v str),
    Unset,
    /// It may be set, and to what is not known.
    Unknown,
}

/// Why a text cannot be substituted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It is not of the language; Flux's words.
    Syntax(&'static str),
    /// A variable that is not set: an error since Flux 2.9, empty before.
    Unset(String),
    /// A variable whose value is not known.
    Unknown(String),
}

const NOT_CLOSED: Failure = Failure::Syntax("missing closing brace");
const BAD: Failure = Failure::Syntax("bad substitution");
const NO_NAME: Failure = Failure::Syntax("unable to parse variable name");
const NO_PARAMETER: Failure = Failure::Syntax("unable to parse substitution within function");
const NO_DEFAULT: Failure = Failure::Syntax("unable to parse default function");

/// A function that stays in the text because a variable is not known or not set: where it begins, in bytes.
pub(crate) type Left = (usize, Failure);

/// Substitutes the variables of a text. A function whose variable is not known, or not set, stays as it is and is told;
/// what is not of the language ends it all.
pub(crate) fn expand<'v>(text: &str, look_up: &dyn Fn(&str) -> Lookup<'v>) -> Result<(String, Vec<Left>), Left> {
    let mut reader = Reader { rest: Rest(text), look_up, depth: 0 };
    let (mut out, mut left) = (String::with_capacity(text.len()), Vec::new());
    while let Some(dollar) = reader.rest.0.find('$') {
        let from = &reader.rest.0[dollar..];
        let start = text.len() - from.len();
        out.push_str(&reader.rest.0[..dollar]);
        reader.rest.0 = &from[1..];
        match reader.rest.peek() {
            Some('{') => match reader.function() {
                Ok(value) => out.push_str(&value),
                Err(failure @ Failure::Syntax(_)) => return Err((start, failure)),
                Err(failure) => {
                    left.push((start, failure));
                    let whole = function(from);
                    out.push_str(whole);
                    reader = Reader { rest: Rest(&from[whole.len()..]), look_up, depth: 0 };
                }
            },
            Some('$') => out.extend(reader.rest.next()),
            _ => out.push('$'),
        }
    }
    out.push_str(reader.rest.0);
    Ok((out, left))
}

/// A text that is read from the front.
#[derive(Clone, Copy)]
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn peek(&self) -> Option<char> {
        self.0.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        self.next_if(|_| true)
    }

    fn next_if(&mut self, fits: impl Fn(char) -> bool) -> Option<char> {
        let first = self.peek().filter(|c| fits(*c))?;
        self.0 = &self.0[first.len_utf8()..];
        Some(first)
    }

    fn next_if_eq(&mut self, wanted: char) -> Option<char> {
        self.next_if(|c| c == wanted)
    }
}

/// The function that a text begins with: up to the brace that closes it.
fn function(text: &str) -> &str {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return &text[..=at],
            '}' => depth -= 1,
            _ => {}
        }
    }
    text
}

/// Substitutes the variables of a text as Flux does: a variable that is not set is an error where `strict`, and empty
/// where not.
///
/// # Errors
/// Flux's own words for what is wrong.
pub fn substitute(text: &str, variables: &BTreeMap<String, String>, strict: bool) -> Result<String, String> {
    let look_up = |name: &str| match variables.get(name) {
        Some(value) => Lookup::Value(value),
        None if strict => Lookup::Unset,
        None => Lookup::Value(""),
    };
    let said = |(_, failure): Left| match failure {
        Failure::Syntax(what) => what.to_owned(),
        Failure::Unset(name) | Failure::Unknown(name) => format!("variable not set (strict mode): \"{name}\""),
    };
    let (text, left) = expand(text, &look_up).map_err(said)?;
    left.into_iter().next().map_or(Ok(text), |left| Err(said(left)))
}

struct Reader<'t, 'f, 'v> {
    rest: Rest<'t>,
    look_up: &'f dyn Fn(&str) -> Lookup<'v>,
    depth: usize,
}

impl Reader<'_, '_, '_> {
    /// A function, from its `{` on.
    fn function(&mut self) -> Result<String, Failure> {
        self.rest.next();
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(Failure::Syntax("substitutions nest too deep"));
        }
        let result = if self.rest.peek() == Some('#') { self.length() } else { self.named() };
        self.depth -= 1;
        result
    }

    /// `${#name}`
    fn length(&mut self) -> Result<String, Failure> {
        self.rest.next();
        let name = self.name().ok_or(BAD)?;
        self.close(BAD)?;
        Ok(self.value(&name)?.len().to_string())
    }

    fn named(&mut self) -> Result<String, Failure> {
        let name = self.name().ok_or(NO_NAME)?;
        match self.rest.peek() {
            Some(':') => self.colon(&name),
            Some('=') => {
                self.rest.next();
                self.default(&name)
            }
            Some(',' | '^') => self.case(&name),
            Some('/') => self.replace(&name),
            Some(mark @ ('#' | '%')) => self.trim(&name, mark),
            _ => {
                self.close(NOT_CLOSED)?;
                self.value(&name)
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_alphabetic() || c.is_numeric() || c == '_') {
            name.push(c);
        }
        (!name.is_empty()).then_some(name)
    }

    fn close(&mut self, failure: Failure) -> Result<(), Failure> {
        self.rest.next_if_eq('}').map(|_| ()).ok_or(failure)
    }

    /// The value where one must be set.
    fn value(&self, name: &str) -> Result<String, Failure> {
        match (self.look_up)(name) {
            Lookup::Value(value) => Ok(value.to_owned()),
            Lookup::Unset => Err(Failure::Unset(name.to_owned())),
            Lookup::Unknown => Err(Failure::Unknown(name.to_owned())),
        }
    }

    /// A parameter up to a character that ends it, or one nested function.
    fn parameter(&mut self, ends: &[char], escapes: bool) -> Result<String, Failure> {
        let mut text = String::new();
        loop {
            let mut ahead = self.rest;
            let (first, second) = (ahead.next(), ahead.next());
            match (first, second) {
                (Some('$'), Some('{')) if text.is_empty() => {
                    self.rest.next();
                    return self.function();
                }
                (Some('$'), Some('{')) | (None, _) => break,
                (Some('$'), Some('$')) | (Some('\\'), Some('/' | '\\')) if escapes => {
                    self.rest.next();
                    text.extend(self.rest.next());
                }
                (Some(c), _) if ends.contains(&c) => break,
                (Some(c), _) => {
                    self.rest.next();
                    text.push(c);
                }
            }
        }
        if text.is_empty() { Err(NO_PARAMETER) } else { Ok(text) }
    }

    fn colon(&mut self, name: &str) -> Result<String, Failure> {
        self.rest.next();
        match self.rest.next_if(|c| matches!(c, '=' | '-' | '?' | '+')) {
            Some(_) => self.default(name),
            None => self.substring(name),
        }
    }

    /// All default operators do the same: an empty value, or none, becomes the parameters in a row.
    fn default(&mut self, name: &str) -> Result<String, Failure> {
        let mut default = String::new();
        let mut unknown = None;
        while self.rest.peek() != Some('}') {
            match self.parameter(&['}'], false) {
                Ok(part) => default.push_str(&part),
                Err(Failure::Syntax(what)) => return Err(Failure::Syntax(what)),
                Err(other) => drop(unknown.get_or_insert(other)),
            }
        }
        self.close(NO_DEFAULT)?;
        // Parameters are evaluated first, so that one that is not set is an error even where nobody needs it.
        match (unknown, (self.look_up)(name)) {
            (Some(Failure::Unset(other)), _) => Err(Failure::Unset(other)),
            (_, Lookup::Value(value)) if !value.is_empty() => Ok(value.to_owned()),
            (_, Lookup::Unknown) => Err(Failure::Unknown(name.to_owned())),
            (Some(failure), _) => Err(failure),
            (None, _) => Ok(default),
        }
    }

    /// `${name:start}` and `${name:start:length}`, in bytes.
    fn substring(&mut self, name: &str) -> Result<String, Failure> {
        let start = self.parameter(&[':', '}'], false)?;
        if self.rest.next_if_eq('}').is_some() {
            return Ok(substring(&self.value(name)?, &start, None));
        }
        self.rest.next_if_eq(':').ok_or(BAD)?;
        while self.rest.next_if_eq(':').is_some() {}
        let length = self.parameter(&['}'], false)?;
        self.close(BAD)?;
        Ok(substring(&self.value(name)?, &start, Some(&length)))
    }

    fn case(&mut self, name: &str) -> Result<String, Failure> {
        let mut operator = String::new();
        while let Some(c) = self.rest.next_if(|c| matches!(c, ',' | '^')).filter(|_| operator.len() < 2) {
            operator.push(c);
        }
        self.close(BAD)?;
        let value = self.value(name)?;
        Ok(match &*operator {
            "," => first(&value, |c| c.to_lowercase().collect()),
            ",," => value.to_lowercase(),
            "^" => first(&value, |c| c.to_uppercase().collect()),
            "^^" => value.to_uppercase(),
            _ => value,
        })
    }

    fn trim(&mut self, name: &str, mark: char) -> Result<String, Failure> {
        self.rest.next();
        let longest = self.rest.next_if_eq(mark).is_some();
        let pattern = self.parameter(&['}'], false)?;
        self.close(BAD)?;
        let value = self.value(name)?;
        Ok(if mark == '#' {
            without_prefix(&value, &pattern, longest)
        } else {
            without_suffix(&value, &pattern, longest)
        })
    }

    fn replace(&mut self, name: &str) -> Result<String, Failure> {
        self.rest.next();
        let mode = self.rest.next_if(|c| matches!(c, '/' | '#' | '%'));
        let pattern = if self.rest.peek() == Some('/') { String::new() } else { self.parameter(&['/'], true)? };
        self.rest.next_if_eq('/').ok_or(BAD)?;
        while self.rest.next_if_eq('/').is_some() {}
        let new = if self.rest.peek() == Some('}') { None } else { Some(self.parameter(&['}'], true)?) };
        self.close(BAD)?;
        let value = self.value(name)?;
        Ok(replaced(&value, mode, &pattern, new.as_deref()))
    }
}

fn first(value: &str, change: impl Fn(char) -> String) -> String {
    let mut rest = value.chars();
    rest.next().map_or(String::new(), |c| format!("{}{}", change(c), rest.as_str()))
}

fn replaced(value: &str, mode: Option<char>, pattern: &str, new: Option<&str>) -> String {
    match (mode, new) {
        (None, new) => value.replacen(pattern, new.unwrap_or(""), 1),
        (Some('/'), new) => value.replace(pattern, new.unwrap_or("")),
        (Some('#'), Some(new)) => value.strip_prefix(pattern).map_or(value.to_owned(), |rest| format!("{new}{rest}")),
        (Some('%'), Some(new)) => value.strip_suffix(pattern).map_or(value.to_owned(), |rest| format!("{rest}{new}")),
        _ => value.to_owned(),
    }
}

/// A part of a value in bytes; below zero counts from the end, and what is no number changes nothing.
fn substring(value: &str, start: &str, length: Option<&str>) -> String {
    let size = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let Ok(start) = start.parse::<i64>() else { return value.to_owned() };
    let start = if start < 0 { (size + start).max(0) } else { start };
    let end = match length.map(str::parse::<i64>) {
        None => size,
        Some(Err(_)) => return value.to_owned(),
        Some(Ok(length)) if length < 0 => size + length,
        Some(Ok(length)) => start.saturating_add(length).min(size),
    };
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let bytes = range.and_then(|(start, end)| value.as_bytes().get(start..end)).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// The value without the shortest or longest beginning that a pattern fits.
fn without_prefix(value: &str, pattern: &str, longest: bool) -> String {
    let ends = value.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut fitting = ends.filter(|end| fits(pattern, &value[..*end]));
    let end = if longest { fitting.next_back() } else { fitting.next() };
    end.map_or(value, |end| &value[end..]).to_owned()
}

/// The same from behind: both are turned around, as Flux does.
fn without_suffix(value: &str, pattern: &str, longest: bool) -> String {
    let turned = |text: &str| text.chars().rev().collect::<String>();
    turned(&without_prefix(&turned(value), &turned(pattern), longest))
}

/// Whether a glob fits: `*`, `?`, `[a-z]`, `[^a]` and `\`. A malformed one fits nothing.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut star: Option<(&str, &str)> = None;
    loop {
        if pattern.is_empty() && text.is_empty() {
            return true;
        }
        if let Some(after) = pattern.strip_prefix('*') {
            star = Some((after, text));
            pattern = after;
            continue;
        }
        if let Some((rest, c)) = without_first(text)
            && let Some(next) = one(pattern, c)
        {
            (pattern, text) = (next, rest);
            continue;
        }
        let Some((after, (rest, _))) = star.and_then(|(after, at)| Some((after, without_first(at)?))) else {
            return false;
        };
        (pattern, text) = (after, rest);
        star = Some((after, rest));
    }
}

fn without_first(text: &str) -> Option<(&str, char)> {
    let mut chars = text.chars();
    chars.next().map(|c| (chars.as_str(), c))
}

/// The rest of the pattern, if its first part fits a character.
fn one(pattern: &str, c: char) -> Option<&str> {
    match without_first(pattern)? {
        (rest, '?') => Some(rest),
        (rest, '\\') => rest.strip_prefix(c),
        (rest, '[') => class(rest, c),
        (rest, other) => (other == c).then_some(rest),
    }
}

fn class(pattern: &str, c: char) -> Option<&str> {
    let negated = pattern.starts_with('^');
    let (mut rest, mut found) = (pattern.strip_prefix('^').unwrap_or(pattern), false);
    loop {
        let (after, low) = without_first(rest)?;
        if low == ']' {
            return (found != negated).then_some(after);
        }
        let (after, high) = after.strip_prefix('-').map_or(Some((after, low)), without_first)?;
        found |= (low..=high).contains(&c);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Lookup<'static> {
        match name {
            "v" => Lookup::Value("abcABC"),
            "path" => Lookup::Value("a/b/c.tar.gz"),
            "empty" => Lookup::Value(""),
            "two" => Lookup::Value("2"),
            "secret" => Lookup::Unknown,
            _ => Lookup::Unset,
        }
    }

    fn run(text: &str) -> Result<String, Failure> {
        let (expanded, left) = expand(text, &known).map_err(|(_, failure)| failure)?;
        left.into_iter().next().map_or(Ok(expanded), |(_, failure)| Err(failure))
    }

    #[test]
    fn every_operator() {
        for (text, expected) in [
            ("no $v $(v) here", "no $v $(v) here"),
            ("x${v}y${two}", "xabcABCy2"),
            ("$${v}", "${v}"),
            ("$$v $$$${v}", "$v $${v}"),
            ("${#v}", "6"),
            ("${v^}", "AbcABC"),
            ("${v^^}", "ABCABC"),
            ("${v,,}", "abcabc"),
            ("${v:2}", "cABC"),
            ("${v:1:2}", "bc"),
            ("${v:-2}", "abcABC"),
            ("${v: -2}", "abcABC"),
            ("${v:1:-1}", "bcAB"),
            ("${v:9}", ""),
            ("${v:${two}}", "cABC"),
            ("${gone:-d}", "d"),
            ("${gone:=d e}", "d e"),
            ("${gone=d}", "d"),
            ("${gone:?d}", "d"),
            ("${gone:+d}", "d"),
            ("${empty:-d}", "d"),
            ("${v:-d}", "abcABC"),
            ("${gone:-}", ""),
            ("${gone:-a${two}b}", "a2b"),
            ("${gone:-${alsogone:-deep}}", "deep"),
            ("${path#*/}", "b/c.tar.gz"),
            ("${path##*/}", "c.tar.gz"),
            ("${path%.*}", "a/b/c.tar"),
            ("${path%%.*}", "a/b/c"),
            ("${path#[a-c]?}", "b/c.tar.gz"),
            ("${v/b/-}", "a-cABC"),
            ("${path/\\//-}", "a-b/c.tar.gz"),
            ("${path//\\//-}", "a-b-c.tar.gz"),
            ("${v/b/}", "acABC"),
            ("${v/#ab/x}", "xcABC"),
            ("${v/%BC/x}", "abcAx"),
            ("${v/%z/x}", "abcABC"),
        ] {
            assert_eq!(run(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_of_the_language() {
        for (text, failure) in [
            ("${}", NO_NAME),
            ("${{ v }}", NO_NAME),
            ("${v", NOT_CLOSED),
            ("${v-d}", NOT_CLOSED),
            ("${v@Q}", NOT_CLOSED),
            ("${list[@]}", NOT_CLOSED),
            ("${#}", BAD),
            ("${v::2}", NO_PARAMETER),
            ("${v:-d", NO_PARAMETER),
            ("${v^^x}", BAD),
            ("${v/b}", BAD),
        ] {
            assert_eq!(run(text), Err(failure), "{text}");
        }
        let deep = "${g:-".repeat(1000);
        assert_eq!(run(&deep), Err(Failure::Syntax("substitutions nest too deep")));
    }

    #[test]
    fn what_is_not_set_or_not_known() {
        for text in ["${gone}", "${#gone}", "${gone^^}", "${gone:1}", "${gone/a/b}", "${v:-${gone}}"] {
            assert_eq!(run(text), Err(Failure::Unset("gone".to_owned())), "{text}");
        }
        for text in ["${secret}", "${secret:-d}", "${#secret}", "${gone:-${secret}}"] {
            assert_eq!(run(text), Err(Failure::Unknown("secret".to_owned())), "{text}");
        }
        assert_eq!(run("${v:-${secret}}"), Ok("abcABC".to_owned()), "nobody needs the default");
        let (text, left) = expand("a ${two} ${gone:-${secret}} ${v:1:1}", &known).expect("a text");
        assert_eq!(text, "a 2 ${gone:-${secret}} b", "what is not known stays as it is");
        assert_eq!(left, [(9, Failure::Unknown("secret".to_owned()))]);
    }
}
