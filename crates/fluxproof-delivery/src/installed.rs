//! What is in a cluster before Flux reads Git, as far as the repository tells: Flux itself, what helmfiles install and
//! scripts create. Hints all: they make a verdict milder, never harder.

use fluxproof_yaml::{RepoPath, Sources};
use std::collections::BTreeSet;

/// The comment that `flux install --export` and `flux bootstrap` begin `gotk-components.yaml` with.
const COMMENT: &str = "# Flux Version: v";

/// How many lines of a file may come before the comment.
const HEAD: usize = 8;

/// The version of Flux that the files below an entry's folder name; else the oldest of all that the repository names, which
/// promises least: `2.8.8`, `2.8.x`. None where none is named.
pub(crate) fn flux_version(sources: &Sources, entry: &RepoPath) -> Option<String> {
    oldest(sources, entry).or_else(|| oldest(sources, &RepoPath::root()))
}

fn oldest(sources: &Sources, folder: &RepoPath) -> Option<String> {
    let is_yaml = |name: &str| name.ends_with(".yaml") || name.ends_with(".yml");
    let files = sources.in_folder(folder).filter(|id| is_yaml(sources.path(*id).name()));
    let named = files.flat_map(|id| versions(sources.path(id).name(), sources.text(id)));
    let minors = named.filter(|version| numbers(version).len() > 1);
    minors.min_by_key(|version| numbers(version)).map(str::to_owned)
}

/// The versions of Flux that a file installs: `gotk-components.yaml` itself, the manifests of a release by their url or as
/// an artifact, a FluxInstance or the values of its chart.
fn versions<'t>(name: &str, text: &'t str) -> Vec<&'t str> {
    if name.starts_with("gotk-components") {
        let comment = text.lines().take(HEAD).find_map(|line| line.strip_prefix(COMMENT));
        return comment.map(str::trim).into_iter().collect();
    }
    let mut all = Vec::new();
    let lines = |has: &'static str| text.lines().filter(move |line| line.contains(has));
    if text.contains("fluxcd/flux2/") {
        all.extend(lines("fluxcd/flux2/").filter_map(|line| after(line, &["install?ref=v", "/releases/download/v"])));
    }
    if text.contains("fluxcd/flux-manifests") {
        all.extend(lines("tag:").filter_map(|line| after(line, &["tag: v", "tag: \"v"])));
    }
    all.extend(text.match_indices("distribution:").filter_map(|(at, _)| distribution(&text[at..])));
    all
}

/// The version after one of these words.
fn after<'t>(line: &'t str, words: &[&str]) -> Option<&'t str> {
    let rest = words.iter().find_map(|word| line.split_once(word))?.1;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    Some(&rest[..end])
}

/// `version` of a FluxInstance's `distribution`, which names the registry of Flux's images or its artifact beside it.
fn distribution(text: &str) -> Option<&str> {
    let block = text.lines().skip(1).take(BLOCK);
    let of_flux = block.clone().any(|line| line.contains("fluxcd"));
    let version = block.clone().find_map(|line| line.trim().strip_prefix("version:"))?;
    let version = version.split('#').next()?.trim().trim_matches(['"', '\'']).trim_start_matches('v');
    of_flux.then_some(version).filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

/// How many lines a `distribution` has at most.
const BLOCK: usize = 6;

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

/// What is there before Flux.
#[derive(Debug, Default)]
pub(crate) struct Installed {
    /// Releases and charts that a helmfile installs.
    pub(crate) releases: Vec<String>,
    /// Namespaces that a helmfile or a script creates.
    pub(crate) namespaces: BTreeSet<String>,
}

impl Installed {
    /// Reads the helmfiles and scripts of a repository. They are often templates, so single lines are all we ask.
    pub(crate) fn of(sources: &Sources) -> Self {
        let mut before = Self::default();
        for id in sources.ids() {
            let (path, text) = (sources.path(id), sources.text(id));
            if path.as_str().contains("helmfile") && path.name().contains(".yaml") {
                before.releases.extend(text.lines().filter_map(|line| named(line, &["chart:", "name:"])));
                before.namespaces.extend(text.lines().filter_map(|line| named(line, &["namespace:"])));
            }
            before.namespaces.extend(created(text));
        }
        before
    }
}

/// The name on a line `- name: cilium` or `chart: cilium/cilium`.
fn named(line: &str, keys: &[&str]) -> Option<String> {
    let line = line.trim().trim_start_matches("- ");
    let value = keys.iter().find_map(|key| line.strip_prefix(key))?;
    let name = value.trim().trim_matches(['"', '\'']).rsplit('/').next()?;
    (!name.is_empty() && !name.contains(['{', '}', ' '])).then(|| name.to_owned())
}

/// The namespaces of all `kubectl create namespace NAME` in a text.
fn created(text: &str) -> impl Iterator<Item = String> {
    let after = ["create namespace ", "create ns "].into_iter().flat_map(|command| text.match_indices(command));
    let names = after.filter_map(|(at, command)| text[at + command.len()..].split_whitespace().next());
    names.filter(|name| !name.starts_with('-') && !name.contains(['$', '{'])).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_components_promise_least() {
        let path = |text: &str| RepoPath::new(text).expect("a path");
        let text = |version: &str| {
            format!("---\n# This manifest was generated by flux. DO NOT EDIT.\n# Flux Version: v{version}\n")
        };
        let (new, old, other) = (text("2.10.0"), text("2.8.8"), text("2.9.1"));
        let sources = Sources::from_texts([
            (path("clusters/a/flux-system/gotk-components.yaml"), new.as_str()),
            (path("clusters/b/flux-system/gotk-components.yaml"), old.as_str()),
            (path("clusters/b/flux-system/other.yaml"), other.as_str()),
        ]);
        assert_eq!(flux_version(&sources, &path("clusters/a")).as_deref(), Some("2.10.0"));
        assert_eq!(flux_version(&sources, &path("clusters/c")).as_deref(), Some("2.8.8"));
        assert_eq!(flux_version(&Sources::default(), &path("clusters/c")), None);
    }

    #[test]
    fn whatever_installs_flux_names_its_version() {
        let instance = |version: &str| {
            format!(
                "kind: FluxInstance\nspec:\n  distribution:\n    version: {version}\n    registry: ghcr.io/fluxcd\n"
            )
        };
        for (text, expected) in [
            (instance("\"2.8.x\" # renovate"), Some("2.8.x")),
            (instance("2.x"), None),
            (instance("'>=2.7'"), None),
            (instance("v2.8.3").replace("ghcr.io/fluxcd", "registry.example.com"), None),
            ("- github.com/fluxcd/flux2/manifests/install?ref=v0.31.4\n".to_owned(), Some("0.31.4")),
            ("- https://github.com/fluxcd/flux2/releases/download/v2.7.5/install.yaml\n".to_owned(), Some("2.7.5")),
            ("- https://raw.githubusercontent.com/fluxcd/flux2/v0.31.4/manifests/monitoring/x.json\n".to_owned(), None),
            ("url: oci://ghcr.io/fluxcd/flux-manifests\nref:\n  tag: v2.5.1\n".to_owned(), Some("2.5.1")),
            ("url: oci://ghcr.io/example/manifests\nref:\n  tag: v2.5.1\n".to_owned(), None),
        ] {
            let file = RepoPath::new("flux/any.yaml").expect("a path");
            let sources = Sources::from_texts([(file, text.as_str())]);
            assert_eq!(flux_version(&sources, &RepoPath::root()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn helmfiles_and_scripts_tell_what_is_there_before_flux() {
        let path = |text: &str| RepoPath::new(text).expect("a path");
        let helmfile = "releases:\n  - name: cilium\n    namespace: kube-system\n    chart: oci://quay.io/charts/cilium-chart\n  - name: {{ .x }}\n";
        let script = "kubectl create namespace external-secrets --dry-run=client -oyaml | kubectl apply -f -\nkubectl create ns $NAME\n";
        let sources = Sources::from_texts([(path("boot/helmfile.yaml"), helmfile), (path("Taskfile.yml"), script)]);
        let before = Installed::of(&sources);
        assert_eq!(before.releases, ["cilium", "cilium-chart"]);
        assert_eq!(before.namespaces, BTreeSet::from(["external-secrets".to_owned(), "kube-system".to_owned()]));
    }
}
