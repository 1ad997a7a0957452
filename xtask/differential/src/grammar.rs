//! A text with choices: `‹a¦b›` is one of its alternatives, `«rule»` the text of a rule, and `«+rule.yaml»` the name of a
//! new file that holds it. The lines of a rule are indented as the line is that it stands on.

use crate::random::Random;
use crate::rules::RULES;
use crate::tree::Object;
use std::collections::{BTreeMap, BTreeSet};

/// Rules that call themselves end here.
const MAX_DEPTH: usize = 12;

/// What expands texts, and what it has made so far.
pub(crate) struct Maker {
    pub(crate) random: Random,
    /// Where new files go.
    pub(crate) folder: String,
    pub(crate) files: BTreeMap<String, String>,
    /// The objects that a rule may speak of.
    pub(crate) objects: Vec<Object>,
    /// Which alternatives were taken, by the text they are written in.
    pub(crate) taken: BTreeSet<(&'static str, usize)>,
    in_patch: bool,
    depth: usize,
}

impl Maker {
    pub(crate) fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        let (folder, files, objects, taken) = (String::new(), BTreeMap::new(), Vec::new(), BTreeSet::new());
        Self { random, folder, files, objects, taken, in_patch: false, depth: 0 }
    }

    /// A text with all of its choices made.
    pub(crate) fn text(&mut self, template: &'static str) -> String {
        let mut out = String::new();
        self.expand(template, &mut out);
        out
    }

    fn expand(&mut self, mut rest: &'static str, out: &mut String) {
        while let Some(at) = rest.find(['‹', '«']) {
            out.push_str(&rest[..at]);
            rest =
                if rest[at..].starts_with('‹') { self.choice(&rest[at..], out) } else { self.call(&rest[at..], out) };
        }
        out.push_str(rest);
    }

    /// Takes one of the alternatives that a text begins with; gives what is behind them.
    fn choice(&mut self, text: &'static str, out: &mut String) -> &'static str {
        let (alternatives, rest) = alternatives(text);
        let taken = self.random.below(alternatives.len());
        self.taken.insert((&text[..text.len() - rest.len()], taken));
        self.expand(alternatives[taken], out);
        rest
    }

    /// Writes the rule that a text begins with; gives what is behind it.
    fn call(&mut self, text: &'static str, out: &mut String) -> &'static str {
        let inner = &text['«'.len_utf8()..];
        let (name, rest) = inner.split_once('»').unwrap_or((inner, ""));
        let written = match name.strip_prefix('+') {
            Some(file) => self.file(file),
            None => self.rule(name),
        };
        out.push_str(&written.replace('\n', &format!("\n{}", indentation(out))));
        rest
    }

    fn file(&mut self, name: &'static str) -> String {
        let (rule, end) = name.split_once('.').unwrap_or((name, ""));
        let text = self.rule(rule);
        let name = format!("f{}.{end}", self.files.len());
        self.files.insert(format!("{}/{name}", self.folder), format!("{}\n", text.trim_end_matches('\n')));
        name
    }

    pub(crate) fn rule(&mut self, name: &'static str) -> String {
        if self.depth >= MAX_DEPTH {
            return "deep".to_owned();
        }
        self.depth += 1;
        let text = match name {
            "name" => self.object().name,
            "kind" => self.object().kind.to_owned(),
            "id" => self.object().header(),
            "patch" => self.patch(),
            "directive" | "directive-in-flow" if !self.in_patch => String::new(),
            _ => RULES.iter().find(|(rule, _)| *rule == name).map_or(String::new(), |(_, text)| self.text(text)),
        };
        self.depth -= 1;
        text
    }

    fn object(&mut self) -> Object {
        let stranger = Object { api: "v1", kind: "ConfigMap", name: "stranger".to_owned(), body: "" };
        if self.random.chance(4) { stranger } else { self.random.pick(&self.objects).cloned().unwrap_or(stranger) }
    }

    /// A strategic merge patch of an object: a body such as its kind has.
    fn patch(&mut self) -> String {
        let object = self.object();
        self.in_patch = true;
        let body = self.text(object.body);
        self.in_patch = false;
        format!("{}\n{body}", object.header())
    }
}

/// The alternatives that a text begins with, and what is behind.
fn alternatives(text: &'static str) -> (Vec<&'static str>, &'static str) {
    let (mut depth, mut start, mut found) = (0, '‹'.len_utf8(), Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '‹' => depth += 1,
            '¦' if depth == 1 => {
                found.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            '›' if depth == 1 => {
                found.push(&text[start..at]);
                return (found, &text[at + c.len_utf8()..]);
            }
            '›' => depth -= 1,
            _ => {}
        }
    }
    (vec![&text[start..]], "")
}

/// The choices in a text, and how many alternatives each has.
#[cfg(test)]
pub(crate) fn choices(text: &'static str) -> Vec<(&'static str, usize)> {
    let starts = text.match_indices('‹').map(|(at, _)| &text[at..]);
    let count = |text: &'static str| {
        let (alternatives, rest) = alternatives(text);
        (&text[..text.len() - rest.len()], alternatives.len())
    };
    starts.map(count).collect()
}

/// Spaces up to the text of the last line; a dash of a list is as wide as spaces are.
fn indentation(text: &str) -> String {
    let line = text.rsplit('\n').next().unwrap_or("");
    let mut rest = line.trim_start_matches(' ');
    while let Some(behind) = rest.strip_prefix("- ") {
        rest = behind.trim_start_matches(' ');
    }
    " ".repeat(line.len() - rest.len())
}
