//! Charts that lie in the tree, or are given with it, and what they prove and break.

use crate::{ChartPlace, Delivery, Need, Verdict, World, deliver};
use fluxproof_yaml::{RepoPath, Sources};

const SYNC: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/demo
  sourceRef: { kind: GitRepository, name: flux-system }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: 'https://example.com/x.git', ref: { branch: main } }
";

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: app, namespace: flux-system }
spec:
  chart:
    spec:
      chart: ./charts/app
      sourceRef: { kind: GitRepository, name: flux-system }
  values: VALUES
";

const CRD: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.demo.io }
spec:
  group: demo.io
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions: [{ name: v1, served: true, storage: true }]
";

const WIDGET: &str =
    "{{ if .Values.widget }}\napiVersion: demo.io/v1\nkind: Widget\nmetadata: { name: w }\n{{ end }}\n";

fn sources(files: &[(&str, &str)]) -> Sources {
    Sources::from_texts(files.iter().map(|(path, text)| (RepoPath::new(path).expect("a path"), *text)))
}

fn delivery(files: &[(&str, &str)], world: &World) -> Delivery {
    let clusters = deliver(&sources(files), world).clusters;
    clusters.into_iter().next().expect("a cluster")
}

/// The verdicts about CRDs and webhooks: object, need and verdict.
fn verdicts(files: &[(&str, &str)], world: &World) -> Vec<String> {
    let delivery = delivery(files, world);
    let about = delivery.requirements.iter().filter(|r| matches!(r.need, Need::Definition { .. } | Need::Webhook(_)));
    let word = |need: &Need| if matches!(need, Need::Webhook(_)) { "webhook" } else { "definition" };
    about.map(|r| format!("{} {} {}", r.object, word(&r.need), r.verdict.name())).collect()
}

fn with_chart<'a>(release: &'a str, crd_at: &'a str, crd: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("clusters/demo/flux-system/gotk-sync.yaml", SYNC),
        ("clusters/demo/release.yaml", release),
        ("charts/app/Chart.yaml", "name: app\nversion: 1.0.0\n"),
        ("charts/app/values.yaml", "widget: true\n"),
        ("charts/app/templates/widget.yaml", WIDGET),
        (crd_at, crd),
    ]
}

#[test]
fn a_custom_resource_beside_its_definition_in_the_templates_can_never_be_installed() {
    let release = RELEASE.replace("VALUES", "{}");
    let files = with_chart(&release, "charts/app/templates/crd.yaml", CRD);
    assert_eq!(verdicts(&files, &World::default()), ["Widget/flux-system/w definition deadlock"]);
    let delivery = delivery(&files, &World::default());
    let broken = delivery.requirements.iter().find_map(|r| match &r.verdict {
        Verdict::Broken(broken) => Some(broken),
        _ => None,
    });
    let trace = &broken.expect("it is broken").trace;
    assert!(trace.iter().all(|step| step.actor != "kustomize-controller"), "{trace:#?}");
    assert!(
        trace[1].error.as_deref().is_some_and(|error| error.contains("no matches for kind \"Widget\"")),
        "{trace:#?}"
    );
}

#[test]
fn definitions_in_the_folder_of_the_chart_are_there_before_its_templates() {
    let release = RELEASE.replace("VALUES", "{}");
    let files = with_chart(&release, "charts/app/crds/crd.yaml", CRD);
    assert_eq!(verdicts(&files, &World::default()), ["Widget/flux-system/w definition proven"]);
    let skipped = RELEASE.replace("VALUES", "{}\n  install: { crds: Skip }");
    let files = with_chart(&skipped, "charts/app/crds/crd.yaml", CRD);
    assert_eq!(verdicts(&files, &World::default()), ["Widget/flux-system/w definition assumed"]);
}

#[test]
fn values_that_are_not_known_lead_to_no_certainty() {
    let off = RELEASE.replace("VALUES", "{ widget: false }");
    let files = with_chart(&off, "charts/app/templates/crd.yaml", CRD);
    assert_eq!(verdicts(&files, &World::default()), Vec::<String>::new());
    let unknown = RELEASE.replace("VALUES", "{ widget: '${WIDGET}' }");
    let files = with_chart(&unknown, "charts/app/templates/crd.yaml", CRD);
    assert_eq!(verdicts(&files, &World::default()), Vec::<String>::new());
    let crd = format!("{{{{ if .Values.crds }}}}\n{CRD}{{{{ end }}}}\n");
    let guarded = RELEASE.replace("VALUES", "{ crds: '${CRDS}' }");
    let files = with_chart(&guarded, "charts/app/templates/crd.yaml", &crd);
    assert_eq!(verdicts(&files, &World::default()), ["Widget/flux-system/w definition assumed"]);
}

const OPERATOR: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: demo, namespace: flux-system }
spec: { url: 'https://charts.example.com' }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: operator, namespace: flux-system }
spec:
  chart: { spec: { chart: operator, version: 1.0.0, sourceRef: { kind: HelmRepository, name: demo } } }
---
apiVersion: demo.io/v1
kind: Widget
metadata: { name: w, namespace: flux-system }
spec: {}
";

const HOOK: &str = "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: hook }
webhooks:
- name: check.demo.io
  clientConfig: { service: { name: hook, namespace: '{{ .Release.Namespace }}' } }
  rules: [{ apiGroups: [demo.io], apiVersions: [v1], resources: [widgets], operations: ['*'] }]
";

/// A world with these files of charts outside the tree.
fn given(files: &[(&str, &str)]) -> World {
    let mut world = World { chart_files: sources(files), ..World::default() };
    let everywhere = ChartPlace { folder: RepoPath::root(), outside: true };
    world.add_charts(&everywhere, &Sources::default()).expect("a chart lies there");
    world
}

#[test]
fn a_chart_that_is_given_with_the_tree_brings_what_it_has() {
    let tree = [("clusters/demo/flux-system/gotk-sync.yaml", SYNC), ("clusters/demo/all.yaml", OPERATOR)];
    let assumed = ["Widget/flux-system/w definition assumed"];
    assert_eq!(verdicts(&tree, &World::default()), assumed, "nothing is known of it");
    let world = given(&[
        ("operator-1.0.0/Chart.yaml", "name: operator\nversion: 1.0.0\n"),
        ("operator-1.0.0/templates/crd.yaml", CRD),
        ("operator-1.0.0/templates/hook.yaml", HOOK),
        ("operator-1.0.0/charts/below/Chart.yaml", "name: below\nversion: 1.0.0\n"),
    ]);
    assert_eq!(world.charts.len(), 1);
    let found = verdicts(&tree, &world);
    assert_eq!(found, ["Widget/flux-system/w definition deadlock", "Widget/flux-system/w webhook upgrade-race"]);
    let other = given(&[("x/Chart.yaml", "name: operator\nversion: 2.0.0\n"), ("x/crds/crd.yaml", CRD)]);
    assert_eq!(verdicts(&tree, &other), assumed, "another version");
}

#[test]
fn what_the_config_says_of_a_chart_counts() {
    let config = "chartFacts: { operator: { crds: [demo.io/Widget], webhooks: [demo.io], namespaces: [demo] } }\n";
    let tree = [
        ("clusters/demo/flux-system/gotk-sync.yaml", SYNC),
        ("clusters/demo/all.yaml", OPERATOR),
        ("fluxproof.yaml", config),
    ];
    let (world, problems) = World::of(&sources(&tree));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(verdicts(&tree, &world)[0], "Widget/flux-system/w definition deadlock");
}
