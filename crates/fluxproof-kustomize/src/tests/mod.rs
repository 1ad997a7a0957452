//! Whole builds of small trees, with what kustomize 5.8.1 gives for them.

mod generators;
mod operators;
mod places;
mod plugins;
mod references;
mod replacements;

use crate::{Build, Options, Workspace, build};
use fluxproof_yaml::{RepoPath, Sources, to_yaml};

/// Builds `top` as on a command line; each file is its path and its text.
pub(crate) fn built(files: &[(&str, &str)], top: &str) -> (Sources, Build) {
    let path = |text: &str| RepoPath::new(text).expect("a path");
    let sources = Sources::from_texts(files.iter().map(|(name, text)| (path(name), *text)));
    let built = build(&Workspace::new(&sources), &path(top), Options::kustomize());
    (sources, built)
}

/// What `kustomize build` prints, or its error.
pub(crate) fn output(files: &[(&str, &str)], top: &str) -> String {
    let (_, built) = built(files, top);
    match built.error {
        Some(error) => format!("Error: {error}"),
        None => {
            let texts = built.resources.iter().map(|resource| to_yaml(&resource.value).expect("YAML"));
            texts.collect::<Vec<_>>().join("---\n")
        }
    }
}
