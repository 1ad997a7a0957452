use super::{MAP, bootstrap, delivered, nodes};
use fluxproof_delivery::Owner;

fn tree(spec: &str) -> String {
    format!(
        "{}=== clusters/demo/set.yaml\napiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {{name: set, namespace: flux-system}}\n\
         spec:\n{spec}=== apps/one/map.yaml\n{MAP}=== apps/two/map.yaml\n{MAP}",
        bootstrap("clusters/demo", "")
    )
}

const APPS: &str = "  inputs: [{app: one}, {app: two}]
  resources:
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {name: '<< inputs.app >>', namespace: flux-system}
      spec: {interval: 10m, prune: true, path: './apps/<< inputs.app >>', sourceRef: {kind: GitRepository, name: flux-system}}
";

#[test]
fn a_set_applies_what_its_templates_become() {
    let expected = ["flux-system: clusters/demo 3", "set: clusters/demo 2", "one: apps/one 1", "two: apps/two 1"];
    assert_eq!(nodes(&tree(APPS)), expected);
    let text = "  inputs: [{apps: [one, two]}]\n  resourcesTemplate: |\n    << range $app := inputs.apps >>\n    ---\n    apiVersion: v1\n    \
                kind: ConfigMap\n    metadata: {name: << $app >>, namespace: default}\n    << end >>\n";
    assert_eq!(nodes(&tree(text)), ["flux-system: clusters/demo 3", "set: clusters/demo 2"]);
}

#[test]
fn a_set_whose_inputs_come_from_the_cluster_stays_open() {
    let from =
        APPS.replace("inputs: [{app: one}, {app: two}]", "inputsFrom: [{kind: ResourceSetInputProvider, name: pulls}]");
    let deliveries = delivered(&tree(&from));
    let nodes = &deliveries.clusters[0].kustomizations;
    assert_eq!(nodes.len(), 1);
    let open = "ResourceSet/flux-system/set makes objects that only the cluster knows";
    assert_eq!(nodes[0].open.as_deref(), Some(open));
    let unknown = tree(&APPS.replace("inputs.app >>'", "inputs.app | slugify >>'"));
    assert_eq!(delivered(&unknown).clusters[0].kustomizations[0].open.as_deref(), Some(open));
}

#[test]
fn steps_come_one_after_the_other() {
    let step = |name: &str| {
        format!(
            "    - name: {name}\n      resources: [{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, namespace: default}}}}]\n"
        )
    };
    let spec = format!(
        "  dependsOn: [{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, name: a.b, ready: true}}]\n  steps:\n{}{}",
        step("first"),
        step("last")
    );
    let deliveries = delivered(&tree(&spec));
    let [_, first, last] = &deliveries.clusters[0].kustomizations[..] else { panic!("three nodes") };
    assert_eq!((first.object.name.as_str(), last.object.name.as_str()), ("set/first", "set"));
    assert!(first.wait && !last.wait && first.after.is_empty());
    assert_eq!(last.after, [Owner::Kustomization(1)]);
    assert_eq!(first.awaits[0].object.to_string(), "CustomResourceDefinition/a.b");
}
