//! Walking an object along a field spec (`api/filters/fieldspec`). What is to change is found first and written after
//! that: an object in which nothing changes is not copied.

use super::path::{Row, Step};
use crate::Resource;
use crate::tree::{Writer, is_absent};
use fluxproof_yaml::{Data, EcoString, Problem, Type, Value};

/// What is made at the end of a path where nothing is, if its row says `create`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    Nothing,
    Map,
    Text,
}

/// What the value at the end of a path becomes; `None` leaves it.
pub(crate) type Set<'s> = dyn FnMut(&Value) -> Result<Option<Value>, Problem> + 's;

/// A change that was found: a value in the place of another one, or a new entry of a mapping.
struct Edit {
    /// The positions on the way down.
    route: Vec<usize>,
    key: Option<EcoString>,
    value: Value,
}

struct Walk<'w, 's> {
    create: bool,
    make: Make,
    writer: Writer,
    set: &'w mut Set<'s>,
    route: Vec<usize>,
    edits: Vec<Edit>,
}

/// Gives each value at the end of the path to `set` and puts what that gives in its place. The row has to be one of the
/// object's kind. `writer` makes what is missing on the way.
pub(crate) fn visit(
    resource: &mut Resource,
    row: &Row,
    make: Make,
    writer: Writer,
    set: &mut Set<'_>,
) -> Result<(), Problem> {
    let create = row.spec.create && make != Make::Nothing;
    let mut walk = Walk { create, make, writer, set, route: Vec::new(), edits: Vec::new() };
    let looked = walk.look(&resource.value, &row.steps);
    let edits = walk.edits;
    looked.map_err(|problem| {
        let context = format!("considering field '{}' of object {}", row.spec.path, resource.id());
        within(problem, &context)
    })?;
    for edit in edits {
        edit.apply(&mut resource.value, writer);
    }
    Ok(())
}

/// A problem with kustomize's prefix of the place where it came up.
fn within(problem: Problem, context: &str) -> Problem {
    let message = format!("{context}: {}", problem.message);
    Problem { message, ..problem }
}

impl Walk<'_, '_> {
    fn look(&mut self, value: &Value, steps: &[Step]) -> Result<(), Problem> {
        let Some((step, rest)) = steps.split_first() else { return self.end(value) };
        match &value.data {
            Data::Map(_) => self.entry(value, step, rest),
            Data::Seq(items) => self.items(items, steps),
            Data::Scalar(..) if is_absent(value) => Ok(()),
            Data::Scalar(..) => Err(Problem::new(value.span, "expected sequence or mapping node")),
        }
    }

    fn end(&mut self, value: &Value) -> Result<(), Problem> {
        let unwritten = (is_absent(value) && !value.is_null()).then(|| Value::null(value.span));
        if let Some(new) = (self.set)(unwritten.as_ref().unwrap_or(value))? {
            self.edits.push(Edit { route: self.route.clone(), key: None, value: new });
        }
        Ok(())
    }

    /// Lists are no step of a path: each item is walked on its own.
    fn items(&mut self, items: &[Value], steps: &[Step]) -> Result<(), Problem> {
        for (at, item) in items.iter().enumerate() {
            self.route.push(at);
            let looked = self.look(item, steps);
            self.route.pop();
            looked.map_err(|problem| within(problem, &format!("visit traversal on path: {}", shown(steps))))?;
        }
        Ok(())
    }

    fn entry(&mut self, map: &Value, step: &Step, rest: &[Step]) -> Result<(), Problem> {
        check(map, &step.name)?;
        let creates = self.create && !step.list;
        let found = map.entries().iter().enumerate().find(|(_, entry)| entry.key == step.name);
        match found {
            None if creates => {
                let value = self.made(&Value::map(map.span, []), rest)?;
                self.edits.push(Edit { route: self.route.clone(), key: Some(step.name.clone()), value });
                Ok(())
            }
            None => Ok(()),
            Some((at, entry)) => {
                self.route.push(at);
                let looked = match is_absent(&entry.value) && (creates || step.list) {
                    true => self.instead_of_null(&entry.value, step, rest),
                    false => self.look(&entry.value, rest),
                };
                self.route.pop();
                looked
            }
        }
    }

    /// What the path needs takes the place of a null.
    fn instead_of_null(&mut self, null: &Value, step: &Step, rest: &[Step]) -> Result<(), Problem> {
        let value = match step.list {
            true => self.filled(Value::seq(self.writer.at, []), rest)?,
            false => self.made(null, rest)?,
        };
        self.edits.push(Edit { route: self.route.clone(), key: None, value });
        Ok(())
    }

    fn filled(&mut self, empty: Value, rest: &[Step]) -> Result<Value, Problem> {
        let new = if rest.is_empty() { (self.set)(&empty)? } else { None };
        Ok(new.unwrap_or(empty))
    }

    /// The mappings of the rest of a path, and what is at its end: no type but what its text says, and the text of a null
    /// that was there.
    fn made(&mut self, instead_of: &Value, rest: &[Step]) -> Result<Value, Problem> {
        let map = Value::map(self.writer.at, []);
        let Some((step, rest)) = rest.split_first() else {
            let text = instead_of.scalar_text().cloned().unwrap_or_default();
            let nothing = Value::new(self.writer.at, Data::Scalar(text, Type::Null));
            let end = if self.make == Make::Map { map } else { nothing };
            return Ok(self.filled(end, rest)?.written(self.writer.by, self.writer.at));
        };
        check(instead_of, &step.name)?;
        let mut map = map;
        if !step.list {
            let value = self.made(&Value::map(self.writer.at, []), rest)?;
            self.writer.push(&mut map, &step.name, value);
        }
        Ok(map)
    }
}

impl Edit {
    fn apply(self, object: &mut Value, writer: Writer) {
        let place = self.route.iter().try_fold(object, |value, at| match &mut value.data {
            Data::Map(entries) => entries.make_mut().get_mut(*at).map(|entry| &mut entry.value),
            Data::Seq(items) => items.make_mut().get_mut(*at),
            Data::Scalar(..) => None,
        });
        match (place, self.key) {
            (Some(place), Some(key)) => writer.push(place, &key, self.value),
            (Some(place), None) if is_absent(place) && self.value.change.is_none() => writer.put(place, self.value),
            (Some(place), None) => *place = self.value,
            (None, _) => {}
        }
    }
}

/// What kustomize's path getter takes for something else than a key (`kyaml/yaml.PathGetter`).
fn check(map: &Value, name: &str) -> Result<(), Problem> {
    let why = match name {
        "" => "cannot set or create an empty field name".to_owned(),
        "*" => format!("fieldName: {name}: wildcard is not supported in PathGetter"),
        _ if name == "-" || name.parse::<u64>().is_ok() || (name.starts_with('[') && name.ends_with(']')) => {
            format!("fieldName: {name}: {}", wrong_kind(map, "SequenceNode").message)
        }
        _ => return Ok(()),
    };
    Err(Problem::new(map.span, why))
}

/// kyaml's error for a value that is not of the kind that an operator needs.
pub(crate) fn wrong_kind(value: &Value, expected: &str) -> Problem {
    Problem::new(value.span, format!("wrong node kind: expected {expected} but got {}", node_kind(value)))
}

/// kyaml's name for what a value is.
pub(crate) fn node_kind(value: &Value) -> &'static str {
    match &value.data {
        Data::Scalar(..) => "ScalarNode",
        Data::Seq(_) => "SequenceNode",
        Data::Map(_) => "MappingNode",
    }
}

/// Steps as Go shows a list of strings.
fn shown(steps: &[Step]) -> String {
    let name = |step: &Step| format!("{}{}", step.name, if step.list { "[]" } else { "" });
    format!("[{}]", steps.iter().map(name).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::FieldSpec;
    use fluxproof_yaml::{Budget, FileId, Span, Table, parse};

    const OBJECT: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";

    fn resource(spec: &str) -> Resource {
        let text = format!("{OBJECT}{spec}");
        let parsed = parse(FileId(0), &text);
        let root = parsed.documents[0].root().expect("a root");
        Resource::new(root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value"), FileId(0))
    }

    fn writer() -> Writer {
        Writer::new("test", Span::new(FileId(7), 1, 2))
    }

    fn put(resource: &mut Resource, path: &str, create: bool) -> Result<(), Problem> {
        let row = Row::new(FieldSpec::anywhere(path, create));
        let new = Value::string(writer().at, "new").written("test", writer().at);
        visit(resource, &row, Make::Text, writer(), &mut |_| Ok(Some(new.clone())))
    }

    #[test]
    fn lists_are_walked_without_being_named() {
        let mut pod = resource("  c: [{i: x}, {j: y}, {i: z}]\n");
        put(&mut pod, "spec/c/i", false).expect("no error");
        let texts: Vec<Option<&str>> =
            pod.at(&["spec", "c"]).expect("c").items().iter().map(|item| item.str_at(&["i"])).collect();
        assert_eq!(texts, [Some("new"), None, Some("new")]);
    }

    #[test]
    fn what_is_missing_is_made_with_create_only_and_never_below_a_list_step() {
        let mut pod = resource("  a: {}\n");
        put(&mut pod, "spec/b/c", false).expect("no error");
        put(&mut pod, "spec/l[]/c", true).expect("no error");
        assert_eq!(pod.at(&["spec"]).map(|spec| spec.entries().len()), Some(1));
        put(&mut pod, "spec/b/c", true).expect("no error");
        assert_eq!(pod.value.str_at(&["spec", "b", "c"]), Some("new"));
        let made = pod.at(&["spec", "b"]).and_then(|made| made.change.as_deref()).expect("a change");
        assert_eq!((made.by, made.at), ("test", writer().at));
    }

    #[test]
    fn null_gives_way_where_something_can_be_made() {
        let mut pod = resource("  a: ~\n  l:\n");
        put(&mut pod, "spec/a/b", false).expect("no error");
        assert!(pod.at(&["spec", "a"]).is_some_and(Value::is_null));
        put(&mut pod, "spec/a/b", true).expect("no error");
        put(&mut pod, "spec/l[]/b", false).expect("no error");
        assert_eq!(pod.value.str_at(&["spec", "a", "b"]), Some("new"));
        assert!(pod.at(&["spec", "l"]).is_some_and(Value::is_seq));
    }

    #[test]
    fn a_scalar_on_the_way_is_an_error_that_says_where() {
        let mut pod = resource("  c: [x]\n");
        let problem = put(&mut pod, "spec/c/i", false).expect_err("an error");
        let text = "considering field 'spec/c/i' of object Pod.v1.[noGrp]/a.[noNs]: visit traversal on path: [i]: \
                    expected sequence or mapping node";
        assert_eq!(problem.message, text);
        assert!(put(&mut pod, "", true).expect_err("an error").message.ends_with("an empty field name"));
    }

    #[test]
    fn an_object_in_which_nothing_changes_stays_shared() {
        let mut pod = resource("  c: [{i: x}]\n");
        let before = pod.value.clone();
        let row = Row::new(FieldSpec::anywhere("spec/c/i", true));
        visit(&mut pod, &row, Make::Text, writer(), &mut |_| Ok(None)).expect("no error");
        assert_eq!(pod.value.entries().as_ptr(), before.entries().as_ptr());
    }
}
