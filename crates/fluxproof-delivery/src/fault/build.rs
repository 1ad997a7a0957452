//! A folder that does not build: nothing of its Kustomization is applied.

use super::of_kustomization;
use crate::expand::Expansion;
use crate::model::{Before, Content, Fault, FaultKind};
use crate::require::Wanted;

/// The first problem of each build.
pub(super) fn faults(expansion: &Expansion<'_>, out: &mut Vec<Wanted>) {
    let mut last = None;
    for (index, problem) in &expansion.problems {
        if last.replace(*index) == Some(*index) {
            continue;
        }
        let node = &expansion.kustomizations[*index];
        let Content::Here(folder) = &node.content else { continue };
        let error = node.build.error.clone().unwrap_or_else(|| problem.message.clone());
        let fault = Fault { kind: FaultKind::Build, what: format!("{folder} builds"), error, likely: false };
        out.push(of_kustomization(*index, node, fault, problem.span, Before::Start));
    }
}
