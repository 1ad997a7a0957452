//! What Flux itself needs: the source, its path, the dependency, and an upgrade in step with it.

use super::{Judge, Judged, assumed, provider_of, step};
use crate::cel::{Pins, ReadyExpression};
use crate::graph::Event;
use crate::model::{BrokenKind, Content, ObjectRef, Owner, Step, Verdict};
use crate::require::Wanted;

impl Judge<'_> {
    pub(super) fn source(&self, wanted: &Wanted, source: &ObjectRef) -> Judged {
        if let Some(index) = self.expansion.find_source(self.expansion.home(wanted.owner), source) {
            let waits = step(format!("{} starts", wanted.object), "sourceRef");
            return (Verdict::Proven(vec![step(self.describe(Event::Artifact(index)), ""), waits]), None);
        }
        let doubt = self.doubt_of(wanted.owner);
        if source.kind == "ExternalArtifact" {
            return assumed(self.fact(wanted), "the cluster makes it from other sources");
        }
        if source.name.contains("${") {
            return assumed(format!("{source} exists"), "its name holds a variable");
        }
        match doubt.or_else(|| self.open()) {
            Some(why) => assumed(format!("{source} exists"), why),
            None => self.unsatisfiable(wanted),
        }
    }

    pub(super) fn path(&self, wanted: &Wanted, path: &str) -> Judged {
        let Owner::Kustomization(index) = wanted.owner else { return assumed(path, "") };
        let node = &self.expansion.kustomizations[index];
        match &node.content {
            Content::Here(folder) => {
                (Verdict::Proven(vec![step(format!("folder {folder} is in the source"), "")]), None)
            }
            Content::Missing(..) if node.doubt.is_some() => {
                assumed(format!("path {path} exists"), node.doubt.clone().unwrap_or_default())
            }
            Content::Missing(..) => self.unsatisfiable(wanted),
            Content::ExternalSecretsCrds { tag, path } => {
                (Verdict::Proven(vec![step(format!("External Secrets {tag} has its CRDs in {path}"), "")]), None)
            }
            Content::KnownCrds { url, tag, path } => {
                (Verdict::Proven(vec![step(format!("{url} {tag} has its CRDs in {path}"), "")]), None)
            }
            Content::Outside(why) => assumed(format!("{} finds {path} in its source", wanted.object), why.clone()),
        }
    }

    pub(super) fn dependency(&self, wanted: &Wanted, target: &ObjectRef) -> Judged {
        let home = self.expansion.home(wanted.owner);
        let (found, owner): (Option<usize>, fn(usize) -> Owner) = match wanted.owner {
            Owner::Kustomization(_) => (self.expansion.find_kustomization(home, target), Owner::Kustomization),
            Owner::Release(_) => (self.expansion.find_release(home, target), Owner::Release),
        };
        let Some(found) = found else { return self.unknown_dependency(wanted, target) };
        if let Some(judged) = self.by_expression(wanted) {
            return judged;
        }
        if self.asleep(owner(found)).is_some() && self.doubt_of(owner(found)).is_none() {
            return (self.broken(wanted, BrokenKind::Unsatisfiable, None), Some(provider_of(owner(found))));
        }
        if wanted.owner == Owner::Kustomization(0) && self.expansion.beside_entry.contains(&found) {
            return assumed(
                self.fact(wanted),
                "whoever applies the entry's Kustomization applies it too: it lies beside",
            );
        }
        let (ready, starts) = (Event::Ready(owner(found)), Event::Starts(wanted.owner));
        let cycle = self.graph.cycle(ready);
        if cycle.is_some() && cycle == self.graph.cycle(starts) {
            return (self.broken(wanted, BrokenKind::Deadlock, None), None);
        }
        let steps = vec![step(self.describe(ready), ""), step(self.describe(starts), "dependsOn")];
        (Verdict::Proven(steps), None)
    }

    pub(super) fn unknown_dependency(&self, wanted: &Wanted, target: &ObjectRef) -> Judged {
        if target.name.contains("${") {
            return assumed(format!("{target} exists"), "its name holds a variable");
        }
        match self.doubt_of(wanted.owner).or_else(|| self.open()) {
            Some(why) => assumed(format!("{target} exists"), why),
            None => self.unsatisfiable(wanted),
        }
    }

    /// A condition that pins the revision closes the race, once the object that holds it is the one of this very commit:
    /// so the dependent must also come after the Kustomization that applies it.
    pub(super) fn lockstep(&self, wanted: &Wanted, target: &ObjectRef) -> Judged {
        let Owner::Kustomization(index) = wanted.owner else { return self.unsatisfiable(wanted) };
        let node = &self.expansion.kustomizations[index];
        let dependency = node.depends_on.iter().find(|d| d.span == wanted.span.unwrap_or(d.span));
        let pins = dependency.and_then(|d| d.ready_expr.as_ref()).map(ReadyExpression::pins);
        let pinned = pins.is_some_and(|pins| pins != Pins::Nothing);
        let after_parent = node.parent.is_none() || node.depends_on.iter().any(|d| d.target == node.parent);
        match pinned && after_parent {
            true => (Verdict::Proven(self.in_lockstep(wanted, target)), None),
            false => self.unmet(wanted, BrokenKind::UpgradeRace, true),
        }
    }

    fn in_lockstep(&self, wanted: &Wanted, target: &ObjectRef) -> Vec<Step> {
        vec![
            step(format!("{} has the spec of the new commit", wanted.object), ""),
            step(format!("{target} has applied the revision that this spec names"), "readyExpr"),
            step(format!("{} starts", wanted.object), "dependsOn"),
        ]
    }
}
