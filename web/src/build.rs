//! What can be built of a tree, and a build line by line with where each line comes from. Pure.
use crate::read::Read;
use serde_json::Value;
use std::collections::BTreeSet;

/// kustomize's three names for its file.
const FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What a person may have built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// The folder; of a Flux Kustomization that of its cluster.
    pub(crate) at: String,
    /// The Flux Kustomization, `namespace/name`; empty for a folder.
    pub(crate) flux: String,
}

impl Target {
    /// The command line that builds it.
    pub(crate) fn args(&self) -> Vec<&str> {
        let folder = if self.at.is_empty() { "." } else { &self.at };
        let mut args = vec!["build", folder, "--provenance", "--format", "json"];
        if !self.flux.is_empty() {
            args.extend(["--flux", &self.flux]);
        }
        args
    }

    pub(crate) fn label(&self) -> String {
        match (self.flux.as_str(), self.at.as_str()) {
            ("", "") => "the root".to_owned(),
            ("", folder) => folder.to_owned(),
            (flux, "") => flux.to_owned(),
            (flux, cluster) => format!("{flux} in {cluster}"),
        }
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Graph {
        clusters: Vec<Cluster> = "clusters",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Cluster {
        entry: String = "entry",
        nodes: Vec<Node> = "nodes",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Node {
        id: String = "id",
    }
}

/// The Flux Kustomizations of a graph, then the folders of a tree that have a kustomization.
pub(crate) fn targets<'p>(graph: &Graph, paths: impl Iterator<Item = &'p str>) -> Vec<Target> {
    let flux = graph.clusters.iter().flat_map(|cluster| {
        let names = cluster.nodes.iter().filter_map(|node| node.id.strip_prefix("Kustomization/"));
        names.map(|name| Target { at: cluster.entry.clone(), flux: name.to_owned() })
    });
    let folder = |path: &'p str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        FILES.contains(&name).then_some(folder)
    };
    let folders: BTreeSet<&str> = paths.filter_map(folder).collect();
    let folders = folders.into_iter().map(|folder| Target { at: folder.to_owned(), flux: String::new() });
    flux.chain(folders).collect()
}

shape! {
    #[derive(Debug, Default)]
    struct Built {
        lines: Vec<Line> = "lines",
    }
}

shape! {
    #[derive(Debug, Default)]
    struct Line {
        text: String = "text",
        origin: Option<Origin> = "origin",
    }
}

/// A line of a file, what took it from there, and what it stands over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) place: Place,
    pub(crate) by: String,
    pub(crate) over: Option<Box<Origin>>,
}

/// A line of a file, 1-based.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) line: usize,
}

impl Read for Origin {
    fn read(value: &Value) -> Self {
        let place = Place { path: crate::read::member(value, "file"), line: crate::read::member(value, "line") };
        let over = value.get("over").map(|over| Box::new(Self::read(over)));
        Self { place, by: crate::read::member(value, "by"), over }
    }
}

impl Origin {
    /// This and what it stands over, the newest first.
    pub(crate) fn history(&self) -> Vec<&Self> {
        std::iter::successors(Some(self), |origin| origin.over.as_deref()).collect()
    }
}

/// How many files the lines come from.
pub(crate) fn sources(built: &Built) -> usize {
    let paths = built.lines.iter().filter_map(|line| Some(line.origin.as_ref()?.place.path.as_str()));
    paths.collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flux_kustomizations_come_before_folders_and_each_folder_once() {
        let graph = r#"{"clusters":[{"entry":"clusters/a","nodes":[{"id":"Kustomization/flux-system/apps"},{"id":"HelmRelease/x/y"}]}]}"#;
        let graph = crate::read::parse::<Graph>(graph).unwrap_or_default();
        let paths =
            ["b/kustomization.yml", "a/x.yaml", "a/kustomization.yaml", "a/Kustomization", "kustomization.yaml"];
        let labels: Vec<String> = targets(&graph, paths.into_iter()).iter().map(Target::label).collect();
        assert_eq!(labels, ["flux-system/apps in clusters/a", "the root", "a", "b"]);
    }

    #[test]
    fn the_command_line_names_the_flux_kustomization_where_there_is_one() {
        let folder = Target { at: String::new(), flux: String::new() };
        assert_eq!(folder.args(), ["build", ".", "--provenance", "--format", "json"]);
        let flux = Target { at: "c".to_owned(), flux: "ns/n".to_owned() };
        assert!(flux.args().ends_with(&["--flux", "ns/n"]));
    }

    #[test]
    fn a_history_goes_back_to_the_first_text() {
        let json = r#"{"lines":[{"text":"---"},{"text":"a: b","origin":{"file":"p.yaml","line":4,"by":"patches","over":{"file":"d.yaml","line":9}}}]}"#;
        let built = crate::read::parse::<Built>(json).unwrap_or_default();
        let origin = built.lines[1].origin.clone().unwrap_or_default();
        let places: Vec<(&str, usize)> =
            origin.history().iter().map(|one| (one.place.path.as_str(), one.place.line)).collect();
        assert_eq!(places, [("p.yaml", 4), ("d.yaml", 9)]);
        assert_eq!((built.lines[0].origin.is_none(), sources(&built)), (true, 1));
    }
}
