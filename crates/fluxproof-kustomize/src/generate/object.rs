//! The ConfigMap or Secret of an entry (`internal/generators/configmap.go` and `secret.go`).

use super::args::Args;
use super::base64::encode;
use super::pairs::{Content, Pair, Pairs, load};
use crate::Resource;
use crate::build::{Builder, Level};
use crate::kustomization::text;
use crate::tree::Writer;
use fluxproof_yaml::{Data, EcoString, Entry, Problem, Span, Type, Value};
use std::collections::BTreeMap;

/// What is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    ConfigMap,
    Secret,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }

    /// The plugin that makes it.
    pub(crate) fn plugin(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMapGenerator",
            Self::Secret => "SecretGenerator",
        }
    }

    /// The field that asks for it.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::ConfigMap => "configMapGenerator",
            Self::Secret => "secretGenerator",
        }
    }
}

/// Makes the object of an entry.
pub(crate) fn make(
    builder: &mut Builder<'_, '_>,
    level: Level<'_>,
    kind: Kind,
    args: &Args<'_>,
) -> Result<Resource, Problem> {
    let Some(name) = args.name else {
        return Err(Problem::new(args.entry.span, "a configmap must have a name"));
    };
    let pairs = load(builder, level, args)?;
    let data = by_key(&pairs.all, name)?;
    let object = Maker { writer: Writer::new(kind.field(), args.entry.span), args }.object(kind, name, &data);
    Ok(resource(object, args, pairs))
}

fn resource(object: Value, args: &Args<'_>, pairs: Pairs) -> Resource {
    let mut resource = Resource::new(object, args.entry.span.file);
    resource.behavior = args.behavior;
    resource.is_generated = true;
    resource.needs_hash = !args.disable_hash;
    resource.doubts = pairs.doubts;
    resource
}

/// The pairs in the order of their keys, each of which is there once (`makeValidatedDataMap`).
fn by_key<'p>(pairs: &'p [Pair], name: &Value) -> Result<BTreeMap<&'p str, &'p Pair>, Problem> {
    let mut map = BTreeMap::new();
    for pair in pairs {
        if let Some(first) = map.insert(pair.key.as_str(), pair) {
            let name = name.as_str().unwrap_or_default();
            let message = format!("configmap {name} illegally repeats the key `{}`", pair.key);
            return Err(Problem::new(pair.key_span, message).related(first.key_span, "the first one"));
        }
    }
    Ok(map)
}

struct Maker<'a> {
    writer: Writer,
    args: &'a Args<'a>,
}

impl Maker<'_> {
    fn object(&self, kind: Kind, name: &Value, data: &BTreeMap<&str, &Pair>) -> Value {
        let mut object = Value::map(self.writer.at, []).written(self.writer.by, self.writer.at);
        self.text(&mut object, "apiVersion", "v1");
        self.text(&mut object, "kind", kind.name());
        self.writer.push(&mut object, "metadata", self.metadata(name));
        match kind {
            Kind::ConfigMap => self.config_map_data(&mut object, data),
            Kind::Secret => self.secret_data(&mut object, data),
        }
        if let Some(at) = self.args.immutable {
            self.writer.push(&mut object, "immutable", Value::new(at, Data::Scalar("true".into(), Type::Bool)));
        }
        object
    }

    fn text(&self, map: &mut Value, key: &str, text: &str) {
        self.writer.push(map, key, Value::string(self.writer.at, text));
    }

    fn metadata(&self, name: &Value) -> Value {
        let mut metadata = Value::map(self.writer.at, []);
        self.writer.push(&mut metadata, "name", name.clone());
        if let Some(namespace) = self.args.namespace {
            self.writer.push(&mut metadata, "namespace", namespace.clone());
        }
        for (key, map) in [("labels", &self.args.labels), ("annotations", &self.args.annotations)] {
            if !map.is_empty() {
                self.writer.push(&mut metadata, key, self.texts(map));
            }
        }
        metadata
    }

    fn texts(&self, texts: &BTreeMap<EcoString, &Entry>) -> Value {
        let mut map = Value::map(self.writer.at, []);
        for (key, entry) in texts {
            let text = entry.value.scalar_text().cloned().filter(|_| !entry.value.is_null()).unwrap_or_default();
            self.add(&mut map, key, entry.key_span, Value::string(entry.value.span, text));
        }
        map
    }

    fn add(&self, map: &mut Value, key: &str, key_span: Span, value: Value) {
        if let Some(entries) = map.entries_mut() {
            let value = value.written(self.writer.by, self.writer.at);
            entries.push(Entry::new(key.into(), key_span, value));
        }
    }

    /// Text goes to `data`, the rest to `binaryData`; neither is there without any.
    fn config_map_data(&self, object: &mut Value, pairs: &BTreeMap<&str, &Pair>) {
        let (mut data, mut binary) = (Value::map(self.writer.at, []), Value::map(self.writer.at, []));
        for (key, pair) in pairs {
            match &pair.content {
                Content::Text(text) => self.add(&mut data, key, pair.key_span, Value::string(pair.span, text.clone())),
                Content::Bytes(bytes) => {
                    self.add(&mut binary, key, pair.key_span, Value::string(pair.span, encode(bytes)));
                }
            }
        }
        for (key, map) in [("data", data), ("binaryData", binary)] {
            if !map.entries().is_empty() {
                self.writer.push(object, key, map);
            }
        }
    }

    fn secret_data(&self, object: &mut Value, pairs: &BTreeMap<&str, &Pair>) {
        match text(self.args.entry, "type") {
            Some(kind) => self.writer.push(object, "type", kind.clone()),
            None => self.text(object, "type", "Opaque"),
        }
        let mut data = Value::map(self.writer.at, []);
        for (key, pair) in pairs {
            let encoded = match &pair.content {
                Content::Text(text) => encode(text.as_bytes()),
                Content::Bytes(bytes) => encode(bytes),
            };
            self.add(&mut data, key, pair.key_span, Value::string(pair.span, encoded));
        }
        self.writer.push(object, "data", data);
    }
}
