use super::{MAP, bootstrap, kustomization, nodes};

/// The node of `./apps`, with further fields of the GitRepository and further files.
fn apps(source: &str, files: &str) -> String {
    let apps = kustomization("apps", "flux-system", "./apps", "");
    let tree = format!(
        "{}=== clusters/demo/apps.yaml\n{apps}=== apps/map.yaml\n{MAP}{files}",
        bootstrap("clusters/demo", source)
    );
    nodes(&tree).get(1).cloned().unwrap_or_default()
}

#[test]
fn what_is_left_out_of_the_artifact_is_not_there() {
    assert_eq!(apps("", "=== apps/.sops.yaml\ncreation_rules: []\n"), "apps: apps 1");
    assert_eq!(apps("", "=== .sourceignore\n/apps\n"), "apps: no apps");
    assert_eq!(apps(", ignore: /apps", ""), "apps: no apps");
    assert_eq!(apps(", ignore: /docs", ""), "apps: apps 1");
    assert_eq!(apps(", sparseCheckout: [clusters]", ""), "apps: no apps");
    let include = ", sparseCheckout: [clusters], include: [{repository: {name: other}}]";
    assert_eq!(apps(include, ""), "apps: outside: GitRepository/flux-system/flux-system includes other repositories");
}

#[test]
fn a_file_that_is_left_out_is_missing_to_a_kustomization() {
    let files = "=== apps/kustomization.yaml\nresources: [map.yaml]\nconfigMapGenerator: [{name: logo, files: [logo.png]}]\n=== apps/logo.png\nx\n";
    let tree = format!(
        "{}=== clusters/demo/apps.yaml\n{}=== apps/map.yaml\n{MAP}{files}",
        bootstrap("clusters/demo", ""),
        kustomization("apps", "flux-system", "./apps", "")
    );
    let problems = |tree: &str| super::delivered(tree).clusters[0].problems.len();
    assert!(problems(&tree) > 0, "*.png is left out by default");
    assert_eq!(problems(&format!("{tree}=== .sourceignore\n/docs\n")), 0);
}

#[test]
fn a_generator_makes_artifacts_of_parts_of_this_repository() {
    let generator = "---\napiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: parts, namespace: flux-system}\n\
                     spec:\n  sources: [{alias: repo, kind: GitRepository, name: flux-system}]\n  artifacts:\n\
                     \x20   - {name: apps, copy: [{from: '@repo/apps/**', to: '@artifact/a/'}]}\n\
                     \x20   - {name: other, copy: [{from: '@elsewhere/**', to: '@artifact/'}]}\n";
    let of = |name: &str, path: &str| kustomization("apps", &format!("ExternalArtifact/{name}"), path, "");
    let second = |kustomization: String| {
        let more = format!("=== clusters/demo/apps.yaml\n{kustomization}{generator}=== apps/x/map.yaml\n{MAP}");
        nodes(&(bootstrap("clusters/demo", "") + &more)).get(1).cloned().unwrap_or_default()
    };
    assert_eq!(second(of("apps", "./a/x")), "apps: apps/x 1");
    assert_eq!(second(of("apps", "./b")), "apps: no b");
    assert_eq!(second(of("other", "./")), "apps: outside: it copies from @elsewhere/**, which is none of its sources");
}
