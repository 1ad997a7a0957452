//! What the sources need: one fact each that no repository can prove, and the Secret that they log in with.

use super::{Gather, secret_ref};
use crate::model::{Before, Group, Need, Owner, ReleaseNode, SourceNode};
use crate::require::Wanted;

/// One fact for each source that somebody uses: that it serves what is asked of it. And its credentials.
pub(super) fn needs(gather: &mut Gather<'_>) {
    let expansion = gather.expansion;
    let count = expansion.sources.len();
    let kustomizations = first_users(count, expansion.kustomizations.iter().map(|node| node.source));
    let releases = first_users(count, expansion.releases.iter().map(|release| release.source));
    for (index, source) in expansion.sources.iter().enumerate() {
        let release = releases[index];
        let owner = kustomizations[index].map(Owner::Kustomization).or(release.map(Owner::Release));
        let Some(owner) = owner else { continue };
        let fact = fact(source, release.map(|at| &expansion.releases[at]));
        let span = source.resource.as_ref().map(|r| r.span).or(expansion.kustomizations[0].span);
        let mut add = |need, group, span| {
            let (object, universe) = (source.object.clone(), source.home);
            gather.all.push(Wanted { owner, object, need, group, span, before: Before::Retried, universe });
        };
        // What is made of this repository's files asks nothing of the outside.
        if !(source.here && source.object.kind == "ExternalArtifact") {
            add(Need::Outside(fact), Group::Sources, span);
        }
        for (secret, span) in credentials(source) {
            add(Need::Object(secret), Group::Secrets, Some(span));
        }
    }
}

/// The Secrets that a source reads, in its own namespace. The bootstrap has made those of its own source.
fn credentials(source: &SourceNode) -> Vec<(crate::ObjectRef, fluxproof_yaml::Span)> {
    let namespace = source.object.namespace.as_deref().unwrap_or_default();
    let spec = source.resource.as_ref().filter(|_| !source.here).and_then(|r| r.value.get("spec"));
    let of = |field: &str| secret_ref(spec.and_then(|s| s.get(field)), "Secret", namespace);
    ["secretRef", "certSecretRef", "proxySecretRef"].into_iter().filter_map(of).collect()
}

/// The first user of each source, from the source that each one has.
fn first_users(count: usize, sources: impl Iterator<Item = Option<usize>>) -> Vec<Option<usize>> {
    let mut first = vec![None; count];
    for (user, source) in sources.enumerate() {
        if let Some(source) = source {
            first[source].get_or_insert(user);
        }
    }
    first
}

fn fact(source: &SourceNode, release: Option<&ReleaseNode>) -> String {
    let url = source.url.as_deref().unwrap_or("its server");
    match (source.here, &source.reference, release) {
        (true, ..) => format!("{} serves this repository", source.object),
        (_, Some(reference), _) => format!("{url} serves {reference}"),
        (_, None, Some(ReleaseNode { chart: Some(chart), version: Some(version), .. })) => {
            format!("{url} serves chart {chart} {version}")
        }
        _ => format!("{url} answers"),
    }
}
