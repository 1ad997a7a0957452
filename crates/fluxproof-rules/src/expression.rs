//! What the rules about CEL share: the expressions of a cluster, and places inside them.

use crate::Context;
use fluxproof_delivery::{Dependency, HealthCheckExpression, ObjectRef, ReadyExpression};
use fluxproof_yaml::Span;

/// The owner of an expression: a Kustomization or a HelmRelease, and the Kustomization that applies it.
pub(crate) struct Holder<'a> {
    pub(crate) object: &'a ObjectRef,
    pub(crate) owner: Option<&'a ObjectRef>,
    pub(crate) depends_on: &'a [Dependency],
    pub(crate) health: &'a [HealthCheckExpression],
}

/// Everything that may hold expressions and whose fields are what the file says.
pub(crate) fn holders<'a>(cx: &Context<'a>) -> Vec<Holder<'a>> {
    let nodes = &cx.delivery.kustomizations;
    let kustomizations = nodes.iter().filter(|node| node.doubt.is_none()).map(|node| Holder {
        object: &node.object,
        owner: node.parent.map(|parent| &nodes[parent].object),
        depends_on: &node.depends_on,
        health: &node.health_check_exprs,
    });
    let releases = cx.delivery.releases.iter().filter(|release| release.doubt.is_none()).map(|release| Holder {
        object: &release.object,
        owner: Some(&nodes[release.owner].object),
        depends_on: &release.depends_on,
        health: &release.health_check_exprs,
    });
    kustomizations.chain(releases).collect()
}

impl<'a> Holder<'a> {
    /// The `readyExpr` of each dependency, with the index of its entry.
    pub(crate) fn ready(&self) -> impl Iterator<Item = (usize, &'a Dependency, &'a ReadyExpression)> + use<'a> {
        let entries = self.depends_on.iter().enumerate();
        entries.filter_map(|(at, dependency)| Some((at, dependency, dependency.ready_expr.as_ref()?)))
    }
}

/// A part of an expression in the file, where the file writes the expression as it is; otherwise the whole.
pub(crate) fn place(cx: &Context<'_>, span: Span, text: &str, part: (usize, usize)) -> Span {
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX).saturating_add(span.start);
    match cx.sources.snippet(span).find(text) {
        Some(found) => {
            Span::new(span.file, at(found + part.0), at(found + part.1.max(part.0 + 1).min(text.len()).max(part.0)))
        }
        None => span,
    }
}
