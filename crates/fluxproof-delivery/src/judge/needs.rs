//! What comes after something because it needs it, and nobody else brings it: so that a lock over several such needs is
//! found (one Kustomization needs the CRDs of a release in another, which needs those of a release in the first).

use super::Judge;
use crate::graph::Event;
use crate::model::{Before, Need};
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
}
