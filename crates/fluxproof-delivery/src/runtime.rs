//! What other controllers make of an applied object: the Secret of an ExternalSecret, of a SealedSecret, of a Certificate.

use crate::provide::What;
use fluxproof_kustomize::Resource;

/// The Secret that a controller makes from an object, once it has looked at it.
pub(crate) fn made_of(resource: &Resource) -> Option<What> {
    let text = |path: &[&str]| resource.at(path).and_then(|value| value.as_str()).map(str::to_owned);
    let own = || resource.name().to_owned();
    let name = match (resource.group(), resource.kind()) {
        // external-secrets.io ExternalSecret: spec.target.name, by default the object's own.
        ("external-secrets.io", "ExternalSecret") => text(&["spec", "target", "name"]).unwrap_or_else(own),
        // bitnami.com SealedSecret: the name must be its own, or the template's.
        ("bitnami.com", "SealedSecret") => text(&["spec", "template", "metadata", "name"]).unwrap_or_else(own),
        ("cert-manager.io", "Certificate") => text(&["spec", "secretName"])?,
        ("onepassword.com", "OnePasswordItem") | ("secrets.infisical.com", "InfisicalSecret") => own(),
        _ => return None,
    };
    Some(What::Object("Secret".to_owned(), resource.namespace().unwrap_or("default").to_owned(), name))
}
