//! Reading an OpenAPI document (`kyaml/openapi`): of each definition, the lists that are merged and the way to them.

use super::definitions::{Definitions, foreign};
use fluxproof_yaml::{EcoString, Value, View};

/// How deep schemas may nest: a bound for hostile files.
const MAX_DEPTH: usize = 64;

/// How many references may lead to references.
const MAX_HOPS: usize = 32;

/// The definitions of a document.
pub(super) fn read(document: &Value) -> Definitions {
    let mut reader = Reader { definitions: Definitions::default(), document };
    let all = document.get("definitions").map_or(&[][..], Value::entries);
    for entry in all {
        let node = reader.definitions.add();
        reader.definitions.names.insert(entry.key.clone(), node);
    }
    for (node, entry) in all.iter().enumerate() {
        reader.fill(node, &entry.value, 0);
        for kind in kinds(&entry.value) {
            reader.definitions.kinds.insert(kind, node);
        }
    }
    reader.definitions
}

/// `x-kubernetes-group-version-kind`
fn kinds(definition: &Value) -> impl Iterator<Item = (EcoString, EcoString)> + '_ {
    let listed = definition.get("x-kubernetes-group-version-kind").map_or(&[][..], Value::items);
    listed.iter().filter_map(|kind| {
        let text = |field: &str| kind.get(field).and_then(Value::as_str);
        let version = text("version")?;
        let group = text("group").filter(|group| !group.is_empty());
        let api_version = group.map_or(EcoString::from(version), |group| format!("{group}/{version}").into());
        Some((api_version, text("kind")?.into()))
    })
}

struct Reader<'v> {
    definitions: Definitions,
    document: &'v Value,
}

impl Reader<'_> {
    /// The node of a schema that may be a reference; none where that leads nowhere.
    fn node(&mut self, schema: &Value, depth: usize) -> Option<usize> {
        if depth >= MAX_DEPTH {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.referred(reference);
        }
        let node = self.definitions.add();
        self.fill(node, schema, depth);
        Some(node)
    }

    /// The definition that a reference leads to, through definitions that are references themselves.
    fn referred(&self, reference: &str) -> Option<usize> {
        let mut name = reference.strip_prefix("#/definitions/")?;
        for _ in 0..MAX_HOPS {
            let definition = self.document.get("definitions").and_then(|all| all.get(name));
            let Some(definition) = definition else { return foreign(name) };
            match definition.get("$ref").and_then(Value::as_str) {
                Some(next) => name = next.strip_prefix("#/definitions/")?,
                None => return self.definitions.names.get(name).copied(),
            }
        }
        None
    }

    fn fill(&mut self, node: usize, schema: &Value, depth: usize) {
        let properties = schema.get("properties").map_or(&[][..], Value::entries);
        let fields = properties
            .iter()
            .filter_map(|property| Some((property.key.clone(), self.node(&property.value, depth + 1)?)));
        let fields: Vec<(EcoString, usize)> = fields.collect();
        let others = schema.get("additionalProperties").filter(|others| others.is_map());
        let others = others.and_then(|others| self.node(others, depth + 1));
        let items = schema.get("items").filter(|_| is_array(schema));
        let items = items.and_then(|items| self.node(items, depth + 1));
        if let Some(place) = self.definitions.nodes.get_mut(node) {
            place.fields.extend(fields);
            place.others = others;
            place.items = items;
            place.keys = merge_keys(schema);
        }
    }
}

fn is_array(schema: &Value) -> bool {
    match schema.get("type").map(Value::view) {
        Some(View::Str(kind)) => kind == "array",
        Some(View::Seq([kind])) => kind.as_str() == Some("array"),
        _ => false,
    }
}

/// The keys of a list whose strategy has `merge` in it (`PatchStrategyAndKeyList`).
fn merge_keys(schema: &Value) -> Option<Vec<EcoString>> {
    let strategy = schema.get("x-kubernetes-patch-strategy")?.as_str()?;
    strategy.split(',').find(|strategy| *strategy == "merge")?;
    let text = |value: &Value| value.as_str().map(EcoString::from);
    if let Some(keys) = schema.get("x-kubernetes-list-map-keys") {
        return Some(keys.items().iter().filter_map(text).collect());
    }
    Some(schema.get("x-kubernetes-patch-merge-key").and_then(text).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::super::definitions::Lookup;
    use super::*;
    use fluxproof_yaml::{Budget, FileId, Table, parse};
    use std::rc::Rc;

    const SCHEMA: &str = "
definitions:
  Alias: {$ref: '#/definitions/Spec'}
  Spec:
    properties:
      parts:
        type: array
        x-kubernetes-patch-strategy: merge,retainKeys
        x-kubernetes-patch-merge-key: id
        items: {$ref: '#/definitions/Spec'}
      ports:
        type: array
        x-kubernetes-list-map-keys: [a, b]
        x-kubernetes-patch-strategy: merge
      other: {type: array, x-kubernetes-list-map-keys: [a]}
      lost: {$ref: '#/definitions/None'}
      pod: {$ref: '#/definitions/io.k8s.api.core.v1.PodSpec'}
      self: {$ref: '#/definitions/Loop'}
    additionalProperties: {$ref: '#/definitions/Alias'}
  Loop: {$ref: '#/definitions/Loop'}
  Kind:
    properties: {spec: {$ref: '#/definitions/Alias'}}
    x-kubernetes-group-version-kind: [{group: example.com, version: v1, kind: A}, {version: v1, kind: B}]
";

    fn keys(path: &[&str]) -> Option<String> {
        let parsed = parse(FileId(0), SCHEMA);
        let root = parsed.documents[0].root().expect("a root");
        let value = root.to_value(Table::GoYaml2, &mut Budget::default()).expect("a value");
        let lookup = Lookup { file: Some(Rc::new(read(&value))), builtin: true };
        assert!(lookup.of_kind("v1", "B").is_some());
        let start = lookup.of_kind("example.com/v1", "A")?;
        let step = |at, field: &&str| if *field == "[]" { lookup.items(at) } else { lookup.field(at, field) };
        lookup.keys(path.iter().try_fold(start, step)?).map(|keys| keys.join(","))
    }

    #[test]
    fn references_are_followed_and_lead_round_in_circles() {
        assert_eq!(keys(&["spec", "parts"]).as_deref(), Some("id"));
        assert_eq!(keys(&["spec", "parts", "[]", "parts", "[]", "ports"]).as_deref(), Some("a,b"));
        assert_eq!(keys(&["spec", "any", "parts"]).as_deref(), Some("id"));
        assert_eq!(keys(&["spec", "other"]), None, "the keys of a list do not make it merged");
        assert_eq!((keys(&["spec", "lost", "x"]), keys(&["spec", "self", "x"])), (None, None));
    }

    #[test]
    fn what_a_file_does_not_define_is_kustomizes_own() {
        assert_eq!(keys(&["spec", "pod", "containers", "[]", "env"]).as_deref(), Some("name"));
    }
}
