//! A dependency whose `readyExpr` decides.

use super::{Judge, Judged, assumed};
use crate::cel::Implies;
use crate::model::{BrokenKind, Dependency, Owner};
use crate::require::Wanted;

impl Judge<'_> {
    /// A `readyExpr` that is refused, or never true, holds the dependent back for ever; one that does not ask for Ready does
    /// not wait for it.
    pub(super) fn by_expression(&self, wanted: &Wanted) -> Option<Judged> {
        let expression = self.dependency_at(wanted)?.ready_expr.as_ref()?;
        if expression.is_never_true() {
            return Some(self.unmet(wanted, BrokenKind::Unsatisfiable, expression.flaw().is_none()));
        }
        match expression.implies() {
            Implies::Ready | Implies::ReadyOnce => None,
            Implies::Nothing(_) | Implies::Unknown => {
                Some(assumed(self.fact(wanted), "its readyExpr replaces the check for Ready"))
            }
        }
    }

    /// The entry of `dependsOn` that a requirement comes from.
    pub(crate) fn dependency_at(&self, wanted: &Wanted) -> Option<&Dependency> {
        let all = match wanted.owner {
            Owner::Kustomization(index) => &self.expansion.kustomizations[index].depends_on,
            Owner::Release(index) => &self.expansion.releases[index].depends_on,
        };
        all.iter().find(|dependency| Some(dependency.span) == wanted.span)
    }
}
