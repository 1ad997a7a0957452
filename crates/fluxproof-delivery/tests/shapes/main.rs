//! Repositories of many shapes: where their clusters begin, and what Flux reaches from there.
#![expect(clippy::expect_used, reason = "tests")]

mod artifacts;
mod entries;
mod sets;
mod sources;

use fluxproof_delivery::{Content, Deliveries, Delivery, World, deliver};
use fluxproof_yaml::{RepoPath, Sources};

/// What becomes of a tree: `=== path` and the text of each file.
fn delivered(tree: &str) -> Deliveries {
    let files = tree.split("=== ").filter_map(|part| part.split_once('\n'));
    let sources = Sources::from_texts(files.map(|(path, text)| (RepoPath::new(path.trim()).expect("a path"), text)));
    deliver(&sources, &World::of(&sources).0)
}

/// The clusters of a tree, a line each: folder, root of the artifact where that is another, reason.
fn clusters(tree: &str) -> Vec<String> {
    let root = |cluster: &Delivery| match cluster.within.as_str() {
        "" => String::new(),
        within => format!(" within {within}"),
    };
    let line = |cluster: &Delivery| format!("{}{}: {:?}", cluster.entry, root(cluster), cluster.reason);
    delivered(tree).clusters.iter().map(line).collect()
}

/// What applies objects in the only cluster of a tree, a line each: name, content, how many objects, doubt.
fn nodes(tree: &str) -> Vec<String> {
    let deliveries = delivered(tree);
    let [cluster] = &deliveries.clusters[..] else { return clusters(tree) };
    let line = |node: &fluxproof_delivery::KustomizationNode| {
        let content = match &node.content {
            Content::Here(folder) => format!("{folder} {}", node.resources().len()),
            Content::Missing(folder, _) => format!("no {folder}"),
            Content::ExternalSecretsCrds { tag, .. } => format!("crds {tag}"),
            Content::KnownCrds { url, tag, .. } => format!("crds {url} {tag}"),
            Content::Outside(why) => format!("outside: {why}"),
        };
        let doubt = node.doubt.as_ref().map(|doubt| format!(" ?{doubt}")).unwrap_or_default();
        format!("{}: {content}{doubt}", node.object.name)
    };
    cluster.kustomizations.iter().map(line).collect()
}

/// A Kustomization on one line.
fn kustomization(name: &str, source: &str, path: &str, more: &str) -> String {
    let (kind, source) = source.split_once('/').unwrap_or(("GitRepository", source));
    format!(
        "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\n\
         spec: {{interval: 10m, prune: true, path: '{path}', sourceRef: {{kind: {kind}, name: {source}}}{more}}}\n"
    )
}

/// A GitRepository on one line.
fn repository(name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: {name}, namespace: flux-system}}\n\
         spec: {{interval: 1m, {spec}}}\n"
    )
}

const MAP: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: map, namespace: default}, data: {a: b}}\n";

/// The bootstrap of a cluster at a folder, its GitRepository with further fields.
fn bootstrap(folder: &str, more: &str) -> String {
    let source =
        repository("flux-system", &format!("url: 'https://git.example.com/fleet', ref: {{branch: main}}{more}"));
    format!(
        "=== {folder}/flux-system/gotk-sync.yaml\n{source}{}",
        kustomization("flux-system", "flux-system", folder, "")
    )
}
