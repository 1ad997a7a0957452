//! The variables of `spec.postBuild`: inline ones, and those of ConfigMaps that the repository holds.

use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Data, Value};
use std::collections::BTreeMap;

/// What is known of the variables of a Kustomization.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Variables {
    pub(crate) known: BTreeMap<String, String>,
    /// Whether there may be more: a `substituteFrom` that cannot be read.
    pub(crate) unknown: bool,
    /// Whether substitution runs at all.
    pub(crate) active: bool,
}

impl Variables {
    /// The variables of a spec; `resources` are those applied before. Later sources win, inline ones win over all.
    pub(crate) fn of<'a>(spec: &Value, namespace: &str, resources: impl Iterator<Item = &'a Resource>) -> Self {
        let mut variables = Self::default();
        let Some(post_build) = spec.get("postBuild") else { return variables };
        variables.active = true;
        let resources: Vec<&Resource> = resources.collect();
        for source in post_build.get("substituteFrom").map_or(&[][..], Value::items) {
            variables.add_source(source, namespace, &resources);
        }
        for entry in post_build.get("substitute").map_or(&[][..], Value::entries) {
            variables.known.insert(entry.key.to_string(), text(&entry.value).unwrap_or_default());
        }
        variables
    }

    fn add_source(&mut self, source: &Value, namespace: &str, resources: &[&Resource]) {
        let (kind, name) = (source.str_at(&["kind"]).unwrap_or(""), source.str_at(&["name"]).unwrap_or(""));
        let is =
            |r: &&&Resource| r.kind() == kind && r.name() == name && r.namespace().unwrap_or(namespace) == namespace;
        match resources.iter().find(is) {
            Some(found) if kind == "ConfigMap" => self.add_data(found.at(&["data"])),
            Some(found) if found.at(&["sops"]).is_none() => self.add_data(found.at(&["stringData"])),
            _ => self.unknown = true,
        }
    }

    fn add_data(&mut self, data: Option<&Value>) {
        self.unknown |= data.is_none();
        for entry in data.map_or(&[][..], Value::entries) {
            self.known.insert(entry.key.to_string(), text(&entry.value).unwrap_or_default());
        }
    }
}

fn text(value: &Value) -> Option<String> {
    Some(match &value.data {
        Data::Str(text) => text.replace('\n', ""),
        Data::Int(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::Float(number) => number.to_string(),
        _ => return None,
    })
}
