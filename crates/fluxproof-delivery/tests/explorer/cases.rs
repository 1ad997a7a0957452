//! Clusters about which the model and the schedules once disagreed.

use crate::cluster::{Chart, Cluster, Dependency, Expression, Kustomization, Object, Release, Retries, Space};
use crate::compare::compare;

fn agrees(cluster: &Cluster) {
    let (_, said) = compare(cluster).expect("a small cluster");
    assert!(said.is_empty(), "{}", said.join("\n"));
}

fn on(on: usize, expression: Expression) -> Dependency {
    Dependency { on, expression }
}

fn node(objects: &[Object]) -> Kustomization {
    Kustomization { objects: objects.to_vec(), ..Kustomization::default() }
}

fn release(owner: usize, chart: Chart) -> Release {
    Release { owner, chart, ..Release::default() }
}

#[test]
fn two_operators_that_hold_each_other_s_custom_resources_lock() {
    let chart = |kind| Chart { templates: vec![kind], ..Chart::default() };
    agrees(&Cluster {
        kustomizations: vec![node(&[Object::Custom(1, None)]), node(&[Object::Custom(0, None)])],
        releases: vec![release(0, chart(0)), release(1, chart(1))],
        ..Cluster::default()
    });
}

#[test]
fn a_webhook_of_a_suspended_release_refuses_nothing() {
    let chart = Chart { templates: vec![0], admits: vec![2], ..Chart::default() };
    let apps = Kustomization { depends_on: vec![on(0, Expression::Absent)], ..node(&[Object::Custom(2, None)]) };
    let operator = Kustomization { wait: true, ..Kustomization::default() };
    let releases = vec![Release { suspend: true, ..release(0, chart) }];
    agrees(&Cluster { kustomizations: vec![operator, apps], releases, ..Cluster::default() });
}

#[test]
fn a_webhook_that_comes_after_its_first_customer_lets_it_through() {
    let first = node(&[Object::Definition(0), Object::Custom(0, None)]);
    let second = Kustomization { depends_on: vec![on(0, Expression::Absent)], ..Kustomization::default() };
    let chart = Chart { admits: vec![0], ..Chart::default() };
    agrees(&Cluster { kustomizations: vec![first, second], releases: vec![release(1, chart)], ..Cluster::default() });
}

#[test]
fn every_webhook_of_a_kind_must_serve() {
    let chart = || Chart { admits: vec![0], ..Chart::default() };
    let waits = Kustomization { wait: true, ..Kustomization::default() };
    let apps = Kustomization { depends_on: vec![on(0, Expression::Absent)], ..node(&[Object::Custom(0, None)]) };
    agrees(&Cluster {
        kustomizations: vec![waits, Kustomization::default(), apps],
        releases: vec![release(0, chart()), release(1, chart())],
        ..Cluster::default()
    });
}

#[test]
fn a_release_meets_its_own_webhook() {
    for retries in [Retries::Never, Retries::Few(1), Retries::OnFailure] {
        let chart = Chart { folder: vec![0], admits: vec![0], customs: vec![0], ..Chart::default() };
        let releases = vec![Release { retries, ..release(0, chart) }];
        let kustomizations = vec![Kustomization { wait: true, ..Kustomization::default() }];
        agrees(&Cluster { kustomizations, releases, ..Cluster::default() });
    }
}

#[test]
fn expressions_decide_whether_a_dependency_holds_back() {
    for expression in [Expression::Always, Expression::Never, Expression::Broken, Expression::Once, Expression::Ready] {
        let itself = Kustomization { depends_on: vec![on(0, expression)], ..Kustomization::default() };
        agrees(&Cluster { kustomizations: vec![itself], ..Cluster::default() });
        let asleep = Kustomization { suspend: true, ..Kustomization::default() };
        let dependent = Kustomization { depends_on: vec![on(0, expression)], ..Kustomization::default() };
        agrees(&Cluster { kustomizations: vec![asleep, dependent], ..Cluster::default() });
    }
}

#[test]
fn a_race_with_one_that_never_comes_is_lost_for_ever() {
    let never = Kustomization { depends_on: vec![on(7, Expression::Absent)], ..node(&[Object::Definition(0)]) };
    let apps = node(&[Object::Custom(0, None)]);
    agrees(&Cluster { kustomizations: vec![never, apps], ..Cluster::default() });
}

#[test]
fn what_is_applied_after_the_same_need_has_it() {
    let spaces = node(&[Object::Namespace(Space(0))]);
    let chart = Chart::default();
    let releases = vec![Release { target: Some(Space(0)), ..release(1, chart) }];
    agrees(&Cluster {
        kustomizations: vec![spaces, node(&[Object::Settings(Space(0))])],
        releases,
        ..Cluster::default()
    });
}

#[test]
fn a_release_that_never_maps_its_templates_never_makes_its_namespace() {
    let chart = Chart { templates: vec![1], customs: vec![1], ..Chart::default() };
    let releases = vec![Release { target: Some(Space(0)), create_namespace: true, ..release(0, chart) }];
    let kustomizations = vec![Kustomization::default(), node(&[Object::Custom(2, Some(Space(0)))])];
    agrees(&Cluster { kustomizations, releases, ..Cluster::default() });
}

#[test]
fn an_expression_that_is_always_true_still_asks_for_the_object() {
    let kustomizations = vec![Kustomization::default(), node(&[Object::Custom(2, None)])];
    let chart = Chart { admits: vec![2], ..Chart::default() };
    let late = Release { depends_on: vec![on(0, Expression::Always)], ..release(0, chart) };
    agrees(&Cluster { kustomizations, releases: vec![release(1, Chart::default()), late], ..Cluster::default() });
}

#[test]
fn a_release_that_is_installed_and_uninstalled_for_ever_refuses_in_between() {
    let apps = node(&[Object::Custom(2, None)]);
    let never = Kustomization { depends_on: vec![on(7, Expression::Absent)], ..node(&[Object::Namespace(Space(1))]) };
    let chart = Chart { admits: vec![2], ..Chart::default() };
    let releases = vec![Release { target: Some(Space(1)), retries: Retries::Endless, ..release(2, chart) }];
    agrees(&Cluster { kustomizations: vec![apps, never, Kustomization::default()], releases, ..Cluster::default() });
}

#[test]
fn what_a_failed_install_has_brought_goes_away_with_it() {
    let asks = || node(&[Object::Custom(2, None)]);
    let second = Kustomization { depends_on: vec![on(1, Expression::Absent)], ..asks() };
    let chart = Chart { templates: vec![2], admits: vec![1], customs: vec![1], ..Chart::default() };
    let releases = vec![Release { retries: Retries::Few(1), ..release(0, chart) }];
    agrees(&Cluster { kustomizations: vec![Kustomization::default(), asks(), second], releases, ..Cluster::default() });
}

#[test]
fn a_webhook_whose_namespace_never_comes_refuses_for_ever() {
    let apps = node(&[Object::Namespace(Space(0)), Object::Custom(2, None)]);
    let never = Kustomization { depends_on: vec![on(3, Expression::Absent)], ..node(&[Object::Namespace(Space(1))]) };
    let chart = Chart { admits: vec![2], ..Chart::default() };
    let homeless = Release { target: Some(Space(1)), retries: Retries::OnFailure, ..release(2, chart) };
    let releases = vec![homeless, release(0, Chart::default())];
    agrees(&Cluster { kustomizations: vec![apps, never, Kustomization::default()], releases, ..Cluster::default() });
}

#[test]
fn a_webhook_whose_namespace_comes_after_its_customer_refuses_for_ever() {
    let apps = node(&[Object::Namespace(Space(0)), Object::Custom(2, None)]);
    let after = Kustomization { depends_on: vec![on(0, Expression::Absent)], ..node(&[Object::Namespace(Space(1))]) };
    let chart = Chart { admits: vec![2], ..Chart::default() };
    let releases = vec![Release { target: Some(Space(1)), retries: Retries::OnFailure, ..release(2, chart) }];
    agrees(&Cluster { kustomizations: vec![apps, after, Kustomization::default()], releases, ..Cluster::default() });
}

#[test]
fn a_lock_is_one_though_a_doubtful_guarantee_says_the_reverse() {
    let apps = Kustomization { wait: true, ..node(&[Object::Custom(1, None)]) };
    let second = Kustomization { depends_on: vec![on(0, Expression::Always)], ..Kustomization::default() };
    let operator = Chart { admits: vec![1], customs: vec![2], ..Chart::default() };
    let definitions = Chart { templates: vec![2], ..Chart::default() };
    let late = Release { depends_on: vec![on(0, Expression::Absent)], ..release(0, definitions) };
    agrees(&Cluster {
        kustomizations: vec![apps, second],
        releases: vec![release(1, operator), late],
        ..Cluster::default()
    });
}

#[test]
fn of_two_webhooks_the_one_that_comes_counts() {
    let never = Chart { admits: vec![0], ..Chart::default() };
    let own = Chart { admits: vec![0], customs: vec![0], ..Chart::default() };
    let first = Release { depends_on: vec![on(2, Expression::Absent)], ..release(0, never) };
    let kustomizations = vec![node(&[Object::Definition(0)])];
    agrees(&Cluster { kustomizations, releases: vec![first, release(0, own)], ..Cluster::default() });
}

#[test]
fn a_second_try_meets_the_webhook_that_came_after_the_first() {
    let operator = Chart { admits: vec![2], ..Chart::default() };
    let maker = Release { target: Some(Space(1)), create_namespace: true, ..release(0, operator) };
    let chart = Chart { templates: vec![0], customs: vec![2], ..Chart::default() };
    let tries = Release { target: Some(Space(1)), retries: Retries::Few(1), ..release(1, chart) };
    let kustomizations = vec![node(&[Object::Custom(0, None)]), Kustomization::default()];
    agrees(&Cluster { kustomizations, releases: vec![maker, tries], ..Cluster::default() });
}

#[test]
fn of_two_webhooks_one_s_own_comes_for_certain() {
    let never = Chart { admits: vec![0], ..Chart::default() };
    let maker = Release { target: Some(Space(0)), create_namespace: true, ..release(0, never) };
    let own = Chart { admits: vec![0], customs: vec![0], ..Chart::default() };
    let kustomizations = vec![node(&[Object::Custom(0, Some(Space(0)))]), Kustomization::default()];
    agrees(&Cluster { kustomizations, releases: vec![maker, release(1, own)], ..Cluster::default() });
}

#[test]
fn a_namespace_that_nobody_brings_makes_no_second_try() {
    let operator = Chart { admits: vec![2], customs: vec![0], ..Chart::default() };
    let chart = Chart { templates: vec![0], customs: vec![2], ..Chart::default() };
    let at_home = Release { target: Some(Space(0)), ..release(0, chart) };
    let releases = vec![release(0, operator), at_home];
    agrees(&Cluster { kustomizations: vec![Kustomization::default()], releases, ..Cluster::default() });
}

#[test]
fn a_release_whose_namespace_never_comes_makes_what_is_in_none() {
    let asleep = Kustomization { suspend: true, ..node(&[Object::Namespace(Space(1))]) };
    let apps = node(&[Object::Custom(0, Some(Space(0)))]);
    let chart = Chart { spaces: vec![Space(0)], ..Chart::default() };
    let releases = vec![Release { target: Some(Space(1)), ..release(2, chart) }];
    agrees(&Cluster { kustomizations: vec![asleep, apps, Kustomization::default()], releases, ..Cluster::default() });
}
