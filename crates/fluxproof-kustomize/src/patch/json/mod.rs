//! JSON patches (RFC 6902) as kustomize applies them (`filters/patchjson6902`): to the JSON of the whole object, which
//! changes more of it than the patch says.

mod annotations;
mod operation;
mod pointer;
mod text;

use super::source::Source;
use crate::Resource;
use crate::model::shared::part;
use crate::tree::{Writer, remove};
use fluxproof_yaml::{Data, Entry, Problem, Sources, Type, Value, scalar_again};
use operation::Run;

/// kustomize keeps what it remembers of an object in annotations, under these names.
const INTERNAL: &str = "internal.config.kubernetes.io/";

/// A patch that was read.
#[derive(Debug, Clone)]
pub(super) struct JsonPatch {
    operations: Vec<Value>,
    is_json: bool,
}

impl JsonPatch {
    /// Reads a patch (`jsonPatchFromBytes`): JSON where it begins with `[`, else the JSON of its YAML.
    pub(super) fn read(source: &Source<'_>) -> Result<Self, String> {
        let is_json = source.text().starts_with('[');
        let value = match is_json {
            true => Some(text::read(source.file(), source.text()).map(|value| source.placed(value)).ok_or(NO_JSON)?),
            false => source.configuration()?,
        };
        let operations = match value {
            None => Vec::new(),
            Some(value) if value.is_seq() => value.items().to_vec(),
            Some(_) => return Err("json: cannot unmarshal object into Go value of type jsonpatch.Patch".to_owned()),
        };
        match operations.iter().all(|operation| operation.is_map() || operation.is_null()) {
            true => Ok(Self { operations, is_json }),
            false => Err("json: cannot unmarshal a value into Go value of type jsonpatch.Operation".to_owned()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Applies the patch to an object; on an error that stays as it was.
    pub(super) fn apply(&self, sources: &Sources, resource: &mut Resource, by: &'static str) -> Result<(), Problem> {
        resource.value.key_problem().map_or(Ok(()), Err)?;
        let mut document = resource.value.clone();
        let at = self.operations.first().map_or(resource.span, |operation| operation.span);
        annotations::print(&mut document, sources, Writer::new(by, at));
        let internal = if self.sees_metadata() { internal(resource) } else { Vec::new() };
        before(&mut document, &internal);
        let mut run = Run { by, is_json: self.is_json, nodes: 0 };
        self.operations.iter().try_for_each(|operation| run.operate(&mut document, operation))?;
        if !document.is_map() {
            let message = "json: cannot unmarshal array into Go value of type map[string]interface {}";
            return Err(Problem::new(document.span, message));
        }
        if let Some(new) = again(&document)? {
            document = new;
        }
        after(&mut document);
        resource.value = document;
        part(resource);
        Ok(())
    }

    /// Whether an operation can see annotations.
    fn sees_metadata(&self) -> bool {
        let paths = self.operations.iter().flat_map(|operation| ["path", "from"].map(|name| operation.get(name)));
        let mut texts = paths.flatten().filter_map(Value::as_str);
        texts.any(|path| !path.starts_with('/') || path.starts_with("/metadata"))
    }
}

const NO_JSON: &str = "the text begins with '[' and is no JSON";

/// What kustomize remembers of a resource, as annotations.
fn internal(resource: &Resource) -> Vec<(&'static str, String)> {
    let previous = |of: fn(&crate::model::Previous) -> &str| -> String {
        let texts: Vec<&str> = resource.previous.iter().map(of).collect();
        texts.join(",")
    };
    let all = [
        ("previousKinds", previous(|previous| &previous.kind)),
        ("previousNames", previous(|previous| &previous.name)),
        ("previousNamespaces", previous(|previous| &previous.namespace)),
        ("prefixes", resource.prefixes.join(",")),
        ("suffixes", resource.suffixes.join(",")),
        ("generatorBehavior", if resource.is_generated { resource.behavior.word().to_owned() } else { String::new() }),
        ("needsHashSuffix", if resource.needs_hash { "enabled".to_owned() } else { String::new() }),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Adds what kustomize remembers; the patch finds annotations where it remembers something.
fn before(document: &mut Value, internal: &[(&'static str, String)]) {
    if internal.is_empty() {
        return;
    }
    let span = document.span;
    let Some(metadata) = own_map(document, "metadata") else { return };
    let Some(entries) = own_map(metadata, "annotations").and_then(Value::entries_mut) else { return };
    for (name, text) in internal {
        let key = format!("{INTERNAL}{name}").into();
        entries.push(Entry::new(key, span, Value::string(span, text.as_str())));
    }
}

/// The mapping under a key, made where there is none.
fn own_map<'v>(map: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    if map.get(key).is_none_or(|value| !value.is_map()) {
        remove(map, key);
        let (key_span, value) = (map.span, Value::map(map.span, []));
        map.entries_mut()?.push(Entry::new(key.into(), key_span, value));
    }
    map.get_mut(key)
}

/// Takes that away again; all annotations are strings then, and none is no mapping of them.
fn after(document: &mut Value) {
    let Some(annotations) = document.at(&["metadata", "annotations"]) else { return };
    let settled = |entry: &Entry| entry.value.as_str().is_some() && !entry.key.starts_with(INTERNAL);
    if !annotations.entries().is_empty() && annotations.entries().iter().all(settled) {
        return;
    }
    let Some(metadata) = document.get_mut("metadata") else { return };
    let Some(entries) = metadata.get_mut("annotations").and_then(Value::entries_mut) else {
        remove(metadata, "annotations");
        return;
    };
    entries.retain(|entry| !entry.key.starts_with(INTERNAL));
    for entry in entries.make_mut().iter_mut().filter(|entry| entry.value.as_str().is_none()) {
        let text = entry.value.scalar_text().cloned().unwrap_or_default();
        entry.value.data = Data::Scalar(text, Type::Str);
    }
    if entries.is_empty() {
        remove(metadata, "annotations");
    }
}

/// A value after it was JSON; none where that changes nothing.
fn again(value: &Value) -> Result<Option<Value>, Problem> {
    let with = |data| Some(Value { data, ..value.clone() });
    Ok(match &value.data {
        Data::Scalar(..) => scalar_again(value)?.and_then(with),
        Data::Seq(items) => {
            let mut items = items.clone();
            let mut changed = false;
            for at in 0..items.len() {
                if let Some(new) = items.get(at).map_or(Ok(None), again)? {
                    changed = true;
                    items.make_mut().get_mut(at).into_iter().for_each(|place| *place = new.clone());
                }
            }
            if changed { with(Data::Seq(items)) } else { None }
        }
        Data::Map(entries) => {
            let mut entries = entries.clone();
            let mut changed = false;
            for at in 0..entries.len() {
                if let Some(new) = entries.get(at).map_or(Ok(None), |entry| again(&entry.value))? {
                    changed = true;
                    entries.make_mut().get_mut(at).into_iter().for_each(|place| place.value = new.clone());
                }
            }
            if changed { with(Data::Map(entries)) } else { None }
        }
    })
}
