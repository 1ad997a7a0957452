//! ArtifactGenerators: the ExternalArtifacts that source-watcher puts together of other sources' files
//! (docs/spec/v1beta1/artifactgenerators.md; internal/builder/builder.go).

use super::Expander;
use super::content::Origin;
use crate::build::{Builds, fits, is_left_out_by_default};
use crate::model::{ObjectRef, SourceNode};
use crate::paths::children;
use crate::read::{self, SOURCE_API};
use fluxproof_kustomize::Resource;
use fluxproof_yaml::{FileId, RepoPath, Sources, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most artifacts that one generator makes: a bound for hostile trees.
const MOST: usize = 1000;

/// The files of an artifact, by their paths in it.
type Files = BTreeMap<RepoPath, FileId>;

/// The inputs of a generator by their aliases; those that are not here, with the reason.
type Inputs<'a> = BTreeMap<String, Result<Rc<Builds<'a>>, String>>;

impl<'a> Expander<'a> {
    /// The artifacts of a generator as sources of the cluster.
    pub(super) fn take_generator(&mut self, owner: usize, resource: &Resource) {
        let home = self.all.kustomizations[owner].universe;
        let own = self.all.kustomizations[owner].object.namespace.clone().unwrap_or_default();
        let namespace = resource.namespace().unwrap_or(&own).to_owned();
        let spec = resource.value.get("spec");
        let inputs = self.inputs(home, spec, &namespace);
        let artifacts = spec.and_then(|spec| spec.get("artifacts")).map_or(&[][..], Value::items);
        for captured in captures(spec, &inputs) {
            for artifact in artifacts {
                let Some(name) = artifact.str_at(&["name"]) else { continue };
                let origin = match files(artifact, &inputs, &captured) {
                    Ok(files) => {
                        Origin::Made(self.artifacts.composed(files.into_iter().map(|(p, id)| (id, p)).collect()))
                    }
                    Err(why) => Origin::Outside(why),
                };
                let name = filled(name, &captured).to_lowercase();
                let node = artifact_node(resource, owner, home, (&namespace, name));
                if self.all.find_source(home, &node.object).is_none() {
                    self.add_source_of(node, origin);
                }
            }
        }
    }

    fn inputs(&self, home: usize, spec: Option<&Value>, namespace: &str) -> Inputs<'a> {
        let sources = spec.and_then(|spec| spec.get("sources")).map_or(&[][..], Value::items);
        let input = |source: &Value| {
            let object = read::reference(SOURCE_API, source, namespace, "GitRepository")?;
            Some((source.str_at(&["alias"])?.to_owned(), self.input(home, &object)))
        };
        sources.iter().filter_map(input).collect()
    }

    fn input(&self, home: usize, object: &ObjectRef) -> Result<Rc<Builds<'a>>, String> {
        match self.all.find_source(home, object).map(|at| &self.origins[at]) {
            Some(Origin::Cut(cut)) => Ok(self.artifacts.of(cut)),
            Some(Origin::Made(builds)) => Ok(Rc::clone(builds)),
            Some(Origin::Outside(why)) => Err(why.clone()),
            None => Err(format!("{object} is not this repository")),
        }
    }
}

fn artifact_node(generator: &Resource, owner: usize, home: usize, (namespace, name): (&str, String)) -> SourceNode {
    let object = ObjectRef {
        api_version: SOURCE_API.to_owned(),
        kind: "ExternalArtifact".to_owned(),
        namespace: Some(namespace.to_owned()),
        name,
    };
    let resource = Some(generator.clone());
    SourceNode { object, resource, owner: Some(owner), url: None, reference: None, here: true, home }
}

/// What the names in braces of a `pathPattern` stand for.
type Captured = BTreeMap<String, String>;

/// What each folder that fits `pathPattern` captures; one empty capture where there is no pattern.
fn captures(spec: Option<&Value>, inputs: &Inputs<'_>) -> Vec<Captured> {
    let Some(pattern) = spec.and_then(|spec| spec.str_at(&["pathPattern"])) else { return vec![Captured::new()] };
    let Some((alias, pattern)) = pattern.strip_prefix('@').and_then(|text| text.split_once('/')) else {
        return Vec::new();
    };
    let Some(Ok(builds)) = inputs.get(alias) else { return Vec::new() };
    let mut found = vec![(RepoPath::root(), Captured::new())];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        found = found
            .iter()
            .flat_map(|(folder, captured)| step(builds.sources(), folder, captured, part))
            .take(MOST)
            .collect();
    }
    found.into_iter().map(|(_, captured)| captured).collect()
}

/// The folders one part further down.
fn step(sources: &Sources, folder: &RepoPath, captured: &Captured, part: &str) -> Vec<(RepoPath, Captured)> {
    let inside = |name: String| {
        let mut captured = captured.clone();
        captured.extend(capture(part, &name)?.map(|key| (key, name.clone())));
        Some((folder.join_clamped(&name), captured))
    };
    children(sources, folder).into_iter().filter_map(inside).collect()
}

/// Whether a part fits a name, and the key that captures it.
fn capture(part: &str, name: &str) -> Option<Option<String>> {
    match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(key) => Some(Some(key.to_owned())),
        None => (part == name || fits(part, name)).then_some(None),
    }
}

fn filled(text: &str, captured: &Captured) -> String {
    captured.iter().fold(text.to_owned(), |text, (key, value)| text.replace(&format!("{{{key}}}"), value))
}

/// The files of one artifact: its copies in their order, less what is left out of every artifact by default.
fn files(artifact: &Value, inputs: &Inputs<'_>, captured: &Captured) -> Result<Files, String> {
    let mut files = Files::new();
    for copy in artifact.get("copy").map_or(&[][..], Value::items) {
        let text = |key: &str| copy.str_at(&[key]).map(|text| filled(text, captured)).unwrap_or_default();
        let (from, to) = (text("from"), text("to"));
        if let Some(strategy @ ("Merge" | "Extract")) = copy.str_at(&["strategy"]) {
            return Err(format!("{to} is made by strategy {strategy}"));
        }
        let (alias, pattern) = from.strip_prefix('@').and_then(|text| text.split_once('/')).unwrap_or_default();
        let builds = match inputs.get(alias) {
            Some(input) => input.clone()?,
            None => return Err(format!("it copies from {from}, which is none of its sources")),
        };
        let excluded = copy.get("exclude").map_or(&[][..], Value::items).iter().filter_map(Value::as_str);
        let copied = Copy { pattern, to: to.strip_prefix("@artifact/").unwrap_or(&to), excluded: excluded.collect() };
        copied.put_into(builds.sources(), &mut files);
    }
    files.retain(|path, _| !is_left_out_by_default(path));
    let mut ids: Vec<FileId> = files.values().copied().collect();
    fluxproof_order::sort(&mut ids);
    match ids.windows(2).any(|pair| pair[0] == pair[1]) {
        true => Err("it has one file at two paths".to_owned()),
        false => Ok(files),
    }
}

/// One copy operation.
struct Copy<'c> {
    /// What is copied, in its source.
    pattern: &'c str,
    /// Where to, in the artifact.
    to: &'c str,
    excluded: Vec<&'c str>,
}

impl Copy<'_> {
    fn put_into(&self, sources: &Sources, files: &mut Files) {
        let pattern: Vec<&str> = self.pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let globs = self.pattern.contains(['*', '?', '[', ']']);
        let prefix: Vec<&str> =
            pattern.iter().copied().take_while(|part| !part.contains(['*', '?', '[', ']'])).collect();
        let below = RepoPath::root().join_clamped(&prefix.join("/"));
        let exactly = sources.find(&below).filter(|_| !globs);
        for id in sources.in_folder(&below).chain(exactly) {
            let path = sources.path(id);
            let parts: Vec<&str> = path.parts().collect();
            let matches =
                parts.len() >= pattern.len() && pattern.iter().zip(&parts).all(|(glob, part)| fits_part(glob, part));
            if matches && !self.is_excluded(path, prefix.len()) {
                files.insert(self.target(&pattern, &parts, globs, files), id);
            }
        }
    }

    /// Where a file goes: like `cp`, but a glob that does not end in `/**` keeps the whole path (calculateGlobDestination).
    fn target(&self, pattern: &[&str], parts: &[&str], globs: bool, files: &Files) -> RepoPath {
        let to = RepoPath::root().join_clamped(self.to);
        let is_file = parts.len() == pattern.len();
        let kept = match (globs, pattern.last()) {
            (true, Some(&"**")) if pattern.len() > 1 && pattern[..pattern.len() - 1] == parts[..pattern.len() - 1] => {
                pattern.len() - 1
            }
            (true, _) => 0,
            (false, _) if is_file && !self.to.ends_with('/') && !self.to.is_empty() && !has_folder(files, &to) => {
                return to;
            }
            (false, _) => pattern.len().saturating_sub(1),
        };
        to.join_clamped(&parts[kept..].join("/"))
    }

    /// Patterns are of the whole path, or of that behind the fixed part of `from`; without a slash, of the file's name.
    fn is_excluded(&self, path: &RepoPath, fixed: usize) -> bool {
        let parts: Vec<&str> = path.parts().collect();
        let excludes = |pattern: &&str| match pattern.contains('/') {
            true => fits_path(pattern, &parts) || fits_path(pattern, &parts[fixed.min(parts.len())..]),
            false => fits(pattern, path.name()),
        };
        self.excluded.iter().any(excludes)
    }
}

fn has_folder(files: &Files, folder: &RepoPath) -> bool {
    let first = files.range(folder.join_clamped("\u{1}")..).next();
    first.is_some_and(|(path, _)| path.is_in(folder) && path != folder)
}

/// One part of a glob, as Go's `path.Match` reads it: `**` is nothing more than `*`.
fn fits_part(glob: &str, part: &str) -> bool {
    glob == part || fits(glob, part)
}

/// A glob of several parts, where `**` stands for any number of them.
fn fits_path(pattern: &str, parts: &[&str]) -> bool {
    let patterns: Vec<String> = pattern.split('/').map(str::to_owned).collect();
    crate::build::fits_parts(&patterns, parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxproof_kustomize::Workspace;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    /// Where the files of a small tree go by one copy.
    fn copied(from: &str, to: &str, excluded: &[&str]) -> Vec<String> {
        let all = ["a/x.yaml", "a/sub/y.yaml", "a/sub/logo.png", "a/README.md", "b.yaml"];
        let sources = Sources::from_texts(all.map(|file| (path(file), "")));
        let mut files = Files::new();
        Copy { pattern: from, to, excluded: excluded.to_vec() }.put_into(&sources, &mut files);
        files.iter().map(|(path, id)| format!("{path} = {}", sources.path(*id))).collect()
    }

    #[test]
    fn copies_go_where_the_builder_puts_them() {
        let all = [
            "README.md = a/README.md",
            "sub/logo.png = a/sub/logo.png",
            "sub/y.yaml = a/sub/y.yaml",
            "x.yaml = a/x.yaml",
        ];
        assert_eq!(copied("a/**", "", &[]), all);
        assert_eq!(copied("a/", "", &["*.md", "**/*.png"]), ["a/sub/y.yaml = a/sub/y.yaml", "a/x.yaml = a/x.yaml"]);
        assert_eq!(copied("a/*.yaml", "apps/", &[]), ["apps/a/x.yaml = a/x.yaml"], "a glob keeps the whole path");
        assert_eq!(copied("b.yaml", "apps/", &[]), ["apps/b.yaml = b.yaml"]);
        assert_eq!(copied("b.yaml", "apps/c.yaml", &[]), ["apps/c.yaml = b.yaml"]);
        assert_eq!(copied("a/**", "d/", &["sub/**", "*.md"]), ["d/x.yaml = a/x.yaml"]);
        assert_eq!(copied("none/**", "", &[]), Vec::<String>::new());
    }

    #[test]
    fn a_path_pattern_makes_an_artifact_for_each_folder() {
        let sources = Sources::from_texts(
            ["apps/A/prod/x.yaml", "apps/b/test/x.yaml", "other/x.yaml"].map(|file| (path(file), "")),
        );
        let builds: Result<Rc<Builds<'_>>, String> = Ok(Rc::new(Builds::new(Workspace::new(&sources))));
        let inputs = BTreeMap::from([("repo".to_owned(), builds)]);
        let spec = crate::build::tests::value("{pathPattern: '@repo/apps/{app}/{env}'}");
        let names: Vec<String> = captures(Some(&spec), &inputs).iter().map(|c| filled("{app}-{env}", c)).collect();
        assert_eq!(names, ["A-prod", "b-test"]);
        assert_eq!(captures(None, &inputs).len(), 1);
    }
}
