//! Random small clusters.

use crate::cluster::{Chart, Check, Cluster, Dependency, Expression, Kustomization, Object, Release, Retries, Space};
use proptest::collection::vec;
use proptest::prelude::*;

/// How many different namespaces and definitions there are.
const SPACES: usize = 2;
const DEFINITIONS: usize = 3;

/// Clusters of two to six Flux objects.
pub(crate) fn clusters() -> impl Strategy<Value = Cluster> {
    let kustomizations = vec(kustomization(), 1..=4);
    let releases = vec(release(), 0..=2);
    (prop::bool::weighted(0.15), kustomizations, releases)
        .prop_map(|(root_waits, kustomizations, releases)| fit(Cluster { root_waits, kustomizations, releases }))
}

fn kustomization() -> impl Strategy<Value = Kustomization> {
    let parent = prop::option::weighted(0.2, 0..4usize);
    let checks = prop_oneof![3 => Just(Vec::new()), 1 => vec(check(), 1..=2)];
    let suspend = prop::bool::weighted(0.04);
    (parent, dependencies(), prop::bool::weighted(0.45), checks, suspend, vec(object(), 0..=3)).prop_map(
        |(parent, depends_on, wait, checks, suspend, objects)| Kustomization {
            parent,
            depends_on,
            wait,
            checks,
            suspend,
            objects,
        },
    )
}

fn check() -> impl Strategy<Value = Check> {
    prop_oneof![(0..4usize).prop_map(Check::Kustomization), (0..2usize).prop_map(Check::Release)]
}

/// Numbers from 8 on are brought below the number of who depends, so that there is no cycle.
fn dependencies() -> impl Strategy<Value = Vec<Dependency>> {
    let on = || prop_oneof![1 => 0..5usize, 9 => 8..40usize];
    let one = || (on(), expression()).prop_map(|(on, expression)| Dependency { on, expression });
    prop_oneof![5 => Just(Vec::new()), 6 => vec(one(), 1..=1), 2 => vec(one(), 2..=2)]
}

fn expression() -> impl Strategy<Value = Expression> {
    prop_oneof![
        60 => Just(Expression::Absent),
        2 => Just(Expression::Ready),
        2 => Just(Expression::Once),
        1 => Just(Expression::Always),
        1 => Just(Expression::Never),
        1 => Just(Expression::Broken),
    ]
}

fn space() -> impl Strategy<Value = Space> {
    (0..SPACES).prop_map(Space)
}

fn object() -> impl Strategy<Value = Object> {
    prop_oneof![
        1 => space().prop_map(Object::Namespace),
        2 => (0..DEFINITIONS).prop_map(Object::Definition),
        4 => (0..DEFINITIONS, prop::option::weighted(0.3, space())).prop_map(|(d, s)| Object::Custom(d, s)),
        1 => space().prop_map(Object::Settings),
    ]
}

fn release() -> impl Strategy<Value = Release> {
    let spaces = (prop::option::weighted(0.2, space()), prop::option::weighted(0.4, space()));
    let flags = (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.05));
    (0..4usize, spaces, flags, dependencies(), retries(), chart()).prop_map(
        |(owner, (space, target), (create_namespace, disable_wait, suspend), depends_on, retries, chart)| Release {
            owner,
            space,
            target,
            create_namespace,
            depends_on,
            disable_wait,
            retries,
            suspend,
            chart,
        },
    )
}

fn retries() -> impl Strategy<Value = Retries> {
    prop_oneof![
        4 => Just(Retries::Never),
        1 => (1..=2u8).prop_map(Retries::Few),
        1 => Just(Retries::Endless),
        4 => Just(Retries::OnFailure),
    ]
}

fn chart() -> impl Strategy<Value = Chart> {
    let some = |weight: f64| vec(prop::bool::weighted(weight), DEFINITIONS);
    (some(0.2), some(0.3), some(0.3), some(0.15), vec(prop::bool::weighted(0.1), SPACES)).prop_map(
        |(folder, templates, admits, customs, spaces)| Chart {
            folder: set(&folder),
            templates: set(&templates),
            admits: set(&admits),
            customs: set(&customs),
            spaces: set(&spaces).into_iter().map(Space).collect(),
        },
    )
}

fn set(flags: &[bool]) -> Vec<usize> {
    (0..flags.len()).filter(|at| flags[*at]).collect()
}

/// Makes the indices fit, and leaves out what is another rule's matter: one thing with two owners.
pub(crate) fn fit(mut cluster: Cluster) -> Cluster {
    let (kustomizations, releases) = (cluster.kustomizations.len(), cluster.releases.len());
    for (index, node) in cluster.kustomizations.iter_mut().enumerate() {
        node.parent = node.parent.filter(|parent| *parent < index);
        below(&mut node.depends_on, index);
        node.checks.retain(|check| match check {
            Check::Kustomization(other) => *other < kustomizations && *other != index,
            Check::Release(other) => *other < releases,
        });
    }
    let (mut definitions, mut spaces) = (Vec::new(), Vec::new());
    for node in &mut cluster.kustomizations {
        node.objects.retain(|object| match object {
            Object::Definition(definition) => first(&mut definitions, *definition),
            Object::Namespace(space) => first(&mut spaces, space.0),
            Object::Custom(..) | Object::Settings(_) => true,
        });
    }
    for (index, release) in cluster.releases.iter_mut().enumerate() {
        release.owner %= kustomizations;
        below(&mut release.depends_on, index);
        let chart = &mut release.chart;
        chart.folder.retain(|definition| first(&mut definitions, *definition));
        chart.templates.retain(|definition| first(&mut definitions, *definition));
        chart.spaces.retain(|space| first(&mut spaces, space.0));
        release.create_namespace &= release.target.is_none_or(|space| first(&mut spaces, space.0));
        // Uninstalled each time, a release never gets past its own webhook; the model does not tell that from other retries.
        if release.retries == Retries::Endless && chart.customs.iter().any(|kind| chart.admits.contains(kind)) {
            release.retries = Retries::OnFailure;
        }
    }
    in_flux_system(&mut cluster);
    let asleep: Vec<bool> = cluster.releases.iter().map(|release| release.suspend).collect();
    for node in &mut cluster.kustomizations {
        // A check of a suspended release waits until it is there: the model passes over it.
        node.checks.retain(|check| !matches!(check, Check::Release(other) if asleep[*other]));
    }
    cluster
}

fn below(depends_on: &mut Vec<Dependency>, index: usize) {
    depends_on.retain(|dependency| dependency.on < 8 || index > 0);
    for dependency in depends_on.iter_mut().filter(|dependency| dependency.on >= 8) {
        dependency.on %= index;
    }
}

fn first(known: &mut Vec<usize>, one: usize) -> bool {
    let new = !known.contains(&one);
    if new {
        known.push(one);
    }
    new
}

/// References between Flux objects name those of `flux-system`: a release that is named lies there.
fn in_flux_system(cluster: &mut Cluster) {
    let checks = cluster.kustomizations.iter().flat_map(|node| &node.checks);
    let checked = checks.filter_map(|check| if let Check::Release(other) = check { Some(*other) } else { None });
    let named = cluster.releases.iter().flat_map(|release| release.depends_on.iter().map(|d| d.on));
    for index in checked.chain(named).collect::<Vec<_>>() {
        if let Some(release) = cluster.releases.get_mut(index) {
            release.space = None;
        }
    }
}
