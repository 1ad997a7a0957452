//! `patches`, `patchesStrategicMerge` and `patchesJson6902`: what they are and which resources they mean.

use crate::Resource;
use crate::build::{Builder, Level};
use crate::fields::{field, flag, items, text};
use crate::merge::{Merge, Outcome, directive};
use crate::resource::{Id, split_api_version};
use crate::select::Selector;
use crate::tree::{remove, set};
use crate::{embedded, json_patch};
use fluxproof_yaml::{Data, FileId, Problem, Value};

/// What an entry of `patches` allows.
#[derive(Clone, Copy)]
struct Allowed {
    name: bool,
    kind: bool,
}

impl Builder<'_, '_> {
    /// `patchesStrategicMerge`: paths of files, or patches as strings.
    pub(crate) fn strategic_merges(&mut self, level: &Level<'_>, resources: &mut Vec<Resource>) {
        for item in items(level.kustomization, "patchesStrategicMerge") {
            let is_path = item
                .as_str()
                .is_some_and(|text| !text.contains('\n') && !text.contains(": ") && !text.starts_with('{'));
            let documents = if is_path { self.patch_file(level, item) } else { self.inline(item) };
            if documents.is_empty() {
                self.problem(item.span, "patch appears to be empty");
            }
            for patch in &documents {
                self.merge_by_id(patch, Allowed { name: false, kind: false }, resources);
            }
        }
    }

    /// `patches`, or `patchesJson6902` of the same shape.
    pub(crate) fn patches(&mut self, level: &Level<'_>, name: &str, resources: &mut Vec<Resource>) {
        for item in items(level.kustomization, name) {
            let documents = match (text(item, "patch"), field(item, "patch"), text(item, "path")) {
                (Some(patch), _, None) => self.inline(patch),
                (None, Some(patch), None) => vec![patch.clone()],
                (None, None, Some(path)) => self.patch_file(level, path),
                _ => {
                    self.problem(item.span, "must specify one of patch and path");
                    continue;
                }
            };
            self.patch(item, &documents, resources);
        }
    }

    fn patch(&mut self, item: &Value, documents: &[Value], resources: &mut Vec<Resource>) {
        let target = field(item, "target").filter(|target| !target.entries().is_empty());
        let options = field(item, "options");
        let allows = |name| options.is_some_and(|options| flag(options, name));
        let allowed = Allowed { name: allows("allowNameChange"), kind: allows("allowKindChange") };
        let selector = match target.map(Selector::new).transpose() {
            Ok(selector) => selector,
            Err(unread) => {
                let what = format!("the target of a patch: {}", unread.message);
                return resources.iter_mut().for_each(|resource| resource.doubt(item.span, what.clone()));
            }
        };
        match (documents, selector) {
            ([], _) => {}
            ([Value { data: Data::Seq(operations), .. }], Some(selector)) => {
                self.json(operations, &selector, resources)
            }
            ([Value { data: Data::Seq(_), .. }], None) => {
                self.problem(item.span, "must specify a target for JSON patch")
            }
            (documents, None) => documents.iter().for_each(|patch| self.merge_by_id(patch, allowed, resources)),
            ([patch], Some(selector)) => self.merge_into_selected(patch, &selector, allowed, resources),
            (_, Some(_)) => self.problem(
                item.span,
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `target` field",
            ),
        }
    }

    /// A patch inside the kustomization.
    fn inline(&mut self, patch: &Value) -> Vec<Value> {
        let (documents, problems) = embedded::parse(self.sources(), patch);
        self.problems.extend(problems);
        documents
    }

    fn patch_file(&mut self, level: &Level<'_>, path: &Value) -> Vec<Value> {
        let Some(file) = self.file_at(level, path) else { return Vec::new() };
        let problems = self.problems_of(file, path.span);
        self.problems.extend(problems);
        self.workspace.documents(file).to_vec()
    }

    /// The file that a field of a kustomization names.
    pub(crate) fn file_at(&mut self, level: &Level<'_>, path: &Value) -> Option<FileId> {
        let text = path.as_str().unwrap_or_default();
        let file = level.folder.join(text).ok().and_then(|path| self.sources().find(&path));
        if file.is_none() {
            self.problem(path.span, format!("file '{text}': no such file or directory"));
        }
        file
    }

    fn json(&mut self, operations: &[Value], selector: &Selector, resources: &mut [Resource]) {
        for resource in resources.iter_mut().filter(|resource| selector.selects(resource)) {
            let Some(first) = operations.first().filter(|first| self.spend(operations.len(), first.span)) else {
                return;
            };
            resource.remember();
            if let Err(problem) = json(resource, operations) {
                resource.doubt(first.span, "a patch that cannot be applied");
                self.problems.push(problem);
            }
        }
    }

    fn merge_into_selected(
        &mut self,
        patch: &Value,
        selector: &Selector,
        allowed: Allowed,
        resources: &mut Vec<Resource>,
    ) {
        if !self.is_merge_patch(patch) || !self.spend(resources.len(), patch.span) {
            return;
        }
        let found = (0..resources.len()).filter(|at| selector.selects(&resources[*at])).collect();
        self.merge(patch, found, allowed, resources);
    }

    /// A patch without a target names its object itself.
    fn merge_by_id(&mut self, patch: &Value, allowed: Allowed, resources: &mut Vec<Resource>) {
        if !self.is_merge_patch(patch) || !self.spend(resources.len(), patch.span) {
            return;
        }
        let id = id_of(patch);
        let has_id = |resource: &Resource| resource.ids().iter().any(|other| other.key() == id.key());
        let found: Vec<usize> = (0..resources.len()).filter(|at| has_id(&resources[*at])).collect();
        match found.len() {
            0 => self.problem(
                patch.span,
                format!("no resource matches strategic merge patch \"{id}\": no matches for Id {id}"),
            ),
            1 => self.merge(patch, found, allowed, resources),
            _ => self
                .problem(patch.span, format!("multiple matches for Id {id}; failed to find unique target for patch")),
        }
    }

    fn is_merge_patch(&mut self, patch: &Value) -> bool {
        let named = patch.str_at(&["kind"]).is_some() && patch.at(&["metadata", "name"]).is_some();
        if !named {
            self.problem(
                patch.span,
                "unable to parse SM or JSON patch: it has neither kind and metadata.name nor operations",
            );
        }
        named
    }

    fn merge(&mut self, patch: &Value, found: Vec<usize>, allowed: Allowed, resources: &mut Vec<Resource>) {
        let mut gone = Vec::new();
        for at in found {
            match merge(&mut resources[at], patch, allowed) {
                Ok(Outcome::Stays) => {}
                Ok(Outcome::Goes) => gone.push(at),
                Err(problem) => {
                    resources[at].doubt(patch.span, "a patch that cannot be applied");
                    self.problems.push(problem);
                }
            }
        }
        let mut at = 0;
        resources.retain(|_| {
            at += 1;
            gone.binary_search(&(at - 1)).is_err()
        });
    }
}

fn id_of(patch: &Value) -> Id {
    let get = |path: &[&str]| patch.str_at(path).unwrap_or_default();
    let (group, version) = split_api_version(get(&["apiVersion"]));
    Id {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: get(&["kind"]).to_owned(),
        namespace: patch.str_at(&["metadata", "namespace"]).map(str::to_owned),
        name: get(&["metadata", "name"]).to_owned(),
    }
}

fn json(resource: &mut Resource, operations: &[Value]) -> Result<(), Problem> {
    // kustomize keeps earlier identities as annotations while it works, so that this mapping is always there.
    let mut value = resource.value.clone();
    let span = value.span;
    let made = value.at(&["metadata", "annotations"]).is_none();
    if let Some(metadata) = value.get_mut("metadata") {
        crate::tree::child(metadata, "annotations", span);
    }
    let mut copied = 0;
    for operation in operations {
        json_patch::apply(&mut value, operation, &mut copied).map_err(|error| {
            Problem::new(operation.span, error).related(resource.name_span(), "the object that it patches")
        })?;
    }
    let empty = value.at(&["metadata", "annotations"]).is_some_and(|map| map.entries().is_empty());
    if let Some(metadata) = value.get_mut("metadata").filter(|_| made && empty) {
        remove(metadata, "annotations");
    }
    resource.value = value;
    Ok(())
}

/// Merges a patch; the object keeps its name, namespace and kind unless the patch may change them.
fn merge(resource: &mut Resource, patch: &Value, allowed: Allowed) -> Result<Outcome, Problem> {
    if directive(patch) == Some("delete") {
        return Ok(Outcome::Goes);
    }
    if allowed.name || allowed.kind {
        resource.remember();
    }
    let old = resource.value.clone();
    let (api_version, kind) = (resource.api_version().to_owned(), resource.kind().to_owned());
    let mut merge = Merge::new(&api_version, &kind);
    let outcome = merge.map(&mut resource.value, patch);
    let doubt = merge.doubt;
    keep_identity(&mut resource.value, &old, allowed);
    if let Some(what) = doubt {
        resource.doubt(patch.span, format!("a patch of {what} is not modelled"));
    }
    outcome.map_err(|error| {
        resource.value = old;
        Problem::new(patch.span, error).related(resource.name_span(), "the object that it patches")
    })
}

fn keep_identity(value: &mut Value, old: &Value, allowed: Allowed) {
    let keeps = |key: &&str| *key == "apiVersion" || !allowed.kind;
    for entry in ["apiVersion", "kind"].iter().filter(|key| keeps(key)).filter_map(|key| old.entry(key)) {
        set(value, &entry.key, entry.key_span, entry.value.clone());
    }
    let Some(metadata) = value.get_mut("metadata") else { return };
    if let Some(name) = old.get("metadata").and_then(|old| old.entry("name")).filter(|_| !allowed.name) {
        set(metadata, "name", name.key_span, name.value.clone());
    }
    match old.get("metadata").and_then(|old| old.entry("namespace")) {
        Some(namespace) => set(metadata, "namespace", namespace.key_span, namespace.value.clone()),
        None => drop(remove(metadata, "namespace")),
    }
}
