//! Kustomization by Kustomization, what the controllers of one cluster apply.

mod content;
mod find;
mod generator;
mod link;
mod root;
mod sets;
mod take;
mod values;

pub(crate) use find::same_name;
pub(crate) use link::chart_source;
pub(crate) use sets::is_set;

use crate::build::{Artifacts, Settings, Variables};
use crate::entry::Entry;
use crate::facts::Facts;
use crate::installed;
use crate::model::{Content, KustomizationNode, ReleaseNode, SourceNode};
use crate::names::Names;
use crate::read::{FluxKind, flux_kind};
use crate::world::World;
use content::{Origin, Place};
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{FileId, Problem, Span, Value};
use root::Here;
use std::rc::Rc;
use std::sync::Arc;

/// The most Kustomizations that one cluster may have: a bound for hostile trees.
const MAX_KUSTOMIZATIONS: usize = 10_000;

/// What one cluster has, before anything is said of its order.
pub(crate) struct Expansion<'a> {
    facts: &'a Facts,
    /// What is known of the world outside the repository.
    pub(crate) world: &'a World,
    /// The version of Flux that the cluster runs, where it is said or lies in the repository: `v2.8.8`, `2.8.x`.
    pub(crate) flux: Option<String>,
    pub(crate) kustomizations: Vec<KustomizationNode>,
    pub(crate) releases: Vec<ReleaseNode>,
    pub(crate) sources: Vec<SourceNode>,
    pub(crate) problems: Vec<(usize, Problem)>,
    /// The clusters that are reached by `kubeConfig`; the first one is the entry's own.
    pub(crate) universes: Vec<String>,
    /// The Kustomizations that the entry's own depends on and that lie in its folder: whoever applies it applies them.
    pub(crate) beside_entry: Vec<usize>,
    kustomization_names: Names,
    release_names: Names,
    source_names: Names,
}

impl Expansion<'_> {
    /// The files that what Flux applies is written in.
    pub(crate) fn built_files(&self) -> impl Iterator<Item = FileId> {
        self.kustomizations.iter().flat_map(|node| node.resources()).map(|resource| resource.file)
    }
}

/// An expansion at work.
struct Expander<'a> {
    artifacts: &'a Artifacts<'a>,
    here: Here,
    /// Where the files of each source come from, beside its sources.
    origins: Vec<Origin<'a>>,
    settings: Settings,
    progress: Vec<Progress>,
    /// How much the templates of ResourceSets have become, in bytes.
    rendered: usize,
    all: Expansion<'a>,
}

/// How far the expansion of a Kustomization is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Found,
    /// What it depends on is looked at first.
    Entered,
    /// Its source is not known so far.
    Waits,
    Built,
}

/// Expands an entry into all that it reaches.
pub(crate) fn expand<'a>(
    artifacts: &'a Artifacts<'a>,
    facts: &'a Facts,
    world: &'a World,
    entry: &Entry,
) -> Expansion<'a> {
    let root::Begin { node, source, here, flux } = root::begin(artifacts, entry);
    let installed = || installed::flux_version(artifacts.workspace().sources(), &entry.folder);
    let flux = world.flux.clone().or(flux).or_else(installed);
    let settings = Settings::of(flux.as_deref()).injected(artifacts.injects());
    let all = Expansion {
        facts,
        world,
        flux,
        kustomizations: Vec::new(),
        releases: Vec::new(),
        sources: Vec::new(),
        problems: Vec::new(),
        universes: vec!["the cluster itself".to_owned()],
        beside_entry: Vec::new(),
        kustomization_names: Names::default(),
        release_names: Names::default(),
        source_names: Names::default(),
    };
    let (origins, progress) = (Vec::new(), Vec::new());
    let mut expander = Expander { artifacts, here, origins, settings, progress, rendered: 0, all };
    expander.add_kustomization(node);
    expander.add_source(source);
    expander.run();
    expander.link();
    expander.all
}

fn null(span: Span) -> Value {
    Value::null(span)
}

/// The spec of a Kustomization that says nothing.
pub(crate) fn null_spec() -> Value {
    null(NOWHERE)
}

/// Where there is no text to point at.
const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

impl Expander<'_> {
    /// Builds what is found until nothing new comes. Sources that are applied later are looked for again.
    fn run(&mut self) {
        let mut next = 0;
        loop {
            while next < self.all.kustomizations.len() && next < MAX_KUSTOMIZATIONS {
                self.build_after_its_dependencies(next);
                next += 1;
            }
            let waiting: Vec<usize> =
                (0..next).filter(|index| self.progress[*index] == Progress::Waits && self.has_source(*index)).collect();
            if waiting.is_empty() {
                return;
            }
            waiting.into_iter().for_each(|index| self.build(index));
        }
    }

    /// What a Kustomization depends on is built before it: its variables may be there.
    fn build_after_its_dependencies(&mut self, index: usize) {
        let mut stack = vec![index];
        while let Some(&top) = stack.last() {
            match self.progress[top] {
                Progress::Built | Progress::Waits => drop(stack.pop()),
                Progress::Entered => {
                    self.build(top);
                    stack.pop();
                }
                Progress::Found => {
                    self.progress[top] = Progress::Entered;
                    let first = self.dependencies(top);
                    stack.extend(first.into_iter().rev().filter(|at| self.progress[*at] == Progress::Found));
                }
            }
        }
    }

    fn dependencies(&self, index: usize) -> Vec<usize> {
        let node = &self.all.kustomizations[index];
        let named = node.depends_on.iter();
        named
            .filter_map(|d| self.all.kustomization_names.of(node.home, &d.namespace, &d.name).first().copied())
            .collect()
    }

    /// Decides where the content of a Kustomization is, and builds it where that is here.
    fn build(&mut self, index: usize) {
        if is_set(&self.all.kustomizations[index]) {
            return self.build_set(index);
        }
        let spec = match &self.all.kustomizations[index].resource {
            Some(resource) => resource.value.get("spec").cloned().unwrap_or_else(|| null(resource.span)),
            None => null(NOWHERE),
        };
        let place = self.place(index);
        self.progress[index] = if matches!(place, Place::Unknown(_)) { Progress::Waits } else { Progress::Built };
        match place {
            Place::Here { builds, folder, shown, doubt } => {
                self.all.kustomizations[index].content = Content::Here(shown);
                self.doubt(index, doubt);
                self.build_folder(index, &builds, &folder, &spec);
            }
            Place::Not(content) => self.all.kustomizations[index].content = content,
            Place::Unknown(why) => self.all.kustomizations[index].content = Content::Outside(why),
        }
    }

    /// What is doubtful of a Kustomization's content is doubtful of all that it applies.
    fn doubt(&mut self, index: usize, doubt: Option<String>) {
        let node = &mut self.all.kustomizations[index];
        if node.doubt.is_none() {
            node.doubt = doubt;
        }
    }

    fn build_folder(
        &mut self,
        index: usize,
        builds: &Rc<crate::build::Builds<'_>>,
        folder: &fluxproof_yaml::RepoPath,
        spec: &Value,
    ) {
        let node = &self.all.kustomizations[index];
        let namespace = node.object.namespace.clone().unwrap_or_default();
        let variables = Variables::of(spec, &namespace, &self.settings);
        let build = builds.whole(folder, spec, &variables);
        let bootstrap = self.all.kustomizations[index].resource.is_none().then(|| root::written_by_bootstrap(folder));
        let known = |problem: &&Problem| bootstrap.as_ref() != Some(&problem.message);
        self.all.problems.extend(build.problems.iter().filter(known).map(|problem| (index, problem.clone())));
        let waits = build.problems.iter().any(|problem| !known(&problem));
        let open = build.external.first().map(|e| format!("{} is not in this repository", e.url));
        let open = open.or_else(|| waits.then(|| format!("flux bootstrap writes {folder}/flux-system")));
        self.all.kustomizations[index].open = open.or_else(|| build.doubts.first().map(|d| d.what.clone()));
        self.take_all(index, &build);
        self.settings.add(&build);
        self.all.kustomizations[index].build = build;
    }

    /// Sources first: what else is applied may be made of them.
    fn take_all(&mut self, index: usize, build: &Arc<Build>) {
        let is_source = |r: &&Resource| flux_kind(r.group(), r.kind()) == FluxKind::Source;
        let (sources, others): (Vec<&Resource>, Vec<&Resource>) = build.resources.iter().partition(is_source);
        sources.into_iter().chain(others).for_each(|resource| self.take(index, resource));
    }
}
