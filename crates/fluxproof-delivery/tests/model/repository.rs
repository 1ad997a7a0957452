//! A small repository, written as a test needs it: one cluster, one folder for each Kustomization.

use fluxproof_delivery::{Deliveries, Delivery, Fate, Owner, World, deliver};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};

/// The bootstrap's root.
const ROOT: &str = "\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: 'ssh://git@git.example.com/fleet', ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/demo, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
";

/// A CRD of `Widget` (demo.example.io/v1).
pub(crate) const WIDGET_CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.demo.example.io}
spec:
  group: demo.example.io
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}, name: {type: string}, tags: {type: array, items: {type: string}}}}}}}
";

/// A `Widget`.
pub(crate) const WIDGET: &str =
    "{apiVersion: demo.example.io/v1, kind: Widget, metadata: {name: first, namespace: default}, spec: {size: 1}}\n";

/// A release of cert-manager, whose chart the tables know: its CRDs, and a webhook that refuses.
pub(crate) const CERT_MANAGER: &str = "\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: jetstack, namespace: flux-system}
spec: {interval: 1h, url: 'https://charts.jetstack.io'}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cert-manager, namespace: flux-system}
spec:
  interval: 30m
  chart: {spec: {chart: cert-manager, version: 1.21.1, sourceRef: {kind: HelmRepository, name: jetstack}}}
  values: {crds: {enabled: true}}
";

/// An `Issuer` of cert-manager.
pub(crate) const ISSUER: &str =
    "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: ca}, spec: {selfSigned: {}}}\n";

/// The files of a repository.
#[derive(Clone)]
pub(crate) struct Repository(Vec<(String, String)>);

impl Repository {
    /// Only the root.
    pub(crate) fn new() -> Self {
        Self(vec![("clusters/demo/flux-system/gotk-sync.yaml".to_owned(), ROOT.to_owned())])
    }

    /// A Kustomization with further fields of its spec, and what its folder holds.
    pub(crate) fn apply(self, name: &str, spec: &str, content: &str) -> Self {
        let text = format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\n\
             spec:\n  interval: 10m\n  path: ./{name}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{}",
            indented(spec)
        );
        self.file(&format!("clusters/demo/{name}.yaml"), &text).file(&format!("{name}/all.yaml"), content)
    }

    /// A file.
    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.0.push((path.to_owned(), text.to_owned()));
        self
    }

    /// What Flux makes of it.
    pub(crate) fn delivered(&self) -> Delivered {
        self.delivered_to(&World::default())
    }

    /// What Flux makes of it, where more is known.
    pub(crate) fn delivered_to(&self, world: &World) -> Delivered {
        let file = |(path, text): &(String, String)| {
            SourceFile::read(RepoPath::new(path).expect("a path"), text.clone().into_bytes())
        };
        Delivered(deliver(&Sources::new(self.0.iter().map(file)), world))
    }
}

fn indented(spec: &str) -> String {
    spec.lines().map(|line| format!("  {line}\n")).collect()
}

/// A delivery of one cluster.
pub(crate) struct Delivered(Deliveries);

impl Delivered {
    /// The cluster.
    pub(crate) fn cluster(&self) -> &Delivery {
        assert_eq!(self.0.clusters.len(), 1, "one cluster");
        &self.0.clusters[0]
    }

    /// The verdicts of the requirements of an object, as `verdict need`, those that hold left out.
    pub(crate) fn broken(&self) -> Vec<String> {
        let broken = |r: &&fluxproof_delivery::Requirement| !matches!(r.verdict.name(), "proven" | "assumed");
        let all = self.cluster().requirements.iter().filter(broken);
        all.map(|r| format!("{} {}", r.verdict.name(), r.object)).collect()
    }

    /// The error text of the first broken requirement's trace.
    pub(crate) fn error(&self) -> String {
        let verdicts = self.cluster().requirements.iter().map(|r| &r.verdict);
        let broken = verdicts.filter_map(|verdict| match verdict {
            fluxproof_delivery::Verdict::Broken(broken) => Some(broken),
            _ => None,
        });
        let mut errors = broken.flat_map(|broken| &broken.trace).filter_map(|step| step.error.clone());
        errors.next().unwrap_or_default()
    }

    /// What becomes of the Kustomization or HelmRelease of a name.
    pub(crate) fn fate(&self, name: &str) -> Fate {
        let cluster = self.cluster();
        let kustomization = cluster.kustomizations.iter().position(|node| node.object.name == name);
        let release = || cluster.releases.iter().position(|release| release.object.name == name);
        let owner = kustomization.map(Owner::Kustomization).or_else(|| release().map(Owner::Release));
        cluster.fates.of(owner.expect("a Flux object of this name"))
    }
}
