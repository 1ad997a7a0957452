//! Whether what a ResourceSet waits for comes.

use super::{Judge, Judged, assumed, provider_of, step};
use crate::awaits::flux_object;
use crate::facts::kubernetes;
use crate::graph::Event;
use crate::model::{BrokenKind, Need, ObjectRef, Owner, Verdict, WaitsFor};
use crate::require::Wanted;
use crate::set_awaits;

impl Judge<'_> {
    /// The verdict of an entry of a ResourceSet's `dependsOn`; none where the requirement is another one.
    pub(super) fn by_set(&self, wanted: &Wanted) -> Option<Judged> {
        let Owner::Kustomization(index) = wanted.owner else { return None };
        let awaited = self.expansion.kustomizations[index].awaits.iter().find(|a| Some(a.span) == wanted.span)?;
        Some(match &wanted.need {
            Need::Dependency(object) => self.awaited_flux(wanted, awaited, object),
            Need::Object(object) => self.awaited_object(wanted, object),
            _ => return None,
        })
    }

    fn awaited_flux(&self, wanted: &Wanted, awaited: &WaitsFor, object: &ObjectRef) -> Judged {
        let Some(found) = flux_object(self.expansion, wanted.universe, object) else {
            return self.unknown_dependency(wanted, object);
        };
        if awaited.ready && awaited.by_expression {
            return assumed(self.fact(wanted), "its readyExpr replaces the check for Ready");
        }
        if awaited.ready && self.asleep(found).is_some() && self.doubt_of(found).is_none() {
            return (self.broken(wanted, BrokenKind::Unsatisfiable, None), Some(provider_of(found)));
        }
        let event = if awaited.ready { Event::Ready(found) } else { Event::Exists(found) };
        if self.is_cyclic(wanted, event) {
            return (self.broken(wanted, BrokenKind::Deadlock, None), None);
        }
        let starts = step(self.describe(Event::Starts(wanted.owner)), "dependsOn");
        (Verdict::Proven(vec![step(self.describe(event), ""), starts]), Some(provider_of(found)))
    }

    /// An object of any other kind. Without a namespace, a namespaced one is never found: nothing fills it in.
    fn awaited_object(&self, wanted: &Wanted, object: &ObjectRef) -> Judged {
        let namespaced = kubernetes::is_cluster_scoped(object.group(), &object.kind) == Some(false);
        if namespaced && object.namespace.is_none() {
            return self.unsatisfiable(wanted);
        }
        if object.kind == "Namespace" && self.is_always_there(wanted.universe, &object.name) {
            return (Verdict::Proven(vec![step(self.fact(wanted), "bootstrap")]), None);
        }
        let things = set_awaits::things(self.provided, &self.index, wanted.universe, object);
        let comes = |at: &usize| !self.is_cyclic(wanted, Event::Brings(*at));
        let coming: Vec<usize> = things.iter().copied().filter(comes).collect();
        match (things.first(), coming.is_empty()) {
            (Some(first), true) => self.locked(wanted, *first),
            // It waits for whichever of several comes first.
            _ if coming.len() > 1 => {
                let (first, starts) = (Event::Brings(coming[0]), Event::Starts(wanted.owner));
                let steps = vec![step(self.describe(first), ""), step(self.describe(starts), "dependsOn")];
                (Verdict::Proven(steps), Some(self.provided[coming[0]].by))
            }
            _ => self.ordered(wanted, &coming, || self.fact(wanted)),
        }
    }

    fn is_cyclic(&self, wanted: &Wanted, event: Event) -> bool {
        let cycle = self.graph.cycle(event);
        cycle.is_some() && cycle == self.graph.cycle(Event::Starts(wanted.owner))
    }
}
