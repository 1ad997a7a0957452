//! What a config and options say of the world outside.

use crate::schema::violations;
use crate::support::{Files, bare, over, stderr, stdout};

const KUSTOMIZATION: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
";

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n";

fn repository(config: Option<&str>) -> Files {
    let mut files = vec![
        ("deploy/apps/map.yaml".to_owned(), MAP.as_bytes().to_vec()),
        ("deploy/here/a.yaml".to_owned(), KUSTOMIZATION.as_bytes().to_vec()),
        ("deploy/there/b.yaml".to_owned(), KUSTOMIZATION.as_bytes().to_vec()),
    ];
    files.extend(config.map(|text| ("fluxproof.yaml".to_owned(), text.as_bytes().to_vec())));
    files
}

fn clusters(outcome: &fluxproof_core::command::Outcome) -> Vec<String> {
    let head = |line: &str| line.strip_prefix("cluster ").map(str::to_owned);
    stdout(outcome).lines().filter_map(head).collect()
}

#[test]
fn entries_are_named_by_the_config_or_instead_by_options() {
    let config = "entries: [deploy/here]\n";
    assert_eq!(clusters(&over("graph", &repository(Some(config)))), ["here, entry deploy/here"]);
    let option = over("graph --entry deploy/there", &repository(Some(config)));
    assert_eq!(clusters(&option), ["there, entry deploy/there"]);
    let both = over("graph --entry deploy/there --entry=deploy/here", &repository(None));
    assert_eq!(clusters(&both), ["here, entry deploy/here", "there, entry deploy/there"]);
}

#[test]
fn a_source_is_mapped_to_a_folder() {
    let options = "--entry deploy/here --local-source GitRepository/flux-system/flux-system=deploy";
    let shown = stdout(&over(&format!("graph {options}"), &repository(None)));
    assert!(shown.contains("Kustomization/flux-system/apps  ./deploy/apps"), "{shown}");
    let config = "sources: {GitRepository/flux-system/flux-system: deploy}\nentries: [deploy/here]\n";
    assert_eq!(stdout(&over("graph", &repository(Some(config)))), shown);
}

#[test]
fn mistakes_end_the_run_and_have_their_place() {
    for command in ["check", "prove", "graph"] {
        let outcome = over(command, &repository(Some("entires: []\n")));
        assert_eq!(outcome.status, 2);
        assert!(stderr(&outcome).contains("fluxproof.yaml:1:1"), "{}", stderr(&outcome));
        let outcome = over(&format!("{command} --entry nowhere"), &repository(None));
        assert_eq!(stderr(&outcome), "error: --entry: there is no folder nowhere in the repository\n");
    }
}

#[test]
fn the_example_of_the_documentation_is_as_the_schema_says() {
    let page = include_str!("../../../../docs/configuration.md");
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let parsed = fluxproof_yaml::parse(fluxproof_yaml::FileId(0), example);
    let config: serde_json::Value = fluxproof_yaml::from_document(&parsed.documents[0]).expect("YAML");
    let schema = serde_json::from_str(&stdout(&bare("schema config"))).expect("JSON");
    assert_eq!(violations(&schema, &config), Vec::<String>::new());
    let mut files = repository(Some(example));
    let folders = ["clusters/production", "clusters/staging", "charts/my-app", "charts/my-app-1.4"];
    files.extend(folders.map(|folder| (format!("{folder}/x.yaml"), MAP.as_bytes().to_vec())));
    assert_eq!(stderr(&over("graph", &files)), "", "every field of the example is one");
}
