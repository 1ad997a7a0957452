//! Whether a Kustomization really waits for an object, or only looks as if it did.

use super::{HealthCheckExpression, Vacuous};
use crate::facts::kstatus::{self, Blind};
use crate::facts::kubernetes;
use crate::model::{KustomizationNode, ObjectRef};
use crate::read::is_flux_group;

/// Whether something is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaited {
    /// The Kustomization is Ready only once the object is.
    Yes,
    /// It looks at the object, which may count as healthy before anybody has looked at it: why.
    Vacuously(String),
    /// It does not look at the object: why.
    No(&'static str),
    /// It looks at the object; whether an object of this kind counts as healthy too early is not known.
    Unknown,
}

impl KustomizationNode {
    /// Whether this Kustomization is Ready only once an object is: one that it applies and waits for, or one that its
    /// `healthChecks` name. An object of Flux's own is safe, because its CRD sets `observedGeneration: -1`.
    #[must_use]
    pub fn awaits(&self, object: &ObjectRef) -> Awaited {
        if !self.looks_at(object) {
            return Awaited::No("neither wait nor healthChecks of its Kustomization is for it");
        }
        match self.health_check_exprs.iter().find(|entry| entry.covers(object)) {
            Some(entry) => by_expression(entry),
            None => by_kstatus(object),
        }
    }

    /// Whether its health checks look at an object; `healthChecks` are ignored where `wait` is set.
    fn looks_at(&self, object: &ObjectRef) -> bool {
        let same = |other: &ObjectRef| {
            (other.group(), &other.kind, &other.name, &other.namespace)
                == (object.group(), &object.kind, &object.name, &object.namespace)
        };
        match self.wait {
            true => self.resources().iter().any(|resource| same(&ObjectRef::of(resource))),
            false => self.health_checks.iter().any(same),
        }
    }
}

fn by_expression(entry: &HealthCheckExpression) -> Awaited {
    match entry.vacuous() {
        Some(Vacuous::NoStatus) => Awaited::Vacuously("its health check expression holds without a status".to_owned()),
        Some(Vacuous::NoConditions) | None => Awaited::Yes,
    }
}

fn by_kstatus(object: &ObjectRef) -> Awaited {
    let kind = &object.kind;
    match kstatus::blind(object.group(), kind) {
        Some(Blind::Always) => {
            Awaited::Vacuously(format!("a {kind} has no Ready condition, so it counts as healthy at once"))
        }
        Some(Blind::AtFirst) => Awaited::Vacuously(format!("a {kind} without a status counts as healthy")),
        None if kubernetes::is_builtin_group(object.group()) || is_flux_group(object.group()) => Awaited::Yes,
        None => Awaited::Unknown,
    }
}
