//! The kustomization file: which fields it may have, and how they are read (`api/types/kustomization.go`).

mod fields;
mod shape;

pub(crate) use fields::{entry, field, flag, integer, is_empty, items, string_of, text};
pub(crate) use shape::{Fields, KUSTOMIZATION, Shape, refused};
pub use shape::{drop_unknown, is_field};

use fluxproof_yaml::{Problem, Value};

/// kustomize's three names for its file, in the order it looks for them.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Whether a kustomization is one for `components`.
pub(crate) fn is_component(kustomization: &Value) -> bool {
    field(kustomization, "kind").and_then(Value::as_str) == Some("Component")
}

/// Why kustomize would not work with a kustomization at all (`Unmarshal`, `CheckEmpty`, `EnforceFields`).
pub(crate) fn accept(kustomization: &Value) -> Vec<Problem> {
    let refused = refused(kustomization, "Kustomization", KUSTOMIZATION);
    if !refused.is_empty() {
        return refused;
    }
    let own = |name: &str| !["apiversion", "kind"].contains(&name.to_ascii_lowercase().as_str());
    if !kustomization.entries().iter().any(|entry| own(&entry.key) && !entry.value.is_null()) {
        return vec![Problem::new(kustomization.span, "kustomization.yaml is empty")];
    }
    wrong_type(kustomization).into_iter().collect()
}

fn wrong_type(kustomization: &Value) -> Option<Problem> {
    let kind = text(kustomization, "kind");
    let name = kind.and_then(Value::as_str).unwrap_or("Kustomization");
    if let Some(kind) = kind.filter(|_| !matches!(name, "Kustomization" | "Component")) {
        return Some(Problem::new(kind.span, "kind should be Kustomization or Component"));
    }
    let wanted =
        if name == "Component" { "kustomize.config.k8s.io/v1alpha1" } else { "kustomize.config.k8s.io/v1beta1" };
    let version = text(kustomization, "apiVersion").filter(|version| version.as_str() != Some(wanted))?;
    Some(Problem::new(version.span, format!("apiVersion for {name} should be {wanted}")))
}
