//! One object of a build.

use crate::scope;
use fluxproof_yaml::{FileId, Span, Value};
use std::fmt;

/// Something that the engine does not model and that may have changed a resource, or what a build holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Where the operator stands.
    pub span: Span,
    /// What it is: `transformers of apps/kustomization.yaml are not modelled`.
    pub what: String,
}

/// One object of a build.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The object; every node has the span of the text that a person would edit to change it.
    pub value: Value,
    /// The file it was read from.
    pub file: FileId,
    /// The document it was read from.
    pub span: Span,
    /// What may have changed it.
    pub doubts: Vec<Doubt>,
    /// The identities it had before the operators that renamed it, the oldest first.
    pub(crate) previous: Vec<Id>,
}

impl Resource {
    /// A resource as it stands in its file.
    #[must_use]
    pub fn new(value: Value, file: FileId) -> Self {
        let span = value.span;
        Self { value, file, span, doubts: Vec::new(), previous: Vec::new() }
    }

    /// `apps/v1`; `""` where there is none.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.value.str_at(&["apiVersion"]).unwrap_or("")
    }

    /// `apps`; `""` for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        split_api_version(self.api_version()).0
    }

    /// `v1`
    #[must_use]
    pub fn version(&self) -> &str {
        split_api_version(self.api_version()).1
    }

    /// `Deployment`
    #[must_use]
    pub fn kind(&self) -> &str {
        self.value.str_at(&["kind"]).unwrap_or("")
    }

    /// `metadata.name`
    #[must_use]
    pub fn name(&self) -> &str {
        self.value.str_at(&["metadata", "name"]).unwrap_or("")
    }

    /// `metadata.namespace`, where it is set and not empty.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.value.str_at(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty())
    }

    /// An annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.value.str_at(&["metadata", "annotations", key])
    }

    /// A label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.value.str_at(&["metadata", "labels", key])
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        self.value.at(path)
    }

    /// Where the name stands: the place to point at for the whole object.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.at(&["metadata", "name"]).map_or(self.span, |name| name.span)
    }

    pub(crate) fn doubt(&mut self, span: Span, what: impl Into<String>) {
        let doubt = Doubt { span, what: what.into() };
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// The identity it has now.
    pub(crate) fn id(&self) -> Id {
        Id {
            group: self.group().to_owned(),
            version: self.version().to_owned(),
            kind: self.kind().to_owned(),
            namespace: self.namespace().map(str::to_owned),
            name: self.name().to_owned(),
        }
    }

    /// The identity it had in its file.
    pub(crate) fn original_id(&self) -> Id {
        self.previous.first().cloned().unwrap_or_else(|| self.id())
    }

    /// The identity of now, then those of before, the oldest first.
    pub(crate) fn ids(&self) -> Vec<Id> {
        std::iter::once(self.id()).chain(self.previous.iter().cloned()).collect()
    }

    /// Remembers the identity of now, because an operator is about to change it.
    pub(crate) fn remember(&mut self) {
        let id = self.id();
        if self.previous.last() != Some(&id) {
            self.previous.push(id);
        }
    }
}

/// `apps/v1` is `("apps", "v1")`, `v1` is `("", "v1")`.
pub(crate) fn split_api_version(text: &str) -> (&str, &str) {
    text.split_once('/').unwrap_or(("", text))
}

/// What tells the objects of a build apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
}

impl Id {
    /// The namespace that counts: `default` where there is none, nothing for kinds outside namespaces.
    pub(crate) fn effective_namespace(&self) -> &str {
        if scope::is_cluster_scoped(&self.group, &self.version, &self.kind) {
            return "_non_namespaceable_";
        }
        self.namespace.as_deref().unwrap_or("default")
    }

    /// The identity in the form in which two equal ones clash.
    pub(crate) fn key(&self) -> Self {
        Self { namespace: Some(self.effective_namespace().to_owned()), ..self.clone() }
    }
}

impl fmt::Display for Id {
    /// kustomize's spelling: `ConfigMap.v1.[noGrp]/a.[noNs]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, none: &'static str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
        let gvk = [or(&self.kind, "[noKind]"), or(&self.version, "[noVer]"), or(&self.group, "[noGrp]")].join(".");
        let namespace = self.namespace.as_deref().unwrap_or("");
        write!(f, "{gvk}/{}.{}", or(&self.name, "[noName]"), or(namespace, "[noNs]"))
    }
}
