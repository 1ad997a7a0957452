//! Values that must be strings and are not: a ConfigMap's data, labels and annotations.
//!
//! Pods, workloads, Services, Jobs and Secrets go through typed objects first, which convert or drop (pkg/ssa normalize); a
//! ConfigMap does not.

use super::typed;
use crate::model::{Fault, FaultKind};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Entry, Span, Value, View};

/// The first such value.
pub(super) fn fault(resource: &Resource) -> Option<(Fault, Span)> {
    let config_map = resource.group().is_empty() && resource.kind() == "ConfigMap";
    let data: &[&[&str]] = if config_map { &[&["data"]] } else { &[] };
    let metadata: [&[&str]; 2] = [&["metadata", "labels"], &["metadata", "annotations"]];
    data.iter().chain(&metadata).find_map(|path| {
        let entry = resource.at(path)?.entries().iter().find(|entry| is_other(&entry.value))?;
        Some((typed(resource, FaultKind::Text, &message(path, entry)), entry.value.span))
    })
}

fn is_other(value: &Value) -> bool {
    !matches!(value.view(), View::Str(_) | View::Null)
}

fn message(path: &[&str], entry: &Entry) -> String {
    format!(
        ".{}.{}: expected string, got &value.valueUnstructured{{Value:{}}}",
        path.join("."),
        entry.key,
        go(&entry.value)
    )
}

/// A value as Go prints it; what is inside a list or a mapping does not matter here.
fn go(value: &Value) -> String {
    match value.view() {
        View::Int(number) => number.to_string(),
        View::Float(number) => number.to_string(),
        View::Bool(flag) => flag.to_string(),
        View::Seq(_) => "[…]".to_owned(),
        _ => "map[…]".to_owned(),
    }
}
