//! `${name}` in built resources (fluxcd/pkg `kustomize_varsub.go`, `envsubst`).
//!
//! Plain variables and defaults are replaced. A variable without a known value, or an operator that is not modelled,
//! leaves the text as it is and a doubt on the resource.

use super::Variables;
use fluxproof_kustomize::{Doubt, Resource};
use fluxproof_yaml::{Data, Span, Value};
use std::sync::Arc;

/// The deepest value that is searched; no document is deeper.
const MAX_DEPTH: usize = 1_000;

/// Substitutes in one resource, unless it opts out.
pub(crate) fn resource(resource: &mut Resource, variables: &Variables) {
    const OPT_OUT: &str = "kustomize.toolkit.fluxcd.io/substitute";
    let disabled = resource.annotation(OPT_OUT) == Some("disabled") || resource.label(OPT_OUT) == Some("disabled");
    let runs = variables.active && (variables.unknown || !variables.known.is_empty());
    if disabled || !runs {
        return;
    }
    let mut unknown = None;
    walk(&mut resource.value, variables, MAX_DEPTH, &mut unknown);
    if let Some((span, name)) = unknown {
        resource.doubts.push(Doubt { span, what: format!("the value of ${{{name}}} is not known") });
    }
}

fn walk(value: &mut Value, variables: &Variables, depth: usize, unknown: &mut Option<(Span, String)>) {
    if depth == 0 {
        return;
    }
    let span = value.span;
    match &mut value.data {
        Data::Seq(items) => items.iter_mut().for_each(|item| walk(item, variables, depth - 1, unknown)),
        Data::Map(entries) => {
            entries.iter_mut().for_each(|entry| walk(&mut entry.value, variables, depth - 1, unknown))
        }
        Data::Str(text) if text.contains("${") => match expand(text, variables) {
            Ok(new) => value.data = resolve(&new),
            Err(name) => drop(unknown.get_or_insert((span, name))),
        },
        _ => {}
    }
}

/// After substitution the text is YAML again, and quotes are gone: `"${n}"` may become a number.
fn resolve(text: &str) -> Data {
    match text {
        "true" => Data::Bool(true),
        "false" => Data::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Data::Int(number),
            _ => Data::Str(Arc::from(text)),
        },
    }
}

/// The text with its variables replaced, or the name of the first that cannot be.
fn expand(text: &str, variables: &Variables) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            out.push_str(&rest[..at - 1]);
            out.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        out.push_str(&rest[..at]);
        let (body, after) = body(&rest[at + 2..])?;
        out.push_str(&variable(body, variables)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The text up to the closing brace (nested ones counted) and what follows.
fn body(text: &str) -> Result<(&str, &str), String> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Ok((&text[..at], &text[at + 1..])),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(text.chars().take(20).collect())
}

fn variable(body: &str, variables: &Variables) -> Result<String, String> {
    let end = body.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(body.len());
    let (name, operator) = body.split_at(end);
    let value = variables.known.get(name);
    let default =
        operator.strip_prefix(":-").or_else(|| operator.strip_prefix(":=")).or_else(|| operator.strip_prefix('='));
    match (operator, value, default) {
        ("", Some(value), _) => Ok(value.clone()),
        (_, Some(value), Some(_)) if !value.is_empty() => Ok(value.clone()),
        (_, _, Some(default)) if !variables.unknown && !default.contains("${") => Ok(default.to_owned()),
        _ => Err(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(known: &[(&str, &str)], unknown: bool) -> Variables {
        let known = known.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Variables { known, unknown, active: true }
    }

    #[test]
    fn replaces_names_defaults_and_escapes() {
        let known = vars(&[("a", "x"), ("e", "")], false);
        for (text, expected) in [
            ("${a}", "x"),
            ("v${a}-${a}", "vx-x"),
            ("${b:-d}", "d"),
            ("${b:=d}", "d"),
            ("${b=d}", "d"),
            ("${a:-d}", "x"),
            ("${e:-d}", "d"),
            ("$${a}", "${a}"),
            ("$a", "$a"),
            ("no", "no"),
            ("${b:-}", ""),
        ] {
            assert_eq!(expand(text, &known), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn says_which_variable_it_does_not_know() {
        assert_eq!(expand("${b}", &vars(&[], false)), Err("b".to_owned()));
        assert_eq!(expand("${b:-d}", &vars(&[], true)), Err("b".to_owned()), "it may have a value");
        assert_eq!(expand("${a:1:2}", &vars(&[("a", "xyz")], false)), Err("a".to_owned()), "not modelled");
        assert!(expand("${a", &vars(&[], false)).is_err());
    }

    #[test]
    fn whole_numbers_and_booleans_are_read_again() {
        assert_eq!(resolve("3"), Data::Int(3));
        assert_eq!(resolve("true"), Data::Bool(true));
        assert_eq!(resolve("2.9.0"), Data::Str(Arc::from("2.9.0")));
        assert_eq!(resolve("007"), Data::Str(Arc::from("007")));
    }
}
