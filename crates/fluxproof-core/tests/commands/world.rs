//! What a config and options say of the world outside.

use crate::schema::violations;
use crate::support::{Files, bare, execute, inputs, invocation, over, stderr, stdout};
use fluxproof_core::command::{Content, InputFile, Inputs, Outcome};

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
fn the_report_says_why_a_folder_is_an_entry_where_it_is_not_the_only_candidate() {
    let one = over("check --entry deploy/here", &repository(None));
    let many = over("check --entry deploy/there --entry deploy/here", &repository(None));
    let line = "  entry deploy/here: it is named as an entry\n";
    assert!(stdout(&one).contains(line), "deploy/there is left: {}", stdout(&one));
    assert!(stdout(&many).contains(line) && stdout(&many).contains("  entry deploy/there:"), "{}", stdout(&many));
    let alone: Files = repository(None).into_iter().filter(|(path, _)| !path.contains("there")).collect();
    assert!(!stdout(&over("check --entry deploy/here", &alone)).contains("  entry "), "the only candidate");
    for (line, reason) in [("--entry deploy/here", "named"), ("", "outside")] {
        let report = stdout(&over(&format!("check {line} --format json"), &alone));
        let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
        assert_eq!(report["clusters"][0]["reason"], reason);
    }
}

#[test]
fn what_no_entry_applies_is_counted_as_flux_objects() {
    let mut files = repository(None);
    for count in 0..12 {
        let release = OPERATOR.replace("name: operator,", &format!("name: operator-{count},"));
        files.push((format!("lost/{count}.yaml"), release.into_bytes()));
    }
    let shown = stdout(&over("check --entry deploy/here", &files));
    assert!(shown.contains("more Flux objects that no entry applies"), "{shown}");
}

/// A release of a chart that no source of the repository holds, and a custom resource of that chart beside it.
const OPERATOR: &str = "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: operator, namespace: flux-system}
spec:
  interval: 1h
  chart: {spec: {chart: operator, version: 1.0.0, sourceRef: {kind: HelmRepository, name: charts}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {interval: 1h, url: https://charts.example.com}
---
apiVersion: demo.io/v1
kind: Widget
metadata: {name: w, namespace: default}
";

const CRD: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.demo.io}
spec: {group: demo.io, scope: Namespaced, names: {kind: Widget, plural: widgets}, versions: [{name: v1, served: true, storage: true}]}
";

fn with_operator(more: &[(&str, &str)]) -> Files {
    let mut files = repository(None);
    files.push(("deploy/apps/operator.yaml".to_owned(), OPERATOR.as_bytes().to_vec()));
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    files
}

fn chart(below: &str) -> [(String, &'static str); 2] {
    let about = "name: operator\nversion: 1.0.0\n";
    [(format!("{below}Chart.yaml"), about), (format!("{below}crds/crd.yaml"), CRD)]
}

/// `prove` with options, over folders that a host has read beside the repository.
fn proven(options: &str, files: &Files, beside: Vec<Result<Vec<InputFile>, String>>) -> Outcome {
    let line =
        format!("prove --entry deploy/here --local-source GitRepository/flux-system/flux-system=deploy {options}");
    execute(&invocation(&line, 100, false), Inputs { beside, ..inputs(files) })
}

fn folder(files: &[(String, &str)]) -> Result<Vec<InputFile>, String> {
    let file = |(path, text): &(String, &str)| InputFile {
        path: path.clone(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    Ok(files.iter().map(file).collect())
}

/// Whether the answer knows for certain that the CRD comes from the chart.
fn is_known(outcome: &Outcome) -> bool {
    assert_eq!(stderr(outcome), "");
    stdout(outcome).contains("deadlock")
}

#[test]
fn charts_lie_in_the_repository_or_outside() {
    let plain = with_operator(&[]);
    assert!(!is_known(&proven("", &plain, vec![])), "nobody says where the chart lies");
    let inside = chart("charts/operator/");
    let inside: Vec<(&str, &str)> = inside.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    for options in ["--chart operator=charts/operator", "--charts charts", "--charts=."] {
        assert!(is_known(&proven(options, &with_operator(&inside), vec![])), "{options}");
    }
    let [own, many] = [chart(""), chart("x/operator/")].map(|files| folder(&files));
    assert!(is_known(&proven("--chart operator=../operator", &plain, vec![own.clone()])));
    assert!(is_known(&proven("--charts /srv/charts", &plain, vec![many.clone()])));
    assert!(!is_known(&proven("--chart operator@2.0.0=../operator", &plain, vec![own.clone()])), "another version");
    let both = proven("--chart other=../operator --charts ../charts", &plain, vec![own, many]);
    assert!(is_known(&both), "each folder has its own files");
}

#[test]
fn a_folder_without_a_chart_is_a_mistake() {
    let files = with_operator(&[]);
    let missing = || Err("there is no such folder".to_owned());
    for (options, beside, said) in [
        ("--chart operator", vec![], "--chart: 'operator' is not NAME=DIR"),
        (
            "--chart operator=gone",
            vec![missing()],
            "--chart: there is no folder gone in the repository, and outside of it gone cannot be read: there is no such folder",
        ),
        (
            "--charts ../gone",
            vec![missing()],
            "--charts: '../gone' is no folder of the repository: the path leaves the repository, and outside of it ../gone cannot be read: there is no such folder",
        ),
        (
            "--chart operator=deploy",
            vec![],
            "--chart: the folder of operator has no Chart.yaml with a name and a version",
        ),
        ("--charts ../x", vec![Ok(Vec::new())], "--charts: no folder in it has a Chart.yaml with a name and a version"),
    ] {
        let outcome = proven(options, &files, beside);
        assert_eq!((outcome.status, stderr(&outcome)), (2, format!("error: {said}\n")), "{options}");
    }
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
