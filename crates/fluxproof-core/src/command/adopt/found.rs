//! What of External Secrets a repository has, as the cluster would see it.

use fluxproof_delivery::{Content, Delivery, KustomizationNode, ReleaseNode};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{RepoPath, Value};

const CHART: &str = "external-secrets";
const STORES: &[&str] = &["ClusterSecretStore", "SecretStore"];

/// What was found in one cluster.
pub(super) struct Found<'d> {
    pub(super) cluster: &'d Delivery,
    pub(super) release: &'d ReleaseNode,
    /// The stores, each with the Kustomization that applies it.
    pub(super) stores: Vec<&'d Resource>,
    /// The Kustomization that applies the CRDs from External Secrets' own repository, with its tag.
    pub(super) crds: Option<(&'d KustomizationNode, &'d str)>,
    /// Whether CRDs of External Secrets lie in the repository.
    pub(super) vendored: bool,
    /// The Kustomization that everything hangs on, below the cluster's own.
    pub(super) entry: &'d KustomizationNode,
}

impl<'d> Found<'d> {
    /// Looks for the HelmRelease of the chart; none where the cluster has none.
    pub(super) fn in_cluster(cluster: &'d Delivery) -> Option<Self> {
        let release = cluster.releases.iter().find(|release| release.chart.as_deref() == Some(CHART))?;
        let all = || cluster.kustomizations.iter().flat_map(KustomizationNode::resources);
        let crds = cluster.kustomizations.iter().find_map(|node| match &node.content {
            Content::ExternalSecretsCrds { tag, .. } => Some((node, tag.as_str())),
            _ => None,
        });
        let is_store =
            |resource: &&Resource| resource.group() == "external-secrets.io" && STORES.contains(&resource.kind());
        let is_crd = |resource: &Resource| {
            resource.kind() == "CustomResourceDefinition" && resource.name().ends_with(".external-secrets.io")
        };
        Some(Self {
            cluster,
            release,
            stores: all().filter(is_store).collect(),
            crds,
            vendored: all().any(is_crd),
            entry: entry(cluster, release.owner),
        })
    }

    /// The folder that the entry applies.
    pub(super) fn folder(&self) -> Option<&'d RepoPath> {
        match &self.entry.content {
            Content::Here(folder) => Some(folder),
            _ => None,
        }
    }

    /// A value of the chart, where it is set inline.
    pub(super) fn value(&self, path: &[&str]) -> Option<&'d Value> {
        self.release.values.as_ref()?.at(path)
    }
}

/// The highest Kustomization above another one that is not the cluster's own.
fn entry(cluster: &Delivery, owner: usize) -> &KustomizationNode {
    let mut at = owner;
    // A chain of parents is no longer than there are Kustomizations.
    for _ in 0..cluster.kustomizations.len() {
        match cluster.kustomizations[at].parent {
            Some(parent) if cluster.kustomizations[parent].parent.is_some() => at = parent,
            _ => break,
        }
    }
    &cluster.kustomizations[at]
}
