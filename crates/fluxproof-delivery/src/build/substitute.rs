//! `${name}` in built resources (fluxcd/pkg `kustomize_varsub.go`).
//!
//! Flux substitutes in the YAML text of a built object and reads that again, so that a value may become a number, a
//! boolean or a mapping. So do we; only strings with a `$` can have changed, and all else keeps its place and its origin.

use super::Variables;
use super::envsubst::{Failure, expand};
use super::variables::Runs;
use fluxproof_kustomize::{Doubt, Resource};
use fluxproof_yaml::{Budget, Data, Entry, FileId, Line, Problem, Span, Table, Value, parse, to_yaml_mapped};

const OPT_OUT: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// The name of the operator in provenance.
const BY: &str = "postBuild";

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
    if disabled || variables.runs == Runs::No || !has_dollar(&resource.value) {
        return outcome;
    }
    let Ok((text, lines)) = to_yaml_mapped(&resource.value) else { return outcome };
    match expand(&text, &|name| variables.look_up(name)) {
        Err((at, failure)) => outcome.add(resource, variables, span_at(&text, &lines, at), failure),
        Ok((new, left)) => {
            let whole = left.is_empty();
            for (at, failure) in left {
                outcome.add(resource, variables, span_at(&text, &lines, at), failure);
            }
            match read(&new) {
                Some(new) => take_over(&mut resource.value, &new, variables.at),
                // What stays for want of a value may be no YAML where the value is.
                None if !whole => {}
                None => outcome.add(resource, variables, first_dollar(&text, &lines), BROKEN),
            }
        }
    }
    outcome
}

/// Whether a note of a build says that a variable is not set.
#[must_use]
pub fn is_unset_variable(note: &Problem) -> bool {
    note.message.starts_with(UNSET)
}

const UNSET: &str = "variable substitution failed: variable not set";

const BROKEN: Failure = Failure::Syntax("the text is no YAML afterwards");

/// Where the line of a byte comes from.
fn span_at(text: &str, lines: &[Line], at: usize) -> Span {
    let line = text[..at].matches('\n').count();
    lines.get(line).map_or(Span::new(FileId(0), 0, 0), |line| line.span)
}

fn first_dollar(text: &str, lines: &[Line]) -> Span {
    span_at(text, lines, text.find("${").unwrap_or(0))
}

/// Whether any key or string has a `$`.
fn has_dollar(value: &Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match &value.data {
            Data::Scalar(text, _) if text.contains('$') => return true,
            Data::Map(entries) if entries.iter().any(|entry| entry.key.contains('$')) => return true,
            Data::Scalar(..) => {}
            Data::Seq(items) => open.extend(items),
            Data::Map(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
        }
    }
    false
}

/// The object of a text, as sigs.k8s.io/yaml reads it.
fn read(text: &str) -> Option<Value> {
    let parsed = parse(FileId(0), text);
    let document = parsed.documents.first().filter(|_| parsed.problems.is_empty() && parsed.documents.len() == 1)?;
    document.root()?.to_value(Table::GoYaml2, &mut Budget::default()).ok().filter(Value::is_map)
}

/// Takes over what has changed. What has no `$` has not.
fn take_over(old: &mut Value, new: &Value, at: Option<Span>) {
    if !has_dollar(old) {
        return;
    }
    let same_shape = match (&old.data, &new.data) {
        (Data::Seq(a), Data::Seq(b)) => a.len() == b.len(),
        (Data::Map(a), Data::Map(b)) => a.len() == b.len() && !a.iter().any(|entry| entry.key.contains('$')),
        (Data::Scalar(a, _), Data::Scalar(b, _)) if a == b => return,
        _ => false,
    };
    match &mut old.data {
        Data::Seq(items) if same_shape => {
            items.make_mut().iter_mut().zip(new.items()).for_each(|(old, new)| take_over(old, new, at));
        }
        Data::Map(entries) if same_shape => entries.make_mut().iter_mut().for_each(|entry| {
            if let Some(new) = new.get(&entry.key) {
                take_over(&mut entry.value, new, at);
            }
        }),
        _ => {
            let new = with_span(new, old.span);
            old.replace(new, BY, at.unwrap_or(old.span));
        }
    }
}

/// The value with all of it at one place.
fn with_span(value: &Value, span: Span) -> Value {
    let entry = |e: &Entry| Entry::new(e.key.clone(), span, with_span(&e.value, span));
    let data = match &value.data {
        Data::Scalar(..) => value.data.clone(),
        Data::Seq(items) => Data::Seq(items.iter().map(|item| with_span(item, span)).collect()),
        Data::Map(entries) => Data::Map(entries.iter().map(entry).collect()),
    };
    Value::new(span, data)
}

impl Outcome {
    fn add(&mut self, resource: &mut Resource, variables: &Variables, span: Span, failure: Failure) {
        let certain = variables.runs == Runs::Yes;
        match failure {
            Failure::Unknown(name) => doubt(resource, span, format!("the value of ${{{name}}} is not known")),
            Failure::Unset(name) => {
                let message = format!("{UNSET} (strict mode): \"{name}\"");
                let problem = Problem::new(span, message).note("Flux before 2.9 puts nothing in its place");
                match certain && variables.strict {
                    true => self.problems.push(problem.help(unset_help(&name))),
                    false => self.notes.push(problem),
                }
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

fn unset_help(name: &str) -> String {
    format!(
        "set {name} in postBuild, give it a default (${{{name}:=default}}), write $${{{name}}} for text that Flux must leave \
         alone, or annotate the object with {OPT_OUT}: disabled"
    )
}

fn doubt(resource: &mut Resource, span: Span, what: String) {
    let doubt = Doubt { span, what };
    if !resource.doubts.contains(&doubt) {
        resource.doubts.push(doubt);
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
        let partly = variables("postBuild: {substituteFrom: [{kind: Secret, name: s}], substitute: {l: '[{a: b}]'}}");
        assert_eq!(
            run("{a: \"${q:='}${l}${q:='}\"}", &partly),
            "{a:\"${q:='}${l}${q:='}\"} ?the value of ${q} is not known"
        );
        let maybe = variables("postBuild: {substituteFrom: [{kind: Secret, name: s}]}");
        assert_eq!(
            run("{a: '${x:-d}', b: '${{'}", &maybe),
            "{a:\"${x:-d}\",b:\"${{\"} ?variable substitution may fail: unable to parse variable name"
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
}
