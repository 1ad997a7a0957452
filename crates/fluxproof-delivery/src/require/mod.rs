//! What must precede what: the requirements of one cluster, in the order of its certificate.

mod chart;
mod kustomization;
mod lockstep;
mod object;
mod pressure;
mod release;
mod set;
mod source;
mod store;

use crate::awaits::Awaited;
use crate::expand::Expansion;
use crate::fault;
use crate::model::{Before, Group, Need, ObjectRef, Owner};
use fluxproof_yaml::{Span, Value};

/// A requirement before its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) owner: Owner,
    pub(crate) object: ObjectRef,
    pub(crate) need: Need,
    pub(crate) group: Group,
    pub(crate) span: Option<Span>,
    pub(crate) before: Before,
    /// The cluster where it must be met, as an index of the universes.
    pub(crate) universe: usize,
}

/// What the requirements are read from, and where they are gathered.
pub(crate) struct Gather<'a> {
    pub(crate) expansion: &'a Expansion<'a>,
    pub(crate) awaited: &'a Awaited,
    pub(crate) all: Vec<Wanted>,
}

impl Gather<'_> {
    /// Adds what a Flux object itself needs, in the cluster that it lives in.
    fn of_owner(&mut self, owner: Owner, need: Need, group: Group, span: Option<Span>, before: Before) {
        let (object, universe) = (self.expansion.object(owner).clone(), self.expansion.home(owner));
        self.all.push(Wanted { owner, object, need, group, span, before, universe });
    }
}

/// Every requirement of a cluster, by group, then in the order of its Kustomizations.
pub(crate) fn wanted(expansion: &Expansion<'_>, awaited: &Awaited) -> Vec<Wanted> {
    let mut gather = Gather { expansion, awaited, all: Vec::new() };
    for index in 0..expansion.kustomizations.len() {
        kustomization::needs(&mut gather, index);
        set::needs(&mut gather, index);
        object::needs(&mut gather, index);
    }
    for index in 0..expansion.releases.len() {
        release::needs(&mut gather, index);
        chart::needs(&mut gather, index);
    }
    source::needs(&mut gather);
    pressure::needs(&mut gather);
    lockstep::needs(&mut gather);
    fault::needs(expansion, &mut gather.all);
    fluxproof_order::sort_by_key(&mut gather.all, |wanted| wanted.group);
    gather.all
}

/// An object of the core group.
pub(crate) fn core_object(kind: &str, namespace: &str, name: &str) -> ObjectRef {
    ObjectRef {
        api_version: "v1".to_owned(),
        kind: kind.to_owned(),
        namespace: Some(namespace.to_owned()),
        name: name.to_owned(),
    }
}

/// Where a reference has its name; else the whole of it.
fn name_span(value: &Value) -> Span {
    value.get("name").map_or(value.span, |name| name.span)
}

/// The object that a reference like `secretRef: {name: x}` names.
fn secret_ref(value: Option<&Value>, kind: &str, namespace: &str) -> Option<(ObjectRef, Span)> {
    let value = value?;
    Some((core_object(kind, namespace, value.str_at(&["name"])?), name_span(value)))
}
