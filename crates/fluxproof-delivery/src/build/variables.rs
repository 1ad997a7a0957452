//! The variables of `spec.postBuild`: inline ones, and those of ConfigMaps and Secrets that the repository holds.

use super::envsubst::Lookup;
use crate::names::Places;
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{Entry, Problem, Span, Value, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whether Flux substitutes at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Runs {
    #[default]
    No,
    /// Only where objects that cannot be read define something.
    Maybe,
    Yes,
}

/// What is known of the variables of a Kustomization.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Variables {
    pub(crate) known: BTreeMap<String, String>,
    /// Names that are set, to what cannot be read (SOPS).
    pub(crate) opaque: BTreeSet<String>,
    /// Whether there may be more: a `substituteFrom` of something that is not in the repository.
    pub(crate) unknown: bool,
    pub(crate) runs: Runs,
    /// Whether a variable that is not set fails the build: since Flux 2.9 (gate StrictPostBuildSubstitutions).
    pub(crate) strict: bool,
    /// The `postBuild` that asks for all this.
    pub(crate) at: Option<Span>,
    /// Names that Flux refuses.
    pub(crate) problems: Vec<Problem>,
}

/// The ConfigMaps and Secrets that were applied so far: all that a `substituteFrom` may name (the CRD's enum).
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Whether a variable that is not set fails the build.
    strict: bool,
    all: Vec<(Arc<Build>, usize)>,
    by_name: Places,
    injected: bool,
}

impl Settings {
    /// No settings yet; for the version of Flux that a cluster runs, the newest where it is not said.
    pub(crate) fn of(flux: Option<&str>) -> Self {
        let number = |part: Option<&str>| part?.parse::<u32>().ok();
        let release = flux.and_then(|version| {
            let mut parts = version.trim_start_matches('v').split('.');
            number(parts.next()).zip(number(parts.next()))
        });
        Self { strict: release.is_none_or(|release| release >= (2, 9)), ..Self::default() }
    }

    /// The same where something in the cluster adds variables to every Kustomization.
    pub(crate) fn injected(self, injected: bool) -> Self {
        Self { injected, ..self }
    }

    /// Adds what a build holds.
    pub(crate) fn add(&mut self, build: &Arc<Build>) {
        let is_setting = |r: &Resource| matches!(r.kind(), "ConfigMap" | "Secret") && r.group().is_empty();
        for (index, resource) in build.resources.iter().enumerate().filter(|(_, r)| is_setting(r)) {
            self.by_name.entry(resource.name().to_owned()).or_default().push(self.all.len());
            self.all.push((Arc::clone(build), index));
        }
    }

    /// The one that was applied last; an object without a namespace is in every one.
    pub(crate) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Resource> {
        let is = |r: &&Resource| r.kind() == kind && r.namespace().unwrap_or(namespace) == namespace;
        let (all, named) = (&self.all, self.by_name.get(name)?);
        named.iter().rev().map(|at| &all[*at]).map(|(build, index)| &build.resources[*index]).find(is)
    }
}

impl Variables {
    /// The variables of a spec; `settings` are those applied before. Later sources win, inline ones win over all.
    ///
    /// A source that cannot be read may set any name again. It is not taken to: settings and secrets rarely share names.
    pub(crate) fn of(spec: &Value, namespace: &str, settings: &Settings) -> Self {
        let mut variables = Self { unknown: settings.injected, ..Self::default() };
        let Some(post_build) = spec.get("postBuild") else {
            let runs = if settings.injected { Runs::Maybe } else { Runs::No };
            return Self { runs, ..variables };
        };
        for source in post_build.get("substituteFrom").map_or(&[][..], Value::items) {
            variables.add_source(source, namespace, settings);
        }
        for entry in post_build.get("substitute").map_or(&[][..], Value::entries) {
            variables.add(entry, text(&entry.value));
        }
        variables.runs = variables.runs(post_build);
        variables.at = Some(post_build.span);
        variables.strict = settings.strict;
        variables
    }

    /// Whether a build stays as it is.
    pub(crate) fn change_nothing(&self) -> bool {
        self.runs == Runs::No && self.problems.is_empty()
    }

    fn runs(&self, post_build: &Value) -> Runs {
        let always = post_build.str_at(&["substituteStrategy"]) == Some("Always");
        match (always || !self.known.is_empty() || !self.opaque.is_empty(), self.unknown) {
            (true, _) => Runs::Yes,
            (false, true) => Runs::Maybe,
            (false, false) => Runs::No,
        }
    }

    /// What a name stands for.
    pub(crate) fn look_up(&self, name: &str) -> Lookup<'_> {
        match self.known.get(name) {
            Some(value) => Lookup::Value(value),
            None if self.unknown || self.opaque.contains(name) => Lookup::Unknown,
            None => Lookup::Unset,
        }
    }

    fn add_source(&mut self, source: &Value, namespace: &str, settings: &Settings) {
        let (kind, name) = (source.str_at(&["kind"]).unwrap_or(""), source.str_at(&["name"]).unwrap_or(""));
        match settings.find(kind, namespace, name) {
            Some(found) if found.at(&["sops"]).is_some() => self.add_names(found),
            Some(found) if !found.doubts.is_empty() => self.unknown = true,
            Some(found) if kind == "ConfigMap" => self.add_all(found.at(&["data"]), text),
            Some(found) if kind == "Secret" => {
                self.add_all(found.at(&["data"]), |value| value.as_str().and_then(decoded));
                self.add_all(found.at(&["stringData"]), text);
            }
            _ => self.unknown = true,
        }
    }

    fn add_all(&mut self, data: Option<&Value>, read: impl Fn(&Value) -> Option<String>) {
        for entry in data.map_or(&[][..], Value::entries) {
            self.add(entry, read(&entry.value));
        }
    }

    /// The names of an encrypted object are readable, its values are not.
    fn add_names(&mut self, object: &Resource) {
        for field in ["data", "stringData"] {
            for entry in object.at(&[field]).map_or(&[][..], Value::entries) {
                self.add(entry, None);
            }
        }
    }

    fn add(&mut self, entry: &Entry, value: Option<String>) {
        if !is_name(&entry.key) {
            self.problems.push(bad_name(&entry.key, entry.key_span));
        }
        let name = entry.key.to_string();
        match value {
            Some(value) => {
                self.opaque.remove(&name);
                self.known.insert(name, value);
            }
            None => {
                self.known.remove(&name);
                self.opaque.insert(name);
            }
        }
    }
}

fn bad_name(name: &str, span: Span) -> Problem {
    let message = format!("'{name}' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'");
    Problem::new(span, message).note("Flux takes every key of the object as a variable, and refuses all for one")
}

fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// A value as Flux takes it, without line ends.
fn text(value: &Value) -> Option<String> {
    Some(match value.view() {
        View::Str(text) => text.replace('\n', ""),
        View::Int(number) => number.to_string(),
        View::Bool(flag) => flag.to_string(),
        View::Float(number) => number.to_string(),
        View::Null => String::new(),
        View::Seq(_) | View::Map(_) => return None,
    })
}

/// A value of a Secret as Flux takes it, without line ends.
fn decoded(text: &str) -> Option<String> {
    base64_text(text).map(|text| text.replace('\n', ""))
}

/// The text in the base64 of a Secret; none where it is not that.
pub(crate) fn base64_text(text: &str) -> Option<String> {
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for c in text.bytes().filter(|c| !c.is_ascii_whitespace() && *c != b'=') {
        bits = bits << 6 | digit(c)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

fn digit(c: u8) -> Option<u32> {
    Some(u32::from(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::tests::{resources, value};

    fn shown(spec: &str, objects: &str) -> String {
        let mut settings = Settings::default();
        settings.add(&Arc::new(Build { resources: resources(objects), ..Build::default() }));
        let variables = Variables::of(&value(spec), "flux-system", &settings);
        let known: Vec<String> = variables.known.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let opaque: Vec<&str> = variables.opaque.iter().map(String::as_str).collect();
        let problems: Vec<&str> = variables.problems.iter().map(|problem| &*problem.message).collect();
        format!(
            "{:?} {} [{}] {}{}",
            variables.runs,
            known.join(" "),
            opaque.join(" "),
            variables.unknown,
            problems.concat()
        )
    }

    const FROM: &str = "postBuild: {substituteFrom: [{kind: ConfigMap, name: a}, {kind: Secret, name: b}]}";

    #[test]
    fn variables_come_from_objects_in_order_and_from_the_spec() {
        let a = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: flux-system}, data: {x: '1', y: \"a\\nb\"}}";
        let b = "{apiVersion: v1, kind: Secret, metadata: {name: b}, data: {x: Mg==}, stringData: {z: '3'}}";
        assert_eq!(shown(FROM, &format!("{a}\n---\n{b}")), "Yes x=2 y=ab z=3 [] false");
        assert_eq!(shown(FROM, a), "Yes x=1 y=ab [] true");
        let inline = "postBuild: {substitute: {x: 9, n: null}, substituteFrom: [{kind: ConfigMap, name: a}]}";
        assert_eq!(shown(inline, a), "Yes n= x=9 y=ab [] false");
        assert_eq!(
            shown(inline, &a.replace("flux-system", "other")),
            "Yes n= x=9 [] true",
            "only its own namespace counts"
        );
    }

    #[test]
    fn encrypted_secrets_have_names_only() {
        let b = "{apiVersion: v1, kind: Secret, metadata: {name: b}, stringData: {x: 'ENC[AES256_GCM,data:a]'}, sops: {mac: m}}";
        assert_eq!(shown(&FROM.replace("{kind: ConfigMap, name: a}, ", ""), b), "Yes  [x] false");
    }

    #[test]
    fn nothing_runs_without_variables() {
        assert_eq!(shown("{}", ""), "No  [] false");
        assert_eq!(shown("postBuild: {substitute: {}}", ""), "No  [] false");
        assert_eq!(shown("postBuild: {substituteStrategy: Always}", ""), "Yes  [] false");
        assert_eq!(shown(FROM, ""), "Maybe  [] true");
    }

    #[test]
    fn bad_names_are_refused() {
        let shown = shown("postBuild: {substitute: {a.b: x}}", "");
        assert!(
            shown.ends_with("'a.b' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"),
            "{shown}"
        );
    }
}
