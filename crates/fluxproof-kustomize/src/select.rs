//! Which resources an operator means.

use crate::Resource;
use crate::fields::text;
use crate::resource::Id;
use fluxproof_yaml::{Problem, Value};
use regex_lite::Regex;

/// A field of a selector.
#[derive(Debug)]
enum Pattern {
    Any,
    Exact(String),
    Regex(Regex),
}

impl Pattern {
    /// A regular expression that must fit the whole text; nothing fits anything.
    fn anchored(value: Option<&Value>) -> Result<Self, Problem> {
        let Some((value, pattern)) = value.and_then(|value| Some((value, value.as_str()?))) else {
            return Ok(Self::Any);
        };
        if !pattern.contains(['\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$']) {
            return Ok(Self::Exact(pattern.to_owned()));
        }
        let regex = Regex::new(&format!("^(?:{pattern})$"));
        regex
            .map(Self::Regex)
            .map_err(|error| Problem::new(value.span, format!("the regular expression {pattern}: {error}")))
    }

    fn exact(value: Option<&Value>) -> Self {
        value.and_then(Value::as_str).map_or(Self::Any, |text| Self::Exact(text.to_owned()))
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(wanted) => wanted == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }

    fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }
}

/// A selector: group, version, kind, name, namespace, and labels or annotations.
#[derive(Debug)]
pub(crate) struct Selector {
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    labels: Vec<Term>,
    annotations: Vec<Term>,
}

impl Selector {
    /// A selector whose fields are regular expressions.
    pub(crate) fn new(value: &Value) -> Result<Self, Problem> {
        Self::with(value, Pattern::anchored)
    }

    /// A selector whose fields are the very texts.
    pub(crate) fn exact(value: &Value) -> Result<Self, Problem> {
        Self::with(value, |field| Ok(Pattern::exact(field)))
    }

    fn with(value: &Value, pattern: impl Fn(Option<&Value>) -> Result<Pattern, Problem>) -> Result<Self, Problem> {
        Ok(Self {
            group: pattern(text(value, "group"))?,
            version: pattern(text(value, "version"))?,
            kind: pattern(text(value, "kind"))?,
            name: pattern(text(value, "name"))?,
            namespace: pattern(text(value, "namespace"))?,
            labels: terms(text(value, "labelSelector"))?,
            annotations: terms(text(value, "annotationSelector"))?,
        })
    }

    /// Whether no field of an identity is asked for.
    pub(crate) fn names_nothing(&self) -> bool {
        [&self.group, &self.version, &self.kind, &self.name, &self.namespace].iter().all(|pattern| pattern.is_any())
    }

    /// Whether it asks for labels or annotations.
    pub(crate) fn has_terms(&self) -> bool {
        !self.labels.is_empty() || !self.annotations.is_empty()
    }

    /// As targets of patches are found: by the group, version and kind of now, and the name and the namespace of now or
    /// of the file (api/resmap, `Select`).
    pub(crate) fn selects(&self, resource: &Resource) -> bool {
        let (now, original) = (resource.id(), resource.original_id());
        let name = self.name.fits(&original.name) || self.name.fits(&now.name);
        let namespace =
            self.namespace.fits(original.effective_namespace()) || self.namespace.fits(now.effective_namespace());
        let kind = self.group.fits(&now.group) && self.version.fits(&now.version) && self.kind.fits(&now.kind);
        name && namespace && kind && self.selects_metadata(resource)
    }

    /// As replacements find resources: by any identity it has or had.
    pub(crate) fn selects_id(&self, id: &Id) -> bool {
        self.group.fits(&id.group)
            && self.version.fits(&id.version)
            && self.kind.fits(&id.kind)
            && self.name.fits(&id.name)
            && (self.namespace.is_any() || self.namespace.fits(id.effective_namespace()))
    }

    /// Whether labels and annotations fit.
    pub(crate) fn selects_metadata(&self, resource: &Resource) -> bool {
        let of = |field: &'static str| move |key: &str| resource.value.str_at(&["metadata", field, key]);
        self.labels.iter().all(|term| term.fits(of("labels")))
            && self.annotations.iter().all(|term| term.fits(of("annotations")))
    }
}

/// One term of a label selector.
#[derive(Debug, PartialEq, Eq)]
enum Term {
    Exists(String),
    Absent(String),
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
}

impl Term {
    fn fits<'r>(&self, value: impl Fn(&str) -> Option<&'r str>) -> bool {
        match self {
            Self::Exists(key) => value(key).is_some(),
            Self::Absent(key) => value(key).is_none(),
            Self::In(key, wanted) => value(key).is_some_and(|value| wanted.iter().any(|w| w == value)),
            Self::NotIn(key, wanted) => value(key).is_none_or(|value| !wanted.iter().any(|w| w == value)),
        }
    }
}

/// The terms of a selector in Kubernetes' grammar.
fn terms(value: Option<&Value>) -> Result<Vec<Term>, Problem> {
    let Some((value, selector)) = value.and_then(|value| Some((value, value.as_str()?))) else { return Ok(Vec::new()) };
    let parsed: Option<Vec<Term>> = split(selector).into_iter().map(|part| term(part.trim())).collect();
    parsed.ok_or_else(|| Problem::new(value.span, format!("unable to parse the selector '{selector}'")))
}

/// Splits at the commas outside parentheses.
fn split(selector: &str) -> Vec<&str> {
    let mut inside = false;
    selector
        .split(|c: char| {
            inside = (inside || c == '(') && c != ')';
            c == ',' && !inside
        })
        .collect()
}

fn term(text: &str) -> Option<Term> {
    if let Some(key) = text.strip_prefix('!') {
        return Some(Term::Absent(word(key)?));
    }
    if let Some((head, list)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        let values: Option<Vec<String>> = list.split(',').map(|value| Some(value.trim().to_owned())).collect();
        let mut words = head.split_whitespace();
        let (key, operator) = (word(words.next()?)?, words.next()?);
        return match operator {
            "in" => Some(Term::In(key, values?)),
            "notin" => Some(Term::NotIn(key, values?)),
            _ => None,
        };
    }
    if let Some((key, value)) = text.split_once("!=") {
        return Some(Term::NotIn(word(key)?, vec![value.trim().to_owned()]));
    }
    match text.split_once("==").or_else(|| text.split_once('=')) {
        Some((key, value)) => Some(Term::In(word(key)?, vec![value.trim().to_owned()])),
        None => Some(Term::Exists(word(text)?)),
    }
}

/// A label's key.
fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    (!text.is_empty() && text.chars().all(fits)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::string;
    use fluxproof_yaml::{FileId, Span};

    fn value(text: &str) -> Value {
        string(text, Span::new(FileId(0), 0, 0))
    }

    #[test]
    fn patterns_are_anchored() {
        for (pattern, text, fits) in [
            ("app", "app", true),
            ("app", "apps", false),
            ("app.*", "apps", true),
            ("a|b", "b", true),
            ("a|b", "ab", false),
            ("[a-z]+-\\d", "web-1", true),
            ("^app$", "app", true),
        ] {
            assert_eq!(Pattern::anchored(Some(&value(pattern))).expect(pattern).fits(text), fits, "{pattern} {text}");
        }
        assert!(Pattern::anchored(None).expect("any").fits("x"));
        assert!(Pattern::anchored(Some(&value("("))).is_err());
    }

    #[test]
    fn selectors_are_read_as_kubernetes_does() {
        let labels = |key: &str| match key {
            "app" => Some("web"),
            "example.com/tier" => Some("front"),
            _ => None,
        };
        for (selector, fits) in [
            ("app=web", true),
            ("app == web", true),
            ("app!=web", false),
            ("other!=x", true),
            ("app", true),
            ("!app", false),
            ("!other", true),
            ("app in (api, web)", true),
            ("app notin (api,web)", false),
            ("app=web,example.com/tier in (front,back),!other", true),
            ("app=web,other", false),
        ] {
            let terms = terms(Some(&value(selector))).expect(selector);
            assert_eq!(terms.iter().all(|term| term.fits(labels)), fits, "{selector}");
        }
        for selector in ["app in", "app gt (1)", "a b", "=x", ","] {
            assert!(terms(Some(&value(selector))).is_err(), "{selector}");
        }
    }
}
