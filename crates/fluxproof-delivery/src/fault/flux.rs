//! A Flux object with a field that its CRD does not declare: the API server refuses it, and the whole stage with it.

use super::typed;
use crate::facts::fields::{OddField, Oddity, odd_fields};
use crate::facts::flux::{Release, served};
use crate::model::{Fault, FaultKind};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::Span;

/// The first such field. A cluster whose Flux is newer than the table may have fields that the table lacks.
pub(super) fn fault(resource: &Resource, flux: Option<&str>) -> Option<(Fault, Span)> {
    let newer = flux.and_then(Release::parse).is_some_and(|release| release > Release::LATEST);
    let versions = served(resource.group(), resource.kind());
    if newer || !versions.contains(&resource.version()) {
        return None;
    }
    let odd = odd_fields(resource.kind(), &resource.value).into_iter().find(is_undeclared)?;
    let what = format!(".{}: field not declared in schema", odd.path);
    Some((typed(resource, FaultKind::FluxField, &what), odd.span))
}

fn is_undeclared(odd: &OddField) -> bool {
    matches!(odd.what, Oddity::Unknown { .. } | Oddity::Removed { .. })
}
