//! Upgrades: an operator whose CRDs another source delivers.
//!
//! A dependsOn between Kustomizations of one source holds each revision back until the other has applied it. Between two
//! sources it does not: a commit that raises both versions may upgrade the operator before the new CRDs are fetched
//! (kustomization_controller.go, checkDependencies).

use super::Gather;
use crate::model::{Before, Content, Group, KustomizationNode, Need, Owner};
use std::collections::BTreeSet;

/// Adds a need for each dependency on CRDs of another source, where the dependent installs what lives on them.
pub(super) fn needs(gather: &mut Gather<'_>) {
    let expansion = gather.expansion;
    for (index, node) in expansion.kustomizations.iter().enumerate() {
        let outside = |target: &usize| is_of_another_source(node, &expansion.kustomizations[*target]);
        let targets = node.depends_on.iter().filter_map(|d| Some((d.span, d.target.filter(outside)?)));
        for (span, target) in targets {
            let target = &expansion.kustomizations[target];
            if !defined(target).is_disjoint(&installed(gather, index)) {
                let need = Need::Lockstep(target.object.clone());
                gather.of_owner(Owner::Kustomization(index), need, Group::Dependencies, Some(span), Before::Ready);
            }
        }
    }
}

fn is_of_another_source(node: &KustomizationNode, target: &KustomizationNode) -> bool {
    node.source.is_some() && target.source.is_some() && node.source != target.source
}

/// The groups of the CRDs that a Kustomization applies.
fn defined(node: &KustomizationNode) -> BTreeSet<String> {
    let crds = node.resources().iter().filter(|r| r.kind() == "CustomResourceDefinition");
    let group = |r: &fluxproof_kustomize::Resource| r.at(&["spec", "group"])?.as_str().map(str::to_owned);
    let mut groups: BTreeSet<String> = fluxproof_order::gather(crds.filter_map(group));
    if matches!(node.content, Content::ExternalSecretsCrds { .. }) {
        groups.insert("external-secrets.io".to_owned());
    }
    groups
}

/// The groups that the charts of a Kustomization's HelmReleases work with.
fn installed(gather: &Gather<'_>, index: usize) -> BTreeSet<String> {
    let releases = gather.expansion.releases.iter().filter(|release| release.owner == index);
    let known = releases.filter_map(|release| {
        let chart = release.chart.as_deref()?;
        gather.expansion.facts().chart(chart, release.repository_url.as_deref())
    });
    known.flat_map(|chart| chart.all_groups().to_vec()).map(str::to_owned).collect()
}
