//! Whether the webhooks that admit an object serve when it is applied.

use super::{Judge, Judged, assumed, provider_of};
use crate::graph::Event;
use crate::model::{BrokenKind, Owner, Provider, Verdict};
use crate::provide::What;
use crate::require::Wanted;

/// How bad a verdict is.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Proven(_) => 0,
        Verdict::Broken(broken) if broken.kind == BrokenKind::UpgradeRace => 1,
        Verdict::Assumed(_) => 2,
        Verdict::Broken(_) => 3,
    }
}

impl Judge<'_> {
    /// Every webhook that admits the kind must serve, and not any one of them: the worst verdict counts. One that nobody
    /// brings, because its owner is suspended, refuses nothing.
    pub(super) fn webhook(&self, wanted: &Wanted) -> Option<Judged> {
        let admits = |what: &What| what.admits(&wanted.object.kind);
        let serves = self.those(&self.index.webhooks(wanted.universe, wanted.object.group()), admits);
        let awake = serves.into_iter().filter(|index| !self.sleeps(*index) && !self.serves_before(*index));
        let rank = |judged: &Judged| (rank(&judged.0), judged.1.is_some_and(|by| self.may_start(by)));
        awake.map(|index| self.by_webhook(wanted, index)).reduce(|a, b| if rank(&b) > rank(&a) { b } else { a })
    }

    /// Whether all that a provider depends on is there: one that never starts brings no webhook that could refuse.
    fn may_start(&self, provider: Provider) -> bool {
        let depends_on = match provider {
            Provider::Kustomization(index) => &self.expansion.kustomizations[index].depends_on,
            Provider::Release(index) => &self.expansion.releases[index].depends_on,
            Provider::Bootstrap => return true,
        };
        depends_on.iter().all(|dependency| dependency.target.is_some())
    }

    /// Whether the owner of the repository says that a webhook serves before Flux is there.
    fn serves_before(&self, index: usize) -> bool {
        let there = &self.expansion.world.preinstalled;
        matches!(&self.provided[index].what, What::Webhook { name, group, .. } if there.has_webhook(name, group))
    }

    /// A webhook that comes only after its first customer lets that one through. If both are in one apply, a webhook that
    /// is down refuses from then on the very apply that would mend it. A release makes its webhooks before its custom
    /// resources, so they meet.
    fn by_webhook(&self, wanted: &Wanted, index: usize) -> Judged {
        let (by, to) = (self.provided[index].by, self.deadline(wanted));
        if by == provider_of(wanted.owner) && matches!(by, Provider::Release(_)) {
            return match self.why_assumed(wanted, &[index], to) {
                Some(why) => assumed(self.fact(wanted), why),
                None => self.race(wanted, index),
            };
        }
        match self.graph.path_by_needs(to, Event::Brings(index), &|event| self.describe(event)) {
            Some(_) if self.same_apply(wanted.owner, by) => {
                (self.broken(wanted, BrokenKind::UpgradeRace, Some(index)), Some(by))
            }
            Some(steps) => (Verdict::Proven(steps), Some(by)),
            None => self.ordered(wanted, &[index], || self.fact(wanted)),
        }
    }

    /// An object of another version than the stored one is converted, also in a dry run; none where nothing converts.
    pub(super) fn conversion(&self, wanted: &Wanted, group: &str, kind: &str, version: &str) -> Option<Judged> {
        let converts = |what: &What| matches!(what, What::Conversion { stored, .. } if stored != version);
        let found = self.those(self.index.conversions(wanted.universe, group, kind), converts);
        (!found.is_empty()).then(|| self.ordered(wanted, &found, || self.fact(wanted)))
    }

    /// Whether the provider is applied by the very Kustomization that needs it.
    fn same_apply(&self, owner: Owner, provider: Provider) -> bool {
        match (owner, provider) {
            (Owner::Kustomization(k), Provider::Kustomization(other)) => k == other,
            (Owner::Kustomization(k), Provider::Release(h)) => self.expansion.releases[h].owner == k,
            _ => false,
        }
    }
}
