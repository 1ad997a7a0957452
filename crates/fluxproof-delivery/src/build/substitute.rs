//! `${name}` in built resources (fluxcd/pkg `kustomize_varsub.go`).
//!
//! Flux substitutes in the YAML text of a built object, where a string stands without quotes wherever YAML allows that:
//! what comes out is read again and may be a number, a boolean or a mapping.

use super::Variables;
use super::envsubst::{Failure, expand};
use super::variables::Runs;
use fluxproof_kustomize::{Doubt, Resource};
use fluxproof_yaml::{Budget, Data, Entry, Problem, Span, Table, Value, parse};
use std::sync::Arc;

const OPT_OUT: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// What came up while substituting in one resource.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What fails the build.
    pub(crate) problems: Vec<Problem>,
    /// Variables that are not set: since Flux 2.9 they fail the build.
    pub(crate) notes: Vec<Problem>,
}

/// Substitutes in one resource, unless it opts out.
pub(crate) fn resource(resource: &mut Resource, variables: &Variables) -> Outcome {
    let mut outcome = Outcome::default();
    let disabled = resource.annotation(OPT_OUT) == Some("disabled") || resource.label(OPT_OUT) == Some("disabled");
    if disabled || variables.runs == Runs::No {
        return outcome;
    }
    let mut open = vec![(&mut resource.value, false)];
    let mut failures = Vec::new();
    while let Some((value, in_list)) = open.pop() {
        failures.extend(scalar(value, in_list, variables).err().map(|failure| (value.span, failure)));
        match &mut value.data {
            Data::Seq(items) => open.extend(items.iter_mut().map(|item| (item, true))),
            Data::Map(entries) => {
                failures.extend(entries.iter_mut().filter_map(|entry| key(entry, variables)));
                open.extend(entries.iter_mut().map(|entry| (&mut entry.value, false)));
            }
            _ => {}
        }
    }
    failures.sort_by_key(|(span, _)| *span);
    for (span, failure) in failures {
        outcome.add(resource, variables, span, failure);
    }
    outcome
}

impl Outcome {
    fn add(&mut self, resource: &mut Resource, variables: &Variables, span: Span, failure: Failure) {
        let certain = variables.runs == Runs::Yes;
        match failure {
            Failure::Unknown(name) => doubt(resource, span, format!("the value of ${{{name}}} is not known")),
            Failure::Unset(name) => {
                let message = format!("variable substitution failed: variable not set (strict mode): \"{name}\"");
                let problem = Problem::new(span, message).note("Flux before 2.9 puts nothing in its place");
                self.notes.push(problem);
                doubt(resource, span, format!("${{{name}}} is not set"));
            }
            Failure::Syntax(what) if certain => {
                let problem = Problem::new(span, format!("variable substitution failed: {what}"));
                self.problems.push(problem.help(format!(
                    "write $${{ for a ${{ that Flux must leave alone, or annotate the object with {OPT_OUT}: disabled"
                )));
            }
            Failure::Syntax(what) => doubt(resource, span, format!("variable substitution may fail: {what}")),
        }
    }
}

fn doubt(resource: &mut Resource, span: Span, what: String) {
    let doubt = Doubt { span, what };
    if !resource.doubts.contains(&doubt) {
        resource.doubts.push(doubt);
    }
}

fn key(entry: &mut Entry, variables: &Variables) -> Option<(Span, Failure)> {
    if !entry.key.contains('$') {
        return None;
    }
    match expand(&entry.key, &|name| variables.look_up(name)) {
        Ok(new) => {
            entry.key = Arc::from(new);
            None
        }
        Err(failure) => Some((entry.key_span, failure)),
    }
}

fn scalar(value: &mut Value, in_list: bool, variables: &Variables) -> Result<(), Failure> {
    let Some(text) = value.as_str().filter(|text| text.contains('$')) else { return Ok(()) };
    let new = expand(text, &|name| variables.look_up(name))?;
    if new == text {
        return Ok(());
    }
    *value = if is_plain(text) { read(&new, in_list, value.span)? } else { string(&new, value.span) };
    Ok(())
}

fn string(text: &str, span: Span) -> Value {
    Value { span, data: Data::Str(Arc::from(text)) }
}

/// Whether kustomize writes a string without quotes (libyaml's rules for plain scalars in block context; a string with a
/// `$` never means anything else by itself).
fn is_plain(text: &str) -> bool {
    let indicators = ['#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'];
    let marker = text.starts_with("---") || text.starts_with("...");
    let lonely = |c: char| text.strip_prefix(c).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let starts_badly = text.starts_with(indicators) || marker || ['-', '?', ':'].into_iter().any(lonely);
    let spaced = text.starts_with(' ') || text.ends_with(' ');
    let inside = text.contains(": ") || text.ends_with(':') || text.contains(" #");
    !starts_badly && !spaced && !inside && !text.chars().any(char::is_control)
}

/// What a text without quotes means after the substitution, in YAML 1.1 as sigs.k8s.io/yaml reads it.
fn read(text: &str, in_list: bool, span: Span) -> Result<Value, Failure> {
    let broken = Failure::Syntax("the text is no YAML afterwards");
    let parsed = parse(span.file, &if in_list { format!("- {text}\n") } else { format!("k: {text}\n") });
    let [document] = &parsed.documents[..] else { return Err(broken) };
    let root = document.root().filter(|_| parsed.problems.is_empty()).ok_or(broken.clone())?;
    let node = if in_list { root.items().next() } else { root.get("k") };
    let alone = root.items().count() + root.entries().count() == 1;
    let node = node.filter(|_| alone).ok_or(broken.clone())?;
    let mut value = node.to_value(Table::GoYaml2, &mut Budget::default()).map_err(|_| broken)?;
    respan(&mut value, span);
    Ok(value)
}

fn respan(value: &mut Value, span: Span) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        value.span = span;
        match &mut value.data {
            Data::Seq(items) => open.extend(items.iter_mut()),
            Data::Map(entries) => open.extend(entries.iter_mut().map(|entry| {
                entry.key_span = span;
                &mut entry.value
            })),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::tests::{json, resources};

    fn variables(spec: &str) -> Variables {
        Variables::of(&crate::build::tests::value(spec), "flux-system", &crate::build::Settings::default())
    }

    /// The spec of a Thing after substitution, then problems, notes and doubts.
    fn run(spec: &str, variables: &Variables) -> String {
        let mut thing =
            resources(&format!("apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: t}}\nspec: {spec}\n"))
                .remove(0);
        let outcome = resource(&mut thing, variables);
        let mut shown = vec![json(thing.at(&["spec"]).expect("a spec"))];
        shown.extend(outcome.problems.iter().map(|problem| format!("!{}", problem.message)));
        shown.extend(outcome.notes.iter().map(|note| format!("~{}", note.message)));
        shown.extend(thing.doubts.iter().map(|doubt| format!("?{}", doubt.what)));
        shown.join(" ")
    }

    const KNOWN: &str =
        "postBuild: {substitute: {n: '12', b: 'yes', s: word, m: 'a: b', l: '[1, x]', e: '', q: '\"12\"', v: 2.9.0}}";

    #[test]
    fn plain_text_is_read_again() {
        let known = variables(KNOWN);
        for (spec, expected) in [
            ("{a: '${n}'}", "{a:12}"),
            ("{a: \"${b}\"}", "{a:true}"),
            ("{a: '${s}-${n}'}", "{a:\"word-12\"}"),
            ("{a: '${v}'}", "{a:\"2.9.0\"}"),
            ("{a: '${e}'}", "{a:null}"),
            ("{a: '${q}'}", "{a:\"12\"}"),
            ("{a: '${l}'}", "{a:[1,\"x\"]}"),
            ("['${n}', '${m}']", "[12,{a:\"b\"}]"),
            ("{a: 'x: ${n}'}", "{a:\"x: 12\"}"),
            ("{a: \"${n}\\nline\"}", "{a:\"12\\nline\"}"),
            ("{a: '@${n}'}", "{a:\"@12\"}"),
            ("{'k-${n}': 1}", "{k-12:1}"),
            ("{a: '$${n}', b: '$n', c: 5}", "{a:\"${n}\",b:\"$n\",c:5}"),
        ] {
            assert_eq!(run(spec, &known), expected, "{spec}");
        }
    }

    #[test]
    fn what_cannot_be_substituted_is_said() {
        let known = variables(KNOWN);
        for (spec, expected) in [
            ("{a: '${m}'}", "{a:\"${m}\"} !variable substitution failed: the text is no YAML afterwards"),
            ("{a: '${{ x }}'}", "{a:\"${{ x }}\"} !variable substitution failed: unable to parse variable name"),
            (
                "{a: '${gone}'}",
                "{a:\"${gone}\"} ~variable substitution failed: variable not set (strict mode): \"gone\" ?${gone} is not set",
            ),
        ] {
            assert_eq!(run(spec, &known), expected, "{spec}");
        }
        let maybe = variables("postBuild: {substituteFrom: [{kind: Secret, name: s}]}");
        assert_eq!(
            run("{a: '${x:-d}', b: '${{'}", &maybe),
            "{a:\"${x:-d}\",b:\"${{\"} ?the value of ${x} is not known ?variable substitution may fail: unable to parse variable name"
        );
    }

    #[test]
    fn without_variables_or_when_disabled_nothing_happens() {
        assert_eq!(run("{a: '${n} $${n}'}", &Variables::default()), "{a:\"${n} $${n}\"}");
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}\ndata: {a: '${n}'}\n";
        for text in [text.to_owned(), text.replace("annotations", "labels")] {
            let mut object = resources(&text).remove(0);
            resource(&mut object, &variables(KNOWN));
            assert_eq!(object.value.str_at(&["data", "a"]), Some("${n}"));
        }
    }

    #[test]
    fn a_substituted_value_points_at_its_text() {
        let mut object =
            resources("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\ndata: {a: '${l}'}\n").remove(0);
        let span = object.at(&["data", "a"]).expect("a").span;
        resource(&mut object, &variables(KNOWN));
        let list = object.at(&["data", "a"]).expect("a");
        assert_eq!((list.span, list.items()[1].span), (span, span));
    }

    #[test]
    fn quotes_are_those_of_the_emitter() {
        for text in ["${a}", "a ${b}", "-x${a}", "a:b${c}", "http://${h}/x", "a#${b}"] {
            assert!(is_plain(text), "{text}");
        }
        for text in [
            "{${a}}", "*${a}", "a: ${b}", "${a}:", " ${a}", "${a} ", "- ${a}", "x #${a}", "a\n${b}", "'${a}'",
            "---${a}",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
