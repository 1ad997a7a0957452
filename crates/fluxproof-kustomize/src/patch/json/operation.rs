//! The six operations, with the errors of gopkg.in/evanphx/json-patch.v4.

use super::pointer::{Pointer, add, get, remove, set};
use crate::tree::Writer;
use fluxproof_yaml::{Data, Problem, Value, scalar_json};

/// How deep an object may become: what is read is never deeper.
const MAX_DEPTH: usize = 256;

/// How many nodes one patch may copy.
const MAX_NODES: usize = 1_000_000;

/// A patch on its way through its operations.
pub(super) struct Run {
    pub(super) by: &'static str,
    /// Whether the patch is JSON, not YAML: its texts were not written by Go then.
    pub(super) is_json: bool,
    pub(super) nodes: usize,
}

type Outcome = Result<(), String>;

impl Run {
    /// Does one operation to a document.
    pub(super) fn operate(&mut self, document: &mut Value, operation: &Value) -> Result<(), Problem> {
        let kind = operation.get("op").and_then(Value::as_str).unwrap_or("unknown");
        let done = match kind {
            "add" => self.add(document, operation),
            "remove" => self.remove(document, operation),
            "replace" => self.replace(document, operation),
            "move" => self.move_(document, operation),
            "test" => self.test(document, operation),
            "copy" => self.copy(document, operation),
            _ => Err(format!("Unexpected kind: {kind}")),
        };
        done.map_err(|message| Problem::new(operation.span, message))
    }

    /// The value that an operation has, null where it has none.
    fn value(&mut self, operation: &Value, depth: usize) -> Result<Value, String> {
        let value = operation.get("value").cloned().unwrap_or_else(|| Value::null(operation.span));
        self.check(&value, depth)?;
        Ok(value)
    }

    /// Pays for a value that comes to so deep a place.
    fn check(&mut self, value: &Value, depth: usize) -> Outcome {
        let mut open = vec![(value, depth)];
        while let Some((value, depth)) = open.pop() {
            self.nodes += 1;
            if depth > MAX_DEPTH {
                return Err(format!("the patch makes an object deeper than {MAX_DEPTH}"));
            }
            if self.nodes > MAX_NODES {
                return Err(format!("the patch writes more than {MAX_NODES} values"));
            }
            open.extend(value.items().iter().map(|item| (item, depth + 1)));
            open.extend(value.entries().iter().map(|entry| (&entry.value, depth + 1)));
        }
        Ok(())
    }

    fn writer(&self, operation: &Value) -> Writer {
        Writer::new(self.by, operation.get("value").map_or(operation.span, |value| value.span))
    }

    fn put(&self, document: &mut Value, pointer: &Pointer, operation: &Value, value: Value) -> Option<Outcome> {
        let writer = self.writer(operation);
        let replace = |place: &mut Value, value| writer.put(place, value);
        let container = pointer.container_mut(document)?;
        let is_new = container.is_seq() || container.get(&pointer.key).is_none();
        let value = if is_new { value.written(self.by, writer.at) } else { value };
        Some(add(container, &pointer.key, value, &replace))
    }

    fn add(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let path = text(operation, "path").map_err(|_| "add operation failed to decode path: missing value")?;
        let missing = || format!("add operation does not apply: doc is missing path: \"{path}\": missing value");
        let pointer = Pointer::read(path).ok_or_else(missing)?;
        let value = self.value(operation, pointer.depth())?;
        let done = self.put(document, &pointer, operation, value).ok_or_else(missing)?;
        done.map_err(|error| format!("error in add for path: '{path}': {error}"))
    }

    fn remove(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let path = text(operation, "path").map_err(|_| "remove operation failed to decode path: missing value")?;
        let missing = || format!("remove operation does not apply: doc is missing path: \"{path}\": missing value");
        let pointer = Pointer::read(path).ok_or_else(missing)?;
        let container = pointer.container_mut(document).ok_or_else(missing)?;
        let removed = remove(container, &pointer.key);
        removed.map(drop).map_err(|error| format!("error in remove for path: '{path}': {error}"))
    }

    fn replace(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let path =
            text(operation, "path").map_err(|error| format!("replace operation failed to decode path: {error}"))?;
        if path.is_empty() {
            return self.replace_all(document, operation);
        }
        let missing = |what| format!("replace operation does not apply: doc is missing {what}: {path}: missing value");
        let pointer = Pointer::read(path).ok_or_else(|| missing("path"))?;
        let value = self.value(operation, pointer.depth())?;
        let container = pointer.container(document).ok_or_else(|| missing("path"))?;
        let is_new = get(container, &pointer.key).map_err(|_| missing("key"))?.is_none();
        let writer = self.writer(operation);
        let value = if is_new { value.written(self.by, writer.at) } else { value };
        let container = pointer.container_mut(document).ok_or_else(|| missing("path"))?;
        set(container, &pointer.key, value, &|place, value| writer.put(place, value))
    }

    fn replace_all(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let value = self.value(operation, 0)?;
        if !value.is_map() && !value.is_seq() {
            return Err("replace operation value must be object or array: %!w(<nil>)".to_owned());
        }
        self.writer(operation).put(document, value);
        Ok(())
    }

    fn move_(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let from = text(operation, "from").map_err(|error| format!("move operation failed to decode from: {error}"))?;
        let missing =
            |what, path| format!("move operation does not apply: doc is missing {what} path: {path}: missing value");
        let source = Pointer::read(from).ok_or_else(|| missing("from", from))?;
        let container = source.container_mut(document).ok_or_else(|| missing("from", from))?;
        let taken = remove(container, &source.key);
        let value = taken.map_err(|error| format!("error in move for path: '{}': {error}", source.key))?;
        let path = text(operation, "path").map_err(|error| format!("move operation failed to decode path: {error}"))?;
        let target = Pointer::read(path).ok_or_else(|| missing("destination", path))?;
        self.check(&value, target.depth())?;
        let done = self.put(document, &target, operation, value).ok_or_else(|| missing("destination", path))?;
        done.map_err(|error| format!("error in move for path: '{path}': {error}"))
    }

    fn copy(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let from = text(operation, "from").map_err(|error| format!("copy operation failed to decode from: {error}"))?;
        let missing =
            |what, path| format!("copy operation does not apply: doc is missing {what} path: {path}: missing value");
        let source = Pointer::read(from).ok_or_else(|| missing("from", from))?;
        let container = source.container(document).ok_or_else(|| missing("from", from))?;
        let found = get(container, &source.key);
        let found = found.map_err(|error| format!("error in copy for from: '{from}': {error}"))?;
        let value = found.cloned().unwrap_or_else(|| Value::null(operation.span));
        let path = text(operation, "path").map_err(|_| "copy operation failed to decode path: missing value")?;
        let target = Pointer::read(path).ok_or_else(|| missing("destination", path))?;
        self.check(&value, target.depth())?;
        let done = self.put(document, &target, operation, value).ok_or_else(|| missing("destination", path))?;
        done.map_err(|error| format!("error while adding value during copy: {error}"))
    }

    fn test(&mut self, document: &mut Value, operation: &Value) -> Outcome {
        let path = text(operation, "path").map_err(|error| format!("test operation failed to decode path: {error}"))?;
        let missing = || format!("test operation does not apply: is missing path: {path}: missing value");
        let found = if path.is_empty() {
            Some(&*document)
        } else {
            let pointer = Pointer::read(path).ok_or_else(missing)?;
            let container = pointer.container(document).ok_or_else(missing)?;
            get(container, &pointer.key).map_err(|error| format!("error in test for path: '{path}': {error}"))?
        };
        let null = |value: &&Value| !value.is_null();
        let is_same = match (found.filter(null), operation.get("value").filter(null)) {
            (None, None) => true,
            (Some(found), Some(wanted)) => self.equal(found, wanted),
            _ => false,
        };
        if is_same { Ok(()) } else { Err(format!("testing value {path} failed: test failed")) }
    }

    /// Whether two values are the same JSON, scalars letter by letter (`lazyNode.equal`).
    fn equal(&self, found: &Value, wanted: &Value) -> bool {
        match (&found.data, &wanted.data) {
            (Data::Seq(found), Data::Seq(wanted)) => {
                found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| self.equal(found, wanted))
            }
            (Data::Map(found), Data::Map(entries)) => {
                let same = |entry: &fluxproof_yaml::Entry| {
                    wanted.get(&entry.key).is_some_and(|wanted| self.equal(&entry.value, wanted))
                };
                found.len() == entries.len() && found.iter().all(same)
            }
            (Data::Scalar(..), Data::Scalar(..)) => {
                scalar_json(found).ok().is_some_and(|json| json == self.json(wanted))
            }
            _ => false,
        }
    }

    /// A scalar of the patch as it stands in the JSON: YAML was written by Go, JSON was not.
    fn json(&self, wanted: &Value) -> String {
        match &wanted.data {
            Data::Scalar(text, fluxproof_yaml::Type::Int | fluxproof_yaml::Type::Float) if self.is_json => {
                text.to_string()
            }
            Data::Scalar(text, fluxproof_yaml::Type::Str)
                if self.is_json && text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) =>
            {
                format!("\"{text}\"")
            }
            _ => scalar_json(wanted).unwrap_or_default(),
        }
    }
}

/// A text field of an operation.
fn text<'v>(operation: &'v Value, name: &str) -> Result<&'v str, String> {
    let Some(value) = operation.get(name).filter(|value| !value.is_null()) else {
        let comma = if name == "path" { "" } else { "," };
        return Err(format!("operation{comma} missing {name} field: missing value"));
    };
    let kind = match value.data {
        Data::Seq(_) => "array",
        Data::Map(_) => "object",
        Data::Scalar(_, fluxproof_yaml::Type::Bool) => "bool",
        Data::Scalar(..) => "number",
    };
    value.as_str().ok_or_else(|| format!("json: cannot unmarshal {kind} into Go value of type string"))
}
