//! What the operator refuses, or leaves unused, though the schema takes it: the rules of `data/provider-rules.tsv`.

use super::schema::Field;
use super::shape::counted;
use super::{Issue, Scope, StoreKind, given, join, listed, rows, sample, text};
use crate::check::shown;
use serde_json::Value as Json;

const TABLE: &str = include_str!("../../data/provider-rules.tsv");

/// A rule at a place that it applies to.
struct Case<'c> {
    provider: &'c str,
    /// Where the field is, as the schema has it.
    known: &'c str,
    /// The section as a whole.
    section: &'c Json,
    /// Where the field is.
    at: String,
    /// Its value.
    value: Option<&'c Json>,
    /// The object that the field is in.
    inside: &'c Json,
    /// What the table says beside it.
    with: &'c str,
    scope: &'c Scope<'c>,
}

type Rule = fn(&Case<'_>) -> Option<Issue>;

/// The rules; those without a function say something to [`default_key`] or [`notes`].
const RULES: &[(&str, Option<Rule>)] = &[
    ("needed", Some(needed)),
    ("neededIf", Some(needed_if)),
    ("onlyIf", Some(only_if)),
    ("form", Some(form)),
    ("one", Some(one)),
    ("oneIf", Some(one_if)),
    ("some", Some(some)),
    ("together", Some(together)),
    ("order", Some(order)),
    ("conflict", Some(conflict)),
    ("range", Some(range)),
    ("unique", Some(unique)),
    ("entries", Some(entries)),
    ("secret", Some(secret)),
    ("insecure", Some(insecure)),
    ("not", Some(not)),
    ("clusterOnly", Some(cluster_only)),
    ("key", None),
    ("keys", None),
    ("label", None),
    ("annotation", None),
    ("chart", None),
];

/// What the rules of a provider say of a section.
pub(crate) fn check(provider: &Field, section: &Json, scope: &Scope<'_>) -> Vec<Issue> {
    let mut issues: Vec<Issue> = Vec::new();
    for row in rows(TABLE).filter(|row| row.first() == Some(&provider.name)) {
        let [_, name, path, with, _] = row[..] else { continue };
        let Some(rule) = RULES.iter().find(|(known, _)| *known == name).and_then(|(_, rule)| *rule) else { continue };
        for (at, inside) in places(section, path) {
            let value = if path == "." { Some(inside) } else { given(inside, last(path)) };
            let case = Case { provider: provider.name, known: path, section, value, at, inside, with, scope };
            issues.extend(rule(&case));
        }
    }
    issues
}

/// What the table notes about a field of a provider: the key that the operator takes by itself, an annotation that it reads.
pub(crate) fn notes(provider: &str, rule: &str) -> Vec<(&'static str, &'static str)> {
    let mine = |row: &Vec<&str>| row.len() == 5 && row[0] == provider && row[1] == rule;
    rows(TABLE).filter(mine).map(|row| (row[2], row[3])).collect()
}

/// The key of a Secret that the operator takes where none is named.
pub(crate) fn default_key(provider: &str, path: &str) -> Option<&'static str> {
    notes(provider, "key").into_iter().find(|(known, _)| *known == path).map(|(_, key)| key)
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The objects that the last key of a path is in, with the whole path as the section has it. `items[].key` is in each item.
fn places<'v>(section: &'v Json, path: &str) -> Vec<(String, &'v Json)> {
    if path == "." {
        return vec![(String::new(), section)];
    }
    let Some((parents, key)) = path.rsplit_once('.') else { return vec![(path.to_owned(), section)] };
    let mut at = vec![(String::new(), section)];
    for parent in parents.split('.') {
        at = at.into_iter().flat_map(|(path, value)| below(&path, value, parent)).collect();
    }
    at.into_iter().map(|(path, value)| (join(&path, key), value)).collect()
}

fn below<'v>(path: &str, value: &'v Json, key: &str) -> Vec<(String, &'v Json)> {
    let (key, is_list) = key.strip_suffix("[]").map_or((key, false), |key| (key, true));
    let Some(value) = given(value, key) else { return Vec::new() };
    let path = join(path, key);
    match (is_list, value) {
        (true, Json::Array(items)) => {
            items.iter().enumerate().map(|(place, item)| (format!("{path}[{place}]"), item)).collect()
        }
        (false, Json::Object(_)) => vec![(path, value)],
        _ => Vec::new(),
    }
}

/// Whether `path=value` holds in a section; `path` alone where something is set.
fn holds(section: &Json, condition: &str) -> bool {
    let (path, wanted) = condition.split_once('=').map_or((condition, None), |(path, wanted)| (path, Some(wanted)));
    let found = path.split('.').try_fold(section, |at, key| given(at, key));
    match (found, wanted) {
        (None, wanted) => wanted == Some(""),
        (Some(value), None) => is_set(value),
        (Some(Json::String(text)), Some(wanted)) => text == wanted,
        (Some(Json::Bool(flag)), Some(wanted)) => flag.to_string() == wanted,
        (Some(_), Some(_)) => false,
    }
}

fn holds_one(section: &Json, conditions: &str) -> bool {
    conditions.split('|').any(|condition| holds(section, condition))
}

/// Whether a Go program would see more than the zero value.
fn is_set(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_i64() != Some(0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(_) => true,
    }
}

impl Case<'_> {
    fn issue(&self, message: impl Into<String>, help: impl Into<String>) -> Option<Issue> {
        Some(Issue::new(&self.at, message, help))
    }

    fn text(&self) -> Option<&str> {
        self.value?.as_str()
    }

    fn hint(&self) -> String {
        sample::hint(self.provider, &self.known.replace("[]", ""))
    }

    fn words(&self) -> Vec<&str> {
        self.with.split(',').collect()
    }
}

/// The operator demands the field, and that it is not empty.
fn needed(case: &Case<'_>) -> Option<Issue> {
    match case.value {
        None => case.issue(format!("{} is missing, which the operator demands", last(&case.at)), case.hint()),
        Some(Json::String(text)) if text.is_empty() => case.issue("the value is empty", "write a value"),
        Some(_) => None,
    }
}

/// The same while a condition holds.
fn needed_if(case: &Case<'_>) -> Option<Issue> {
    let (condition, why) = case.with.split_once(' ').unwrap_or((case.with, ""));
    let missing = holds_one(case.section, condition) && case.value.is_none();
    missing.then(|| Issue::new(&case.at, format!("{} is missing, {why}", last(&case.at)), case.hint()))
}

/// The field does nothing, or is refused, unless a condition holds.
fn only_if(case: &Case<'_>) -> Option<Issue> {
    let unmet = case.value.is_some_and(is_set) && !holds_one(case.section, case.with);
    let first = told(case.with.split('|').next().unwrap_or(""));
    unmet.then(|| {
        Issue::new(
            &case.at,
            format!("{} goes only with {first}", last(&case.at)),
            format!("write {first}, or leave it out"),
        )
    })
}

fn form(case: &Case<'_>) -> Option<Issue> {
    let (message, help) = text::refused(case.with, case.text()?)?;
    case.issue(message, help.unwrap_or_default())
}

fn one(case: &Case<'_>) -> Option<Issue> {
    counted(case.value?, &case.words(), 1, 1, &case.at, &is_set)
}

fn one_if(case: &Case<'_>) -> Option<Issue> {
    let (words, condition) = case.with.split_once(' ')?;
    let words: Vec<&str> = words.split(',').collect();
    counted(case.value.filter(|_| holds_one(case.section, condition))?, &words, 1, 1, &case.at, &is_set)
}

fn some(case: &Case<'_>) -> Option<Issue> {
    counted(case.value?, &case.words(), 1, usize::MAX, &case.at, &is_set)
}

/// Both or neither.
fn together(case: &Case<'_>) -> Option<Issue> {
    let words = case.words();
    let (there, missing): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| case.value.is_some_and(|value| given(value, word).is_some_and(is_set)));
    let half = !there.is_empty() && !missing.is_empty();
    half.then(|| {
        let message = format!("{} is missing beside {}", listed(&missing), listed(&there));
        Issue::new(join(&case.at, missing.first().unwrap_or(&"")), message, "write both, or neither")
    })
}

/// Of several ways the operator takes the first and leaves the others unused.
fn order(case: &Case<'_>) -> Option<Issue> {
    let ways: Vec<&str> = case.with.split('>').filter(|way| holds(case.value.unwrap_or(&Json::Null), way)).collect();
    let [taken, unused, ..] = ways[..] else { return None };
    let message = format!("{unused} is ignored: the operator takes {taken}");
    Some(Issue::new(join(&case.at, unused), message, format!("keep one of them: {}", listed(&ways))))
}

fn conflict(case: &Case<'_>) -> Option<Issue> {
    let both = case.value.is_some_and(is_set) && holds(case.inside, case.with);
    let other = told(case.with);
    both.then(|| Issue::new(&case.at, format!("{} cannot stand beside {other}", last(&case.at)), "keep one of them"))
}

/// A number between two others, or 0.
fn range(case: &Case<'_>) -> Option<Issue> {
    let (low, high) = case.with.split_once('-')?;
    let (low, high): (i64, i64) = (low.parse().ok()?, high.parse().ok()?);
    let number = case.value?.as_i64().filter(|number| *number != 0 && !(low..=high).contains(number))?;
    case.issue(format!("{number} is not between {low} and {high}"), format!("write a number from {low} to {high}"))
}

/// No value stands at two keys.
fn unique(case: &Case<'_>) -> Option<Issue> {
    let values: Vec<&Json> = case.value?.as_object()?.values().collect();
    let twice = values.iter().enumerate().find(|(place, value)| values[..*place].contains(value))?;
    case.issue(
        format!("the number {} is there twice", twice.1),
        "give each its own number: it is the order in which they are asked",
    )
}

/// At least one entry.
fn entries(case: &Case<'_>) -> Option<Issue> {
    let is_empty = match case.value? {
        Json::Object(map) => map.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    };
    is_empty.then(|| Issue::new(&case.at, format!("{} is empty", last(&case.at)), "write at least one entry"))
}

/// A secret that would lie in Git.
fn secret(case: &Case<'_>) -> Option<Issue> {
    case.value?;
    case.issue("a secret would be written into the repository", "name a key of a Secret instead: secretRef")
}

fn insecure(case: &Case<'_>) -> Option<Issue> {
    let plain = case.text()?.starts_with("http://") && !holds(case.section, case.with);
    plain.then(|| Issue::new(&case.at, "the operator refuses plain http", "write https, or insecure: true beside it"))
}

/// An object that is not to be all of this.
fn not(case: &Case<'_>) -> Option<Issue> {
    let value = case.value?;
    let all = case.words().into_iter().all(|condition| holds(value, condition));
    all.then(|| {
        let words: Vec<String> = case.words().into_iter().map(told).collect();
        Issue::new(&case.at, format!("the operator refuses {}", words.join(" with ")), "change one of them")
    })
}

/// `path=value` as a config says it.
fn told(condition: &str) -> String {
    match condition.split_once('=') {
        Some((path, "")) => format!("{path}: \"\""),
        Some((path, value)) => format!("{path}: {value}"),
        None => condition.to_owned(),
    }
}

fn cluster_only(case: &Case<'_>) -> Option<Issue> {
    let text = case.text().filter(|_| case.scope.kind == StoreKind::SecretStore)?;
    case.issue(
        format!("{} has no place in a SecretStore", shown(text)),
        "leave it out: the store reads its own namespace",
    )
}

/// The rules of a provider in words.
#[cfg(test)]
pub(crate) fn sentences(provider: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (rule, what) in
        [("needed", "Must be there and not be empty"), ("secret", "Refused, because a secret would be in Git")]
    {
        let paths: Vec<String> = notes(provider, rule).iter().map(|(path, _)| format!("`{path}`")).collect();
        out.extend((!paths.is_empty()).then(|| format!("{what}: {}.", paths.join(", "))));
    }
    let mine = rows(TABLE).filter(|row| row[0] == provider);
    out.extend(mine.filter_map(|row| sentence(row[1], row[2], row[3])));
    out
}

#[cfg(test)]
fn sentence(rule: &str, path: &str, with: &str) -> Option<String> {
    let code = |words: &str, between: char| -> String {
        let words: Vec<String> =
            words.split(between).map(|word| format!("`{}`", told(word).replace('+', "` with `"))).collect();
        listed(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let at = if path == "." { "the section".to_owned() } else { format!("`{path}`") };
    let (condition, why) = with.split_once(' ').unwrap_or((with, ""));
    Some(match rule {
        "neededIf" => format!("{at} must be there with {}{}.", code(condition.split('|').next()?, '|'), reason(why)),
        "onlyIf" => format!("{at} goes only with {}.", code(condition.split('|').next()?, '|')),
        "form" => format!("{at} must be {}.", text::example(with)),
        "one" => format!("Of {} exactly one is in {at}.", code(with, ',')),
        "oneIf" => {
            format!("Of {} exactly one is in {at} with {}.", code(condition, ','), code(why.split('|').next()?, '|'))
        }
        "some" => format!("Of {} at least one is in {at}.", code(with, ',')),
        "together" => format!("{} are both in {at}, or neither.", code(with, ',')),
        "order" => format!(
            "Of {} only one may be in {at}: the operator takes the first and ignores the others.",
            code(with, '>')
        ),
        "conflict" => format!("{at} cannot stand beside {}.", code(with, ',')),
        "range" => format!("{at} is from {}, or 0.", with.replace('-', " to ")),
        "unique" => format!("No number is twice in {at}."),
        "entries" => format!("{at} is not empty."),
        "insecure" => format!("{at} with http needs {}.", code(with, ',')),
        "not" => format!("In {at}, {} are refused together.", code(with, ',')),
        "clusterOnly" => format!("{at} has no place in a SecretStore."),
        "key" => format!("{at} has the key `{with}` by default."),
        _ => return None,
    })
}

#[cfg(test)]
fn reason(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(", {why}") }
}

#[cfg(test)]
mod tests {
    use super::super::schema::provider;
    use super::*;

    #[test]
    fn rules_are_known_and_of_fields_that_are_in_the_schema() {
        for row in rows(TABLE) {
            let [name, rule, path, with, source] = row[..] else { panic!("{row:?}") };
            let schema = provider(name).unwrap_or_else(|| panic!("{row:?}"));
            assert!(path == "." || schema.at(path).is_some(), "{row:?}");
            assert!(RULES.iter().any(|(known, _)| *known == rule), "{row:?}");
            assert!(source.contains(".go:") || source.starts_with("deploy/"), "{row:?}");
            let below = if path == "." { Some(schema) } else { schema.at(path) };
            if ["one", "oneIf", "some", "together", "order"].contains(&rule) {
                for word in with.split(' ').next().unwrap_or("").split([',', '>', '+']) {
                    assert!(below.is_some_and(|it| it.at(word).is_some()), "{row:?}: {word}");
                }
            }
            if ["neededIf", "onlyIf"].contains(&rule) {
                for condition in with.split(' ').next().unwrap_or("").split('|') {
                    assert!(schema.at(condition.split('=').next().unwrap_or("")).is_some(), "{row:?}");
                }
            }
        }
    }
}
