//! What an entry of `configMapGenerator` or `secretGenerator` asks for (`types/generatorargs.go`,
//! `types/generatoroptions.go`).

use crate::kustomization::{field, flag, items, text};
use crate::model::Behavior;
use fluxproof_yaml::{EcoString, Entry, Span, Value};
use std::collections::BTreeMap;

/// An entry, with the kustomization's `generatorOptions` where it is one of a kustomization.
pub(crate) struct Args<'v> {
    pub(crate) entry: &'v Value,
    pub(crate) name: Option<&'v Value>,
    pub(crate) namespace: Option<&'v Value>,
    /// The env files.
    pub(crate) envs: Vec<&'v Value>,
    pub(crate) labels: BTreeMap<EcoString, &'v Entry>,
    pub(crate) annotations: BTreeMap<EcoString, &'v Entry>,
    pub(crate) disable_hash: bool,
    /// The text that asks for it.
    pub(crate) immutable: Option<Span>,
    pub(crate) behavior: Behavior,
}

impl<'v> Args<'v> {
    /// Of an entry of a kustomization.
    pub(crate) fn of_entry(entry: &'v Value, kustomization: &'v Value) -> Self {
        let mut args = Self::of(entry);
        args.envs.extend(text(entry, "env"));
        args.add_options(field(kustomization, "generatorOptions"));
        args
    }

    /// Of an object under `generators`: its own name and namespace are those of its metadata, unless it says others. Its
    /// `env`, which kustomize knows in a kustomization only, says nothing.
    pub(crate) fn of_object(object: &'v Value) -> Self {
        let mut args = Self::of(object);
        let own = |name| field(object, "metadata").and_then(|metadata| text(metadata, name));
        args.name = args.name.or_else(|| own("name"));
        args.namespace = args.namespace.or_else(|| own("namespace"));
        args
    }

    fn of(entry: &'v Value) -> Self {
        let mut args = Self {
            entry,
            name: text(entry, "name"),
            namespace: text(entry, "namespace"),
            envs: items(entry, "envs").iter().collect(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            disable_hash: false,
            immutable: None,
            behavior: field(entry, "behavior").and_then(Value::as_str).map_or(Behavior::Unspecified, Behavior::named),
        };
        args.add_options(field(entry, "options"));
        args
    }

    /// Adds options that give way to those that are there; only a flag that is set stays set
    /// (`MergeGlobalOptionsIntoLocal`).
    fn add_options(&mut self, options: Option<&'v Value>) {
        let Some(options) = options else { return };
        add(&mut self.labels, field(options, "labels"));
        add(&mut self.annotations, field(options, "annotations"));
        self.disable_hash |= flag(options, "disableNameSuffixHash");
        let immutable = field(options, "immutable").filter(|value| value.as_bool() == Some(true));
        self.immutable = self.immutable.or_else(|| immutable.map(|value| value.span));
    }
}

fn add<'v>(map: &mut BTreeMap<EcoString, &'v Entry>, more: Option<&'v Value>) {
    for entry in more.map_or(&[][..], Value::entries) {
        map.entry(entry.key.clone()).or_insert(entry);
    }
}

impl Behavior {
    /// Any other word says nothing (`NewGenerationBehavior`).
    pub(crate) fn named(word: &str) -> Self {
        match word {
            "create" => Self::Create,
            "replace" => Self::Replace,
            "merge" => Self::Merge,
            _ => Self::Unspecified,
        }
    }

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
        }
    }
}
