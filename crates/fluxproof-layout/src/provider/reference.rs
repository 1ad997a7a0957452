//! The objects of the cluster that a section names: whether each is named in full and from where it may be read.

use super::schema::{Field, Selector, Shape};
use super::{Issue, Scope, StoreKind, given, join, listed, rules};
use serde_json::Value as Json;

/// A selector in a section.
pub(crate) struct Reference<'v> {
    /// Where it is, as the section has it.
    pub(crate) at: String,
    /// Where it is, as the schema has it.
    pub(crate) known: String,
    pub(crate) selector: Selector,
    pub(crate) value: &'v Json,
}

impl Reference<'_> {
    /// The text of one of its fields.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.value.get(key)?.as_str()
    }
}

/// Every selector in a section, in the order of the schema.
pub(crate) fn references<'v>(provider: &Field, section: &'v Json) -> Vec<Reference<'v>> {
    let mut out = Vec::new();
    gather(&provider.shape, section, "", "", &mut out);
    out
}

fn gather<'v>(shape: &Shape, value: &'v Json, at: &str, known: &str, out: &mut Vec<Reference<'v>>) {
    match (shape, value) {
        (Shape::Object(Some(selector), _), Json::Object(_)) => {
            out.push(Reference { at: at.to_owned(), known: known.to_owned(), selector: *selector, value });
        }
        (Shape::Object(None, fields), Json::Object(map)) => {
            for (field, value) in fields.iter().filter_map(|field| Some((field, map.get(field.name)?))) {
                gather(&field.shape, value, &join(at, field.name), &join(known, field.name), out);
            }
        }
        (Shape::List(item), Json::Array(items)) => {
            for (place, value) in items.iter().enumerate() {
                gather(item, value, &format!("{at}[{place}]"), known, out);
            }
        }
        _ => {}
    }
}

/// What is wrong with the selectors of a section.
pub(crate) fn check(provider: &Field, section: &Json, scope: &Scope<'_>) -> Vec<Issue> {
    let references = references(provider, section);
    let mut issues: Vec<Issue> = references.iter().filter_map(nameless).collect();
    issues.extend(references.iter().filter_map(|reference| keyless(provider.name, reference)));
    if scope.kind == StoreKind::SecretStore {
        issues.extend(references.iter().filter_map(|reference| elsewhere(reference, scope.namespace)));
    }
    issues.extend(idle_authority(&provider.shape, section, ""));
    issues
}

fn nameless(reference: &Reference<'_>) -> Option<Issue> {
    given(reference.value, "name").is_none().then(|| {
        let message = format!("the {} has no name", noun(reference));
        Issue::new(join(&reference.at, "name"), message, "write the name of an object of the cluster")
    })
}

pub(crate) fn noun(reference: &Reference<'_>) -> &'static str {
    match (reference.selector, reference.text("type")) {
        (Selector::ServiceAccount, _) => "ServiceAccount",
        (Selector::ConfigMapKey, _) | (Selector::CaProvider, Some("ConfigMap")) => "ConfigMap",
        _ => "Secret",
    }
}

/// The operator looks the key up as it is written (runtime/esutils/resolvers/secret_ref.go); only some have a default.
fn keyless(provider: &str, reference: &Reference<'_>) -> Option<Issue> {
    let has_key = matches!(reference.selector, Selector::SecretKey | Selector::CaProvider | Selector::ConfigMapKey);
    let known = ["key", "keys"].iter().flat_map(|rule| rules::notes(provider, rule));
    let named = given(reference.value, "key").is_some() || known.into_iter().any(|(path, _)| path == reference.known);
    (has_key && !named).then(|| {
        let message = format!("no key of the {} is named", noun(reference));
        Issue::new(join(&reference.at, "key"), message, "write the key: the operator has no default for it")
    })
}

/// A SecretStore reads from its own namespace only (runtime/esutils/utils.go, `ValidateSecretSelector` and its like).
fn elsewhere(reference: &Reference<'_>, namespace: &str) -> Option<Issue> {
    let other = reference.text("namespace").filter(|other| *other != namespace)?;
    let message = format!("a SecretStore in {namespace} cannot use a {} of the namespace {other}", noun(reference));
    let help = "leave the namespace out, or make the store a ClusterSecretStore";
    Some(Issue::new(join(&reference.at, "namespace"), message, help))
}

/// A certificate that is written out counts before one that is named (runtime/esutils/utils.go, `FetchCACertFromSource`).
fn idle_authority(shape: &Shape, value: &Json, at: &str) -> Vec<Issue> {
    const BOTH: [&str; 2] = ["caBundle", "caProvider"];
    let own = BOTH.iter().all(|key| given(value, key).is_some());
    let mut issues = Vec::new();
    if own {
        let message = format!("{} are both there, and caProvider is ignored", listed(&BOTH));
        issues.push(Issue::new(join(at, "caProvider"), message, "keep one of them"));
    }
    for field in shape.fields() {
        if let Some(value) = value.get(field.name) {
            issues.extend(idle_authority(&field.shape, value, &join(at, field.name)));
        }
    }
    issues
}
