//! The values of a HelmRelease: those of its `valuesFrom` that the repository holds, then its own, then single ones that
//! `valuesFrom` puts at a path (fluxcd/pkg `chartutil`, ChartValuesFromReferences).

use super::Expander;
use crate::build::{Settings, base64_text};
use crate::model::ReleaseNode;
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{Budget, Entry, Sources, Span, Table, Value, parse};

impl Expander<'_> {
    /// Merges what is known of a release's values. Something stays unknown where a reference leads outside, to what is
    /// encrypted, or to a text that is no YAML.
    pub(super) fn link_values(&mut self, index: usize) {
        let release = &self.all.releases[index];
        let Some(references) = release.resource.value.at(&["spec", "valuesFrom"]) else { return };
        let sources = self.artifacts.workspace().sources();
        let merged = Merged::of(release, references.items(), &self.settings, sources);
        let release = &mut self.all.releases[index];
        release.more_values = merged.unknown;
        release.values = merged.values;
    }
}

#[derive(Default)]
struct Merged {
    values: Option<Value>,
    unknown: bool,
}

impl Merged {
    fn of(release: &ReleaseNode, references: &[Value], settings: &Settings, sources: &Sources) -> Self {
        let namespace = release.object.namespace.as_deref().unwrap_or_default();
        let target =
            |reference: &Value| reference.str_at(&["targetPath"]).filter(|path| !path.is_empty()).map(str::to_owned);
        let mut merged = Self::default();
        for reference in references.iter().filter(|r| target(r).is_none()) {
            let found = text_of(reference, namespace, settings).and_then(|text| text.values(sources));
            merged.add(found);
        }
        if let Some(own) = &release.values {
            merged.add(Some(own.clone()));
        }
        for reference in references {
            let Some(path) = target(reference) else { continue };
            let found = text_of(reference, namespace, settings).and_then(|text| text.at(&path));
            merged.add(found);
        }
        merged
    }

    fn add(&mut self, values: Option<Value>) {
        match (values, &mut self.values) {
            (None, _) => self.unknown = true,
            (Some(values), Some(known)) => merge(known, &values),
            (Some(values), none) => *none = Some(values),
        }
    }
}

/// The text of a key of an object, and the value that holds it.
struct Text<'v> {
    text: String,
    holder: &'v Value,
}

/// The text that a reference names; none where the object is not in the repository, encrypted, or not sure.
fn text_of<'s>(reference: &Value, namespace: &str, settings: &'s Settings) -> Option<Text<'s>> {
    let kind = reference.str_at(&["kind"])?;
    let found = settings.find(kind, namespace, reference.str_at(&["name"])?)?;
    if found.at(&["sops"]).is_some() || !found.doubts.is_empty() {
        return None;
    }
    let key = reference.str_at(&["valuesKey"]).filter(|key| !key.is_empty()).unwrap_or("values.yaml");
    text_in(found, kind, key).filter(|text| !text.text.contains("${"))
}

fn text_in<'s>(object: &'s Resource, kind: &str, key: &str) -> Option<Text<'s>> {
    let plain = |holder: &'s Value| Some(Text { text: holder.scalar_text()?.to_string(), holder });
    if kind == "ConfigMap" {
        return plain(object.at(&["data", key])?);
    }
    match object.at(&["stringData", key]) {
        Some(holder) => plain(holder),
        None => {
            let holder = object.at(&["data", key])?;
            Some(Text { text: base64_text(holder.as_str()?)?, holder })
        }
    }
}

impl Text<'_> {
    /// The text as YAML. Where it is a whole file of the repository, each value has its own place in it.
    fn values(&self, sources: &Sources) -> Option<Value> {
        let span = self.holder.span;
        let parsed = parse(span.file, &self.text);
        if !parsed.problems.is_empty() {
            return None;
        }
        let Some(root) = parsed.documents.first().and_then(|document| document.root()) else {
            return Some(Value::map(span, []));
        };
        let value = root.to_value(Table::GoYaml3, &mut Budget::default()).ok()?;
        let whole = sources.text(span.file) == self.text;
        let placed = if whole { value } else { at(&value, span) };
        (placed.is_map() || placed.is_null()).then(|| if placed.is_null() { Value::map(span, []) } else { placed })
    }

    /// The text as the one value at a path such as `a.b.c` (Helm's `--set`; a quoted text stays a text). What is more than
    /// that is not read.
    fn at(&self, path: &str) -> Option<Value> {
        let span = self.holder.span;
        if path.contains(['[', '\\', '{', ',']) {
            return None;
        }
        let text = self.text.trim_end_matches('\n');
        let quoted =
            ['\'', '"'].iter().any(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote));
        if !quoted && text.contains([',', '{', '[', '\\']) {
            return None;
        }
        let leaf = match quoted {
            true => Value::string(span, text.trim_matches(['\'', '"'])),
            false => Value::plain(span, text),
        };
        let wrap = |value: Value, key: &str| Value::map(span, [Entry::new(key.into(), span, value)]);
        Some(path.rsplit('.').fold(leaf, wrap))
    }
}

/// Values of another text, all at one place.
fn at(value: &Value, span: Span) -> Value {
    let mut placed = Value { span, ..value.clone() };
    for item in placed.items_mut().into_iter().flat_map(|items| items.make_mut()) {
        *item = at(item, span);
    }
    for entry in placed.entries_mut().into_iter().flat_map(|entries| entries.make_mut()) {
        entry.key_span = span;
        entry.value = at(&entry.value, span);
    }
    placed
}

/// Merges mappings; anything else takes the place of what was there.
fn merge(into: &mut Value, values: &Value) {
    if !into.is_map() || !values.is_map() {
        *into = values.clone();
        return;
    }
    for entry in values.entries() {
        match into.get_mut(&entry.key) {
            Some(known) => merge(known, &entry.value),
            None => {
                if let Some(entries) = into.entries_mut() {
                    entries.push(entry.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::tests::{json, resources};
    use crate::read::release;
    use fluxproof_kustomize::Build;
    use std::sync::Arc;

    fn merged(spec: &str, objects: &str) -> (String, bool) {
        let text = format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: a, namespace: n}}\nspec: {spec}\n"
        );
        let release = release(&resources(&text)[0], 0, "n");
        let references = release.resource.value.at(&["spec", "valuesFrom"]).map_or(&[][..], Value::items);
        let mut settings = Settings::default();
        settings.add(&Arc::new(Build { resources: resources(objects), ..Build::default() }));
        let merged = Merged::of(&release, references, &settings, &Sources::default());
        (merged.values.as_ref().map_or("none".to_owned(), json), merged.unknown)
    }

    const OBJECTS: &str = "
{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: n}, data: {values.yaml: \"a: 1\\nb: {x: 1, y: 1}\\n\"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: two, namespace: n}, data: {values.yaml: 'b: {y: 2, z: 2}', other: 'c: 3'}}
---
{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: n}, data: {values.yaml: Yjoge3g6IDl9, key: c2VjcmV0}}
---
{apiVersion: v1, kind: Secret, metadata: {name: sealed, namespace: n}, stringData: {values.yaml: 'ENC[x]'}, sops: {mac: m}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: other}, data: {values.yaml: 'a: 7'}}
";

    fn check(spec: &str, expected: &str, unknown: bool) {
        assert_eq!(merged(spec, OBJECTS), (expected.to_owned(), unknown), "{spec}");
    }

    #[test]
    fn references_come_in_their_order_and_the_inline_ones_after_them() {
        let both = "valuesFrom: [{kind: ConfigMap, name: one}, {kind: ConfigMap, name: two}]";
        check(&format!("{{{both}}}"), "{a:1,b:{x:1,y:2,z:2}}", false);
        check(&format!("{{{both}, values: {{b: {{y: 5}}, d: [1]}}}}"), "{a:1,b:{x:1,y:5,z:2},d:[1]}", false);
        check("{valuesFrom: [{kind: ConfigMap, name: two, valuesKey: other}]}", "{c:3}", false);
        check("{valuesFrom: [{kind: Secret, name: s}]}", "{b:{x:9}}", false);
    }

    #[test]
    fn a_value_at_a_path_wins_over_all() {
        let at_path =
            "valuesFrom: [{kind: Secret, name: s, valuesKey: key, targetPath: b.token}, {kind: ConfigMap, name: one}]";
        check(&format!("{{{at_path}, values: {{b: {{token: none}}}}}}"), "{a:1,b:{token:\"secret\",x:1,y:1}}", false);
        check("{valuesFrom: [{kind: Secret, name: s, valuesKey: key, targetPath: 'b[0]'}]}", "none", true);
    }

    #[test]
    fn what_is_not_here_or_not_readable_stays_unknown() {
        check("{valuesFrom: [{kind: ConfigMap, name: absent, optional: true}], values: {a: 1}}", "{a:1}", true);
        check("{valuesFrom: [{kind: Secret, name: sealed}]}", "none", true);
        check("{valuesFrom: [{kind: ConfigMap, name: one, valuesKey: absent}]}", "none", true);
    }
}
