//! What comes after something because it needs it, and nobody else brings it: so that a lock over several such needs is
//! found (one Kustomization needs the CRDs of a release in another, which needs those of a release in the first).

use super::{Judge, Judged};
use crate::graph::Event;
use crate::model::{Before, Need, Owner, Provider, Verdict};
use crate::provide::{Provided, What};
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
            _ if is_homeless(wanted) || self.is_preinstalled(&wanted.need) => return None,
            Need::Namespace(name) if !self.is_always_there(wanted.universe, name) => {
                self.index.namespaces(wanted.universe, name).to_vec()
            }
            Need::Definition { group, kind, .. } => self.definitions(wanted.universe, group, kind),
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
        let stays = |index: &usize| self.provided[*index].is_sure() && !self.may_be_taken_back(*index);
        let sure = candidates.iter().filter(|index| stays(index));
        let mut found = sure.filter_map(|index| {
            let steps = self.graph.path_by_needs(Event::Brings(*index), start, &describe)?;
            Some((Verdict::Proven(steps), Some(self.provided[*index].by)))
        });
        found.next()
    }

    /// Whether what a release brings may go away again: its remediation uninstalls an install that has failed after it was
    /// stored, for want of its namespace or its own webhook. What lies in `crds/` stays.
    fn may_be_taken_back(&self, index: usize) -> bool {
        let thing = &self.provided[index];
        let Provider::Release(h) = thing.by else { return false };
        let release = &self.expansion.releases[h];
        let made = matches!(&thing.what, What::Namespace(name) if release.creates_namespace && *name == release.target_namespace);
        release.is_uninstalled_on_failure()
            && !thing.early
            && !made
            && (self.meets_its_webhook(h) || self.is_late_home(h))
    }

    fn meets_its_webhook(&self, release: usize) -> bool {
        let Some(content) = &self.expansion.releases[release].content else { return false };
        let own = |thing: &&Provided| thing.by == Provider::Release(release);
        self.provided.iter().filter(own).any(|thing| {
            let What::Webhook { group, .. } = &thing.what else { return false };
            content.custom_resources().any(|object| object.group() == group && thing.what.admits(&object.kind))
        })
    }

    /// Whether nothing says that the namespace of a release is there before it.
    fn is_late_home(&self, release: usize) -> bool {
        let node = &self.expansion.releases[release];
        let to = Event::Maps(release);
        let in_time = |index: &usize| self.graph.precedes(Event::Brings(*index), to);
        !self.is_always_there(node.universe, &node.target_namespace)
            && !node.creates_namespace
            && !self.index.namespaces(node.universe, &node.target_namespace).iter().any(in_time)
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
