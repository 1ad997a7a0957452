//! Health checks that cannot be made: a namespaced object without its namespace, which nothing fills in (pkg/ssa wait).

use super::of_kustomization;
use crate::facts::kubernetes;
use crate::model::{Before, Fault, FaultKind, KustomizationNode};
use crate::require::Wanted;
use fluxproof_yaml::Span;

/// One fault for each such check. With `wait` the checks are not read.
pub(super) fn faults(index: usize, node: &KustomizationNode, out: &mut Vec<Wanted>) {
    let Some(resource) = node.resource.as_ref().filter(|_| !node.wait) else { return };
    let checks = resource.value.at(&["spec", "healthChecks"]);
    for check in &node.health_checks {
        let namespaced = kubernetes::is_cluster_scoped(check.group(), &check.kind) == Some(false);
        if check.namespace.is_none() && namespaced {
            let span: Span = checks.map_or(resource.span, |value| value.span);
            out.push(of_kustomization(index, node, fault(check), span, Before::Ready));
        }
    }
}

fn fault(check: &crate::ObjectRef) -> Fault {
    let dot = if check.group().is_empty() { String::new() } else { format!(".{}", check.group()) };
    let what = format!("resource {}{dot} {} is namespace scoped, but namespace is not set", check.kind, check.name);
    Fault {
        kind: FaultKind::HealthCheck,
        what: format!("the health check of {check} names a namespace"),
        error: format!("health check failed: {what}"),
        likely: false,
    }
}
