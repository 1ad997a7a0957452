//! What the fields of a kustomization must be: Go decodes it strictly (`DisallowUnknownFields`).

use fluxproof_yaml::{Data, Entry, Problem, Value, View};

/// The type of a field in `api/types`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    Text,
    Flag,
    Number,
    /// A number of another type.
    Index,
    /// A string map.
    Texts,
    Any,
    List(&'static Shape),
    Struct(&'static str, Fields),
}

/// The fields of a struct and their types. Before a name stand the structs that hold it and have no name of their own.
pub(crate) type Fields = &'static [(&'static str, Shape)];

use Shape::{Any, Flag, Index, List, Number, Struct, Text, Texts};

const TEXT_LIST: Shape = List(&Text);

const META: Fields = &[("name", Text), ("namespace", Text), ("labels", Texts), ("annotations", Texts)];

/// `FieldSpec`
const FIELD_SPEC: Shape = Struct(
    "FieldSpec",
    &[("Gvk.group", Text), ("Gvk.version", Text), ("Gvk.kind", Text), ("path", Text), ("create", Flag)],
);

/// `Selector`
const SELECTOR: Fields = &[
    ("ResId.Gvk.group", Text),
    ("ResId.Gvk.version", Text),
    ("ResId.Gvk.kind", Text),
    ("ResId.name", Text),
    ("ResId.namespace", Text),
    ("annotationSelector", Text),
    ("labelSelector", Text),
];

/// `Patch`
const PATCH: Shape = Struct(
    "Patch",
    &[
        ("path", Text),
        ("patch", Text),
        ("target", Struct("Selector", SELECTOR)),
        ("options", Struct("PatchArgs", PATCH_ARGS)),
    ],
);

/// `PatchArgs`
const PATCH_ARGS: Fields = &[("allowNameChange", Flag), ("allowKindChange", Flag)];

/// `Image`
const IMAGE: Shape =
    Struct("Image", &[("name", Text), ("newName", Text), ("tagSuffix", Text), ("newTag", Text), ("digest", Text)]);

/// `Label`
const LABEL: Shape = Struct(
    "Label",
    &[("pairs", Texts), ("includeSelectors", Flag), ("includeTemplates", Flag), ("fields", List(&FIELD_SPEC))],
);

/// `FieldOptions`
const FIELD_OPTIONS: Shape =
    Struct("FieldOptions", &[("delimiter", Text), ("index", Index), ("encoding", Text), ("create", Flag)]);

/// `SourceSelector`
const SOURCE: Shape = Struct(
    "SourceSelector",
    &[
        ("ResId.Gvk.group", Text),
        ("ResId.Gvk.version", Text),
        ("ResId.Gvk.kind", Text),
        ("ResId.name", Text),
        ("ResId.namespace", Text),
        ("fieldPath", Text),
        ("options", FIELD_OPTIONS),
    ],
);

/// `TargetSelector`
const TARGET: Shape = Struct(
    "TargetSelector",
    &[
        ("select", Struct("Selector", SELECTOR)),
        ("reject", List(&Struct("Selector", SELECTOR))),
        ("fieldPaths", TEXT_LIST),
        ("options", FIELD_OPTIONS),
    ],
);

/// `ReplacementField`
const REPLACEMENT: Shape = Struct(
    "ReplacementField",
    &[
        ("path", Text),
        ("Replacement.source", SOURCE),
        ("Replacement.sourceValue", Text),
        ("Replacement.targets", List(&TARGET)),
    ],
);

/// `Var`
const VAR: Shape = Struct(
    "Var",
    &[
        ("name", Text),
        (
            "objref",
            Struct(
                "Target",
                &[
                    ("apiVersion", Text),
                    ("Gvk.group", Text),
                    ("Gvk.version", Text),
                    ("Gvk.kind", Text),
                    ("name", Text),
                    ("namespace", Text),
                ],
            ),
        ),
        ("fieldref", Struct("FieldSelector", &[("fieldPath", Text)])),
    ],
);

const OPTIONS: Fields =
    &[("labels", Texts), ("annotations", Texts), ("disableNameSuffixHash", Flag), ("immutable", Flag)];

macro_rules! generator {
    ($name:literal $(, $more:expr)*) => {
        Struct(
            $name,
            &[
                ("GeneratorArgs.name", Text),
                ("GeneratorArgs.namespace", Text),
                ("GeneratorArgs.behavior", Text),
                ("GeneratorArgs.KvPairSources.literals", TEXT_LIST),
                ("GeneratorArgs.KvPairSources.files", TEXT_LIST),
                ("GeneratorArgs.KvPairSources.envs", TEXT_LIST),
                ("GeneratorArgs.KvPairSources.env", Text),
                ("GeneratorArgs.options", Struct("GeneratorOptions", OPTIONS)),
                $($more,)*
            ],
        )
    };
}

const CONFIG_MAP: Shape = generator!("ConfigMapArgs");
const SECRET: Shape = generator!("SecretArgs", ("type", Text));

/// The fields of a kustomization, kustomize 5.8.1.
pub(crate) const KUSTOMIZATION: Fields = &[
    ("apiVersion", Text),
    ("kind", Text),
    ("metadata", Struct("ObjectMeta", META)),
    ("openapi", Texts),
    ("namePrefix", Text),
    ("nameSuffix", Text),
    ("namespace", Text),
    ("commonLabels", Texts),
    ("labels", List(&LABEL)),
    ("commonAnnotations", Texts),
    ("patchesStrategicMerge", TEXT_LIST),
    ("patchesJson6902", List(&PATCH)),
    ("patches", List(&PATCH)),
    ("images", List(&IMAGE)),
    ("imageTags", List(&IMAGE)),
    ("replacements", List(&REPLACEMENT)),
    ("replicas", List(&Struct("Replica", &[("name", Text), ("count", Number)]))),
    ("vars", List(&VAR)),
    (
        "sortOptions",
        Struct(
            "SortOptions",
            &[
                ("order", Text),
                (
                    "legacySortOptions",
                    Struct("LegacySortOptions", &[("orderFirst", TEXT_LIST), ("orderLast", TEXT_LIST)]),
                ),
            ],
        ),
    ),
    ("resources", TEXT_LIST),
    ("components", TEXT_LIST),
    ("crds", TEXT_LIST),
    ("bases", TEXT_LIST),
    ("configMapGenerator", List(&CONFIG_MAP)),
    ("secretGenerator", List(&SECRET)),
    ("helmGlobals", Any),
    ("helmCharts", List(&Any)),
    ("helmChartInflationGenerator", List(&Any)),
    ("generatorOptions", Struct("GeneratorOptions", OPTIONS)),
    ("configurations", TEXT_LIST),
    ("generators", TEXT_LIST),
    ("transformers", TEXT_LIST),
    ("validators", TEXT_LIST),
    ("buildMetadata", TEXT_LIST),
];

/// Whether kustomize knows a field of this name, in any case: it drops none of these and refuses all others.
#[must_use]
pub fn is_field(name: &str) -> bool {
    find(KUSTOMIZATION, name).is_some()
}

fn find(fields: Fields, name: &str) -> Option<&'static (&'static str, Shape)> {
    let last = |field: &&(&'static str, Shape)| field.0.rsplit('.').next().unwrap_or_default();
    let exact = fields.iter().find(|field| last(field) == name);
    exact.or_else(|| fields.iter().find(|field| last(field).eq_ignore_ascii_case(name)))
}

/// Takes the fields away that kustomize does not know, at any depth, and gives them: a reader without strictness, such
/// as Flux's for the kustomization at `spec.path`, drops them.
pub fn drop_unknown(kustomization: &mut Value) -> Vec<Entry> {
    let mut dropped = Vec::new();
    drop_from(kustomization, Struct("Kustomization", KUSTOMIZATION), &mut dropped);
    dropped
}

fn drop_from(value: &mut Value, shape: Shape, dropped: &mut Vec<Entry>) {
    match (shape, &mut value.data) {
        (List(item), Data::Seq(items)) if matches!(item, List(_) | Struct(..)) => {
            items.make_mut().iter_mut().for_each(|value| drop_from(value, *item, dropped));
        }
        (Struct(_, fields), Data::Map(entries)) => {
            dropped.extend(entries.iter().filter(|entry| find(fields, &entry.key).is_none()).cloned());
            entries.retain(|entry| find(fields, &entry.key).is_some());
            for entry in entries.make_mut() {
                if let Some((_, shape)) = find(fields, &entry.key) {
                    drop_from(&mut entry.value, *shape, dropped);
                }
            }
        }
        _ => {}
    }
}

/// The fields that kustomize does not know, and those of the wrong type: it refuses the whole file for either.
pub(crate) fn refused(value: &Value, name: &'static str, fields: Fields) -> Vec<Problem> {
    let mut problems = Vec::new();
    fits(value, Struct(name, fields), &Place { holder: name, path: String::new() }, &mut problems);
    problems
}

/// Go's name for a place: the struct that holds it and the path from the root, `Image.images.newTag`.
struct Place {
    holder: &'static str,
    path: String,
}

/// Checks one value.
fn fits(value: &Value, shape: Shape, place: &Place, problems: &mut Vec<Problem>) {
    let view = value.view();
    match (shape, view) {
        (_, View::Null) | (Any, _) | (Text, View::Str(_)) | (Flag, View::Bool(_)) | (Number | Index, View::Int(_)) => {}
        (List(item), View::Seq(items)) => items.iter().for_each(|value| fits(value, *item, place, problems)),
        (Texts, View::Map(entries)) => entries.iter().for_each(|entry| fits(&entry.value, Text, place, problems)),
        (Struct(name, fields), View::Map(_)) => fields_fit(value, (name, fields), place, problems),
        _ => problems.push(misfit(value, shape, place)),
    }
}

fn fields_fit(value: &Value, (holder, fields): (&'static str, Fields), place: &Place, problems: &mut Vec<Problem>) {
    for entry in value.entries() {
        match find(fields, &entry.key) {
            Some((name, shape)) => {
                let path = format!("{}.{name}", place.path);
                fits(&entry.value, *shape, &Place { holder, path }, problems);
            }
            None => {
                let message = format!("invalid Kustomization: json: unknown field \"{}\"", entry.key);
                let note = "kustomize refuses a file with a field that it does not know";
                problems.push(Problem::new(entry.key_span, message).note(note));
            }
        }
    }
}

fn misfit(value: &Value, shape: Shape, place: &Place) -> Problem {
    let found = match value.view() {
        View::Null => "null",
        View::Bool(_) => "bool",
        View::Int(_) | View::Float(_) => "number",
        View::Str(_) => "string",
        View::Seq(_) => "array",
        View::Map(_) => "object",
    };
    let message = format!(
        "invalid Kustomization: json: cannot unmarshal {found}{} into Go struct field {}{} of type {}",
        fraction(value, shape),
        place.holder,
        place.path,
        go(shape)
    );
    let quote = matches!((shape, found), (Text | Texts, "bool" | "number")).then_some("put the value in quotes");
    let problem = Problem::new(value.span, message);
    match quote {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// What Go says of a number that is no integer: which.
fn fraction(value: &Value, shape: Shape) -> String {
    match (shape, value.view()) {
        (Number | Index, View::Float(_)) => format!(" {}", value.scalar_text().map_or("", |text| text.as_str())),
        _ => String::new(),
    }
}

/// Go's name of a type.
fn go(shape: Shape) -> String {
    match shape {
        Text => "string".to_owned(),
        Flag => "bool".to_owned(),
        Number => "int64".to_owned(),
        Index => "int".to_owned(),
        Texts => "map[string]string".to_owned(),
        Any => "map[string]interface {}".to_owned(),
        List(item) => format!("[]{}", go(*item)),
        Struct(name, _) => format!("types.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Budget, FileId, Table, parse};

    fn problems(text: &str) -> Vec<String> {
        let parsed = parse(FileId(0), text);
        let root = parsed.documents[0].root().expect("a root");
        let value = root.to_value(Table::GoYaml2, &mut Budget::default()).expect("a value");
        refused(&value, "Kustomization", KUSTOMIZATION).into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn unknown_fields_are_refused_at_any_depth_and_names_are_in_any_case() {
        assert!(problems("RESOURCES: [a]\nimages: [{NAME: a, newtag: '1'}]\n").is_empty());
        assert_eq!(problems("x: 1\n"), ["invalid Kustomization: json: unknown field \"x\""]);
        assert_eq!(problems("images: [{tag: '1'}]\n"), ["invalid Kustomization: json: unknown field \"tag\""]);
    }

    #[test]
    fn a_lenient_reader_drops_what_is_unknown_at_any_depth() {
        let parsed = parse(FileId(0), "resorces: []\nimages: [{name: a, tag: '1'}]\ncommonLabels: {x: z}\n");
        let root = parsed.documents[0].root().expect("a root");
        let mut value = root.to_value(Table::GoYaml2, &mut Budget::default()).expect("a value");
        let dropped: Vec<String> = drop_unknown(&mut value).iter().map(|entry| entry.key.to_string()).collect();
        assert_eq!(dropped, ["resorces", "tag"]);
        assert!(refused(&value, "Kustomization", KUSTOMIZATION).is_empty());
        assert_eq!(value.str_at(&["commonLabels", "x"]), Some("z"));
    }

    #[test]
    fn types_are_checked_as_go_does() {
        let tag = "invalid Kustomization: json: cannot unmarshal number into Go struct field \
                   Image.images.newTag of type string";
        assert_eq!(problems("images: [{newTag: 1.0}]\n"), [tag]);
        let kind = "invalid Kustomization: json: cannot unmarshal number into Go struct field \
                    Selector.patches.target.ResId.Gvk.kind of type string";
        assert_eq!(problems("patches: [{target: {kind: 1}}]\n"), [kind]);
        let count = "invalid Kustomization: json: cannot unmarshal number 1.5 into Go struct field \
                     Replica.replicas.count of type int64";
        assert_eq!(problems("replicas: [{count: 1.5}]\n"), [count]);
        assert_eq!(problems("commonLabels: {a: yes}\n").len(), 1);
        assert_eq!(problems("resources:\n"), [""; 0]);
    }
}
