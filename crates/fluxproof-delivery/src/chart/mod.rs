//! What Helm charts bring that can be read: Chart.yaml, `crds/`, templates with the values of a release.

mod content;
mod folder;
mod manifest;
mod render;
mod template;

pub use content::{ChartContent, ChartDefinition, ChartObject, Detail, MissingChart, Presence, Rule, Stage, Webhook};
pub use render::ReleaseValues;

use fluxproof_yaml::{RepoPath, Sources};
use folder::Chart;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A chart of a name (and a version, where it is said for one only) that lies in the sources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MappedChart {
    /// The chart's name, as HelmReleases have it.
    pub name: String,
    /// The only version that the folder stands for.
    pub version: Option<String>,
    /// The folder.
    pub folder: RepoPath,
}

/// The charts of a repository and those that are mapped, each read once.
pub(crate) struct Charts<'s> {
    sources: &'s Sources,
    mapped: Vec<MappedChart>,
    read: RefCell<BTreeMap<RepoPath, Option<Rc<Chart>>>>,
}

impl<'s> Charts<'s> {
    /// Charts of these sources, and those that lie in them under other names.
    pub(crate) fn new(sources: &'s Sources, mapped: &[MappedChart]) -> Self {
        Self { sources, mapped: mapped.to_vec(), read: RefCell::default() }
    }

    /// What the chart of a folder brings; none where there is no chart.
    pub(crate) fn at(&self, folder: &RepoPath, release: ReleaseValues<'_>) -> Option<ChartContent> {
        let mut read = self.read.borrow_mut();
        let chart =
            read.entry(folder.clone()).or_insert_with(|| Chart::read(self.sources, folder).map(Rc::new)).clone();
        drop(read);
        chart.map(|chart| render::content(&chart, release))
    }

    /// The folder that a chart of this name and version is mapped to. A version that is a range takes the only folder
    /// that there is.
    pub(crate) fn folder(&self, name: &str, version: Option<&str>) -> Option<&RepoPath> {
        let name = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
        let named: Vec<&MappedChart> = self.mapped.iter().filter(|chart| chart.name == name).collect();
        let exact = named.iter().find(|c| c.version.is_some() && c.version.as_deref() == version.map(plain));
        let any = named.iter().find(|c| c.version.is_none());
        let only = || match (&named[..], version.is_none_or(is_range)) {
            ([one], true) => Some(*one),
            _ => None,
        };
        exact.or(any).copied().or_else(only).map(|chart| &chart.folder)
    }
}

fn plain(version: &str) -> &str {
    version.trim_start_matches(['v', '='])
}

fn is_range(version: &str) -> bool {
    let starts = plain(version).starts_with(|c: char| c.is_ascii_digit());
    !starts || version.contains(['*', ' ', '|']) || version.ends_with(".x")
}

#[cfg(test)]
mod tests;
