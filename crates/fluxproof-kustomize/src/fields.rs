//! The fields of a kustomization and how Go reads them: names in any case, lists checked.

use fluxproof_yaml::{Data, Entry, Problem, Value};

/// Every field that kustomize 5.8.1 knows (api/types/kustomization.go).
const FIELDS: &[&str] = &[
    "apiVersion",
    "bases",
    "buildMetadata",
    "commonAnnotations",
    "commonLabels",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "generatorOptions",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "helmGlobals",
    "imageTags",
    "images",
    "kind",
    "labels",
    "metadata",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "openapi",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "replicas",
    "resources",
    "secretGenerator",
    "sortOptions",
    "transformers",
    "validators",
    "vars",
];

/// Whether kustomize knows a field of this name, in any case: it drops none of these and refuses all others.
#[must_use]
pub fn is_field(name: &str) -> bool {
    canonical(name).is_some()
}

/// The field's own spelling of its name.
pub(crate) fn canonical(name: &str) -> Option<&'static str> {
    FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name)).copied()
}

/// The entry of a field, its name in any case; of several the last, as Go's JSON has it.
pub(crate) fn entry<'v>(map: &'v Value, name: &str) -> Option<&'v Entry> {
    let same = |entry: &&Entry| entry.key.eq_ignore_ascii_case(name);
    map.entries().iter().rfind(same).filter(|entry| !entry.value.is_null())
}

/// The value of a field, where it is set.
pub(crate) fn field<'v>(map: &'v Value, name: &str) -> Option<&'v Value> {
    entry(map, name).map(|entry| &entry.value)
}

/// The text of a field, where it is one and not empty.
pub(crate) fn text<'v>(map: &'v Value, name: &str) -> Option<&'v Value> {
    field(map, name).filter(|value| value.as_str().is_some_and(|text| !text.is_empty()))
}

/// The items of a list field; none where it is absent.
pub(crate) fn items<'v>(map: &'v Value, name: &str) -> &'v [Value] {
    field(map, name).map_or(&[], Value::items)
}

/// A boolean field; false where it is absent.
pub(crate) fn flag(map: &Value, name: &str) -> bool {
    field(map, name).and_then(Value::as_bool).unwrap_or(false)
}

/// An integer field; 0 where it is absent.
pub(crate) fn integer(map: &Value, name: &str) -> i64 {
    match field(map, name).map(|value| &value.data) {
        Some(Data::Int(number)) => *number,
        _ => 0,
    }
}

/// What a field must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    List,
    Map,
}

const SHAPES: &[(&str, Shape)] = &[
    ("resources", Shape::List),
    ("bases", Shape::List),
    ("components", Shape::List),
    ("patches", Shape::List),
    ("patchesStrategicMerge", Shape::List),
    ("patchesJson6902", Shape::List),
    ("replacements", Shape::List),
    ("configMapGenerator", Shape::List),
    ("secretGenerator", Shape::List),
    ("images", Shape::List),
    ("replicas", Shape::List),
    ("labels", Shape::List),
    ("generators", Shape::List),
    ("transformers", Shape::List),
    ("validators", Shape::List),
    ("configurations", Shape::List),
    ("crds", Shape::List),
    ("helmCharts", Shape::List),
    ("namespace", Shape::Text),
    ("namePrefix", Shape::Text),
    ("nameSuffix", Shape::Text),
    ("commonLabels", Shape::Map),
    ("commonAnnotations", Shape::Map),
    ("generatorOptions", Shape::Map),
];

/// The fields that kustomize does not know, and those of the wrong type: it refuses the whole file for either.
pub(crate) fn refused(kustomization: &Value) -> Vec<Problem> {
    let unknown = kustomization.entries().iter().filter(|entry| !is_field(&entry.key)).map(unknown);
    let shapes = SHAPES.iter().filter_map(|(name, shape)| misshapen(entry(kustomization, name)?, *shape));
    unknown.chain(shapes).collect()
}

fn unknown(entry: &Entry) -> Problem {
    let problem = Problem::new(entry.key_span, format!("invalid Kustomization: json: unknown field \"{}\"", entry.key));
    problem.note("kustomize refuses a file with a field that it does not know")
}

fn misshapen(entry: &Entry, shape: Shape) -> Option<Problem> {
    let (fits, wanted) = match (shape, &entry.value.data) {
        (Shape::Text, data) => (matches!(data, Data::Str(_)), "a string"),
        (Shape::List, data) => (matches!(data, Data::Seq(_)), "a list"),
        (Shape::Map, data) => (matches!(data, Data::Map(_)), "a mapping"),
    };
    let message = format!("invalid Kustomization: {} must be {wanted}", entry.key);
    (!fits).then(|| Problem::new(entry.value.span, message))
}
