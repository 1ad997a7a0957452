//! Field specs from the OpenAPI definitions that `crds` names (`api/internal/accumulator/loadconfigfromcrds.go`).

use super::config::{Backreference, Config, FieldSpec};
use crate::build::{Builder, Level};
use crate::kustomization::{entry, field, items};
use crate::model::Gvk;
use fluxproof_yaml::{EcoString, Problem, Value};
use std::sync::Arc;

/// What marks a property that is a mapping of annotations, of labels, or a name.
const MARKS: [(&str, &str); 3] = [
    ("x-kubernetes-annotation", "commonAnnotations"),
    ("x-kubernetes-label-selector", "commonLabels"),
    ("x-kubernetes-identity", "namePrefix"),
];

/// The definitions of a file, and the type whose properties are read.
struct Definitions<'v> {
    all: &'v Value,
    kind: EcoString,
    /// The types on the way down: kustomize would not come back from a type in itself.
    open: Vec<&'v str>,
    specs: Vec<(&'static str, FieldSpec)>,
    references: Vec<Backreference>,
}

impl Config {
    /// What the definitions of a level say about references, labels and annotations.
    pub(crate) fn of_crds(builder: &mut Builder<'_, '_>, level: Level<'_>) -> Result<Arc<Self>, Problem> {
        let listed = items(level.kustomization, "crds");
        let mut config = Self::default();
        for item in listed {
            let found = Self::of_definitions(builder, level, item).map_err(|problem| loading(listed, problem))?;
            config = config.merged(&found, item.span)?;
        }
        Ok(Arc::new(config))
    }

    fn of_definitions(builder: &mut Builder<'_, '_>, level: Level<'_>, item: &Value) -> Result<Self, Problem> {
        let Some(file) = builder.file(level, item)? else { return Ok(Self::default()) };
        if let Some(problem) = builder.workspace.configuration_problems(file).first() {
            let path = item.as_str().unwrap_or_default();
            let message = format!("unable to parse open API definition from '{path}': {}", problem.message);
            return Err(Problem { message, ..problem.clone() });
        }
        let mut config = Self::default();
        let Some(all) = builder.workspace.configuration(file) else { return Ok(config) };
        for entry in all.entries().iter().filter(|entry| is_object_type(&entry.value)) {
            config = config.merged(&of_type(all, &entry.key), item.span)?;
        }
        Ok(config)
    }
}

fn loading(listed: &[Value], problem: Problem) -> Problem {
    let paths: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    Problem { message: format!("loading CRDs [{}]: {}", paths.join(" "), problem.message), ..problem }
}

/// `looksLikeAk8sType`
fn is_object_type(definition: &Value) -> bool {
    let properties = properties(definition);
    ["kind", "apiVersion", "metadata"].iter().all(|name| properties.is_some_and(|all| all.get(name).is_some()))
}

fn properties(definition: &Value) -> Option<&Value> {
    field(field(definition, "Schema")?, "properties")
}

/// The rows for one type; its kind is the last part of its name.
fn of_type(all: &Value, name: &str) -> Config {
    let kind = name.rsplit('.').next().unwrap_or_default().into();
    let mut found = Definitions { all, kind, open: Vec::new(), specs: Vec::new(), references: Vec::new() };
    found.read(name, "");
    let mut config = Config::default();
    for (list, spec) in found.specs {
        config.list(list).into_iter().for_each(|list| list.push(spec.clone()));
    }
    config.name_reference = found.references;
    // Rows that are there twice are joined as those of any two configurations are.
    Config::default().merged(&config, all.span).unwrap_or(config)
}

impl<'v> Definitions<'v> {
    fn read(&mut self, name: &str, path: &str) {
        let Some(definition) = self.all.entry(name).filter(|one| !self.open.contains(&&*one.key)) else { return };
        self.open.push(&definition.key);
        for property in properties(&definition.value).map_or(&[][..], Value::entries) {
            let path = if path.is_empty() { property.key.to_string() } else { format!("{path}/{}", property.key) };
            self.property(&property.value, &path);
        }
        self.open.pop();
    }

    fn property(&mut self, property: &'v Value, path: &str) {
        for (mark, list) in MARKS {
            if text(property, mark).is_some() {
                let spec = self.spec(path);
                self.specs.push((list, spec));
            }
        }
        let (version, kind) = (text(property, "x-kubernetes-object-ref-api-version"), text(property, REF_KIND));
        if let (Some(version), Some(kind)) = (version, kind) {
            let key = text(property, "x-kubernetes-object-ref-name-key").unwrap_or("name");
            let gvk = Gvk { group: EcoString::new(), version: version.into(), kind: kind.into() };
            let referrers = vec![self.spec(&format!("{path}/{key}"))];
            self.references.push(Backreference { gvk, referrers });
        }
        if let Some(other) = property.str_at(&["$ref"]).filter(|other| !other.is_empty()) {
            self.read(other, path);
        }
    }

    fn spec(&self, path: &str) -> FieldSpec {
        let gvk = Gvk { kind: self.kind.clone(), ..Gvk::default() };
        FieldSpec { gvk, path: path.into(), create: false }
    }
}

/// The kind of the object that a property names.
const REF_KIND: &str = "x-kubernetes-object-ref-kind";

/// A text that marks a property; it may be empty.
fn text<'v>(property: &'v Value, name: &str) -> Option<&'v str> {
    entry(property, name).and_then(|entry| entry.value.as_str())
}
