//! What one Flux Kustomization of a repository applies, found by its name.

use crate::build::{Artifacts, Views};
use crate::entry;
use crate::expand::Expansion;
use crate::facts::{Facts, distance};
use crate::model::{Content, KustomizationNode};
use crate::world::World;
use fluxproof_kustomize::{Build, Workspace};
use fluxproof_yaml::{RepoPath, Sources};

/// The most names that a message lists.
const SHOWN: usize = 12;

/// Builds what the Flux Kustomization `name` (or `namespace/name`) applies, after the patches and variables of those that
/// apply it. Of several clusters those count whose entry lies in `folder`, or around it.
///
/// # Errors
/// A message for people: no such name, or one in several clusters, or content that is not in this repository.
pub fn flux_kustomization(sources: &Sources, world: &World, folder: &RepoPath, name: &str) -> Result<Build, String> {
    let workspace = Workspace::new(sources);
    let views = Views::default();
    let artifacts = Artifacts::new(&workspace, &views);
    let facts = Facts::new();
    let near = |entry: &&entry::Entry| entry.folder.is_in(folder) || folder.is_in(&entry.folder);
    let found = entry::clusters(&artifacts, &facts, world).all.into_iter().filter(|(entry, _)| near(&entry));
    let clusters: Vec<(String, Expansion<'_>)> = found.map(|(entry, all)| (entry.folder.to_string(), all)).collect();
    let mut hits = clusters.iter().flat_map(|(cluster, all)| named(all, name).map(move |at| (cluster, all, at)));
    match (hits.next(), hits.next()) {
        (None, _) => Err(unknown(name, &clusters)),
        (Some((_, all, at)), None) => built(all, at),
        (Some((first, ..)), Some((second, ..))) => {
            Err(format!("{name} is in more than one cluster ({first}, {second}, …); name the folder of one"))
        }
    }
}

fn named<'a>(all: &'a Expansion<'_>, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let full =
        |node: &KustomizationNode| format!("{}/{}", node.object.namespace.as_deref().unwrap_or(""), node.object.name);
    let fits = move |node: &KustomizationNode| node.object.name == name || full(node) == name;
    (0..all.kustomizations.len()).filter(move |at| fits(&all.kustomizations[*at]))
}

fn unknown(name: &str, clusters: &[(String, Expansion<'_>)]) -> String {
    let nodes = clusters.iter().flat_map(|(_, all)| &all.kustomizations);
    let mut names: Vec<&str> = nodes.map(|node| node.object.name.as_str()).collect();
    fluxproof_order::sort(&mut names);
    names.dedup();
    fluxproof_order::sort_by_key(&mut names, |known| distance(name, known));
    if names.is_empty() {
        return format!("there is no Flux Kustomization {name}: nothing here is an entry of a cluster");
    }
    let more = if names.len() > SHOWN { ", …" } else { "" };
    names.truncate(SHOWN);
    format!("there is no Flux Kustomization {name}; there are {}{more}", names.join(", "))
}

fn built(all: &Expansion<'_>, at: usize) -> Result<Build, String> {
    let node = &all.kustomizations[at];
    match &node.content {
        Content::Here(_) => {}
        Content::Missing(folder, _) => {
            return Err(format!("{} has no content: there is no folder {folder}", node.object));
        }
        Content::ExternalSecretsCrds { tag, path } => {
            return Err(format!(
                "{} applies {path} of external-secrets {tag}, which is not in this repository",
                node.object
            ));
        }
        Content::KnownCrds { url, tag, path } => {
            return Err(format!("{} applies {path} of {url} {tag}, which is not in this repository", node.object));
        }
        Content::Outside(why) => return Err(format!("the content of {} is not known: {why}", node.object)),
    }
    Ok(Build::clone(&node.build))
}
