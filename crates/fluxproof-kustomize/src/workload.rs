//! `images` and `replicas`.

use crate::Resource;
use crate::build::{Builder, Level};
use crate::fields::{field, items, text};
use crate::tree::{child, for_each_mut, set, string};
use fluxproof_yaml::{Data, Problem, Span, Value};
use regex_lite::Regex;

/// Kinds with `spec.replicas` (builtinpluginconsts/replicas.go).
const SCALED: [&str; 4] = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"];

impl Builder<'_, '_> {
    /// Sets `spec.replicas` of what has the name, or had it.
    pub(crate) fn replicas(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        for item in items(level.kustomization, "replicas") {
            let (Some(name), Some(count)) = (text(item, "name"), field(item, "count")) else { continue };
            if !self.spend(resources.len(), item.span) {
                return;
            }
            let wanted = name.as_str().unwrap_or_default();
            let is = |resource: &&mut Resource| {
                SCALED.contains(&resource.kind()) && resource.ids().iter().any(|id| id.name == wanted)
            };
            let mut found = false;
            for resource in resources.iter_mut().filter(is) {
                found = true;
                if let Some(spec) = child(&mut resource.value, "spec", count.span) {
                    set(spec, "replicas", count.span, count.clone());
                }
            }
            if !found {
                self.problem(name.span, format!("resource with name {wanted} does not match a config with replicas"));
            }
        }
    }

    /// Renames images in every list of containers.
    pub(crate) fn images(&mut self, level: &Level<'_>, resources: &mut [Resource]) {
        for item in items(level.kustomization, "images").iter().chain(items(level.kustomization, "imageTags")) {
            if !self.spend(resources.len(), item.span) {
                return;
            }
            match Image::new(item) {
                Ok(image) => resources.iter_mut().for_each(|resource| image.apply(resource)),
                Err(problem) => self.problems.push(problem),
            }
        }
    }
}

/// One entry of `images`.
struct Image<'v> {
    name: Regex,
    new_name: Option<&'v str>,
    new_tag: Option<&'v str>,
    suffix: Option<&'v str>,
    digest: Option<&'v str>,
    span: Span,
}

impl<'v> Image<'v> {
    fn new(item: &'v Value) -> Result<Self, Problem> {
        let get = |name| text(item, name).and_then(Value::as_str);
        let pattern =
            format!("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", get("name").unwrap_or_default());
        let name =
            Regex::new(&pattern).map_err(|error| Problem::new(item.span, format!("the name of an image: {error}")))?;
        let span = ["newTag", "digest", "newName", "tagSuffix"]
            .iter()
            .find_map(|name| text(item, name))
            .map_or(item.span, |v| v.span);
        Ok(Self {
            name,
            new_name: get("newName"),
            new_tag: get("newTag"),
            suffix: get("tagSuffix"),
            digest: get("digest"),
            span,
        })
    }

    fn apply(&self, resource: &mut Resource) {
        if resource.kind() == "CustomResourceDefinition" {
            return;
        }
        for_each_mut(&mut resource.value, &mut |node| {
            for list in ["containers", "initContainers"] {
                let Some(Data::Seq(containers)) = node.get_mut(list).map(|list| &mut list.data) else { continue };
                containers.iter_mut().for_each(|container| self.container(container));
            }
        });
    }

    fn container(&self, container: &mut Value) {
        let Some(image) = container.get_mut("image") else { return };
        if let Some(new) = image.as_str().filter(|text| self.name.is_match(text)).map(|text| self.rewrite(text)) {
            *image = string(&new, self.span);
        }
    }

    fn rewrite(&self, image: &str) -> String {
        let (name, tag, digest) = split(image);
        let suffixed = self.suffix.zip(tag).map(|(suffix, tag)| format!("{tag}{suffix}"));
        let (tag, digest) = match (self.new_tag, self.digest) {
            (None, None) if self.suffix.is_some() => (suffixed.as_deref(), None),
            (None, None) => (tag, digest),
            (tag, digest) => (tag, digest),
        };
        let tag = tag.map_or(String::new(), |tag| format!(":{tag}"));
        let digest = digest.map_or(String::new(), |digest| format!("@{digest}"));
        format!("{}{tag}{digest}", self.new_name.unwrap_or(name))
    }
}

/// Name, tag and digest; a colon before a slash belongs to the name (a port).
fn split(image: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, digest) = image.split_once('@').map_or((image, None), |(rest, digest)| (rest, Some(digest)));
    match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag), digest),
        _ => (rest, None, digest),
    }
}
