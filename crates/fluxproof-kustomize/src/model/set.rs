//! The resources of one level: no two have one identity, and each is found by it without a search (`api/resmap`).

use super::{ResId, Resource};
use fluxproof_yaml::{EcoString, Problem, Value};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Where resources are, by what their identities come to as a number: equal ones come to the same, others hardly ever.
#[derive(Debug, Clone, Default)]
struct Places(BTreeSet<(u64, usize)>);

impl Places {
    fn add(&mut self, id: &ResId, at: usize) {
        self.0.insert((number(id), at));
    }

    /// The places that an identity may have, in order.
    fn of(&self, id: &ResId) -> impl Iterator<Item = usize> + use<'_> {
        let number = number(id);
        self.0.range((number, 0)..=(number, usize::MAX)).map(|(_, at)| *at)
    }
}

fn number(id: &ResId) -> u64 {
    let mut hasher = DefaultHasher::new();
    let parts = [&id.gvk.group, &id.gvk.version, &id.gvk.kind, &id.name];
    parts.map(EcoString::as_str).hash(&mut hasher);
    id.effective_namespace().hash(&mut hasher);
    hasher.finish()
}

#[derive(Debug, Clone, Default)]
struct Index {
    /// By the identity of now.
    current: Places,
    /// By any identity, each resource once for each.
    any: OnceCell<Places>,
    /// By any name that they have or had.
    names: OnceCell<BTreeMap<EcoString, Vec<usize>>>,
}

/// Resources in the order they were added.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResourceSet {
    resources: Vec<Resource>,
    /// Made when it is asked for, and forgotten when an identity may have changed.
    index: OnceCell<Index>,
}

impl ResourceSet {
    pub(crate) fn len(&self) -> usize {
        self.resources.len()
    }

    /// Makes room for just so many more.
    pub(crate) fn reserve(&mut self, more: usize) {
        if more > self.resources.len() {
            self.resources.reserve_exact(more);
        } else {
            self.resources.reserve(more);
        }
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.resources.iter()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Resource> {
        self.resources.get(at)
    }

    pub(crate) fn into_resources(self) -> Vec<Resource> {
        self.resources
    }

    /// The resources to change in any way: what is known of their identities is forgotten.
    pub(crate) fn all_mut(&mut self) -> &mut Vec<Resource> {
        self.index.take();
        &mut self.resources
    }

    /// The resources to change below what tells them apart: identities, also those of before, must stay.
    pub(crate) fn contents_mut(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.resources.iter_mut()
    }

    /// Changes one resource. What is known of identities is kept where this one keeps its own: the one of now, and the
    /// same ones all together.
    pub(crate) fn update<R>(&mut self, at: usize, change: impl FnOnce(&mut Resource) -> R) -> Option<R> {
        let resource = self.resources.get_mut(at)?;
        let (id, previous) = (resource.id(), resource.previous.clone());
        let before: BTreeSet<ResId> = fluxproof_order::gather(resource.ids().map(|id| id.key()));
        let result = change(resource);
        let kept = resource.id() == id
            && (resource.previous == previous
                || fluxproof_order::gather::<BTreeSet<_>, _>(resource.ids().map(|id| id.key())) == before);
        if !kept {
            self.index.take();
        }
        Some(result)
    }

    /// Empties a resource; it is dropped when its operator has ended. Until then it is still found by what it was.
    pub(crate) fn empty(&mut self, at: usize) {
        if let Some(resource) = self.resources.get_mut(at) {
            resource.value = Value::null(resource.span);
        }
    }

    /// The resources whose identity of now is this one (`GetMatchingResourcesByCurrentId`).
    pub(crate) fn find_current(&self, id: &ResId) -> Vec<usize> {
        self.current(id).collect()
    }

    fn current(&self, id: &ResId) -> impl Iterator<Item = usize> + use<'_> {
        let key = id.key();
        let is_it = move |at: &usize| self.get(*at).is_some_and(|resource| resource.id().key() == key);
        self.index().current.of(id).filter(is_it)
    }

    /// The resources that have or had this identity (`GetMatchingResourcesByAnyId`).
    pub(crate) fn find_any(&self, id: &ResId) -> Vec<usize> {
        let index = self.index();
        let any = index.any.get_or_init(|| self.places(|resource| resource.ids().collect()));
        let key = id.key();
        let had = |resource: &Resource| resource.ids().any(|id| id.key() == key);
        any.of(id).filter(|at| self.get(*at).is_some_and(had)).collect()
    }

    /// The resources that have or had this name, in order.
    pub(crate) fn named(&self, name: &str) -> &[usize] {
        let names = self.index().names.get_or_init(|| self.names());
        names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The resources that have or had a name that begins so, in order.
    pub(crate) fn named_from(&self, prefix: &str) -> Vec<usize> {
        let names = self.index().names.get_or_init(|| self.names());
        let range = names.range(EcoString::from(prefix)..).take_while(|(name, _)| name.starts_with(prefix));
        let found: BTreeSet<usize> = fluxproof_order::gather(range.flat_map(|(_, places)| places.iter().copied()));
        found.into_iter().collect()
    }

    fn names(&self) -> BTreeMap<EcoString, Vec<usize>> {
        let mut names = BTreeMap::<EcoString, Vec<usize>>::new();
        for (at, resource) in self.resources.iter().enumerate() {
            let previous = resource.previous.iter().map(|previous| previous.name.clone());
            for name in std::iter::once(resource.name().into()).chain(previous) {
                add(&mut names, name, at);
            }
        }
        names
    }

    fn index(&self) -> &Index {
        let new = || Index { current: self.places(|resource| vec![resource.id()]), ..Index::default() };
        self.index.get_or_init(new)
    }

    fn places(&self, ids: impl Fn(&Resource) -> Vec<ResId>) -> Places {
        let mut places = Places::default();
        for (at, resource) in self.resources.iter().enumerate() {
            for id in ids(resource) {
                places.add(&id, at);
            }
        }
        places
    }

    /// Adds a resource, or says why kustomize would not.
    pub(crate) fn append(&mut self, resource: Resource) -> Result<(), Problem> {
        let id = resource.id();
        if let Some(first) = self.current(&id).next().and_then(|at| self.resources.get(at)) {
            return Err(already_there(&resource, first));
        }
        self.push(resource, &id);
        Ok(())
    }

    /// What kustomize says of two resources that operators have given one identity.
    pub(crate) fn first_double(&self) -> Option<Problem> {
        let is_double = |resource: &&Resource| !resource.is_empty() && self.current(&resource.id()).nth(1).is_some();
        let (first, second) = {
            let mut doubles = self.resources.iter().filter(is_double);
            let first = doubles.next()?;
            (first, doubles.find(|second| second.id().key() == first.id().key())?)
        };
        Some(already_there(second, first))
    }

    fn push(&mut self, resource: Resource, id: &ResId) {
        let at = self.resources.len();
        if let Some(index) = self.index.get_mut() {
            index.current.add(id, at);
            if let Some(any) = index.any.get_mut() {
                resource.ids().for_each(|id| any.add(&id, at));
            }
            if let Some(names) = index.names.get_mut() {
                resource.ids().for_each(|id| add(names, id.name, at));
            }
        }
        self.resources.push(resource);
    }

    /// Keeps the resources that `keeps` says yes to.
    pub(crate) fn retain(&mut self, keeps: impl FnMut(&Resource) -> bool) {
        let before = self.resources.len();
        self.resources.retain(keeps);
        if self.resources.len() != before {
            self.index.take();
        }
    }

    /// Lets labels and annotations that are one in several places be what one of them has become.
    pub(crate) fn follow_shared(&mut self) {
        self.resources.iter_mut().for_each(super::shared::follow);
    }

    /// Drops the objects that operators have emptied (`DropEmpties`).
    pub(crate) fn drop_empty(&mut self) {
        self.retain(|resource| !resource.is_empty());
    }
}

/// Adds a place, the last one, under a key, once.
fn add<K: Ord>(places: &mut BTreeMap<K, Vec<usize>>, key: K, at: usize) {
    let places = places.entry(key).or_default();
    if places.last() != Some(&at) {
        places.push(at);
    }
}

fn already_there(resource: &Resource, first: &Resource) -> Problem {
    let message = format!("may not add resource with an already registered id: {}", resource.id());
    Problem::new(resource.name_span(), message).related(first.name_span(), "the first one")
}

impl From<Vec<Resource>> for ResourceSet {
    fn from(resources: Vec<Resource>) -> Self {
        Self { resources, index: OnceCell::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_yaml::{Budget, FileId, Span, Table, parse};

    fn config_map(name: &str) -> Resource {
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n");
        let parsed = parse(FileId(0), &text);
        let root = parsed.documents[0].root().expect("a root");
        Resource::new(root.to_value(Table::GoYaml3, &mut Budget::default()).expect("a value"), FileId(0))
    }

    fn rename(resource: &mut Resource, name: &str) {
        resource.remember();
        let old = resource.value.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")).expect("a name");
        *old = Value::string(Span::new(FileId(0), 0, 0), name);
    }

    #[test]
    fn an_identity_is_there_once() {
        let mut set = ResourceSet::default();
        set.append(config_map("a")).expect("the first");
        let problem = set.append(config_map("a")).expect_err("the second");
        assert_eq!(
            problem.message,
            "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]"
        );
        assert_eq!(set.len(), 1);
    }

    #[test]
    fn renamed_ones_are_found_by_both_names() {
        let mut set = ResourceSet::default();
        set.append(config_map("a")).expect("a");
        set.append(config_map("b")).expect("b");
        let (a, c) = (config_map("a").id(), config_map("c").id());
        assert_eq!((set.find_current(&a), set.find_any(&c)), (vec![0], vec![]));
        set.update(0, |resource| rename(resource, "c"));
        assert_eq!((set.find_current(&a), set.find_any(&a), set.find_any(&c)), (vec![], vec![0], vec![0]));
        set.retain(|resource| resource.name() != "c");
        assert_eq!((set.len(), set.find_any(&a)), (1, vec![]));
    }
}
