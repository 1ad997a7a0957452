use super::{MAP, bootstrap, kustomization, nodes, repository};

/// The node behind the root, of a Kustomization in the cluster's folder and what stands beside it.
fn second(objects: &str, files: &str) -> String {
    let tree = format!(
        "{}=== clusters/demo/more.yaml\n{objects}\n=== apps/map.yaml\n{MAP}{files}",
        bootstrap("clusters/demo", "")
    );
    nodes(&tree).get(1).cloned().unwrap_or_default()
}

fn apps(source: &str, path: &str, more: &str) -> String {
    kustomization("apps", source, path, more)
}

#[test]
fn a_source_of_another_url_is_never_this_repository() {
    let other = repository("other", "url: 'https://git.example.com/other', ref: {branch: main}");
    let here = repository("other", "url: 'ssh://git@git.example.com/fleet.git', ref: {branch: main}");
    let tag = repository("other", "url: 'https://git.example.com/fleet', ref: {tag: v1}");
    let of = |source: &str| second(&format!("{}{source}", apps("other", "./apps", "")), "");
    assert_eq!(of(&other), "apps: outside: GitRepository/flux-system/other is not this repository");
    assert_eq!(of(&here), "apps: apps 1", "the same url is the same repository");
    assert_eq!(of(&tag), "apps: outside: GitRepository/flux-system/other is another revision of this repository");
    assert_eq!(of(""), "apps: outside: GitRepository/flux-system/other is not this repository");
}

#[test]
fn a_source_is_mapped_by_the_config() {
    let other =
        format!("{}{}", apps("other", "./map", ""), repository("other", "url: 'https://git.example.com/other'"));
    let config = "=== fluxproof.yaml\nsources: {GitRepository/flux-system/other: mirror}\n=== mirror/map/map.yaml\n";
    assert_eq!(second(&other, &format!("{config}{MAP}")), "apps: mirror/map 1");
}

#[test]
fn a_source_that_is_applied_later_is_found() {
    let tree = format!(
        "{}=== clusters/demo/more.yaml\n{}{}=== sources/other.yaml\n{}=== apps/map.yaml\n{MAP}",
        bootstrap("clusters/demo", ""),
        apps("other", "./apps", ""),
        kustomization("sources", "flux-system", "./sources", ""),
        repository("other", "url: 'https://git.example.com/fleet', ref: {branch: main}")
    );
    assert_eq!(nodes(&tree)[1], "apps: apps 1");
}

#[test]
fn variables_in_a_path_come_from_the_parent_or_the_tree() {
    let path = |path: &str| apps("flux-system", path, "");
    let prod = format!("=== envs/prod/map.yaml\n{MAP}");
    let doubt = "apps: envs/prod 1 ?its path ./envs/${ENV} holds a variable that is not known; only envs/prod fits it";
    assert_eq!(second(&path("./envs/${ENV}"), &prod), doubt);
    let test = format!("{prod}=== envs/test/map.yaml\n{MAP}");
    assert_eq!(second(&path("./envs/${ENV}"), &test), "apps: outside: its path ./envs/${ENV} holds a variable");
    let parent = kustomization("parent", "flux-system", "./children", ", postBuild: {substitute: {ENV: prod}}");
    let child = format!("{test}=== children/apps.yaml\n{}", path("./envs/${ENV}").replace("---\n", ""));
    let tree = format!("{}=== clusters/demo/more.yaml\n{parent}{child}", bootstrap("clusters/demo", ""));
    assert_eq!(nodes(&tree)[2], "apps: envs/prod 1");
}

#[test]
fn patches_of_a_parent_reach_its_children_and_their_patches() {
    let inner = "{apiVersion: v1, kind: ConfigMap, metadata: {name: map, namespace: default}, data: {c: d}}";
    let spec = format!(
        "{{sourceRef: {{kind: GitRepository, name: flux-system}}, patches: [{{target: {{kind: ConfigMap}}, patch: \"{inner}\"}}]}}"
    );
    let patch = format!(
        "[{{target: {{kind: Kustomization}}, patch: '{{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {{name: _}}, spec: {spec}}}'}}]"
    );
    let parent = kustomization("parent", "flux-system", "./children", &format!(", patches: {patch}"));
    let child = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n\
                 spec: {interval: 10m, prune: true, path: ./apps}\n";
    let tree = format!(
        "{}=== clusters/demo/more.yaml\n{parent}=== children/apps.yaml\n{child}=== apps/map.yaml\n{MAP}",
        bootstrap("clusters/demo", "")
    );
    assert_eq!(nodes(&tree)[2], "apps: apps 1", "the source is the parent's");
    let deliveries = super::delivered(&tree);
    let map = &deliveries.clusters[0].kustomizations[2].resources()[0];
    assert_eq!(map.value.str_at(&["data", "c"]), Some("d"));
}

#[test]
fn one_url_that_nobody_reads_hides_nothing_else() {
    let root = "=== clusters/demo/kustomization.yaml\nresources: ['https://example.com/crds.yaml', more.yaml, flux-system/gotk-sync.yaml]\n";
    assert_eq!(second(&apps("flux-system", "./apps", ""), root), "apps: apps 1");
}
