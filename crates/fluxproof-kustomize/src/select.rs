//! Which resources an operator means.

use crate::Resource;
use fluxproof_yaml::Value;

/// Whether a target can be decided, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
    /// The selector has an expression that is not modelled.
    Unknown,
}

/// A patch's target: names and kinds are anchored regular expressions, selectors are lists of `key=value`.
pub(crate) fn target(resource: &Resource, target: &Value) -> Match {
    let fields = [
        ("group", resource.group()),
        ("version", resource.version()),
        ("kind", resource.kind()),
        ("name", resource.name()),
        ("namespace", resource.namespace().unwrap_or("default")),
    ];
    let mut result = Match::Yes;
    for (key, actual) in fields {
        if let Some(pattern) = target.str_at(&[key]).filter(|pattern| !pattern.is_empty()) {
            result = and(result, anchored(pattern, actual));
        }
    }
    for (key, field) in [("labelSelector", "labels"), ("annotationSelector", "annotations")] {
        if let Some(selector) = target.str_at(&[key]).filter(|selector| !selector.is_empty()) {
            result = and(result, selected(resource, field, selector));
        }
    }
    result
}

fn and(a: Match, b: Match) -> Match {
    match (a, b) {
        (Match::No, _) | (_, Match::No) => Match::No,
        (Match::Unknown, _) | (_, Match::Unknown) => Match::Unknown,
        _ => Match::Yes,
    }
}

/// The regular expressions that people write here: plain text, `.*` anywhere, and `a|b`; anything else is unknown.
fn anchored(pattern: &str, text: &str) -> Match {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    let inner = pattern.strip_prefix('(').and_then(|p| p.strip_suffix(')')).filter(|p| !p.contains(['(', ')']));
    let mut result = Match::No;
    for choice in inner.unwrap_or(pattern).split('|') {
        match wildcard(choice, text) {
            Match::Yes => return Match::Yes,
            Match::Unknown => result = Match::Unknown,
            Match::No => {}
        }
    }
    result
}

fn wildcard(pattern: &str, text: &str) -> Match {
    let literal = pattern.replace(".*", "");
    if literal.contains(['*', '+', '?', '[', ']', '(', ')', '{', '}', '\\', '^', '$']) {
        return Match::Unknown;
    }
    let parts: Vec<&str> = pattern.split(".*").collect();
    let found = if parts.len() == 1 { same(pattern, text) } else { in_order(&parts, text) };
    if found { Match::Yes } else { Match::No }
}

/// A dot stands for any character, itself included.
fn same(pattern: &str, text: &str) -> bool {
    pattern.chars().count() == text.chars().count()
        && pattern.chars().zip(text.chars()).all(|(p, t)| p == '.' || p == t)
}

fn in_order(parts: &[&str], text: &str) -> bool {
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if !text.starts_with(first) || !text.ends_with(last) || text.len() < first.len() + last.len() {
        return false;
    }
    let mut rest = &text[first.len()..text.len() - last.len()];
    for part in &parts[1..parts.len() - 1] {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

fn selected(resource: &Resource, field: &str, selector: &str) -> Match {
    let mut result = Match::Yes;
    for term in selector.split(',').map(str::trim) {
        result = and(result, term_matches(resource, field, term));
    }
    result
}

fn term_matches(resource: &Resource, field: &str, term: &str) -> Match {
    let value = |key: &str| resource.value.str_at(&["metadata", field, key.trim()]);
    let yes = |is: bool| if is { Match::Yes } else { Match::No };
    if term.contains(['(', ')']) {
        return Match::Unknown;
    }
    if let Some((key, wanted)) = term.split_once("!=") {
        return yes(value(key) != Some(wanted.trim()));
    }
    if let Some((key, wanted)) = term.split_once("==").or_else(|| term.split_once('=')) {
        return yes(value(key) == Some(wanted.trim()));
    }
    match term.strip_prefix('!') {
        Some(key) => yes(value(key).is_none()),
        None => yes(value(term).is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_anchored() {
        assert_eq!(anchored("app", "app"), Match::Yes);
        assert_eq!(anchored("app", "apps"), Match::No);
        assert_eq!(anchored("app.*", "apps"), Match::Yes);
        assert_eq!(anchored(".*", ""), Match::Yes);
        assert_eq!(anchored("a|b", "b"), Match::Yes);
        assert_eq!(anchored("(a|b)", "c"), Match::No);
        assert_eq!(anchored("[a-z]+", "b"), Match::Unknown);
        assert_eq!(anchored("a.*c.*e", "abcde"), Match::Yes);
    }
}
