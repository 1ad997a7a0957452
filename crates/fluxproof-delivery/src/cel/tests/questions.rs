//! What Flux's two kinds of expressions are asked, in both directions.

use super::super::{Awaited, Health, Implies, Pins, ReadyExpression, Truth, Vacuous, health_check_expressions};
use crate::facts::tests::yaml;
use crate::model::ObjectRef;
use fluxproof_kustomize::{Build, Resource};
use fluxproof_yaml::{FileId, Span};
use std::sync::Arc;

fn ready(text: &str) -> ReadyExpression {
    ReadyExpression::read(text, Span::new(FileId(0), 0, 0), false)
}

const READY: &str = "dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')";

#[test]
fn what_a_ready_expression_implies() {
    let with_generation = format!("{READY} && dep.metadata.generation == dep.status.observedGeneration");
    for (text, expected) in [
        (READY, Implies::Ready),
        (with_generation.as_str(), Implies::Ready),
        ("dep.status.conditions.filter(c, c.type == 'Ready').all(c, c.status == 'True')", Implies::Ready),
        ("has(dep.status.lastAppliedRevision)", Implies::ReadyOnce),
        ("dep.status.lastAppliedRevision.startsWith('v2.9.0@')", Implies::ReadyOnce),
        ("true", Implies::Nothing("it has no status")),
        ("has(dep.status)", Implies::Nothing("its controller has not looked at it")),
        ("dep.status.conditions.exists(c, c.type == 'Ready')", Implies::Nothing("it waits for a dependency")),
        (
            "dep.status.observedGeneration == dep.metadata.generation",
            Implies::Nothing("its Ready condition is Unknown"),
        ),
        ("has(dep.status.inventory)", Implies::Nothing("it waits for what it has applied")),
        ("has(dep.spec.suspend)", Implies::Unknown),
        ("self.metadata.labels['v'] == dep.metadata.labels['v']", Implies::Unknown),
        ("dep.status.phase == 'Ready' || true", Implies::Nothing("it has no status")),
        ("${expression}", Implies::Unknown),
    ] {
        assert_eq!(ready(text).implies(), expected, "{text}");
    }
}

#[test]
fn a_list_without_ready_is_no_proof_of_it() {
    let text = "dep.status.conditions.filter(c, c.type == 'Healthy').all(c, c.status == 'True')";
    assert_eq!(ready(text).implies(), Implies::Nothing("it waits for a dependency"));
}

#[test]
fn a_release_in_the_history_was_not_ready_yet() {
    let of_release = |text: &str| ReadyExpression::read(text, Span::new(FileId(0), 0, 0), true).implies();
    assert_eq!(of_release(READY), Implies::Ready);
    assert_eq!(of_release("size(dep.status.history) > 0"), Implies::Nothing("it is being installed"));
    assert_eq!(of_release("has(dep.status.lastAppliedRevision)"), Implies::Ready, "it is never true");
    assert!(
        ReadyExpression::read("has(dep.status.lastAppliedRevision)", Span::new(FileId(0), 0, 0), true).is_never_true()
    );
}

#[test]
fn an_expression_that_is_never_true_blocks_for_ever() {
    for (text, never) in [
        ("dep.status.ready == true", true),
        ("dep.status.conditions.exists(c, c.type == 'Ready' && c.status == true)", true),
        ("dep.status.conditions.exists(c, c.type == 'ready' && c.status == 'True')", true),
        (READY, false),
        ("dep.status.lastAppliedRevision.startsWith('v2.9.0@')", false),
        ("self.spec.path == dep.spec.path", false),
        ("dep.status.ready ==", true),
    ] {
        assert_eq!(ready(text).is_never_true(), never, "{text}");
    }
}

#[test]
fn what_else_a_ready_expression_looks_at() {
    let with_generation = format!("{READY} && dep.metadata.generation == dep.status.observedGeneration");
    assert_eq!(ready(READY).looks_at_generation(), Some(false));
    assert_eq!(ready(&with_generation).looks_at_generation(), Some(true));
    assert_eq!(ready("dep.spec.path == 'x'").looks_at_generation(), None);
    assert_eq!(ready(READY).pins(), Pins::Nothing);
    assert_eq!(ready("has(dep.status.lastAppliedRevision)").pins(), Pins::Nothing);
    assert_eq!(ready("dep.status.lastAppliedRevision.startsWith('v2.9.0@')").pins(), Pins::Revision);
    let from_self = "dep.status.lastAppliedRevision.startsWith('v' + self.spec.postBuild.substitute.version + '@')";
    assert_eq!(ready(from_self).pins(), Pins::Values);
    assert_eq!(ready(READY).without_status(), Truth::Error);
    assert_eq!(ready("has(dep.status)").without_status(), Truth::False);
}

fn entry(text: &str) -> super::super::HealthCheckExpression {
    let spec = yaml(&format!("healthCheckExprs:\n- apiVersion: external-secrets.io/v1\n{text}"));
    health_check_expressions(Some(&spec)).remove(0)
}

#[test]
fn an_entry_is_vacuous_where_nobody_has_looked_at_the_object() {
    for (text, expected) in [
        ("current: status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')", None),
        (
            "current: status.conditions.filter(c, c.type == 'Ready').all(c, c.status == 'True')",
            Some(Vacuous::NoConditions),
        ),
        ("current: status.conditions.all(c, c.status == 'True')", Some(Vacuous::NoConditions)),
        ("current: 'true'", Some(Vacuous::NoStatus)),
        ("current: '!has(status.conditions)'", Some(Vacuous::NoStatus)),
        ("current: metadata.generation == 1", Some(Vacuous::NoStatus)),
        ("current: spec.size > 0", None),
        ("current: status.phase == '${phase}'", None),
    ] {
        assert_eq!(entry(&format!("  kind: ClusterSecretStore\n  {text}\n")).vacuous(), expected, "{text}");
    }
}

#[test]
fn failed_is_asked_before_current() {
    let all = |status: &str| format!("status.conditions.filter(c, c.type == 'Ready').all(c, c.status == '{status}')");
    let both = entry(&format!("  kind: X\n  failed: {}\n  current: {}\n", all("False"), all("True")));
    assert_eq!(both.vacuous(), None);
    assert_eq!(both.health_with(&[]), Health::Failed);
    assert_eq!(both.health_with(&[("Ready", "True")]), Health::Current);
    assert_eq!(both.health_with(&[("Ready", "False")]), Health::Failed);
    assert_eq!(both.health_with(&[("Ready", "Unknown")]), Health::NotYet);
    let progress =
        entry("  kind: X\n  inProgress: status.conditions.exists(c, c.status == 'Unknown')\n  current: 'true'\n");
    assert_eq!(progress.health_with(&[("Ready", "Unknown")]), Health::NotYet);
    assert_eq!(progress.vacuous(), Some(Vacuous::NoConditions), "without a status inProgress fails, and holds it back");
}

#[test]
fn an_entry_is_for_a_group_and_perhaps_a_kind() {
    let object = |api_version: &str, kind: &str| ObjectRef {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: None,
        name: "x".to_owned(),
    };
    let kind = entry("  kind: ClusterSecretStore\n  current: 'true'\n");
    assert!(kind.covers(&object("external-secrets.io/v1beta1", "ClusterSecretStore")), "the version does not count");
    assert!(!kind.covers(&object("external-secrets.io/v1", "SecretStore")));
    assert!(!kind.covers(&object("other.io/v1", "ClusterSecretStore")));
    let group = entry("  current: 'true'\n");
    assert!(group.covers(&object("external-secrets.io/v1", "SecretStore")));
    assert!(!group.covers(&object("v1", "Secret")));
}

#[test]
fn a_missing_current_and_flaws_are_said() {
    assert!(entry("  kind: X\n  failed: 'true'\n").lacks_current());
    let broken = entry("  kind: X\n  failed: status.phase = 'x'\n  current: status.a &&\n");
    let fields: Vec<&str> = broken.flaws().map(|(field, ..)| field).collect();
    assert_eq!(fields, ["failed", "current"]);
    assert!(!broken.lacks_current());
}

/// A Kustomization with this spec that applies these objects.
fn node(spec: &str, objects: &str) -> crate::KustomizationNode {
    let text = format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{ name: k, namespace: f }}\nspec: {spec}\n"
    );
    let mut node = crate::read::kustomization(&Resource::new(yaml(&text), FileId(0)), None, "f");
    let resources = yaml(objects).items().iter().map(|value| Resource::new(value.clone(), FileId(0))).collect();
    node.build = Arc::new(Build { resources, ..Build::default() });
    node
}

#[test]
fn an_object_is_awaited_vacuously_or_not() {
    let objects = "
- { apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: { name: vault } }
- { apiVersion: apps/v1, kind: Deployment, metadata: { name: d, namespace: a } }
- { apiVersion: x.example.com/v1, kind: X, metadata: { name: x, namespace: a } }
";
    let refs: Vec<ObjectRef> = node("{}", objects).resources().iter().map(ObjectRef::of).collect();
    let word = |awaited: Awaited| match awaited {
        Awaited::Yes => "yes",
        Awaited::Vacuously(_) => "vacuously",
        Awaited::No(_) => "no",
        Awaited::Unknown => "unknown",
    };
    let exprs = "[{ apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, current: \"status.conditions.exists(c, c.type == 'Ready')\" }]";
    for (spec, expected) in [
        ("{ wait: true }".to_owned(), ["vacuously", "yes", "unknown"]),
        (format!("{{ wait: true, healthCheckExprs: {exprs} }}"), ["yes", "yes", "unknown"]),
        (format!("{{ healthCheckExprs: {exprs} }}"), ["no", "no", "no"]),
        ("{ healthChecks: [{ kind: Deployment, name: d, namespace: a }] }".to_owned(), ["no", "yes", "no"]),
        (
            "{ wait: true, healthCheckExprs: [{ apiVersion: external-secrets.io/v1, current: 'true' }] }".to_owned(),
            ["vacuously", "yes", "unknown"],
        ),
    ] {
        let node = node(&spec, objects);
        let found: Vec<&str> = refs.iter().map(|object| word(node.awaits(object))).collect();
        assert_eq!(found, expected, "{spec}");
    }
}
