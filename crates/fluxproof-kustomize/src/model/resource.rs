//! One object of a build, and what kustomize remembers of it (`api/resource/resource.go`).

use super::id::{Gvk, ResId, split_api_version};
use fluxproof_yaml::{EcoString, EcoVec, FileId, Span, Value};

/// Something that the engine cannot know and that may have changed a resource, or what a build holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Where the operator stands.
    pub span: Span,
    /// What it is: `the remote base https://… is not read`.
    pub what: String,
}

/// What a generated object does to one of its identity that is there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Behavior {
    /// Nothing is said: as `Create`.
    #[default]
    Unspecified,
    /// There must be none.
    Create,
    /// It replaces the one that is there.
    Replace,
    /// Its data are merged into the one that is there.
    Merge,
}

/// An identity that an object had before an operator renamed it. Group and version are those of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) name: EcoString,
    /// The effective namespace.
    pub(crate) namespace: EcoString,
    pub(crate) kind: EcoString,
}

/// One object of a build.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The object; every node has the span of the text that a person would edit to change it.
    pub value: Value,
    /// The file it was read from, or the kustomization that generates it.
    pub file: FileId,
    /// The document it was read from, or the generator's entry.
    pub span: Span,
    /// What may have changed it.
    pub doubts: Vec<Doubt>,
    /// The identities it had, the oldest first.
    pub(crate) previous: EcoVec<Previous>,
    /// The name prefixes it got, in order.
    pub(crate) prefixes: EcoVec<EcoString>,
    /// The name suffixes it got, in order.
    pub(crate) suffixes: EcoVec<EcoString>,
    /// What it does when it is absorbed.
    pub(crate) behavior: Behavior,
    /// Whether a generator made it.
    pub(crate) is_generated: bool,
    /// Whether a hash of its content is to be added to its name at the end.
    pub(crate) needs_hash: bool,
    /// Whether a replacement may have put a text into a field of another type.
    pub(crate) mistyped: bool,
    /// Whether labels or annotations were put in several places at once (`shared`).
    pub(crate) shares: bool,
    /// The names of the `vars` whose values are in it.
    pub(crate) vars: EcoVec<EcoString>,
}

impl Resource {
    /// A resource as it stands in its file.
    #[must_use]
    pub fn new(value: Value, file: FileId) -> Self {
        let span = value.span;
        let mut resource = Self {
            value,
            file,
            span,
            doubts: Vec::new(),
            previous: EcoVec::new(),
            prefixes: EcoVec::new(),
            suffixes: EcoVec::new(),
            behavior: Behavior::Unspecified,
            is_generated: false,
            needs_hash: false,
            mistyped: false,
            shares: false,
            vars: EcoVec::new(),
        };
        crate::plugin::recall(&mut resource);
        resource
    }

    /// `apps/v1`; `""` where there is none.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.text(&["apiVersion"])
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
        self.text(&["kind"])
    }

    /// `metadata.name`
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(&["metadata", "name"])
    }

    /// `metadata.namespace`, where it is set and not empty.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        Some(self.text(&["metadata", "namespace"])).filter(|namespace| !namespace.is_empty())
    }

    /// An annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.value.at(&["metadata", "annotations", key]).and_then(Value::scalar_text).map(EcoString::as_str)
    }

    /// A label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.value.at(&["metadata", "labels", key]).and_then(Value::scalar_text).map(EcoString::as_str)
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

    /// The text of a scalar of any type; `""` where there is none, or null.
    fn text(&self, path: &[&str]) -> &str {
        self.at(path).filter(|value| !value.is_null()).and_then(Value::scalar_text).map_or("", EcoString::as_str)
    }

    /// Whether an operator has left nothing of it (`IsNilOrEmpty`).
    pub(crate) fn is_empty(&self) -> bool {
        self.value.is_null() || self.value.entries().is_empty()
    }

    pub(crate) fn gvk(&self) -> Gvk {
        Gvk::new(self.api_version(), self.kind())
    }

    /// The identity it has now (`CurId`).
    pub(crate) fn id(&self) -> ResId {
        let namespace = self.namespace().unwrap_or("").into();
        ResId { gvk: self.gvk(), name: self.name().into(), namespace }
    }

    /// The identity it had at first (`OrgId`).
    pub(crate) fn original_id(&self) -> ResId {
        self.previous_ids().next().unwrap_or_else(|| self.id())
    }

    /// The identities it had, the oldest first (`PrevIds`).
    pub(crate) fn previous_ids(&self) -> impl Iterator<Item = ResId> + '_ {
        let gvk = self.gvk();
        self.previous.iter().map(move |previous| ResId {
            gvk: Gvk { kind: previous.kind.clone(), ..gvk.clone() },
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
        })
    }

    /// The identity of now, then those of before, the oldest first (`MakeResIds`).
    pub(crate) fn ids(&self) -> impl Iterator<Item = ResId> + '_ {
        std::iter::once(self.id()).chain(self.previous_ids())
    }

    /// Whether kustomize keeps annotations of its own on the object: there are some then, whatever the object says.
    pub(crate) fn keeps_annotations(&self) -> bool {
        let names = [&self.prefixes, &self.suffixes];
        !self.previous.is_empty() || names.iter().any(|list| !list.is_empty()) || self.is_generated
    }

    /// Remembers the identity of now, because an operator is about to change it (`StorePreviousId`).
    pub(crate) fn remember(&mut self) {
        self.clear_null_annotations();
        let id = self.id();
        let namespace = id.effective_namespace().into();
        self.previous.push(Previous { name: id.name.clone(), namespace, kind: id.gvk.kind.clone() });
    }

    /// Annotations of kustomize's own take the place of a null.
    fn clear_null_annotations(&mut self) {
        if self.at(&["metadata", "annotations"]).is_some_and(Value::is_null) {
            let metadata = self.value.get_mut("metadata");
            if let Some(annotations) = metadata.and_then(|metadata| metadata.get_mut("annotations")) {
                *annotations = Value::map(annotations.span, []);
            }
        }
    }
}
