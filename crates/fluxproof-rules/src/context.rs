//! What a rule looks at, and how it begins a finding.

use crate::{Confidence, Finding, Rule};
use fluxproof_delivery::{Content, Delivery, KustomizationNode, ObjectRef, Owner, Provider};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Sources, Span};

/// One cluster and the texts it comes from.
pub struct Context<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The cluster.
    pub delivery: &'a Delivery,
}

impl<'a> Context<'a> {
    /// Whether a Kustomization is an entry that the repository does not hold: what it patches or sets is not known.
    pub(crate) fn is_implied(&self, owner: &ObjectRef) -> bool {
        self.delivery.kustomizations.first().is_some_and(|root| root.resource.is_none() && root.object == *owner)
    }

    /// Why the cluster may hold more objects than this repository shows, if it may.
    pub(crate) fn open(&self) -> Option<&'a str> {
        let node = |node: &'a KustomizationNode| match &node.content {
            _ if node.open.is_some() => node.open.as_deref(),
            Content::Outside(why) => Some(why.as_str()),
            _ => None,
        };
        self.delivery.kustomizations.iter().find_map(node)
    }

    /// Whether something applies an object of this kind, namespace and name.
    pub(crate) fn has_object(&self, (kind, namespace, name): (&str, &str, &str)) -> bool {
        let is = |object: &ObjectRef| {
            object.kind == kind && object.name == name && object.namespace.as_deref() == Some(namespace)
        };
        let is_flux = self.delivery.kustomizations.iter().any(|node| is(&node.object))
            || self.delivery.releases.iter().any(|release| is(&release.object));
        is_flux || self.resources().any(|(_, r)| is(&ObjectRef::of(r)))
    }

    /// Everything that the Kustomizations apply, with who applies it.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&'a ObjectRef, &'a Resource)> + use<'a> {
        let nodes = self.delivery.kustomizations.iter();
        nodes.flat_map(|node| node.resources().iter().map(move |resource| (&node.object, resource)))
    }
}

impl Context<'_> {
    /// Begins a finding at a place; the label says what that place is.
    #[must_use]
    pub fn finding(
        &self,
        rule: &Rule,
        location: Span,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            rule: rule.name,
            severity: rule.severity,
            confidence: Confidence::Certain,
            verdict: None,
            message: message.into(),
            why: String::new(),
            help: String::new(),
            clusters: vec![self.delivery.name.clone()],
            owner: None,
            object: None,
            field: String::new(),
            location,
            label: label.into(),
            related: Vec::new(),
            trace: Vec::new(),
            delay_seconds: None,
            cause: None,
        }
    }

    /// The identity of who applies something.
    #[must_use]
    pub fn owner(&self, owner: Owner) -> &ObjectRef {
        match owner {
            Owner::Kustomization(index) => &self.delivery.kustomizations[index].object,
            Owner::Release(index) => &self.delivery.releases[index].object,
        }
    }

    /// The identity and place of who brings something.
    #[must_use]
    pub fn provider(&self, provider: Provider) -> Option<(&ObjectRef, Option<Span>)> {
        match provider {
            Provider::Kustomization(index) => {
                let node = &self.delivery.kustomizations[index];
                Some((&node.object, node.span))
            }
            Provider::Release(index) => {
                let release = &self.delivery.releases[index];
                Some((&release.object, Some(release.resource.name_span())))
            }
            Provider::Bootstrap => None,
        }
    }

    /// The Kustomization that a dependent should name to come after the provider.
    #[must_use]
    pub fn kustomization_of(&self, provider: Provider) -> Option<usize> {
        match provider {
            Provider::Kustomization(index) => Some(index),
            Provider::Release(index) => Some(self.delivery.releases[index].owner),
            Provider::Bootstrap => None,
        }
    }
}
