//! Flux objects by name. Every reference between them is one; to look through all objects for each would grow as the
//! square of a repository.

use crate::model::ObjectRef;
use std::collections::BTreeMap;

/// Where things of a list stand, by a text. All lists share this one type: in the plugin each further map weighs.
pub(crate) type Places = BTreeMap<String, Vec<usize>>;

/// Where the objects of a list stand, by namespace and name.
#[derive(Debug, Default)]
pub(crate) struct Names(Places);

impl Names {
    /// Adds the object at an index, which is behind those that are there, to what lives in a cluster.
    pub(crate) fn add(&mut self, home: usize, object: &ObjectRef, index: usize) {
        let namespace = object.namespace.as_deref().unwrap_or_default();
        self.0.entry(key(home, namespace, &object.name)).or_default().push(index);
    }

    /// The objects of a name in a cluster, whatever their kind, the first one first.
    pub(crate) fn of(&self, home: usize, namespace: &str, name: &str) -> &[usize] {
        self.0.get(&key(home, namespace, name)).map_or(&[], Vec::as_slice)
    }

    /// The first object with the name that a reference has, of those that `is_it` takes.
    pub(crate) fn find(&self, home: usize, wanted: &ObjectRef, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let namespace = wanted.namespace.as_deref().unwrap_or_default();
        self.of(home, namespace, &wanted.name).iter().copied().find(|index| is_it(*index))
    }
}

fn key(home: usize, namespace: &str, name: &str) -> String {
    format!("{home} {namespace}/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_namespace_the_first_one_first() {
        let object = |namespace: Option<&str>, name: &str| ObjectRef {
            api_version: "v1".to_owned(),
            kind: "Kind".to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        };
        let mut names = Names::default();
        for (index, (namespace, name)) in
            [(Some("a"), "x"), (Some("b"), "x"), (Some("a"), "x"), (None, "x")].iter().enumerate()
        {
            names.add(0, &object(*namespace, name), index);
        }
        assert_eq!(
            (names.of(0, "a", "x"), names.of(0, "", "x"), names.of(0, "a", "y")),
            (&[0, 2][..], &[3][..], &[][..])
        );
        assert_eq!(names.find(0, &object(Some("a"), "x"), |index| index > 0), Some(2));
        assert_eq!(names.find(0, &object(Some("c"), "x"), |_| true), None);
        names.add(1, &object(Some("a"), "x"), 9);
        assert_eq!((names.of(1, "a", "x"), names.of(0, "a", "x")), (&[9][..], &[0, 2][..]), "each cluster has its own");
    }
}
