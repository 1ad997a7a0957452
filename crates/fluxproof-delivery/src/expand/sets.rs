//! ResourceSets whose inputs stand in them: what flux-operator makes of their templates, step by step
//! (docs/api/v1/resourceset.md; internal/builder/resourceset.go).

use super::{Expander, Progress};
use crate::model::{Content, KustomizationNode, ObjectRef, WaitsFor};
use crate::read::{self, FluxKind, flux_kind};
use crate::template::render;
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{Budget, Entry, Table, Value, parse, to_yaml};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most bytes that the templates of one cluster become: a bound for hostile trees.
const MOST: usize = 16 << 20;

impl Expander<'_> {
    /// A ResourceSet as a node for each of its steps; one whose templates or inputs are not known makes its Kustomization
    /// open.
    pub(super) fn take_set(&mut self, owner: usize, resource: &Resource) {
        let spec = resource.value.get("spec");
        let steps = spec.and_then(|spec| self.steps(spec, &resource.value));
        let Some(steps) = steps else {
            let open = format!("{} makes objects that only the cluster knows", ObjectRef::of(resource));
            self.all.kustomizations[owner].open.get_or_insert(open);
            return;
        };
        let namespace = self.all.kustomizations[owner].object.namespace.clone().unwrap_or_default();
        let home = self.all.kustomizations[owner].universe;
        let count = steps.len();
        let mut before: Option<usize> = None;
        for (at, (name, objects)) in steps.into_iter().enumerate() {
            let mut node = set_node(resource, owner, &namespace, home);
            if at + 1 < count {
                node.object.name = format!("{}/{name}", node.object.name);
                node.wait = true;
            }
            node.doubt = node.doubt.or_else(|| self.all.kustomizations[owner].doubt.clone());
            node.after = before.map(crate::model::Owner::Kustomization).into_iter().collect();
            if before.is_some() {
                node.awaits.clear();
            }
            if self.all.find_kustomization(home, &node.object).is_some() {
                return;
            }
            before = Some(self.all.kustomizations.len());
            node.build = Arc::new(Build { resources: objects, ..Build::default() });
            node.content = Content::Here(self.artifacts.workspace().sources().path(resource.file).parent());
            self.add_kustomization(node);
        }
    }

    /// Takes what a node of a ResourceSet applies, which its templates have shown already.
    pub(super) fn build_set(&mut self, index: usize) {
        self.progress[index] = Progress::Built;
        let build = Arc::clone(&self.all.kustomizations[index].build);
        self.take_all(index, &build);
        self.settings.add(&build);
    }

    /// The steps of a set, by their names, with their objects.
    fn steps(&mut self, spec: &Value, set: &Value) -> Option<Vec<(String, Vec<Resource>)>> {
        let permutes = spec.str_at(&["inputStrategy", "name"]) == Some("Permute");
        let elsewhere = spec.get("inputsFrom").is_some_and(|list| !list.items().is_empty());
        if permutes || elsewhere || uses_variables(set) {
            return None;
        }
        let inputs = inputs(spec, set);
        let steps = spec.get("steps").map_or(&[][..], Value::items);
        if steps.is_empty() {
            return Some(vec![(String::new(), self.objects(spec, &inputs)?)]);
        }
        let step = |step: &Value| Some((step.str_at(&["name"])?.to_owned(), self.objects(step, &inputs)?));
        steps.iter().map(step).collect()
    }

    /// The objects of `resources` and `resourcesTemplate`, each identity once.
    fn objects(&mut self, step: &Value, inputs: &[Value]) -> Option<Vec<Resource>> {
        let mut found = Vec::new();
        for template in step.get("resources").map_or(&[][..], Value::items) {
            let text = to_yaml(template).ok()?;
            for input in inputs {
                found.extend(self.made(&text, input, template)?);
            }
        }
        if let Some(template) = step.get("resourcesTemplate") {
            for input in inputs {
                found.extend(self.made(template.as_str()?, input, template)?);
            }
        }
        let mut known = BTreeSet::new();
        found.retain(|r| !is_disabled(r) && known.insert(identity(r)));
        Some(found)
    }

    /// The objects of one template for one input. What stands in the template has its place there.
    fn made(&mut self, text: &str, input: &Value, template: &Value) -> Option<Vec<Resource>> {
        let text = render(text, input)?;
        self.rendered += text.len();
        if self.rendered > MOST {
            return None;
        }
        let parsed = parse(template.span.file, &text);
        if !parsed.problems.is_empty() {
            return None;
        }
        let mut objects = Vec::new();
        for root in parsed.documents.iter().filter_map(|document| document.root()) {
            let value = root.to_value(Table::GoYaml3, &mut Budget::default()).ok()?;
            if value.is_null() {
                continue;
            }
            let named = ["apiVersion", "kind"].iter().all(|key| value.str_at(&[key]).is_some());
            (named && value.str_at(&["metadata", "name"]).is_some()).then_some(())?;
            objects.push(Resource::new(placed(&value, Some(template), template), template.span.file));
        }
        Some(objects)
    }
}

/// Whether a variable of a parent's `postBuild` is left in a set: what it stands for is not known.
fn uses_variables(set: &Value) -> bool {
    set.get("spec")
        .and_then(|spec| spec.get("inputs"))
        .is_some_and(|inputs| to_yaml(inputs).is_ok_and(|text| text.contains("${")))
}

/// The inputs of a set, each with the object that provides it; one empty input where there is none.
fn inputs(spec: &Value, set: &Value) -> Vec<Value> {
    let items = spec.get("inputs").map_or(&[][..], Value::items);
    if items.is_empty() {
        return vec![Value::map(spec.span, [])];
    }
    items.iter().map(|item| with_provider(item, set)).collect()
}

fn with_provider(item: &Value, set: &Value) -> Value {
    let text = |key: &str, text: &str| Entry::new(key.into(), item.span, Value::string(item.span, text));
    let own = |path: &[&str]| set.str_at(path).unwrap_or_default().to_owned();
    let provider = [
        text("apiVersion", &own(&["apiVersion"])),
        text("kind", &own(&["kind"])),
        text("name", &own(&["metadata", "name"])),
        text("namespace", &own(&["metadata", "namespace"])),
    ];
    let mut input = item.clone();
    if let Some(entries) = input.entries_mut() {
        let value = Value::map(item.span, provider);
        entries.push(Entry::new("provider".into(), item.span, value));
    }
    input
}

fn is_disabled(object: &Resource) -> bool {
    object.value.str_at(&["metadata", "annotations", "fluxcd.controlplane.io/reconcile"]) == Some("disabled")
}

fn identity(object: &Resource) -> (String, String, Option<String>, String) {
    let text = str::to_owned;
    (text(object.group()), text(object.kind()), object.namespace().map(text), text(object.name()))
}

/// A made value at the places of the template that has the same shape; what has none there, at the place of the template.
fn placed(value: &Value, like: Option<&Value>, template: &Value) -> Value {
    let span = like.map_or(template.span, |like| like.span);
    let mut placed = Value { span, ..value.clone() };
    for (at, item) in placed.items_mut().into_iter().flat_map(|items| items.make_mut().iter_mut()).enumerate() {
        *item = self::placed(item, like.and_then(|like| like.items().get(at)), template);
    }
    for entry in placed.entries_mut().into_iter().flat_map(|entries| entries.make_mut()) {
        let same = like.and_then(|like| like.entry(&entry.key));
        entry.key_span = same.map_or(template.span, |same| same.key_span);
        entry.value = self::placed(&entry.value, same.map(|same| &same.value), template);
    }
    placed
}

fn set_node(set: &Resource, owner: usize, namespace: &str, home: usize) -> KustomizationNode {
    let mut node = read::kustomization(set, Some(owner), namespace);
    // dependsOn of a ResourceSet names objects of any kind, and nothing of it is retried at an interval.
    node.depends_on.clear();
    node.awaits = set.at(&["spec", "dependsOn"]).map_or(&[][..], Value::items).iter().filter_map(awaited).collect();
    node.prune = true;
    (node.retry_seconds, node.has_retry_interval) = (None, false);
    (node.home, node.universe) = (home, home);
    node
}

fn awaited(item: &Value) -> Option<WaitsFor> {
    let text = |key: &str| item.str_at(&[key]).map(str::to_owned);
    let object = ObjectRef {
        api_version: text("apiVersion")?,
        kind: text("kind")?,
        namespace: text("namespace"),
        name: text("name")?,
    };
    let ready = item.get("ready").and_then(Value::as_bool) == Some(true);
    let by_expression = item.str_at(&["readyExpr"]).is_some_and(|text| !text.is_empty());
    Some(WaitsFor { object, ready, by_expression, span: item.get("name").map_or(item.span, |name| name.span) })
}

/// Whether a node is one of a ResourceSet.
pub(crate) fn is_set(node: &KustomizationNode) -> bool {
    flux_kind(node.object.group(), &node.object.kind) == FluxKind::ResourceSet
}
