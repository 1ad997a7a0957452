//! Whether a section is what its schema says.

use super::schema::{Field, Limit, Shape};
use super::{Issue, given, history, join, listed, near, sample, text};
use crate::check::shown;
use serde_json::{Map, Value as Json};

/// Everything in a section that its schema, and that of an older release, does not take.
pub(crate) fn check(provider: &Field, section: &Json, version: &str) -> Vec<Issue> {
    let mut checker = Checker { provider, version, issues: Vec::new() };
    checker.value(&provider.shape, section, "", "");
    checker.limits(provider, section, "");
    checker.issues.extend(still_needed(provider, section, version));
    checker.issues
}

/// What a release demands that the newest schema does not.
fn still_needed(provider: &Field, section: &Json, version: &str) -> Vec<Issue> {
    let mut issues = Vec::new();
    for (path, until) in history::needed(provider.name, version) {
        let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
        let inside = above.split('.').filter(|key| !key.is_empty()).try_fold(section, |at, key| given(at, key));
        if inside.is_some_and(|inside| inside.is_object() && given(inside, name).is_none()) {
            let message = format!("{name} is missing, which External Secrets demands before {until}");
            let hint = sample::hint(provider.name, path);
            issues.push(Issue::new(
                path,
                message,
                format!("{hint}; or use External Secrets {until} or a later version"),
            ));
        }
    }
    issues
}

struct Checker<'c> {
    provider: &'c Field,
    version: &'c str,
    issues: Vec<Issue>,
}

impl Checker<'_> {
    fn issue(&mut self, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.issues.push(Issue::new(path, message, help));
    }

    /// Checks a value. `at` is its path as the section has it (`data[0].key`), `known` as the schema has it (`data.key`).
    fn value(&mut self, shape: &Shape, value: &Json, at: &str, known: &str) {
        match (shape, value) {
            (Shape::Object(_, fields), Json::Object(map)) => self.object(fields, map, at, known),
            (Shape::Map(item), Json::Object(map)) => {
                map.iter().for_each(|(key, value)| self.value(item, value, &join(at, key), known));
            }
            (Shape::List(item), Json::Array(items)) => {
                for (place, value) in items.iter().enumerate() {
                    self.value(item, value, &format!("{at}[{place}]"), known);
                }
            }
            (Shape::Text(choices), Json::String(text)) => self.choice(choices, text, at, known),
            (Shape::Bytes, Json::String(text)) => self.form("base64", text, at),
            (Shape::Flag, Json::Bool(_)) => {}
            (Shape::Integer, Json::Number(number)) if number.is_i64() => {}
            _ => self.issue(at, format!("the value is {}, not {}", what(value), name(shape)), written(shape)),
        }
    }

    fn object(&mut self, fields: &[Field], map: &Map<String, Json>, at: &str, known: &str) {
        let mut meant = Vec::new();
        for (key, value) in map.iter().filter(|(_, value)| !value.is_null()) {
            let at = join(at, key);
            match fields.iter().find(|field| field.name == key) {
                Some(field) => self.field(field, value, &at, &join(known, key)),
                None => {
                    let help = self.suggestion(fields, key);
                    self.issue(at, format!("there is no field {}", shown(key)), help);
                    meant.extend(near(key, fields.iter().map(|field| field.name)));
                }
            }
        }
        let demanded = fields.iter().filter(|field| field.required && field.default.is_none());
        for field in demanded.filter(|field| !meant.contains(&field.name)) {
            if map.get(field.name).is_none_or(Json::is_null) {
                let help = sample::hint(self.provider.name, &join(known, field.name));
                self.issue(join(at, field.name), format!("{} is missing", field.name), help);
            }
        }
    }

    fn field(&mut self, field: &Field, value: &Json, at: &str, known: &str) {
        let path = join(self.provider.name, known);
        match history::of_field(&path, at, self.version) {
            Some(issue) => self.issues.push(issue),
            None => {
                self.value(&field.shape, value, at, known);
                self.limits(field, value, at);
            }
        }
    }

    /// The nearest field here; else one of that name elsewhere; else what there is.
    fn suggestion(&self, fields: &[Field], key: &str) -> String {
        if let Some(near) = near(key, fields.iter().map(|field| field.name)) {
            return format!("did you mean {near}?");
        }
        match elsewhere(self.provider, key, "") {
            Some(path) => format!("did you mean {path}?"),
            None => format!("the fields here are {}", listed(&names(fields))),
        }
    }

    fn choice(&mut self, choices: &[&str], text: &str, at: &str, known: &str) {
        if !choices.is_empty() && !choices.contains(&text) {
            let words: Vec<&str> = choices.iter().copied().filter(|choice| !choice.is_empty()).collect();
            self.issue(
                at,
                format!("{} is not one of its values", shown(text)),
                format!("write one of {}", words.join(", ")),
            );
        }
        let path = join(self.provider.name, known);
        self.issues.extend(history::of_value(&path, text, at, self.version));
    }

    fn form(&mut self, form: &str, text: &str, at: &str) {
        if let Some((message, help)) = text::refused(form, text) {
            self.issue(at, message, help.unwrap_or_default());
        }
    }

    fn limits(&mut self, field: &Field, value: &Json, at: &str) {
        field.limits.iter().for_each(|limit| self.limit(limit, value, at));
    }

    fn limit(&mut self, limit: &Limit, value: &Json, at: &str) {
        match (limit, value) {
            (Limit::Form(form), Json::String(text)) => self.form(form, text, at),
            (Limit::Filled, Json::String(text)) if text.is_empty() => {
                self.issue(at, "the value is empty", "write a value")
            }
            (Limit::Least(least), Json::Number(number)) if number.as_i64().is_some_and(|number| number < *least) => {
                self.issue(at, format!("{number} is too small"), format!("write {least} or more"));
            }
            (Limit::One(of) | Limit::UpToOne(of) | Limit::Some(of) | Limit::Without(of), Json::Object(_)) => {
                let one = matches!(limit, Limit::One(_));
                let (low, high) = match limit {
                    Limit::One(_) | Limit::Some(_) => (1, if one { 1 } else { usize::MAX }),
                    Limit::UpToOne(_) => (0, 1),
                    _ => (0, 0),
                };
                self.issues.extend(counted(value, of, low, high, at, &|_| true));
            }
            _ => {}
        }
    }
}

/// Refuses an object that has too few or too many of some fields. `a+b` counts where both are there; a value counts where
/// it does for whoever looks.
pub(crate) fn counted(
    value: &Json,
    of: &[&str],
    low: usize,
    high: usize,
    at: &str,
    counts: &dyn Fn(&Json) -> bool,
) -> Option<Issue> {
    let is_there = |name: &&&str| name.split('+').all(|name| given(value, name).is_some_and(counts));
    let there: Vec<&str> = of.iter().filter(is_there).copied().collect();
    let all = listed(of).replace(" and ", " or ").replace('+', " with ");
    if there.len() < low {
        return Some(Issue::new(at, format!("{all} is missing"), format!("write {}", one_of(&all, of.len(), high))));
    }
    let too_many = there.len() > high;
    too_many.then(|| match high {
        0 => Issue::new(at, format!("{} is taken by the operator", listed(&there)), "choose another name"),
        _ => Issue::new(at, format!("{} exclude each other", listed(&there)), format!("keep one of them: {all}")),
    })
}

fn one_of(all: &str, count: usize, high: usize) -> String {
    match (count, high) {
        (1, _) => all.to_owned(),
        (_, 1) => format!("one of them: {all}"),
        _ => format!("at least one of them: {all}"),
    }
}

fn names(fields: &[Field]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name).collect()
}

/// Where in the section a field of this name is.
fn elsewhere(field: &Field, key: &str, path: &str) -> Option<String> {
    let own = field.fields().iter().filter(|_| field.shape.selector().is_none());
    own.clone()
        .find(|field| field.name == key)
        .map(|field| join(path, field.name))
        .or_else(|| own.clone().find_map(|field| elsewhere(field, key, &join(path, field.name))))
}

fn what(value: &Json) -> &'static str {
    match value {
        Json::Null => "nothing",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}

fn name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object(..) | Shape::Map(_) => "a mapping",
        Shape::Text(_) | Shape::Bytes => "a text",
        Shape::Flag => "true or false",
        Shape::Integer => "a whole number",
        Shape::List(_) => "a list",
    }
}

/// What to write where such a value is another.
fn written(shape: &Shape) -> String {
    match shape {
        Shape::Text(choices) if !choices.is_empty() => format!("write one of {}", choices.join(", ")),
        Shape::Text(_) | Shape::Bytes => "write a text; put it in quotes where it looks like a number".to_owned(),
        Shape::Flag => "write true or false, without quotes".to_owned(),
        Shape::Integer => "write a whole number, without quotes".to_owned(),
        Shape::Map(_) => "write keys and values below it".to_owned(),
        Shape::List(_) => "write a list".to_owned(),
        Shape::Object(_, fields) if fields.is_empty() => "write {}".to_owned(),
        Shape::Object(_, fields) => format!("write its fields below it: {}", names(fields).join(", ")),
    }
}
