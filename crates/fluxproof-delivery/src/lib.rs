//! What Flux delivers from a repository: entries, Kustomizations, HelmReleases, sources; the order that its
//! controllers guarantee; and a verdict for everything that must precede something else.

mod admission;
mod awaits;
mod build;
mod cel;
mod chart;
mod checked;
mod conversion;
mod entry;
mod expand;
pub mod facts;
mod fate;
mod fault;
mod graph;
mod installed;
mod judge;
mod model;
mod named;
mod names;
mod paths;
mod provide;
mod read;
mod require;
mod runtime;
mod set_awaits;
mod template;
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
use installed::Installed;
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
    let built = found.all.iter().flat_map(|(_, expansion)| expansion.built_files());
    let before = Installed::of(sources, &fluxproof_order::gather(built));
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
    before: &Installed,
) -> Delivery {
    expansion.read_charts(charts);
    let provided = provide::provided(&expansion, facts, expansion.world);
    let awaited = awaits::awaited(&expansion);
    let mut graph = DeliveryGraph::new(&expansion, &provided, &awaited.flux);
    let wanted = require::wanted(&expansion, &awaited);
    let needs = Judge::new(&expansion, &provided, &graph, before).needs(&wanted);
    graph.add_needs(needs);
    let judge = Judge::new(&expansion, &provided, &graph, before);
    let requirements: Vec<Requirement> = wanted.iter().filter_map(|w| requirement(&judge, w)).collect();
    let fates = fate::fates(&expansion, &awaited.flux, &provided, &requirements, &graph);
    Delivery {
        name: entry.folder.to_string(),
        entry: entry.folder.clone(),
        flux: expansion.flux.clone(),
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
    let require::Wanted { owner, object, need, group, span, before, universe } = wanted.clone();
    Some(Requirement { owner, object, need, group, span, before, universe, verdict, provider })
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

fn unread(workspace: &Workspace<'_>) -> Vec<fluxproof_yaml::Problem> {
    let sources = workspace.sources();
    sources.ids().flat_map(|id| workspace.problems(id).to_vec()).collect()
}
