//! What is in a cluster before Flux reads Git, as far as the repository tells: Flux itself, what helmfiles install, what
//! scripts create and apply. Hints all: they make a verdict milder, never harder.

mod manifest;
mod script;
mod version;

pub(crate) use version::flux_version;

use fluxproof_yaml::{FileId, RepoPath, Sources};
use std::collections::BTreeSet;

/// What is there before Flux.
#[derive(Debug, Default)]
pub(crate) struct Installed {
    /// Releases and charts that a helmfile or a script installs.
    pub(crate) releases: Vec<String>,
    /// Namespaces that a helmfile or a script creates.
    pub(crate) namespaces: BTreeSet<String>,
    /// Secrets and ConfigMaps that a script creates, or that a manifest of the bootstrap holds.
    objects: Vec<Known>,
    /// Files that a script applies.
    pub(crate) applied: BTreeSet<FileId>,
}

/// A Secret or ConfigMap that is there before Flux.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    kind: String,
    /// The name, or the end of it that is no variable: `-vars`.
    name: String,
    /// Where it is said: scripts often leave that to a variable.
    namespace: Option<String>,
}

impl Installed {
    /// Reads the helmfiles, scripts and manifests that Flux does not build: `built` are the files that it does. They are
    /// often templates, so single lines are all we ask.
    pub(crate) fn of(sources: &Sources, built: &BTreeSet<FileId>) -> Self {
        let mut before = Self::default();
        for id in sources.ids() {
            let (path, text) = (sources.path(id), sources.text(id));
            if path.as_str().contains("helmfile") && path.name().contains(".yaml") {
                before.releases.extend(text.lines().filter_map(|line| named(line, &["chart:", "name:"])));
                before.namespaces.extend(text.lines().filter_map(|line| named(line, &["namespace:"])));
            }
            if !built.contains(&id) {
                before.releases.extend(script::releases(text));
                before.objects.extend(script::objects(text));
                before.applied.extend(script::applied(sources, &path.parent(), text));
            }
            if !built.contains(&id) && is_of_bootstrap(path) {
                before.objects.extend(manifest::objects(text));
            }
            before.namespaces.extend(script::namespaces(text));
        }
        before
    }

    /// Whether a script or manifest brings a Secret or ConfigMap.
    pub(crate) fn has(&self, kind: &str, namespace: &str, name: &str) -> bool {
        let named = |known: &Known| match known.name.starts_with(['-', '.']) {
            true => name.ends_with(&known.name),
            false => name == known.name,
        };
        let there = |known: &Known| known.namespace.as_deref().is_none_or(|known| known == namespace);
        self.objects.iter().any(|known| known.kind == kind && named(known) && there(known))
    }
}

/// A template, or a file in a folder for the bootstrap.
fn is_of_bootstrap(path: &RepoPath) -> bool {
    const TEMPLATES: &[&str] = &[".j2", ".gotmpl", ".tpl", ".tmpl", ".tftpl"];
    TEMPLATES.iter().any(|end| path.name().ends_with(end)) || path.parts().any(|part| part.starts_with("bootstrap"))
}

/// The name on a line `- name: cilium` or `chart: cilium/cilium`.
fn named(line: &str, keys: &[&str]) -> Option<String> {
    let line = line.trim().trim_start_matches("- ");
    let value = keys.iter().find_map(|key| line.strip_prefix(key))?;
    let name = value.trim().trim_matches(['"', '\'']).rsplit('/').next()?;
    (!name.is_empty() && !name.contains(['{', '}', ' '])).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).expect("a path")
    }

    #[test]
    fn helmfiles_and_scripts_tell_what_is_there_before_flux() {
        let helmfile = "releases:\n  - name: cilium\n    namespace: kube-system\n    chart: oci://quay.io/charts/cilium-chart\n  - name: {{ .x }}\n";
        let script = "kubectl create namespace external-secrets --dry-run=client -oyaml | kubectl apply -f -\nkubectl create ns $NAME\n";
        let sources = Sources::from_texts([(path("boot/helmfile.yaml"), helmfile), (path("Taskfile.yml"), script)]);
        let before = Installed::of(&sources, &BTreeSet::new());
        assert_eq!(before.releases, ["cilium", "cilium-chart"]);
        assert_eq!(before.namespaces, BTreeSet::from(["external-secrets".to_owned(), "kube-system".to_owned()]));
    }

    #[test]
    fn a_manifest_that_flux_builds_is_not_there_before_it() {
        let secret = "kind: Secret\nmetadata:\n  name: age\n";
        let file = path("cluster/bootstrap/age.yaml");
        let sources = Sources::from_texts([(file.clone(), secret), (path("apps/other.yaml"), secret)]);
        let built = |files: &[&RepoPath]| fluxproof_order::gather(files.iter().filter_map(|file| sources.find(file)));
        assert!(Installed::of(&sources, &built(&[])).has("Secret", "flux-system", "age"));
        assert!(!Installed::of(&sources, &built(&[&file])).has("Secret", "flux-system", "age"));
        assert!(!Installed::of(&sources, &built(&[])).has("ConfigMap", "flux-system", "age"));
    }
}
