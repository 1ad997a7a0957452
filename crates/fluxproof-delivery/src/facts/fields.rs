//! The fields of Flux's own kinds. The API server refuses a custom resource with a field that its CRD does not declare
//! (server-side apply: `field not declared in schema`), and one that lacks a field its CRD requires.

use super::flux::Release;
use super::near::distance;
use super::table::{Row, Table};
use fluxproof_yaml::{Entry, Span, Value};

static FIELDS: Table = Table::new(include_str!("../../../../data/flux-fields.tsv"));
static REMOVED: Table = Table::new(include_str!("../../../../data/flux-removed-fields.tsv"));

/// The most characters that a name may differ from the one that is meant.
const NEAR: usize = 3;

/// A field that is not as the CRD has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddField {
    /// `spec.dependsOn[0].nmae`
    pub path: String,
    /// Where the key stands; for a missing field, where the object stands that lacks it.
    pub span: Span,
    /// What is odd.
    pub what: Oddity,
}

/// What is odd about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// The CRD does not declare it; the field that is meant, where one is near.
    Unknown {
        /// `dependsOn`
        meant: Option<&'static str>,
    },
    /// An older API version had it; the field that took its place, where one did.
    Removed {
        /// `patches`
        instead: Option<&'static str>,
    },
    /// The CRD of this release declares it, the one of the release before does not.
    Since(Release),
    /// The CRD requires it.
    Missing,
}

/// The odd fields of an object of a Flux kind in the API version that Flux serves; none for other kinds.
#[must_use]
pub fn odd_fields(kind: &str, object: &Value) -> Vec<OddField> {
    let mut found = Vec::new();
    let root = Place { kind, path: ".".to_owned(), shown: String::new() };
    root.visit(object, &mut found);
    found
}

/// An object within the object: its path as the table has it, and as a reader writes it.
struct Place<'k> {
    kind: &'k str,
    path: String,
    shown: String,
}

impl Place<'_> {
    fn visit(&self, value: &Value, out: &mut Vec<OddField>) {
        let Some(row) = FIELDS.of(self.kind).find(|row| row.column(1) == self.path) else { return };
        let fields: Vec<Field> = row.list(2).iter().map(|text| Field::read(text)).collect();
        if !value.is_map() {
            return;
        }
        out.extend(value.entries().iter().filter_map(|entry| self.odd(entry, &fields)));
        let missing = fields.iter().filter(|field| field.required && value.entry(field.name).is_none());
        out.extend(missing.map(|field| OddField {
            path: self.shown(field.name),
            span: value.span,
            what: Oddity::Missing,
        }));
        value.entries().iter().for_each(|entry| self.descend(entry, out));
    }

    fn odd(&self, entry: &Entry, fields: &[Field]) -> Option<OddField> {
        let what = match fields.iter().find(|field| field.name == entry.key) {
            Some(field) => Oddity::Since(field.since?),
            None => self.unknown(&entry.key, fields),
        };
        Some(OddField { path: self.shown(&entry.key), span: entry.key_span, what })
    }

    fn unknown(&self, key: &str, fields: &[Field]) -> Oddity {
        let is_removed = |row: &Row| row.column(1) == self.path && row.column(2) == key;
        if let Some(row) = REMOVED.of(self.kind).find(is_removed) {
            return Oddity::Removed { instead: Some(row.column(3)).filter(|text| !text.is_empty()) };
        }
        let near = fields.iter().map(|field| (distance(field.name, key), field.name)).min();
        Oddity::Unknown { meant: near.filter(|(far, name)| *far <= NEAR && far * 2 < name.len()).map(|(_, name)| name) }
    }

    fn shown(&self, key: &str) -> String {
        if self.shown.is_empty() { key.to_owned() } else { format!("{}.{key}", self.shown) }
    }

    fn descend(&self, entry: &Entry, out: &mut Vec<OddField>) {
        let path = if self.path == "." { entry.key.to_string() } else { format!("{}.{}", self.path, entry.key) };
        let shown = self.shown(&entry.key);
        self.at(path.clone(), shown.clone()).visit(&entry.value, out);
        for (index, item) in entry.value.items().iter().enumerate() {
            self.at(format!("{path}[]"), format!("{shown}[{index}]")).visit(item, out);
        }
        for inner in entry.value.entries() {
            self.at(format!("{path}{{}}"), format!("{shown}.{}", inner.key)).visit(&inner.value, out);
        }
    }

    fn at(&self, path: String, shown: String) -> Self {
        Self { kind: self.kind, path, shown }
    }
}

/// A field as the table writes it: `prune!`, `readyExpr+2.7`.
struct Field {
    name: &'static str,
    required: bool,
    since: Option<Release>,
}

impl Field {
    fn read(text: &'static str) -> Self {
        let (name, since) = text.split_once('+').map_or((text, None), |(name, since)| (name, Release::parse(since)));
        Self { name: name.trim_end_matches('!'), required: name.ends_with('!'), since }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{is_sorted, is_well_formed};
    use super::*;
    use fluxproof_kustomize::Workspace;
    use fluxproof_yaml::{FileId, RepoPath, Sources};

    fn value(text: &str) -> Value {
        let sources = Sources::from_texts([(RepoPath::new("value.yaml").expect("a path"), text)]);
        Workspace::new(&sources).documents(FileId(0)).first().cloned().expect("a value")
    }

    fn odd(kind: &str, text: &str) -> Vec<String> {
        let show = |odd: OddField| format!("{} {:?}", odd.path, odd.what);
        odd_fields(kind, &value(text)).into_iter().map(show).collect()
    }

    #[test]
    fn the_tables_are_sorted_and_sourced() {
        for table in [&FIELDS, &REMOVED] {
            is_well_formed(table);
        }
        is_sorted(&FIELDS, &[0, 1]);
        is_sorted(&REMOVED, &[0, 1, 2]);
    }

    #[test]
    fn what_was_removed_is_not_there_and_what_stands_for_it_is() {
        for row in REMOVED.rows() {
            let path = |other: &Row| other.column(1) == row.column(1);
            let fields = FIELDS.of(row.column(0)).find(path).map(|fields| fields.list(2)).unwrap_or_default();
            let has = |name: &str| fields.iter().any(|text| Field::read(text).name == name);
            assert!(!has(row.column(2)), "{row:?}");
            assert!(row.column(3).is_empty() || has(row.column(3)), "{row:?}");
        }
    }

    #[test]
    fn what_the_crd_declares_is_not_odd() {
        let spec = "interval: 1m, prune: true, sourceRef: {kind: GitRepository, name: a}, path: ./a, \
                    postBuild: {substitute: {anything: x}}, patches: [{patch: x, target: {kind: Secret}}]";
        let object = format!("{{apiVersion: v1, kind: K, metadata: {{any: x}}, spec: {{{spec}}}}}");
        assert!(odd("Kustomization", &object).is_empty());
        assert!(odd("ConfigMap", "{any: {thing: x}}").is_empty());
        let release = "{spec: {interval: 1m, values: {any: {thing: 1}}, valuesFrom: [{kind: Secret, name: a}]}}";
        assert!(odd("HelmRelease", release).is_empty());
    }

    #[test]
    fn a_misspelt_field_is_unknown() {
        let object = "{spec: {interval: 1m, prune: true, sourceRef: {kind: G, name: a}, dependOn: [], frobnicate: 1}}";
        assert_eq!(
            odd("Kustomization", object),
            ["spec.dependOn Unknown { meant: Some(\"dependsOn\") }", "spec.frobnicate Unknown { meant: None }"]
        );
    }

    #[test]
    fn lists_are_looked_into() {
        let object =
            "{spec: {interval: 1m, prune: true, sourceRef: {kind: G, name: a}, dependsOn: [{name: a}, {nam: b}]}}";
        assert_eq!(
            odd("Kustomization", object),
            ["spec.dependsOn[1].nam Unknown { meant: Some(\"name\") }", "spec.dependsOn[1].name Missing"]
        );
    }

    #[test]
    fn fields_came_and_went_with_releases() {
        let object = "{spec: {interval: 1m, prune: true, sourceRef: {kind: G, name: a}, ignore: [{paths: []}], validation: client}}";
        assert_eq!(
            odd("Kustomization", object),
            ["spec.ignore Since(Release(9))", "spec.validation Removed { instead: None }"]
        );
    }
}
