//! Selectors of resources: patterns for what tells them apart, label selectors for what they say of themselves
//! (`api/types/selector.go`, `resWrangler.Select`).

use super::id::{Gvk, ResId};
use super::label_selector::LabelSelector;
use super::{Resource, ResourceSet};
use crate::kustomization::{field, text};
use fluxproof_yaml::{Problem, Span, Value};
use regex_lite::Regex;
use std::fmt;

/// The characters that make a text a regular expression.
const META: &str = "\\.+*?()|[]{}^$";

/// A regular expression that must fit the whole text; most are plain names.
#[derive(Debug, Clone, Default)]
pub(crate) enum Pattern {
    /// Nothing is asked for.
    #[default]
    Any,
    /// This text.
    Plain(String),
    /// What fits, and how all of that begins.
    Regex(Regex, String),
}

impl Pattern {
    /// Reads a pattern; an empty one fits all.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::Any);
        }
        if !text.contains(|c| META.contains(c)) {
            return Ok(Self::Plain(text.to_owned()));
        }
        let anchored = format!("^(?:{text})$");
        Regex::new(&anchored).map(|regex| Self::Regex(regex, prefix(text))).map_err(|error| {
            let known = known_error(text, &anchored).unwrap_or_else(|| format!("{error}: `{anchored}`"));
            format!("error parsing regexp: {known}")
        })
    }

    /// Whether a text fits.
    pub(crate) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Plain(plain) => plain == text,
            Self::Regex(regex, prefix) => text.starts_with(prefix.as_str()) && regex.is_match(text),
        }
    }
}

/// The plain text that all that fits begins with. A character before a repetition is not part of it.
fn prefix(pattern: &str) -> String {
    let end = pattern.find(|c| META.contains(c)).unwrap_or(pattern.len());
    let (plain, rest) = pattern.split_at(end);
    if pattern.contains('|') {
        return String::new();
    }
    let repeated = rest.starts_with(['*', '?', '{', '+']);
    let kept = plain.char_indices().next_back().filter(|_| repeated).map_or(plain.len(), |(last, _)| last);
    plain[..kept].to_owned()
}

/// What Go says of the mistakes that are made most.
fn known_error(text: &str, anchored: &str) -> Option<String> {
    if let Some(operator) = text.chars().next().filter(|first| matches!(first, '*' | '+' | '?')) {
        return Some(format!("missing argument to repetition operator: `{operator}`"));
    }
    let count = |c| text.matches(c).count();
    if let Some(at) = anchored.rfind('[').filter(|at| !anchored[*at..].contains(']')) {
        return Some(format!("missing closing ]: `{}`", &anchored[at..]));
    }
    match count('(').cmp(&count(')')) {
        std::cmp::Ordering::Greater => Some(format!("missing closing ): `{anchored}`")),
        std::cmp::Ordering::Less => Some(format!("unexpected ): `{anchored}`")),
        std::cmp::Ordering::Equal => None,
    }
}

/// Which resources a patch or a replacement is for. Each part that is empty takes all.
#[derive(Debug, Clone)]
pub(crate) struct Selector {
    written: Written,
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    /// What is wrong with these two shows only where a resource fits all that is above.
    labels: Result<LabelSelector, Problem>,
    annotations: Result<LabelSelector, Problem>,
}

/// A selector as it is written.
#[derive(Debug, Clone)]
struct Written {
    id: ResId,
    labels: String,
    annotations: String,
}

impl Selector {
    /// Reads the fields `group`, `version`, `kind`, `name`, `namespace`, `labelSelector` and `annotationSelector`.
    pub(crate) fn read(map: &Value) -> Result<Self, Problem> {
        let pattern = |name: &str| {
            let value = text(map, name);
            let parsed = Pattern::parse(value.and_then(Value::as_str).unwrap_or_default());
            parsed.map_err(|message| Problem::new(value.map_or(map.span, |value| value.span), message))
        };
        Ok(Self {
            written: Written::read(map),
            group: pattern("group")?,
            version: pattern("version")?,
            kind: pattern("kind")?,
            name: pattern("name")?,
            namespace: pattern("namespace")?,
            labels: labels(map, "labelSelector"),
            annotations: labels(map, "annotationSelector"),
        })
    }

    /// A selector in messages, also one that cannot be read.
    pub(crate) fn shown(map: &Value) -> String {
        Written::read(map).to_string()
    }

    /// Whether group, version and kind fit (`MatchGvk`).
    pub(crate) fn takes_gvk(&self, gvk: &Gvk) -> bool {
        self.group.fits(&gvk.group) && self.version.fits(&gvk.version) && self.kind.fits(&gvk.kind)
    }

    /// Whether all parts of one identity fit as they are written: no namespace is none (`TargetSelectorRegex`).
    pub(crate) fn takes_written(&self, id: &ResId) -> bool {
        self.name.fits(&id.name) && self.takes_gvk(&id.gvk) && self.namespace.fits(&id.namespace)
    }

    /// Whether anything is asked of the identity.
    pub(crate) fn has_id(&self) -> bool {
        self.written.id != ResId::default()
    }

    /// Whether anything is asked of labels or annotations.
    pub(crate) fn has_labels(&self) -> bool {
        !self.written.labels.is_empty() || !self.written.annotations.is_empty()
    }

    /// The name, where it is not a pattern.
    pub(crate) fn plain_name(&self) -> Option<&str> {
        match &self.name {
            Pattern::Plain(name) => Some(name),
            _ => None,
        }
    }

    /// Whether labels and annotations fit.
    pub(crate) fn takes_labels(&self, resource: &Resource) -> Result<bool, Problem> {
        let labels = self.labels.as_ref().map_err(Problem::clone)?;
        if !labels.takes(resource.at(&["metadata", "labels"])) {
            return Ok(false);
        }
        let annotations = self.annotations.as_ref().map_err(Problem::clone)?;
        Ok(annotations.takes(resource.at(&["metadata", "annotations"])))
    }

    /// Whether a resource is meant: its name and its namespace, each the original one or that of now, and what it is
    /// now.
    pub(crate) fn takes(&self, resource: &Resource) -> Result<bool, Problem> {
        if resource.is_empty() || (!self.name.fits(resource.name()) && resource.previous.is_empty()) {
            return Ok(false);
        }
        let (now, first) = (resource.id(), resource.original_id());
        let either = |fits: &dyn Fn(&ResId) -> bool| fits(&first) || fits(&now);
        let fits = either(&|id| self.name.fits(&id.name))
            && self.takes_gvk(&now.gvk)
            && either(&|id| self.namespace.fits(id.effective_namespace()));
        if fits { self.takes_labels(resource) } else { Ok(false) }
    }

    /// The resources that are meant, in order. With a plain name, or a pattern that begins with one, no others are looked
    /// at.
    pub(crate) fn select(&self, set: &ResourceSet) -> Result<Vec<usize>, Problem> {
        let mut selected = Vec::new();
        let mut look = |at: usize| -> Result<(), Problem> {
            if set.get(at).map_or(Ok(false), |resource| self.takes(resource))? {
                selected.push(at);
            }
            Ok(())
        };
        match &self.name {
            Pattern::Plain(name) => set.named(name).iter().copied().try_for_each(&mut look)?,
            Pattern::Regex(_, prefix) if !prefix.is_empty() => {
                set.named_from(prefix).into_iter().try_for_each(&mut look)?
            }
            _ => (0..set.len()).try_for_each(&mut look)?,
        }
        Ok(selected)
    }
}

fn labels(map: &Value, name: &str) -> Result<LabelSelector, Problem> {
    let value = text(map, name);
    let parsed = LabelSelector::parse(value.and_then(Value::as_str).unwrap_or_default());
    parsed.map_err(|message| Problem::new(value.map_or(map.span, |value: &Value| -> Span { value.span }), message))
}

impl Written {
    fn read(map: &Value) -> Self {
        let text = |name: &str| field(map, name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let gvk = Gvk { group: text("group").into(), version: text("version").into(), kind: text("kind").into() };
        let id = ResId { gvk, name: text("name").into(), namespace: text("namespace").into() };
        Self { id, labels: text("labelSelector"), annotations: text("annotationSelector") }
    }
}

impl fmt::Display for Written {
    /// `Deployment.v1.apps/a.[noNs]:a=:l=`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, labels, annotations } = self;
        write!(f, "{id}:a={annotations}:l={labels}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Budget, FileId, Table, parse};

    fn value(text: &str) -> Value {
        let parsed = parse(FileId(0), text);
        let root = parsed.documents[0].root().expect("a root");
        root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value")
    }

    fn set() -> ResourceSet {
        let resource = |name: &str| {
            let text =
                format!("{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}, labels: {{a: b}}}}}}");
            Resource::new(value(&text), FileId(0))
        };
        ResourceSet::from(vec![resource("web"), resource("web-2"), resource("db")])
    }

    fn select(selector: &str, set: &ResourceSet) -> Vec<usize> {
        Selector::read(&value(selector)).and_then(|selector| selector.select(set)).expect(selector)
    }

    #[test]
    fn patterns_must_fit_the_whole_text() {
        let set = set();
        assert_eq!(select("{name: web}", &set), [0]);
        assert_eq!(select("{name: web.*}", &set), [0, 1]);
        assert_eq!(select("{name: eb|db}", &set), [2]);
        assert_eq!(select("{kind: Deploy}", &set), [0; 0]);
        assert_eq!(select("{group: apps, version: v1, namespace: default, labelSelector: a=b}", &set), [0, 1, 2]);
        assert_eq!(select("{annotationSelector: a}", &set), [0; 0]);
    }

    #[test]
    fn patterns_that_begin_plainly_are_found_by_that() {
        for (pattern, begins) in
            [("web-.*", "web-"), ("we?b", "w"), ("a{2}", ""), ("a.b", "a"), ("a|b", ""), ("(?i)a", ""), ("ab+", "a")]
        {
            assert_eq!(prefix(pattern), begins, "{pattern}");
        }
        let set = set();
        assert_eq!((select("{name: 'we?b.*'}", &set), select("{name: 'web-[0-9]'}", &set)), (vec![0, 1], vec![1]));
        assert_eq!((select("{name: web-}", &set), select("{name: 'd[a-z]'}", &set)), (vec![], vec![2]));
    }

    #[test]
    fn the_first_name_and_that_of_now_are_found_but_none_between() {
        let mut set = set();
        for name in ["between", "last"] {
            set.update(0, |web| {
                web.remember();
                let place = web.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("name"));
                *place.expect("a name") = value(name);
            });
        }
        assert_eq!((select("{name: web}", &set), select("{name: last}", &set)), (vec![0], vec![0]));
        assert_eq!((select("{name: between}", &set), select("{name: be.*n}", &set)), (vec![], vec![]));
    }

    #[test]
    fn a_bad_label_selector_shows_only_where_it_is_asked() {
        let read = |text| Selector::read(&value(text)).expect("a selector");
        assert!(read("{name: none, labelSelector: '='}").select(&set()).expect("nothing").is_empty());
        assert!(read("{name: web, labelSelector: '='}").select(&set()).is_err());
        let shown = Selector::shown(&value("{kind: A, name: b, labelSelector: c}"));
        assert_eq!(shown, "A.[noVer].[noGrp]/b.[noNs]:a=:l=c");
        assert!(Selector::read(&value("{name: '*'}")).is_err());
    }
}
