//! `namePrefix` and `nameSuffix`, and the references to what an operator renamed or moved.

use crate::Resource;
use crate::build::{Builder, Level};
use crate::fields::text;
use crate::resource::Id;
use crate::tree::{any_string, child, set, string};
use fluxproof_yaml::{Data, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds whose names kustomize leaves alone (builtinconfig/transformerconfig.go, name fields).
const KEPT: [&str; 3] = ["CustomResourceDefinition", "APIService", "Namespace"];

impl Builder<'_, '_> {
    /// Renames, the prefix first.
    pub(crate) fn prefix_and_suffix(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        for (field, before) in [("namePrefix", true), ("nameSuffix", false)] {
            let Some(affix) = text(level.kustomization, field) else { continue };
            if self.spend(resources.len(), affix.span) {
                resources.iter_mut().for_each(|resource| rename(resource, affix, before));
            }
        }
    }

    /// Follows renamed and moved objects where kustomize surely does, and doubts where it may (api/filters/nameref).
    pub(crate) fn follow_references(&mut self, resources: &mut [Resource]) {
        let moved = Moved::new(resources);
        if moved.is_empty() {
            return;
        }
        for resource in resources.iter_mut() {
            moved.follow(resource);
            if self.more_references || is_built_in(resource.group()) {
                moved.doubt(resource);
            }
        }
    }
}

fn rename(resource: &mut Resource, affix: &Value, before: bool) {
    if KEPT.contains(&resource.kind()) {
        return;
    }
    resource.remember();
    let (name, part) = (resource.name(), affix.as_str().unwrap_or_default());
    let new = if before { format!("{part}{name}") } else { format!("{name}{part}") };
    let span = resource.name_span();
    if let Some(metadata) = child(&mut resource.value, "metadata", span) {
        set(metadata, "name", span, string(&new, affix.span));
    }
}

/// Whether kustomize has rows for references of a group: Kubernetes' own.
fn is_built_in(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}

/// An object that has another name or namespace than before.
struct Target {
    was: Vec<Id>,
    now: Id,
    name_span: Span,
    namespace: Option<Value>,
}

/// A reference that several objects may be meant by.
struct Open;

/// What was renamed or moved, by kind and old name.
struct Moved {
    targets: BTreeMap<(String, String), Vec<Target>>,
    /// Old names that are no longer the names of their objects.
    old_names: BTreeSet<String>,
}

impl Moved {
    fn new(resources: &[Resource]) -> Self {
        let mut moved = Self { targets: BTreeMap::new(), old_names: BTreeSet::new() };
        for resource in resources.iter().filter(|resource| !resource.previous.is_empty()) {
            moved.add(resource);
        }
        moved
    }

    fn add(&mut self, resource: &Resource) {
        let now = resource.id();
        for was in &resource.previous {
            if was.name != now.name {
                self.old_names.insert(was.name.clone());
            }
        }
        let name = resource.original_id().name;
        let namespace = resource.at(&["metadata", "namespace"]).cloned();
        let target = Target { was: resource.previous.clone(), now, name_span: resource.name_span(), namespace };
        self.targets.entry((resource.kind().to_owned(), name)).or_default().push(target);
    }

    fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The references that carry a namespace: accounts of role bindings and services of webhooks.
    fn follow(&self, resource: &mut Resource) {
        let certain = match resource.kind() {
            "RoleBinding" | "ClusterRoleBinding" => self.accounts(&mut resource.value),
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => self.services(&mut resource.value),
            _ => true,
        };
        if !certain {
            resource.doubt(resource.span, "it names an object that several of the build may be");
        }
    }

    fn accounts(&self, binding: &mut Value) -> bool {
        let Some(Data::Seq(subjects)) = binding.get_mut("subjects").map(|subjects| &mut subjects.data) else {
            return true;
        };
        let accounts = subjects.iter_mut().filter(|subject| subject.str_at(&["kind"]) == Some("ServiceAccount"));
        accounts.filter_map(|subject| self.refer(subject, "ServiceAccount")).count() == 0
    }

    fn services(&self, configuration: &mut Value) -> bool {
        let Some(Data::Seq(webhooks)) = configuration.get_mut("webhooks").map(|webhooks| &mut webhooks.data) else {
            return true;
        };
        let services = webhooks.iter_mut().filter_map(|webhook| webhook.get_mut("clientConfig")?.get_mut("service"));
        services.filter_map(|service| self.refer(service, "Service")).count() == 0
    }

    /// Points a reference at the one object of the build that it means. Where there are several, says that it is open.
    fn refer(&self, reference: &mut Value, kind: &str) -> Option<Open> {
        let name = reference.str_at(&["name"])?;
        let namespace = reference.str_at(&["namespace"]);
        let named = self.targets.get(&(kind.to_owned(), name.to_owned())).map_or(&[][..], Vec::as_slice);
        let found: Vec<&Target> = named.iter().filter(|target| target.was_in(namespace)).collect();
        let [target] = found[..] else { return (!found.is_empty()).then_some(Open) };
        let span = reference.span;
        set(reference, "name", span, string(&target.now.name, target.name_span));
        if let Some(namespace) = &target.namespace {
            set(reference, "namespace", span, namespace.clone());
        }
        None
    }

    /// Other references of built-in kinds: what holds an old name as a whole string may be changed.
    fn doubt(&self, resource: &mut Resource) {
        let holds = |value: &Value| any_string(value, |text| self.old_names.contains(text));
        let metadata = resource.at(&["metadata", "annotations"]).into_iter();
        let rest = resource.value.entries().iter().filter(|entry| &*entry.key != "metadata").map(|entry| &entry.value);
        if !self.old_names.is_empty() && metadata.chain(rest).any(holds) {
            resource.doubt(resource.span, "it holds the name of an object that namePrefix or nameSuffix renames");
        }
    }
}

impl Target {
    fn was_in(&self, namespace: Option<&str>) -> bool {
        let same = |id: &Id| namespace.is_none_or(|wanted| id.effective_namespace() == wanted);
        self.was.iter().any(same) || same(&self.now)
    }
}
