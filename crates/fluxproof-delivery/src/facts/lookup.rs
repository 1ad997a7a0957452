//! Looking a value of a chart up as its templates do.

use fluxproof_yaml::{Value, View};

/// The value at a dotted path.
pub(crate) fn at<'v>(values: Option<&'v Value>, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(values?, |value, key| value.get(key))
}

/// A value as a template's `if` takes it; `null` takes the default away.
pub(crate) fn is_on(values: Option<&Value>, path: &str, default: bool) -> bool {
    match at(values, path).map(Value::view) {
        None => default,
        Some(View::Null) => false,
        Some(View::Bool(on)) => on,
        Some(View::Int(number)) => number != 0,
        Some(View::Float(number)) => number != 0.0,
        Some(View::Str(text)) => !text.is_empty(),
        Some(View::Seq(items)) => !items.is_empty(),
        Some(View::Map(entries)) => !entries.is_empty(),
    }
}

/// A string that is set and not empty.
pub(crate) fn text<'v>(values: Option<&'v Value>, path: &str) -> Option<&'v str> {
    at(values, path)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use fluxproof_yaml::{Budget, FileId, Table, Value, parse};

    /// The value of a YAML text.
    pub(crate) fn yaml(text: &str) -> Value {
        let parsed = parse(FileId(0), text);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let root = parsed.documents[0].root().expect("a root");
        root.to_value(Table::GoYaml3, &mut Budget { nodes: 10_000 }).expect("a value")
    }

    #[test]
    fn a_value_is_on_as_in_a_template() {
        let values = yaml("a: true\nb: false\nc: null\nd: { e: 'false', f: '', g: 0, h: 1, i: {}, j: [1] }\n");
        let on: Vec<&str> = ["a", "b", "c", "d.e", "d.f", "d.g", "d.h", "d.i", "d.j"]
            .into_iter()
            .filter(|path| super::is_on(Some(&values), path, false))
            .collect();
        assert_eq!(on, ["a", "d.e", "d.h", "d.j"], "a string that is not empty is true, whatever it says");
        assert!(super::is_on(Some(&values), "d.k", true) && super::is_on(None, "a", true));
        assert!(!super::is_on(Some(&values), "c", true), "null takes the default away");
    }
}
