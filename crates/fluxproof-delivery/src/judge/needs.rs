//! What comes after something because it needs it, and nobody else brings it: so that a lock over several such needs is
//! found (one Kustomization needs the CRDs of a release in another, which needs those of a release in the first).

use super::{Judge, Judged};
use crate::graph::Event;
use crate::model::{Before, Need, Owner, Verdict};
use crate::require::Wanted;
use std::collections::BTreeSet;

impl Judge<'_> {
    /// Each need that only one thing meets, as an order of events.
    pub(crate) fn needs(&self, wanted: &[Wanted]) -> BTreeSet<(Event, Event)> {
        wanted.iter().filter_map(|wanted| self.need(wanted)).collect()
    }

    fn need(&self, wanted: &Wanted) -> Option<(Event, Event)> {
        if !matches!(wanted.before, Before::Start | Before::Apply) {
            return None;
        }
        let candidates = match &wanted.need {
            _ if is_homeless(wanted) => return None,
            Need::Namespace(name) if !self.is_always_there(name) => self.index.namespaces(name).to_vec(),
            Need::Definition { group, kind, .. } => self.definitions(group, kind),
            _ => return None,
        };
        let to = self.deadline(wanted);
        let [only] = candidates[..] else { return None };
        let thing = &self.provided[only];
        let sure = thing.is_sure() && !thing.likely && self.why_assumed(wanted, &[only], to).is_none();
        sure.then_some((Event::Brings(only), to))
    }

    /// Whether the owner starts only after something that needs the same.
    pub(super) fn by_needs(&self, wanted: &Wanted, candidates: &[usize]) -> Option<Judged> {
        let start = match wanted.before {
            Before::Start => Event::Exists(wanted.owner),
            _ => Event::Starts(wanted.owner),
        };
        let describe = |event| self.describe(event);
        let sure = candidates.iter().filter(|index| self.provided[**index].is_sure());
        let mut found = sure.filter_map(|index| {
            let steps = self.graph.path_by_needs(Event::Brings(*index), start, &describe)?;
            Some((Verdict::Proven(steps), Some(self.provided[*index].by)))
        });
        found.next()
    }

    /// Whether something waits for what needs it.
    pub(super) fn locks(&self, wanted: &Wanted, to: Event, brings: Event) -> bool {
        match is_homeless(wanted) {
            true => self.graph.precedes(to, brings),
            false => self.graph.precedes_by_needs(to, brings),
        }
    }
}

/// A release without its namespace fails, and may have made what is in no namespace.
fn is_homeless(wanted: &Wanted) -> bool {
    matches!((wanted.owner, &wanted.need), (Owner::Release(_), Need::Namespace(_)))
}
