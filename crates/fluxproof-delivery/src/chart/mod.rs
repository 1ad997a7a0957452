//! What Helm charts bring that can be read: Chart.yaml, `crds/`, templates with the values of a release.

mod content;
mod folder;
mod manifest;
mod render;
mod switches;
mod template;

pub use content::{
    ChartContent, ChartDefinition, ChartObject, Detail, MissingChart, Presence, Rule, Scope, Stage, Webhook,
};
pub(crate) use render::ReleaseValues;

use crate::World;
use crate::model::{ReleaseNode, SourceNode};
use crate::world::ChartPlace;
use fluxproof_yaml::{RepoPath, Sources, Value};
use folder::Chart;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A folder, and whether it lies outside the tree.
type Place = (bool, RepoPath);

/// The charts that lie in a repository and those that are given with it, each read once.
pub(crate) struct Charts<'s> {
    sources: &'s Sources,
    world: &'s World,
    read: RefCell<BTreeMap<Place, Option<Rc<Chart>>>>,
}

impl<'s> Charts<'s> {
    /// The charts of a repository and of the world around it.
    pub(crate) fn new(sources: &'s Sources, world: &'s World) -> Self {
        Self { sources, world, read: RefCell::default() }
    }

    /// What the chart of a release brings, where that can be read.
    pub(crate) fn of(&self, release: &ReleaseNode, sources: &[SourceNode]) -> Option<ChartContent> {
        let (folder, outside) = self.place(release, sources)?;
        let chart = self.chart(&folder, outside)?;
        let files = release.resource.value.at(&["spec", "chart", "spec", "valuesFiles"]);
        let values = ReleaseValues {
            name: &release.release_name,
            namespace: &release.target_namespace,
            values: release.values.as_ref(),
            more_values: release.more_values || files.is_some_and(|files| !files.items().is_empty()),
        };
        Some(render::content(&chart, values))
    }

    /// Where the chart of a release lies: in the source that it names, where the tree holds that, or where the world says.
    fn place(&self, release: &ReleaseNode, sources: &[SourceNode]) -> Option<(RepoPath, bool)> {
        let by_path = release.resource.value.at(&["spec", "chart"]).is_some();
        let source = release.source.map(|index| &sources[index]);
        let held = source.and_then(|source| match self.world.source(&source.object) {
            Some(folder) => Some(folder.clone()),
            None => source.here.then(RepoPath::root),
        });
        match (held, release.chart.as_deref()) {
            (Some(folder), Some(path)) if by_path => Some((folder.join_clamped(path), false)),
            (Some(folder), _) => Some((folder, false)),
            (None, Some(chart)) => {
                let ChartPlace { folder, outside } = self.world.chart(chart, release.version.as_deref())?;
                Some((folder, outside))
            }
            (None, None) => None,
        }
    }

    fn chart(&self, folder: &RepoPath, outside: bool) -> Option<Rc<Chart>> {
        let sources = if outside { &self.world.chart_files } else { self.sources };
        let read = || Chart::read(sources, folder).map(Rc::new);
        self.read.borrow_mut().entry((outside, folder.clone())).or_insert_with(read).clone()
    }
}

/// What a chart calls itself, and its version.
pub(crate) fn name_and_version(sources: &Sources, folder: &RepoPath) -> Option<(String, String)> {
    let about = template::document(sources.text(sources.find(&folder.join("Chart.yaml").ok()?)?))?;
    let text = |key: &str| about.get(key).and_then(crate::read::scalar_text);
    Some((text("name")?, text("version")?))
}

/// A chart by itself, for those who make tables of what charts bring.
#[derive(Debug)]
pub struct ChartReader(Chart);

impl ChartReader {
    /// Reads the chart of a folder; none where there is no Chart.yaml with a name.
    #[must_use]
    pub fn read(sources: &Sources, folder: &RepoPath) -> Option<Self> {
        Chart::read(sources, folder).map(Self)
    }

    /// Forgets the templates whose texts say nothing of these words, but for those that others include.
    pub fn keep_only(&mut self, sources: &Sources, folder: &RepoPath, words: &[&str]) {
        self.0.keep_only(sources, folder, words);
    }

    /// What it brings with values.
    #[must_use]
    pub fn content(&self, release: &str, namespace: &str, values: Option<&Value>) -> ChartContent {
        render::content(&self.0, ReleaseValues { name: release, namespace, values, more_values: false })
    }

    /// What it brings with some values as text in place of its own: `crds: {enabled: true}`.
    #[must_use]
    pub fn content_with(&self, release: &str, namespace: &str, values: &str) -> ChartContent {
        self.content(release, namespace, template::document(values).as_ref())
    }

    /// The values that say `Fail`, by dotted path: what a webhook does while it does not answer.
    #[must_use]
    pub fn policies(&self) -> Vec<String> {
        self.0.policies()
    }

    /// The values that may switch something, by dotted path, and whether they are on by default.
    #[must_use]
    pub fn switches(&self) -> BTreeMap<String, bool> {
        self.0.switches()
    }
}

#[cfg(test)]
mod tests;
