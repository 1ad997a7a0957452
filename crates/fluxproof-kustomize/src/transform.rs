//! The operators of one kustomization, in kustomize's order (api/internal/target/kusttarget.go), and those that are not
//! modelled.

use crate::build::{Builder, Level};
use crate::fields::entry;
use crate::{Doubt, Resource, fields};
use fluxproof_yaml::{Entry, Value};

impl Builder<'_, '_> {
    /// Applies every operator of a kustomization to the resources that it has.
    pub(crate) fn transform(&mut self, level: &Level<'_>, resources: &mut Vec<Resource>) {
        self.strategic_merges(level, resources);
        self.patches(level, "patches", resources);
        self.namespace(level, resources);
        self.prefix_and_suffix(level, resources);
        self.labels(level, resources);
        self.annotations(level, resources);
        self.patches(level, "patchesJson6902", resources);
        self.replicas(level, resources);
        self.images(level, resources);
        self.replacements(level, resources);
        self.unmodelled(level, resources);
    }

    /// Leaves doubts for what is not modelled. `buildMetadata` and `sortOptions` are left out on purpose: they add
    /// annotations about kustomize itself and change the order in which Flux, which sorts, does not apply.
    fn unmodelled(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        for name in ["transformers", "openapi", "crds"] {
            if let Some(entry) = entry(level.kustomization, name).filter(|entry| has_content(&entry.value)) {
                doubt_all(resources, entry, level);
            }
        }
        for name in ["generators", "validators"] {
            if let Some(entry) = entry(level.kustomization, name).filter(|entry| has_content(&entry.value)) {
                self.doubts.push(doubt(entry, level));
            }
        }
        self.helm(level);
        self.configurations(level, resources);
        self.vars(level);
    }

    fn helm(&mut self, level: &Level<'_>) {
        for name in ["helmCharts", "helmChartInflationGenerator"] {
            let Some(entry) = entry(level.kustomization, name).filter(|entry| has_content(&entry.value)) else {
                continue;
            };
            self.doubts.push(doubt(entry, level));
            self.problem(
                entry.key_span,
                "trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm",
            );
        }
    }

    /// Files that only teach references matter only where something is renamed; others may do anything.
    fn configurations(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        let Some(entry) = entry(level.kustomization, "configurations") else { return };
        for item in entry.value.items() {
            match self.configuration(level, item) {
                Some(value) if value.entries().iter().all(|e| &*e.key == "nameReference") => {
                    self.more_references = true
                }
                _ => doubt_all(resources, entry, level),
            }
        }
    }

    fn configuration(&mut self, level: &Level<'_>, item: &Value) -> Option<Value> {
        let file = level.folder.join(item.as_str()?).ok().and_then(|path| self.sources().find(&path));
        if file.is_none() {
            let text = item.as_str().unwrap_or_default();
            self.problem(item.span, format!("loading configuration '{text}': no such file"));
        }
        self.workspace.documents(file?).first().cloned()
    }

    /// `vars` replace `$(NAME)` in fields that a table lists, in the whole build.
    fn vars(&mut self, level: &Level<'_>) {
        if let Some(entry) = entry(level.kustomization, "vars").filter(|entry| has_content(&entry.value)) {
            self.vars.push(doubt(entry, level));
        }
    }
}

fn has_content(value: &Value) -> bool {
    !value.items().is_empty() || !value.entries().is_empty() || value.as_str().is_some()
}

/// The doubt that an operator leaves.
fn doubt(entry: &Entry, level: &Level<'_>) -> Doubt {
    Doubt { span: entry.key_span, what: format!("{} of {} is not modelled", canonical(&entry.key), level.name) }
}

fn canonical(name: &str) -> &str {
    fields::canonical(name).unwrap_or(name)
}

fn doubt_all(resources: &mut [Resource], entry: &Entry, level: &Level<'_>) {
    for resource in resources {
        let doubt = doubt(entry, level);
        resource.doubt(doubt.span, doubt.what);
    }
}
