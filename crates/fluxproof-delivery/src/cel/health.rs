//! `healthCheckExprs`: how a custom resource counts as healthy (fluxcd/pkg runtime/cel, StatusEvaluator and StatusReader).
//!
//! Only group and kind decide which objects an entry is for. `inProgress`, then `failed`, then `current` is asked; the
//! first that is true holds, and an error means that the object is looked at again.

use super::value::Value;
use super::{Expression, Flaw, Truth};
use crate::model::ObjectRef;
use fluxproof_yaml::{Span, Value as Yaml};

/// An entry of `healthCheckExprs`.
#[derive(Debug, Clone)]
pub struct HealthCheckExpression {
    /// `external-secrets.io/v1`
    pub api_version: String,
    /// `ClusterSecretStore`; absent where the entry is for the whole group (kustomize-controller 1.9).
    pub kind: Option<String>,
    /// Where the entry is written.
    pub span: Span,
    in_progress: Option<Part>,
    failed: Option<Part>,
    current: Option<Part>,
}

/// One of the three expressions.
#[derive(Debug, Clone)]
struct Part {
    field: &'static str,
    text: String,
    span: Span,
    expression: Expression,
}

/// What an entry says of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Healthy.
    Current,
    /// Failed: the wait ends.
    Failed,
    /// Not yet, or it cannot be evaluated: the object is looked at again.
    NotYet,
    /// That depends on what is not known here.
    Unknown,
}

/// How an entry takes an object for healthy that nobody has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vacuous {
    /// An object without any status counts as healthy.
    NoStatus,
    /// An object whose list of conditions is empty counts as healthy.
    NoConditions,
}

/// The entries of a spec.
pub(crate) fn health_check_expressions(spec: Option<&Yaml>) -> Vec<HealthCheckExpression> {
    let items = spec.and_then(|s| s.get("healthCheckExprs")).map_or(&[][..], Yaml::items);
    items.iter().filter(|item| item.is_map()).map(entry).collect()
}

fn entry(item: &Yaml) -> HealthCheckExpression {
    let part = |field| {
        let value = item.get(field)?;
        let text = value.as_str().filter(|text| !text.is_empty())?;
        Some(Part { field, text: text.to_owned(), span: value.span, expression: Expression::read(text) })
    };
    HealthCheckExpression {
        api_version: item.str_at(&["apiVersion"]).unwrap_or_default().to_owned(),
        kind: item.str_at(&["kind"]).filter(|kind| !kind.is_empty()).map(str::to_owned),
        span: item.span,
        in_progress: part("inProgress"),
        failed: part("failed"),
        current: part("current"),
    }
}

impl HealthCheckExpression {
    /// The API group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether the entry is for an object.
    #[must_use]
    pub fn covers(&self, object: &ObjectRef) -> bool {
        self.group() == object.group() && self.kind.as_ref().is_none_or(|kind| *kind == object.kind)
    }

    /// Whether `current` is missing, which the controllers refuse.
    #[must_use]
    pub fn lacks_current(&self) -> bool {
        self.current.is_none()
    }

    /// What is wrong with its expressions: field, text, place, flaw.
    pub fn flaws(&self) -> impl Iterator<Item = (&'static str, &str, Span, &Flaw)> {
        self.parts().filter_map(|part| Some((part.field, part.text.as_str(), part.span, part.expression.flaw()?)))
    }

    /// The text of `current`, with its place.
    #[must_use]
    pub fn current(&self) -> Option<(&str, Span)> {
        self.current.as_ref().map(|part| (part.text.as_str(), part.span))
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        [&self.in_progress, &self.failed, &self.current].into_iter().flatten()
    }

    /// How the entry takes an object for healthy that nobody has looked at; none where it does not, or is not known.
    #[must_use]
    pub fn vacuous(&self) -> Option<Vacuous> {
        let without = [None, Some(Value::map([]))];
        if without.into_iter().any(|status| self.health(status) == Health::Current) {
            return Some(Vacuous::NoStatus);
        }
        let empty = Value::map([("conditions", Value::List(Vec::new()))]);
        (self.health(Some(empty)) == Health::Current).then_some(Vacuous::NoConditions)
    }

    /// What the entry says of an object whose only conditions are these: type and status.
    #[must_use]
    pub fn health_with(&self, conditions: &[(&str, &str)]) -> Health {
        let condition =
            |(kind, status): &(&str, &str)| Value::open([("type", Value::text(kind)), ("status", Value::text(status))]);
        let list = Value::List(conditions.iter().map(condition).collect());
        self.health(Some(Value::map([("conditions", list)])))
    }

    fn health(&self, status: Option<Value>) -> Health {
        let mut object = Value::map([
            ("apiVersion", Value::text(&self.api_version)),
            ("kind", self.kind.as_deref().map_or(Value::Unknown, Value::text)),
            ("metadata", Value::open([("generation", Value::Int(1))])),
            ("spec", Value::open([])),
        ]);
        if let (Value::Map(fields), Some(status)) = (&mut object, status) {
            fields.known.insert("status".to_owned(), status);
        }
        self.ask(&object)
    }

    fn ask(&self, object: &Value) -> Health {
        let asked =
            [(&self.in_progress, Health::NotYet), (&self.failed, Health::Failed), (&self.current, Health::Current)];
        for (part, health) in asked {
            let Some(part) = part else { continue };
            match part.expression.truth(object) {
                Truth::True => return health,
                Truth::False => {}
                Truth::Error => return Health::NotYet,
                Truth::Unknown => return Health::Unknown,
            }
        }
        Health::NotYet
    }
}
