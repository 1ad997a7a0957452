//! Whole builds of small trees, with what kustomize 5.8.1 gives for them.

mod generators;
mod operators;
mod patches;
mod patches_random;
mod places;
mod plugins;
mod references;
mod replacements;
mod scalars;

use crate::{Build, Options, Workspace, build};
use fluxproof_yaml::{RepoPath, Sources};

/// A Deployment that names [`SETTINGS`].
const WEB: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - {name: c, image: "nginx:1.0", envFrom: [{configMapRef: {name: settings}}]}
"#;

/// A ConfigMap.
const SETTINGS: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
"#;

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
    match &built.error {
        Some(error) => format!("Error: {error}"),
        None => built.objects().expect("YAML"),
    }
}
