//! `configMapGenerator` and `secretGenerator` (api/internal/generators, api/kv).
//!
//! An object keeps the name that others refer to it by: kustomize appends a hash of the content to the name and to the
//! references that it knows. The object carries a doubt for that.

use crate::Resource;
use crate::build::{Accumulator, Builder, Level};
use crate::fields::{entry, field, flag, items, text};
use crate::tree::{child, empty_map, set, string};
use fluxproof_yaml::{Data, Entry, Problem, Span, Value};

/// How a generated object meets one that is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behavior {
    Create,
    Merge,
    Replace,
}

impl Builder<'_, '_> {
    /// Generates ConfigMaps, then Secrets.
    pub(crate) fn generate(&mut self, level: &Level<'_>, set: &mut Accumulator) {
        for (name, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for item in items(level.kustomization, name) {
                let Some(resource) = self.generated(level, item, kind) else { continue };
                self.absorb(item, resource, set);
            }
        }
    }

    fn generated(&mut self, level: &Level<'_>, item: &Value, kind: &str) -> Option<Resource> {
        let Some(name) = text(item, "name") else {
            self.problem(item.span, format!("{kind} generator: metadata.name is missing"));
            return None;
        };
        let span = item.span;
        let mut value = empty_map(span);
        set(&mut value, "apiVersion", span, string("v1", span));
        set(&mut value, "kind", span, string(kind, span));
        let metadata = child(&mut value, "metadata", span)?;
        set(metadata, "name", name.span, name.clone());
        if let Some(namespace) = text(item, "namespace") {
            set(metadata, "namespace", namespace.span, namespace.clone());
        }
        add_options(&mut value, level.kustomization, item);
        let mut resource = Resource::new(value, span.file);
        self.fill(level, item, kind == "Secret", &mut resource);
        if kind == "Secret" {
            let kind = text(item, "type").map_or_else(|| string("Opaque", span), Clone::clone);
            set(&mut resource.value, "type", kind.span, kind);
        }
        if !keeps_name(level.kustomization, item) {
            resource.doubt(name.span, "its name gets a hash of its content");
        }
        Some(resource)
    }

    /// Adds the data: `envs`, `literals`, `files`, in this order.
    fn fill(&mut self, level: &Level<'_>, item: &Value, secret: bool, resource: &mut Resource) {
        let mut data = Pairs { secret, map: empty_map(item.span) };
        let mut problems = Vec::new();
        for path in items(item, "envs").iter().chain(text(item, "env")) {
            for (key, value) in self.env_file(level, path, resource) {
                problems.extend(data.add(&key, value, path.span));
            }
        }
        for literal in items(item, "literals") {
            problems.extend(data.add_literal(literal));
        }
        for path in items(item, "files") {
            if let Some((key, content)) = self.content(level, path, resource) {
                problems.extend(data.add(&key, content, path.span));
            }
        }
        self.problems.append(&mut problems);
        if !data.map.entries().is_empty() {
            set(&mut resource.value, "data", item.span, data.map);
        }
    }

    fn env_file(&mut self, level: &Level<'_>, path: &Value, resource: &mut Resource) -> Vec<(String, String)> {
        let Some(file) = self.file_at(level, path) else { return Vec::new() };
        let text = self.sources().text(file);
        self.doubt_content(path, text, resource);
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
        let pair = |line: &str| {
            line.split_once('=').map_or((line.to_owned(), String::new()), |(k, v)| (k.to_owned(), v.to_owned()))
        };
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(pair).collect()
    }

    /// The key and the content of an entry of `files`: `path` or `key=path`.
    fn content(&mut self, level: &Level<'_>, item: &Value, resource: &mut Resource) -> Option<(String, String)> {
        let text = item.as_str()?;
        let (key, path) = text.split_once('=').unwrap_or((text.rsplit('/').next().unwrap_or(text), text));
        let file = self.file_at(level, &string(path, item.span))?;
        let content = self.sources().text(file);
        if let Some(why) = self.sources().file(file).and_then(|file| file.unread.clone()) {
            resource.doubt(item.span, format!("the content of {path} is unknown: {why}"));
        }
        self.doubt_content(item, content, resource);
        Some((key.to_owned(), content.to_owned()))
    }

    fn doubt_content(&self, item: &Value, content: &str, resource: &mut Resource) {
        if content.contains("ENC[AES256_GCM") || content.contains("sops_version=") {
            resource.doubt(item.span, "its content is encrypted");
        }
    }

    fn absorb(&mut self, item: &Value, new: Resource, set: &mut Accumulator) {
        let behavior = match text(item, "behavior").and_then(Value::as_str) {
            Some("merge") => Behavior::Merge,
            Some("replace") => Behavior::Replace,
            _ => Behavior::Create,
        };
        let id = new.id();
        let same = |old: &&mut Resource| {
            old.kind() == new.kind()
                && old.group().is_empty()
                && old
                    .ids()
                    .iter()
                    .any(|other| other.name == id.name && other.effective_namespace() == id.effective_namespace())
        };
        match (set.resources.iter_mut().find(same), behavior) {
            (Some(_), Behavior::Create) => {
                self.problem(item.span, format!("id {id} exists; behavior must be merge or replace"))
            }
            (None, Behavior::Merge | Behavior::Replace) => {
                self.problem(item.span, format!("id {id} does not exist; cannot merge or replace"));
            }
            (Some(old), behavior) => combine(old, new, behavior),
            (None, Behavior::Create) => self.problems.extend(set.append(new).err()),
        }
    }
}

fn combine(old: &mut Resource, new: Resource, behavior: Behavior) {
    if behavior == Behavior::Replace {
        crate::tree::remove(&mut old.value, "data");
    }
    for path in [&["data"][..], &["metadata", "labels"], &["metadata", "annotations"]] {
        for entry in new.value.at(path).map_or(&[][..], Value::entries) {
            let map = path.iter().try_fold(&mut old.value, |value, part| child(value, part, entry.key_span));
            if let Some(map) = map {
                set(map, &entry.key, entry.key_span, entry.value.clone());
            }
        }
    }
    old.doubts.extend(new.doubts);
}

/// Labels, annotations and `immutable`, of the generator and of `generatorOptions`.
fn add_options(value: &mut Value, kustomization: &Value, item: &Value) {
    let all = [field(kustomization, "generatorOptions"), field(item, "options")];
    for options in all.into_iter().flatten() {
        for name in ["labels", "annotations"] {
            for Entry { key, key_span, value: text } in field(options, name).map_or(&[][..], Value::entries) {
                let map = child(value, "metadata", *key_span).and_then(|metadata| child(metadata, name, *key_span));
                if let Some(map) = map {
                    set(map, key, *key_span, text.clone());
                }
            }
        }
        if let Some(immutable) = entry(options, "immutable").filter(|_| flag(options, "immutable")) {
            set(value, "immutable", immutable.key_span, immutable.value.clone());
        }
    }
}

fn keeps_name(kustomization: &Value, item: &Value) -> bool {
    let all = [field(kustomization, "generatorOptions"), field(item, "options")];
    all.into_iter().flatten().any(|options| flag(options, "disableNameSuffixHash"))
}

/// The data of an object under way. Secrets hold base64.
struct Pairs {
    secret: bool,
    map: Value,
}

impl Pairs {
    fn add_literal(&mut self, literal: &Value) -> Option<Problem> {
        let text = literal.as_str().unwrap_or_default();
        match text.split_once('=').filter(|(key, _)| !key.is_empty()) {
            Some((key, value)) => self.add(key, unquoted(value).to_owned(), literal.span),
            None => Some(Problem::new(literal.span, format!("invalid literal source {text}, expected key=value"))),
        }
    }

    fn add(&mut self, key: &str, content: String, span: Span) -> Option<Problem> {
        if self.map.get(key).is_some() {
            return Some(Problem::new(span, format!("configmap or secret illegally repeats the key `{key}`")));
        }
        let content = if self.secret { base64(content.as_bytes()) } else { content };
        set(&mut self.map, key, span, Value { span, data: Data::Str(content.into()) });
        None
    }
}

/// Quotes around the whole are taken off once.
fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Standard base64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = (bits >> (18 - 6 * at)) & 63;
            out.push(if at <= chunk.len() { char::from(ALPHABET[digit as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        for (text, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{ff}~", "w79+")]
        {
            assert_eq!(base64(text.as_bytes()), expected, "{text}");
        }
    }
}
