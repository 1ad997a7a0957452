//! A random tree: a base, now and then a second one and a component, and an overlay above them.

use crate::grammar::Maker;
use crate::kinds::KINDS;
use crate::rules::FIELDS;
use std::collections::{BTreeMap, BTreeSet};

/// The folder that is built.
pub(crate) const TOP: &str = "top";

/// Names that objects have.
const NAMES: &[&str] = &["web", "db", "cache", "a-b", "x1"];

/// An object of the tree.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) api: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// What its kind may have below the metadata.
    pub(crate) body: &'static str,
}

impl Object {
    /// What says which object it is.
    pub(crate) fn header(&self) -> String {
        format!("apiVersion: {}\nkind: {}\nmetadata:\n  name: {}", self.api, self.kind, self.name)
    }
}

/// Paths and texts.
pub(crate) type Tree = BTreeMap<String, String>;

/// The tree of a seed.
pub(crate) fn tree(seed: u64) -> Tree {
    made(seed).files
}

/// The tree of a seed, and which choices made it.
pub(crate) fn made(seed: u64) -> Maker {
    let mut maker = Maker::new(seed);
    let mut below = vec!["../base".to_owned()];
    level(&mut maker, "base", &[], 0..2);
    if maker.random.chance(15) {
        level(&mut maker, "other", &[], 0..2);
        below.push("../other".to_owned());
    }
    let component = maker.random.chance(20);
    if component {
        level(&mut maker, "component", &[], 1..3);
    }
    level(&mut maker, TOP, &below, 1..4);
    if component && let Some(text) = maker.files.get_mut("top/kustomization.yaml") {
        text.push_str("components: [../component]\n");
    }
    maker
}

/// Writes a kustomization with objects of its own and a number of fields.
fn level(maker: &mut Maker, folder: &str, below: &[String], fields: std::ops::Range<usize>) {
    maker.folder = folder.to_owned();
    let mut resources: Vec<String> = below.to_vec();
    let own = if below.is_empty() { 1 + maker.random.below(3) } else { maker.random.below(2) };
    resources.extend((0..own).filter_map(|_| file_of_objects(maker)));
    let mut text = if folder == "component" {
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n".to_owned()
    } else {
        String::new()
    };
    text.push_str(&listed(&resources));
    let count = fields.start + maker.random.below(fields.end - fields.start);
    text.push_str(&some_fields(maker, count));
    maker.files.insert(format!("{folder}/kustomization.yaml"), text);
}

fn listed(resources: &[String]) -> String {
    let lines: String = resources.iter().map(|name| format!("- {name}\n")).collect();
    if lines.is_empty() { lines } else { format!("resources:\n{lines}") }
}

fn some_fields(maker: &mut Maker, count: usize) -> String {
    let mut chosen = BTreeSet::new();
    for _ in 0..count {
        chosen.insert(maker.random.below(FIELDS.len()));
    }
    chosen.into_iter().filter_map(|at| FIELDS.get(at)).map(|field| maker.text(field)).collect()
}

/// Writes one or two new objects into a file of the level.
fn file_of_objects(maker: &mut Maker) -> Option<String> {
    let count = 1 + maker.random.below(2);
    let texts: Vec<String> = (0..count).filter_map(|_| object(maker)).collect();
    let name = format!("r{}.yaml", maker.files.len());
    maker.files.insert(format!("{}/{name}", maker.folder), texts.join("---\n"));
    (!texts.is_empty()).then_some(name)
}

/// An object that is not there yet.
fn object(maker: &mut Maker) -> Option<String> {
    let (api, kind, body) = *maker.random.pick(KINDS)?;
    let name = (*maker.random.pick(NAMES)?).to_owned();
    let is_there = maker.objects.iter().any(|object| object.kind == kind && object.name == name);
    let object = Object { api, kind, name, body };
    let text = format!("{}\n{}{}", object.header(), maker.text("«metadata»"), maker.text(body));
    (!is_there).then(|| {
        maker.objects.push(object);
        text
    })
}
