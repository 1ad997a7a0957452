//! Field specs made ready for walking: paths taken apart, rows by the kind they are for.

use super::FieldSpec;
use crate::model::Gvk;
use fluxproof_yaml::EcoString;
use std::collections::BTreeMap;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(super) name: EcoString,
    /// Whether it was written `name[]`: it is there or it is left alone.
    pub(super) list: bool,
}

/// A field spec made ready.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) spec: FieldSpec,
    pub(super) steps: Vec<Step>,
}

impl Row {
    pub(crate) fn new(spec: FieldSpec) -> Self {
        let step = |name: String| match name.strip_suffix("[]") {
            Some(name) => Step { name: name.into(), list: true },
            None => Step { name: name.into(), list: false },
        };
        let steps = split(&spec.path, '/').into_iter().map(step).collect();
        Self { spec, steps }
    }
}

/// Rows by kind: an object meets those of its own kind and those of any, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    by_kind: BTreeMap<EcoString, Vec<usize>>,
    of_any: Vec<usize>,
}

impl Rows {
    pub(crate) fn new<'s>(specs: impl IntoIterator<Item = &'s FieldSpec>) -> Self {
        let rows: Vec<Row> = specs.into_iter().cloned().map(Row::new).collect();
        let mut by_kind: BTreeMap<EcoString, Vec<usize>> =
            fluxproof_order::gather(rows.iter().map(|row| (row.spec.gvk.kind.clone(), Vec::new())));
        by_kind.remove("");
        let mut of_any = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            match by_kind.get_mut(&row.spec.gvk.kind) {
                Some(own) => own.push(at),
                None => {
                    by_kind.values_mut().for_each(|own| own.push(at));
                    of_any.push(at);
                }
            }
        }
        Self { rows, by_kind, of_any }
    }

    /// The rows for objects of a kind.
    pub(crate) fn of<'r>(&'r self, gvk: &'r Gvk) -> impl Iterator<Item = &'r Row> + use<'r> {
        self.places(gvk).map(|at| &self.rows[at])
    }

    /// Where among all rows those for objects of a kind are.
    pub(crate) fn places<'r>(&'r self, gvk: &'r Gvk) -> impl Iterator<Item = usize> + use<'r> {
        let own = self.by_kind.get(&gvk.kind).unwrap_or(&self.of_any);
        own.iter().copied().filter(|at| gvk.is_selected(&self.rows[*at].spec.gvk))
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Row> {
        self.rows.get(at)
    }
}

/// Splits a path; a separator behind a backslash belongs to the name (`kyaml/utils.PathSplitter`).
pub(crate) fn split(path: &str, separator: char) -> Vec<String> {
    parts(path.strip_prefix(separator).unwrap_or(path), separator)
}

/// The same for a path whose separator at the beginning has an empty name before it.
pub(crate) fn parts(path: &str, separator: char) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split(separator) {
        match parts.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push(separator);
                last.push_str(part);
            }
            None => parts.push(part.to_owned()),
        }
    }
    parts
}

/// The fields of a path with dots between them; a part in brackets may hold dots, and loses them where it is a key
/// (`SmarterPathSplitter`).
pub(crate) fn fields(path: &str) -> Vec<String> {
    let mut parts = split(path, '.').into_iter();
    let mut result = Vec::new();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            result.push(part);
            continue;
        }
        let mut bracketed = part;
        for more in parts.by_ref() {
            bracketed = format!("{bracketed}.{more}");
            if more.ends_with(']') {
                break;
            }
        }
        let key = |text: &str| text.trim_matches(['[', ']']).to_owned();
        result.push(if bracketed.contains('=') { bracketed } else { key(&bracketed) });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_can_be_part_of_a_name() {
        assert_eq!(split("a/b", '/'), ["a", "b"]);
        assert_eq!(split("/a/b", '/'), ["a", "b"]);
        assert_eq!(split(r"metadata/annotations/x.io\/secret", '/'), ["metadata", "annotations", "x.io/secret"]);
        assert_eq!(split("a//b", '/'), ["a", "", "b"]);
    }

    #[test]
    fn an_object_meets_the_rows_of_its_kind_in_their_order() {
        let spec = |gvk: Gvk, path: &str| FieldSpec { gvk, path: path.into(), create: false };
        let specs = [
            spec(Gvk::new("apps/v1", "Deployment"), "a"),
            spec(Gvk::default(), "b"),
            spec(Gvk::new("apps/v2", "Deployment"), "c"),
            spec(Gvk::new("v1", "Pod"), "d"),
        ];
        let rows = Rows::new(&specs);
        let paths = |gvk: &Gvk| rows.of(gvk).map(|row| row.spec.path.to_string()).collect::<Vec<_>>();
        assert_eq!(paths(&Gvk::new("apps/v1", "Deployment")), ["a", "b"]);
        assert_eq!(paths(&Gvk::new("v1", "Service")), ["b"]);
        assert_eq!(paths(&Gvk::new("v1", "Pod")), ["b", "d"]);
    }

    #[test]
    fn dots_split_but_not_in_brackets_or_behind_a_backslash() {
        for (path, expected) in [
            ("spec.replicas", &["spec", "replicas"][..]),
            ("spec.[name=a.b].key", &["spec", "[name=a.b]", "key"]),
            ("metadata.annotations.[a.b.c/d.]", &["metadata", "annotations", "a.b.c/d."]),
            ("data.[=x]", &["data", "[=x]"]),
            (r"data.a\.b\.c", &["data", "a.b.c"]),
            (".a", &["a"]),
            ("a.[b=c.[d.e", &["a", "[b=c.[d.e"]),
            ("", &[""]),
        ] {
            assert_eq!(fields(path), expected, "{path}");
        }
    }
}
