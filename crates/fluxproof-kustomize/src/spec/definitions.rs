//! Which lists a strategic merge patch merges, and by which keys: kustomize's own table, and the definitions of a file.

use crate::model::split_api_version;
use fluxproof_yaml::EcoString;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

/// kinds and rows; the file says where they are from.
const TABLE: &str = include_str!("../../data/merge-keys.tsv");

static BUILTIN: LazyLock<Definitions> = LazyLock::new(|| builtin(TABLE));

/// What is known of a value.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The keys of a list that is merged; empty for a set of scalars.
    pub(super) keys: Option<Vec<EcoString>>,
    pub(super) fields: BTreeMap<EcoString, usize>,
    /// What stands under any other field.
    pub(super) others: Option<usize>,
    pub(super) items: Option<usize>,
}

/// Definitions, by kind and by name, and all that stands in them.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    pub(super) nodes: Vec<Node>,
    /// By apiVersion and kind.
    pub(super) kinds: BTreeMap<(EcoString, EcoString), usize>,
    /// By name: `io.k8s.api.core.v1.PodSpec`; the last part of it in kustomize's own table.
    pub(super) names: BTreeMap<EcoString, usize>,
}

impl Definitions {
    pub(super) fn add(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// The node at the end of a dotted path, made where there is none.
    fn path(&mut self, from: usize, path: &str) -> usize {
        path.split('.').fold(from, |at, field| {
            let known = self.nodes.get(at).and_then(|node| node.fields.get(field).copied());
            known.unwrap_or_else(|| {
                let new = self.add();
                self.set_field(at, field, new);
                new
            })
        })
    }

    fn set_field(&mut self, at: usize, field: &str, to: usize) {
        if let Some(node) = self.nodes.get_mut(at) {
            node.fields.insert(field.into(), to);
        }
    }

    /// The node that a row of the table is about: a kind, or a definition.
    fn named(&mut self, name: &str) -> usize {
        let known = match name.rsplit_once('/') {
            Some((version, kind)) => self.kinds.get(&(version.into(), kind.into())),
            None => self.names.get(name),
        };
        known.copied().unwrap_or_else(|| {
            let new = self.add();
            self.names.insert(name.into(), new);
            new
        })
    }

    fn add_kinds(&mut self, version: &str, kinds: &str) {
        let metadata = self.named("ObjectMeta");
        for kind in kinds.split(' ') {
            let new = self.add();
            self.set_field(new, "metadata", metadata);
            self.kinds.insert((version.into(), kind.into()), new);
        }
    }

    fn add_row(&mut self, name: &str, path: &str, keys: &str, of: Option<&str>) {
        let start = self.named(name);
        let of = of.map(|name| self.named(name));
        match (keys, of, path.rsplit_once('.')) {
            ("-", Some(of), Some((folder, field))) => {
                let folder = self.path(start, folder);
                self.set_field(folder, field, of);
            }
            ("-", Some(of), None) => self.set_field(start, path, of),
            _ => {
                let at = self.path(start, path);
                if let Some(node) = self.nodes.get_mut(at) {
                    node.keys = Some(keys.split(',').filter(|key| !key.is_empty()).map(EcoString::from).collect());
                    node.items = of;
                }
            }
        }
    }
}

fn builtin(table: &str) -> Definitions {
    let mut definitions = Definitions::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        match (columns.next(), columns.next(), columns.next()) {
            (Some("kinds"), Some(version), Some(kinds)) => definitions.add_kinds(version, kinds),
            (Some(name), Some(path), Some(keys)) => definitions.add_row(name, path, keys, columns.next()),
            _ => {}
        }
    }
    definitions
}

/// Whether a kind is one of those that kustomize has built in.
pub(super) fn is_builtin(api_version: &str, kind: &str) -> bool {
    BUILTIN.kinds.contains_key(&(api_version.into(), kind.into()))
}

/// A place in one of the definitions that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    node: usize,
    builtin: bool,
}

/// The definitions that a build uses: those of a file, kustomize's own, or both.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lookup {
    /// Those of a file come first.
    pub(super) file: Option<Rc<Definitions>>,
    /// Whether kustomize's own are there, too.
    pub(super) builtin: bool,
}

impl Lookup {
    /// kustomize's own definitions alone.
    pub(crate) fn builtin() -> Self {
        Self { file: None, builtin: true }
    }

    /// What is known of a kind (`SchemaForResourceType`).
    pub(crate) fn of_kind(&self, api_version: &str, kind: &str) -> Option<Place> {
        let key = (api_version.into(), kind.into());
        let in_file = self.file.as_ref().and_then(|file| file.kinds.get(&key));
        let found = in_file.map(|node| Place { node: *node, builtin: false });
        let own = || BUILTIN.kinds.get(&key).filter(|_| self.builtin || split_api_version(api_version).0 == KUSTOMIZE);
        found.or_else(|| own().map(|node| Place { node: *node, builtin: true }))
    }

    /// What is known of a field (`ResourceSchema.Field`).
    pub(crate) fn field(&self, place: Place, field: &str) -> Option<Place> {
        let node = self.node(place)?;
        let next = node.fields.get(field).copied().or(node.others)?;
        self.at(place, next)
    }

    /// What is known of the items of a list (`ResourceSchema.Elements`).
    pub(crate) fn items(&self, place: Place) -> Option<Place> {
        self.at(place, self.node(place)?.items?)
    }

    /// The keys of a list that is merged; none of a set of scalars.
    pub(crate) fn keys(&self, place: Place) -> Option<&[EcoString]> {
        self.node(place)?.keys.as_deref()
    }

    fn node(&self, place: Place) -> Option<&Node> {
        if place.builtin { BUILTIN.nodes.get(place.node) } else { self.file.as_ref()?.nodes.get(place.node) }
    }

    /// A node beside another one; from `FOREIGN` on it is one of kustomize's own.
    fn at(&self, place: Place, node: usize) -> Option<Place> {
        match node.checked_sub(FOREIGN) {
            Some(node) => self.builtin.then_some(Place { node, builtin: true }),
            None => Some(Place { node, ..place }),
        }
    }
}

/// The group of kustomize's own kinds, which are there with any definitions.
const KUSTOMIZE: &str = "kustomize.config.k8s.io";

/// From this number on, a node of a file stands for one of kustomize's own: a `$ref` to a definition that the file does
/// not have.
pub(super) const FOREIGN: usize = usize::MAX / 2;

/// kustomize's own definition of a name, as a node for the definitions of a file.
pub(super) fn foreign(name: &str) -> Option<usize> {
    let last = name.strip_prefix("io.k8s.")?.rsplit('.').next()?;
    BUILTIN.names.get(last).map(|node| FOREIGN + node)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(api_version: &str, kind: &str, path: &[&str]) -> Option<String> {
        let lookup = Lookup::builtin();
        let start = lookup.of_kind(api_version, kind)?;
        let step = |at, field: &&str| if *field == "[]" { lookup.items(at) } else { lookup.field(at, field) };
        let at = path.iter().try_fold(start, step)?;
        lookup.keys(at).map(|keys| keys.join(","))
    }

    #[test]
    fn lists_of_pods_are_found_in_all_that_have_pods() {
        let container = |path: &[&'static str], field| [path, &["spec", "containers", "[]", field]].concat();
        for (version, kind, path) in [
            ("apps/v1", "Deployment", &["spec", "template"][..]),
            ("batch/v1", "CronJob", &["spec", "jobTemplate", "spec", "template"]),
            ("v1", "PodTemplate", &["template"]),
            ("v1", "Pod", &[]),
        ] {
            assert_eq!(keys(version, kind, &container(path, "env")).as_deref(), Some("name"), "{kind}");
            assert_eq!(keys(version, kind, &container(path, "ports")).as_deref(), Some("containerPort,protocol"));
            assert_eq!(keys(version, kind, &container(path, "args")), None, "{kind}");
        }
    }

    #[test]
    fn every_kind_has_metadata_and_no_other_has() {
        assert_eq!(keys("v1", "ConfigMap", &["metadata", "finalizers"]).as_deref(), Some(""));
        assert_eq!(keys("apps/v1", "Deployment", &["metadata", "ownerReferences"]).as_deref(), Some("uid"));
        assert_eq!(keys("v1", "Service", &["spec", "ports"]).as_deref(), Some("port,protocol"));
        assert_eq!(keys("example.com/v1", "Deployment", &["metadata", "finalizers"]), None);
        assert_eq!(keys("apps/v1beta1", "Deployment", &["metadata", "finalizers"]), None);
        assert!(BUILTIN.kinds.len() == 90 && Lookup::default().of_kind("v1", "Pod").is_none());
    }
}
