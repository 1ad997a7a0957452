//! An encrypted Secret in a Kustomization that does not decrypt (kustomize-controller internal/decryptor).

use crate::model::{Fault, FaultKind, KustomizationNode, ObjectRef};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Span;

/// The fault of a Secret that still has its `sops` key. A default key of the controller itself makes it no fault, so it is
/// only likely where Flux's own installation is not in the repository.
pub(super) fn fault(node: &KustomizationNode, resource: &Resource) -> Option<(Fault, Span)> {
    let spec = node.resource.as_ref()?.value.get("spec");
    let decrypts = spec.is_some_and(|spec| spec.get("decryption").is_some());
    let sops =
        resource.at(&["sops"]).filter(|_| resource.kind() == "Secret" && resource.group().is_empty() && !decrypts)?;
    let object = ObjectRef::of(resource);
    let error = "is SOPS encrypted, configuring decryption is required for this secret to be reconciled";
    let fault = Fault {
        kind: FaultKind::Encrypted,
        what: format!("{} decrypts {object}", node.object),
        error: format!("{object} {error}"),
        likely: false,
    };
    Some((fault, sops.span))
}
