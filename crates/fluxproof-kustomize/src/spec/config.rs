//! Field specs by operator, and how those of `configurations` are merged (`builtinconfig/transformerconfig.go`).

use super::defaults::defaults;
use crate::build::{Builder, Level};
use crate::kustomization::{Fields, Shape, field, flag, items, refused};
use crate::model::Gvk;
use fluxproof_yaml::{EcoString, FileId, Problem, Span, Value};
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

use Shape::{Flag, List, Struct, Text};

const SPECS: Shape = List(&Struct(
    "FieldSpec",
    &[("Gvk.group", Text), ("Gvk.version", Text), ("Gvk.kind", Text), ("path", Text), ("create", Flag)],
));
const REFERENCES: Shape = List(&Struct(
    "NameBackReferences",
    &[("Gvk.group", Text), ("Gvk.version", Text), ("Gvk.kind", Text), ("fieldSpecs", SPECS)],
));

/// The fields of a configuration file.
const FIELDS: Fields = &[
    ("namePrefix", SPECS),
    ("nameSuffix", SPECS),
    ("namespace", SPECS),
    ("commonLabels", SPECS),
    ("labels", SPECS),
    ("templateLabels", SPECS),
    ("commonAnnotations", SPECS),
    ("nameReference", REFERENCES),
    ("varReference", SPECS),
    ("images", SPECS),
    ("replicas", SPECS),
];

/// The fields that are lists of field specs, in the order in which kustomize merges them, and what its errors call them.
const LISTS: [(&str, &str); 10] = [
    ("namePrefix", "NamePrefix"),
    ("nameSuffix", "NameSuffix"),
    ("namespace", "NameSpace"),
    ("commonAnnotations", "CommonAnnotations"),
    ("commonLabels", "CommonLabels"),
    ("labels", "Labels"),
    ("templateLabels", "TemplateLabels"),
    ("varReference", "VarReference"),
    ("images", "Images"),
    ("replicas", "Replicas"),
];

impl FieldSpec {
    /// A place in objects of any kind.
    pub(crate) fn anywhere(path: &str, create: bool) -> Self {
        Self { gvk: Gvk::default(), path: path.into(), create }
    }

    /// One that is written as `group`, `version`, `kind`, `path` and `create`.
    pub(crate) fn from_value(value: &Value) -> Self {
        let path = field(value, "path").and_then(Value::as_str).unwrap_or_default().into();
        Self { gvk: gvk_of(value), path, create: flag(value, "create") }
    }

    /// Those of a list field: `fieldSpecs` of the objects under `transformers`, `fields` of a label.
    pub(crate) fn list(map: &Value, name: &str) -> Vec<Self> {
        items(map, name).iter().map(Self::from_value).collect()
    }
}

impl Backreference {
    fn from_value(value: &Value) -> Self {
        Self { gvk: gvk_of(value), referrers: FieldSpec::list(value, "fieldSpecs") }
    }
}

/// `group`, `version` and `kind` of a field spec.
fn gvk_of(value: &Value) -> Gvk {
    let text = |name| field(value, name).and_then(Value::as_str).unwrap_or_default().into();
    Gvk { group: text("group"), version: text("version"), kind: text("kind") }
}

impl Config {
    /// The defaults with the `configurations` of a level (`MakeTransformerConfig`).
    pub(crate) fn of_level(builder: &mut Builder<'_, '_>, level: Level<'_>) -> Result<Arc<Self>, Problem> {
        let listed = items(level.kustomization, "configurations");
        if listed.is_empty() {
            return Ok(defaults());
        }
        let mut own = Self::default();
        for item in listed {
            if let Some(file) = builder.file(level, item)? {
                own = own.merged(&Self::of_file(builder, file)?, item.span)?;
            }
        }
        let span = listed.first().map_or(level.kustomization.span, |item| item.span);
        Ok(Arc::new(defaults().merged(&own, span)?))
    }

    fn of_file(builder: &Builder<'_, '_>, file: FileId) -> Result<Self, Problem> {
        let workspace = builder.workspace;
        if let Some(problem) = workspace.configuration_problems(file).first() {
            let message = format!("error converting YAML to JSON: yaml: {}", problem.message);
            return Err(Problem { message, ..problem.clone() });
        }
        let Some(value) = workspace.configuration(file) else { return Ok(Self::default()) };
        match refused(value, "TransformerConfig", FIELDS).into_iter().next() {
            None => Ok(Self::from_value(value)),
            Some(problem) => {
                let why = problem.message.trim_start_matches("invalid Kustomization: ");
                let message = format!("error unmarshaling JSON: while decoding JSON: {why}");
                Err(Problem { message, ..problem })
            }
        }
    }

    fn from_value(value: &Value) -> Self {
        let mut config = Self::default();
        for (name, _) in LISTS {
            if let Some(list) = config.list(name) {
                *list = FieldSpec::list(value, name);
            }
        }
        config.name_reference = items(value, "nameReference").iter().map(Backreference::from_value).collect();
        config.sort();
        config
    }

    /// The list of a field of a configuration file; none for `nameReference`, whose rows are of another form.
    pub(super) fn list(&mut self, field: &str) -> Option<&mut Vec<FieldSpec>> {
        Some(match field {
            "namePrefix" => &mut self.name_prefix,
            "nameSuffix" => &mut self.name_suffix,
            "namespace" => &mut self.namespace,
            "commonLabels" => &mut self.common_labels,
            "labels" => &mut self.labels,
            "templateLabels" => &mut self.template_labels,
            "commonAnnotations" => &mut self.common_annotations,
            "varReference" => &mut self.var_reference,
            "images" => &mut self.images,
            "replicas" => &mut self.replicas,
            _ => return None,
        })
    }

    /// This with what another one has more (`TransformerConfig.Merge`).
    pub(crate) fn merge(&self, other: &Arc<Self>, span: Span) -> Result<Arc<Self>, Problem> {
        if self.is_empty() && other.is_default() {
            return Ok(other.clone());
        }
        self.merged(other, span).map(Arc::new)
    }

    /// Whether these are the defaults and nothing more.
    pub(crate) fn is_default(self: &Arc<Self>) -> bool {
        Arc::ptr_eq(self, &defaults())
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn merged(&self, other: &Self, span: Span) -> Result<Self, Problem> {
        let (mut result, mut other) = (self.clone(), other.clone());
        for (name, called) in LISTS {
            if let (Some(list), Some(more)) = (result.list(name), other.list(name)) {
                merge_all(list, more).map_err(|why| unmerged(called, why, span))?;
            }
        }
        for more in &other.name_reference {
            merge_reference(&mut result.name_reference, more).map_err(|why| unmerged("NameReference", why, span))?;
        }
        result.sort();
        Ok(result)
    }

    /// Puts every list in the order of its kinds (`sortFields`).
    pub(super) fn sort(&mut self) {
        for (name, _) in LISTS {
            if let Some(list) = self.list(name) {
                fluxproof_order::sort_by_cached_key(list, |spec| spec.gvk.legacy_key());
            }
        }
        fluxproof_order::sort_by_cached_key(&mut self.name_reference, |reference| reference.gvk.legacy_key());
    }
}

fn unmerged(field: &str, why: &str, span: Span) -> Problem {
    Problem::new(span, format!("failed to merge {field} fieldSpec: {why}"))
}

/// Adds the rows that are not there (`FsSlice.MergeAll`).
pub(crate) fn merge_all(list: &mut Vec<FieldSpec>, more: &[FieldSpec]) -> Result<(), &'static str> {
    more.iter().try_for_each(|spec| merge_one(list, spec))
}

/// Adds a row unless one is there that it selects: a row without a kind is taken for any other of its path.
fn merge_one(list: &mut Vec<FieldSpec>, spec: &FieldSpec) -> Result<(), &'static str> {
    match list.iter().find(|known| known.path == spec.path && known.gvk.is_selected(&spec.gvk)) {
        Some(known) if known.create != spec.create => Err("conflicting fieldspecs"),
        Some(_) => Ok(()),
        None => {
            list.push(spec.clone());
            Ok(())
        }
    }
}

fn merge_reference(list: &mut Vec<Backreference>, more: &Backreference) -> Result<(), &'static str> {
    let mut found = false;
    for known in list.iter_mut().filter(|known| known.gvk == more.gvk) {
        merge_all(&mut known.referrers, &more.referrers)?;
        found = true;
    }
    if !found {
        list.push(more.clone());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Budget, Table, parse};

    fn config(text: &str) -> Config {
        let parsed = parse(FileId(0), text);
        let root = parsed.documents[0].root().expect("a root");
        Config::from_value(&root.to_value(Table::GoYaml2, &mut Budget::default()).expect("a value"))
    }

    fn merged(a: &str, b: &str) -> Result<Config, String> {
        config(a).merged(&config(b), Span::new(FileId(0), 0, 0)).map_err(|problem| problem.message)
    }

    #[test]
    fn merging_the_defaults_into_nothing_leaves_them_as_they_are() {
        let merged = Config::default().merged(&defaults(), Span::new(FileId(0), 0, 0)).expect("merged");
        assert_eq!(merged, *defaults());
    }

    #[test]
    fn rows_of_one_target_are_joined_and_known_ones_left_out() {
        let one = "nameReference: [{kind: ConfigMap, version: v1, fieldSpecs: [{kind: A, path: spec/a}]}]";
        let two =
            "nameReference: [{kind: ConfigMap, version: v1, fieldSpecs: [{kind: A, path: spec/a}, {path: spec/b}]}]";
        let merged = merged(one, two).expect("merged");
        let paths: Vec<&str> = merged.name_reference[0].referrers.iter().map(|spec| &*spec.path).collect();
        assert_eq!((merged.name_reference.len(), paths), (1, vec!["spec/a", "spec/b"]));
    }

    #[test]
    fn a_row_for_all_kinds_gives_way_to_one_of_its_path() {
        let merged = merged("images: [{kind: Deployment, path: a}]", "images: [{path: a}]").expect("merged");
        assert_eq!(merged.images.len(), 1);
    }

    #[test]
    fn rows_that_differ_in_create_are_an_error() {
        let problem = merged("images: [{path: a}]", "images: [{path: a, create: true}]").expect_err("an error");
        assert_eq!(problem, "failed to merge Images fieldSpec: conflicting fieldspecs");
    }

    #[test]
    fn lists_are_in_the_order_of_kinds() {
        let config = config("images: [{path: a}, {kind: Zoo, path: a}, {kind: Namespace, path: a}]");
        let kinds: Vec<&str> = config.images.iter().map(|spec| &*spec.gvk.kind).collect();
        assert_eq!(kinds, ["Namespace", "Zoo", ""]);
    }
}
