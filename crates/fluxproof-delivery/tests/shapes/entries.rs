use super::{MAP, bootstrap, clusters, delivered, kustomization, nodes, repository};

fn apps(folder: &str) -> String {
    format!("=== {folder}/apps.yaml\n{}=== apps/map.yaml\n{MAP}", kustomization("apps", "flux-system", "./apps", ""))
}

#[test]
fn a_bootstrap_applies_itself() {
    let tree = bootstrap("clusters/demo", "") + &apps("clusters/demo");
    assert_eq!(clusters(&tree), ["clusters/demo: AppliesItself"]);
    assert_eq!(nodes(&tree), ["flux-system: clusters/demo 3", "apps: apps 1"]);
}

#[test]
fn the_path_of_the_root_may_be_patched() {
    let base = format!(
        "=== base/kustomization.yaml\nresources: [sync.yaml]\n=== base/sync.yaml\n{}{}",
        repository("fleet", "url: 'https://git.example.com/fleet'"),
        kustomization("root", "fleet", "./clusters/${CLUSTER}", "")
    );
    let cluster = |name: &str| {
        format!(
            "=== clusters/{name}/kustomization.yaml\nresources: [../../base]\npatches: [{{path: root.yaml}}]\n=== clusters/{name}/root.yaml\n\
             apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: root, namespace: flux-system}}\n\
             spec: {{path: ./clusters/{name}}}\n"
        )
    };
    let tree = base + &cluster("a") + &cluster("b");
    assert_eq!(clusters(&tree), ["clusters/a: AppliesItself", "clusters/b: AppliesItself"]);
    assert!(delivered(&tree).orphans.is_empty(), "a patch is no orphan");
}

const SYNC: &str =
    "{kind: OCIRepository, url: 'oci://example.com/fleet', ref: latest, path: clusters/demo, name: fleet}";

#[test]
fn a_flux_instance_names_the_first_kustomization() {
    let instance = format!(
        "=== clusters/demo/instance.yaml\napiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\n\
         metadata: {{name: flux, namespace: flux-system}}\nspec: {{distribution: {{version: 2.7.x}}, sync: {SYNC}}}\n"
    );
    let apps = format!(
        "=== clusters/demo/apps.yaml\n{}=== apps/map.yaml\n{MAP}",
        kustomization("apps", "OCIRepository/fleet", "./apps", "")
    );
    let tree = instance + &apps;
    assert_eq!(clusters(&tree), ["clusters/demo: FluxInstance"]);
    assert_eq!(nodes(&tree), ["fleet: clusters/demo 2", "apps: apps 1"]);
    let unnamed = tree.replace(", name: fleet}", "}").replace("name: fleet", "name: flux-system");
    assert_eq!(nodes(&unnamed)[0], "flux-system: clusters/demo 2", "its namespace is the name where it has none");
    let deliveries = delivered(&tree);
    assert_eq!(deliveries.clusters[0].flux.as_deref(), Some("2.7.x"));
    assert_eq!(deliveries.clusters[0].sources[0].object.to_string(), "OCIRepository/flux-system/fleet");
}

#[test]
fn values_of_the_instances_chart_count_wherever_they_stand() {
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux-instance, namespace: flux-system}\n";
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: flux-system}\n";
    for (file, text) in [
        ("release.yaml", format!("{release}spec: {{values: {{instance: {{sync: {SYNC}}}}}}}\n")),
        ("map.yaml", format!("{map}data:\n  values.yaml: |\n    instance:\n      sync: {SYNC}\n")),
        ("helm/values.yaml", format!("instance:\n  sync: {SYNC}\n")),
    ] {
        let tree = format!("=== flux/{file}\n{text}=== clusters/demo/map.yaml\n{MAP}");
        assert_eq!(clusters(&tree), ["clusters/demo: FluxInstance"], "{file}");
    }
}

#[test]
fn terraform_is_a_hint() {
    let tree = format!(
        "=== tf/main.tf\nresource \"flux_bootstrap_git\" \"this\" {{\n  path = \"clusters/demo\"\n}}\n=== clusters/demo/map.yaml\n{MAP}"
    );
    assert_eq!(clusters(&tree), ["clusters/demo: Terraform"]);
    let computed = tree.replace("clusters/demo\"", "clusters/${var.name}\"");
    assert_eq!(clusters(&computed), Vec::<String>::new(), "an expression says nothing");
}

#[test]
fn what_nothing_applies_is_applied_from_outside() {
    let tree = apps("clusters/one") + &apps("clusters/two");
    assert_eq!(clusters(&tree), ["clusters/one: Outside", "clusters/two: Outside"]);
    let beside = bootstrap("clusters/demo", "") + &apps("clusters/one") + &apps("old");
    assert_eq!(clusters(&beside), ["clusters/demo: AppliesItself", "clusters/one: Outside"]);
    let orphans = delivered(&beside).orphans;
    assert_eq!(
        orphans.iter().map(|orphan| orphan.object.to_string()).collect::<Vec<_>>(),
        ["Kustomization/flux-system/apps"]
    );
}

#[test]
fn several_repositories_share_a_tree() {
    let tree = bootstrap("clusters/demo", "") + &apps("clusters/demo");
    let both = tree.replace("=== ", "=== one/") + &tree.replace("=== ", "=== two/");
    assert_eq!(
        clusters(&both),
        ["one/clusters/demo within one: AppliesItself", "two/clusters/demo within two: AppliesItself"]
    );
    let inside: Vec<usize> = delivered(&both).clusters.iter().map(|cluster| cluster.kustomizations.len()).collect();
    assert_eq!(inside, [2, 2]);
    assert_eq!(
        nodes(&tree.replace("=== ", "=== deploy/")),
        ["flux-system: deploy/clusters/demo 3", "apps: deploy/apps 1"]
    );
}

#[test]
fn a_spoke_is_a_universe_of_its_own() {
    let spoke = |name: &str| {
        kustomization(name, "flux-system", "./apps", &format!(", kubeConfig: {{secretRef: {{name: {name}}}}}"))
    };
    let tree = format!(
        "{}=== clusters/demo/spokes.yaml\n{}{}=== apps/map.yaml\n{MAP}",
        bootstrap("clusters/demo", ""),
        spoke("a"),
        spoke("b")
    );
    let deliveries = delivered(&tree);
    let cluster = &deliveries.clusters[0];
    let lives: Vec<(usize, usize)> = cluster.kustomizations.iter().map(|node| (node.home, node.universe)).collect();
    assert_eq!(lives, [(0, 0), (0, 1), (0, 2)]);
    assert_eq!(cluster.universes[1], "the cluster of kubeConfig flux-system/a");
}

#[test]
fn what_is_put_away_begins_no_cluster_beside_others() {
    let tree = bootstrap("clusters/demo", "") + &apps("clusters/demo");
    let archived = tree.replace("=== ", "=== .archive/").replace("clusters/demo", "clusters/old");
    let both = tree + &archived;
    assert_eq!(clusters(&both), ["clusters/demo: AppliesItself"]);
    assert!(!delivered(&both).orphans.is_empty(), "it is said that it is not looked at");
    let hidden = apps(".fleet/clusters/one");
    assert_eq!(clusters(&hidden), [".fleet/clusters/one: Outside"], "where there is no other, it is one");
}

#[test]
fn whoever_applies_the_entry_applies_what_lies_beside_it() {
    let entry = |flux: &str| {
        let depends = ", dependsOn: [{name: flux}]";
        format!(
            "=== fleet/config/cluster.yaml\n{}{}=== {flux}\n{}=== flux/map.yaml\n{MAP}",
            repository("fleet", "url: 'https://git.example.com/fleet'"),
            kustomization("cluster", "fleet", "./fleet", depends),
            kustomization("flux", "fleet", "./flux", ", wait: true"),
        )
    };
    let verdicts = |tree: &str| -> Vec<String> {
        let deliveries = delivered(tree);
        let all = deliveries.clusters[0].requirements.iter();
        let of_dependencies = all.filter(|r| r.group == fluxproof_delivery::Group::Dependencies);
        of_dependencies.map(|r| r.verdict.name().to_owned()).collect()
    };
    assert_eq!(verdicts(&entry("fleet/config/flux.yaml")), ["assumed"]);
    assert_eq!(verdicts(&entry("fleet/apps/flux.yaml")), ["deadlock"], "what only the entry applies comes after it");
}

#[test]
fn what_bootstrap_will_write_is_no_missing_folder() {
    let listed = |name: &str| {
        let tree =
            format!("=== clusters/demo/kustomization.yaml\nresources: [{name}, apps.yaml]\n{}", apps("clusters/demo"));
        let deliveries = delivered(&tree);
        let cluster = &deliveries.clusters[0];
        (cluster.problems.len(), cluster.kustomizations[0].open.clone(), cluster.kustomizations.len())
    };
    assert_eq!(listed("flux-system"), (0, Some("flux bootstrap writes clusters/demo/flux-system".to_owned()), 2));
    assert_eq!(listed("other"), (1, None, 2));
}
