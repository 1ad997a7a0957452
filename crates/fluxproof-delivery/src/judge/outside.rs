//! What this repository does not show: objects that come from elsewhere, and what somebody brings before Flux.

use super::{Judge, Judged, assumed};
use crate::graph::Event;
use crate::model::{Content, Dependency, KustomizationNode, ObjectRef, Owner, Provider, Verdict};
use crate::require::Wanted;

impl Judge<'_> {
    /// A dependency before an event on what this repository does not show: that may come after anything.
    pub(super) fn unseen(&self, to: Event) -> Option<String> {
        let is_before = |owner: &Owner| {
            let starts = Event::Starts(*owner);
            starts == to || self.graph.precedes(starts, to)
        };
        let all = self.loose.get_or_init(|| self.all_loose());
        let (owner, target) = all.iter().find(|(owner, _)| is_before(owner))?;
        Some(format!("{} depends on {target}, which this repository does not show", self.name_of(*owner)))
    }

    /// The dependencies that lead to nothing here and may lead to something in the cluster.
    fn all_loose(&self) -> Vec<(Owner, String)> {
        let kustomizations = self.expansion.kustomizations.iter().enumerate();
        let releases = self.expansion.releases.iter().enumerate();
        let of_kustomizations = kustomizations.map(|(index, node)| (Owner::Kustomization(index), &node.depends_on));
        let all =
            of_kustomizations.chain(releases.map(|(index, release)| (Owner::Release(index), &release.depends_on)));
        all.flat_map(|(owner, list)| list.iter().filter_map(move |one| self.loose_end(owner, one))).collect()
    }

    fn loose_end(&self, owner: Owner, dependency: &Dependency) -> Option<(Owner, String)> {
        let may_exist = || dependency.name.contains("${") || self.doubt_of(owner).is_some() || self.open().is_some();
        let lost = dependency.target.is_none() && may_exist();
        let kind = &self.name_of(owner).kind;
        lost.then(|| (owner, format!("{kind}/{}/{}", dependency.namespace, dependency.name)))
    }

    /// A verdict on a Secret or ConfigMap that Flux brings too late, unless somebody brings it before Flux.
    pub(super) fn unless_before(&self, wanted: &Wanted, object: &ObjectRef, found: &[usize], judged: Judged) -> Judged {
        if !matches!(judged.0, Verdict::Broken(_)) {
            return judged;
        }
        if self.is_scripted(object, found) {
            return assumed(self.fact(wanted), "a script or manifest of this repository brings it before Flux");
        }
        if self.opens_itself(object, found) {
            return assumed(
                self.fact(wanted),
                "it decrypts the very objects that bring it, so it must be there before Flux",
            );
        }
        judged
    }

    fn is_scripted(&self, object: &ObjectRef, found: &[usize]) -> bool {
        let applied = |index: &usize| self.provided[*index].span.is_some_and(|s| self.before.applied.contains(&s.file));
        let namespace = object.namespace.as_deref().unwrap_or_default();
        self.before.has(&object.kind, namespace, &object.name) || found.iter().any(applied)
    }

    /// Whether a Secret is the key of a Kustomization before which nothing here can bring it.
    fn opens_itself(&self, object: &ObjectRef, found: &[usize]) -> bool {
        let mut nodes = self.expansion.kustomizations.iter().enumerate().filter(|(_, node)| has_key(node, object));
        nodes.any(|(index, _)| {
            let starts = Event::Starts(Owner::Kustomization(index));
            found.iter().all(|thing| self.graph.precedes_by_needs(starts, Event::Brings(*thing)))
        })
    }

    pub(super) fn before_flux(&self, candidates: &[usize]) -> Option<String> {
        let named = |release: &&crate::ReleaseNode| {
            let names = &self.before.releases;
            names.iter().any(|name| *name == release.object.name || Some(name) == release.chart.as_ref())
        };
        let release = |index: &usize| match self.provided[*index].by {
            Provider::Release(h) => Some(&self.expansion.releases[h]),
            _ => None,
        };
        let found = candidates.iter().filter_map(release).find(named)?;
        Some(format!("a helmfile or script of this repository installs {} before Flux", found.object.name))
    }

    /// Why the cluster may hold more Flux objects than this repository shows.
    pub(super) fn open(&self) -> Option<String> {
        self.open.get_or_init(|| self.first_open()).clone()
    }

    fn first_open(&self) -> Option<String> {
        let node = |k: &crate::KustomizationNode| {
            k.open.clone().or_else(|| match &k.content {
                Content::Outside(why) => Some(format!("{} may bring it: {why}", k.object)),
                _ => None,
            })
        };
        self.expansion.kustomizations.iter().find_map(node)
    }
}

/// Whether a Kustomization decrypts with this Secret.
fn has_key(node: &KustomizationNode, object: &ObjectRef) -> bool {
    let name = node.resource.as_ref().and_then(|r| r.value.str_at(&["spec", "decryption", "secretRef", "name"]));
    object.kind == "Secret" && name == Some(&object.name) && node.object.namespace == object.namespace
}
