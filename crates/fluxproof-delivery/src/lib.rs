//! What Flux delivers from a repository: entries, Kustomizations, HelmReleases, sources; the order that its
//! controllers guarantee; and a verdict for everything that must precede something else.

mod admission;
mod awaits;
mod build;
mod cel;
mod chart;
mod entry;
mod expand;
pub mod facts;
mod fate;
mod fault;
mod graph;
mod judge;
mod model;
mod named;
mod names;
mod paths;
mod provide;
mod read;
mod require;
mod runtime;
mod trace;
mod world;

pub use build::{is_dropped_field, is_unset_variable, substitute};
pub use cel::{Awaited, Flaw, Health, HealthCheckExpression, Implies, Pins, ReadyExpression, Truth, Vacuous};
pub use chart::{
    ChartContent, ChartDefinition, ChartObject, ChartReader, Detail, MissingChart, Presence, Rule as WebhookRule,
    Scope, Stage, Webhook,
};
pub use facts::distance;
pub use fate::{Fate, Fates};
pub use model::{
    Assumption, Before, Broken, BrokenKind, Content, Deliveries, Delivery, Dependency, Fault, FaultKind, Group,
    KustomizationNode, Need, ObjectRef, Orphan, Owner, Provider, Reason, ReleaseNode, Requirement, Retries, SourceNode,
    Step, TraceStep, Verdict, WaitsFor,
};
pub use named::flux_kustomization;
pub use provide::{Provided, What};
pub use read::seconds;
pub use trace::duration;
pub use world::{
    CONFIG, ChartFacts, ChartFolder, ChartPlace, Preinstalled, SCHEMA as CONFIG_SCHEMA, SourceName, World,
};

use build::{Artifacts, Views};
use chart::Charts;
use entry::Entry;
use expand::Expansion;
use facts::Facts;
use fluxproof_kustomize::Workspace;
use fluxproof_yaml::{RepoPath, Sources};
use graph::DeliveryGraph;
use judge::Judge;

/// Finds the clusters of a repository and what Flux does in each, given what is known of the world outside it.
#[must_use]
pub fn deliver(sources: &Sources, world: &World) -> Deliveries {
    let workspace = Workspace::new(sources);
    let facts = Facts::new();
    let views = Views::default();
    let artifacts = Artifacts::new(&workspace, &views);
    let found = entry::clusters(&artifacts, &facts, world);
    let charts = Charts::new(sources, world);
    let before = installed_before(sources);
    let mut clusters: Vec<Delivery> =
        found.all.into_iter().map(|(entry, all)| cluster(&facts, &charts, &entry, all, &before)).collect();
    name_clusters(&mut clusters);
    Deliveries { clusters, orphans: found.orphans, unread: unread(&workspace), files: sources.len() }
}

fn cluster(
    facts: &Facts,
    charts: &Charts<'_>,
    entry: &Entry,
    mut expansion: Expansion<'_>,
    before: &[String],
) -> Delivery {
    expansion.read_charts(charts);
    let provided = provide::provided(&expansion, facts, expansion.world);
    let awaited = awaits::awaited(&expansion);
    let graph = DeliveryGraph::new(&expansion, &provided, &awaited.flux);
    let judge = Judge::new(&expansion, &provided, &graph, before);
    let wanted = require::wanted(&expansion, &awaited);
    let requirements: Vec<Requirement> = wanted.iter().filter_map(|w| requirement(&judge, w)).collect();
    let fates = fate::fates(&expansion, &awaited.flux, &requirements);
    Delivery {
        name: entry.folder.to_string(),
        entry: entry.folder.clone(),
        flux: expansion.world.flux.clone(),
        within: entry.within.clone(),
        reason: entry.reason,
        requirements,
        fates,
        awaited: awaited.flux,
        provided,
        kustomizations: expansion.kustomizations,
        releases: expansion.releases,
        sources: expansion.sources,
        problems: expansion.problems,
        universes: expansion.universes,
    }
}

fn requirement(judge: &Judge<'_>, wanted: &require::Wanted) -> Option<Requirement> {
    let (verdict, provider) = judge.judge(wanted)?;
    let require::Wanted { owner, object, need, group, span, before } = wanted.clone();
    Some(Requirement { owner, object, need, group, span, before, verdict, provider })
}

/// Names clusters by the last part of their entry where that is enough to tell them apart.
fn name_clusters(clusters: &mut [Delivery]) {
    let last = |path: &RepoPath| path.name().to_owned();
    let names: Vec<String> = clusters.iter().map(|c| last(&c.entry)).collect();
    for (cluster, name) in clusters.iter_mut().zip(&names) {
        if !name.is_empty() && names.iter().filter(|other| *other == name).count() == 1 {
            cluster.name.clone_from(name);
        }
    }
}

/// The releases and charts that helmfiles of the repository install: what they bring may be there before Flux.
fn installed_before(sources: &Sources) -> Vec<String> {
    let is_helmfile = |path: &RepoPath| path.as_str().contains("helmfile") && path.name().contains(".yaml");
    let mut names = Vec::new();
    for id in sources.ids().filter(|id| is_helmfile(sources.path(*id))) {
        names.extend(sources.text(id).lines().filter_map(helmfile_name).map(str::to_owned));
    }
    names
}

/// The name on a line `- name: cilium` or `chart: cilium/cilium`. A helmfile is often a template, so lines are all we ask.
fn helmfile_name(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("- ");
    let value = line.strip_prefix("chart:").or_else(|| line.strip_prefix("name:"))?;
    let name = value.trim().trim_matches(['"', '\'']).rsplit('/').next()?;
    (!name.is_empty() && !name.contains(['{', '}', ' '])).then_some(name)
}

fn unread(workspace: &Workspace<'_>) -> Vec<fluxproof_yaml::Problem> {
    let sources = workspace.sources();
    sources.ids().flat_map(|id| workspace.problems(id).to_vec()).collect()
}
