//! What comes from elsewhere: keys and settings that somebody puts there before Flux, dependencies that lie in no file.

use crate::repository::Repository;
use fluxproof_delivery::Fate;

const KEY: &str = "decryption: {provider: sops, secretRef: {name: age}}";
const AGE: &str = "{apiVersion: v1, kind: Secret, metadata: {name: age, namespace: flux-system}}\n";
const FROM: &str = "postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}";
const SETTINGS: &str =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: flux-system}, data: {host: a}}\n";
const DEADLOCK: [&str; 1] = ["deadlock Kustomization/flux-system/apps"];

#[test]
fn a_key_that_only_its_own_user_brings_is_there_before_flux() {
    let own = Repository::new().apply("apps", KEY, AGE).delivered();
    assert_eq!((own.broken(), own.fate("apps")), (vec![], Fate::Ready));
    let others = Repository::new().apply("apps", KEY, AGE).apply("more", KEY, "").delivered();
    assert_eq!(others.broken(), Vec::<String>::new(), "it is there for whoever else reads it");
    let race = Repository::new().apply("keys", "", AGE).apply("apps", KEY, "").delivered();
    assert_eq!(
        race.broken(),
        ["self-healing-race Kustomization/flux-system/apps"],
        "one that Flux can bring is Flux's"
    );
}

#[test]
fn what_a_script_applies_is_there_before_flux() {
    let with =
        |path: &str, text: &str| Repository::new().apply("apps", FROM, SETTINGS).file(path, text).delivered().broken();
    for (path, text) in [
        ("boot.sh", "kubectl create configmap settings -n flux-system --from-literal=host=a\n"),
        ("Taskfile.yaml", "tasks: {boot: {cmds: [\"kubectl create cm {{.ENV}}-settings settings\"]}}\n"),
        ("README.md", "```sh\nkubectl apply -f ./apps/all.yaml\n```\n"),
        ("bootstrap/map.yaml", SETTINGS_LONG),
        ("boot/map.yaml.j2", SETTINGS_LONG),
    ] {
        let expected: &[&str] = if path == "Taskfile.yaml" { &DEADLOCK } else { &[] };
        assert_eq!(with(path, text), expected, "{path}");
    }
    for (path, text) in [
        ("boot.sh", "kubectl create configmap settings -n apps --from-literal=host=a\n"),
        ("boot.sh", "kubectl create secret generic settings\n"),
        ("README.md", "See apps/all.yaml.\n"),
        ("docs/map.yaml", SETTINGS_LONG),
    ] {
        assert_eq!(with(path, text), DEADLOCK, "{path}: {text}");
    }
}

const SETTINGS_LONG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: flux-system\n";

#[test]
fn a_dependency_that_is_nowhere_may_come_after_anything() {
    let tree = |more: &str, infra: &str| {
        let all = Repository::new().apply("settings", "", SETTINGS).apply("apps", &format!("{FROM}{more}"), "");
        all.apply("infra", "", "").file("infra/kustomization.yaml", infra).delivered().broken()
    };
    let (open, closed) = ("resources: ['https://example.com/more.yaml']\n", "resources: [all.yaml]\n");
    let race = "self-healing-race Kustomization/flux-system/apps";
    assert_eq!(tree("\ndependsOn: [{name: elsewhere}]", open), Vec::<String>::new());
    assert_eq!(tree("", open), [race], "nothing holds it back");
    let missing = tree("\ndependsOn: [{name: elsewhere}]", closed);
    assert_eq!(missing, ["unsatisfiable Kustomization/flux-system/apps", race], "what is nowhere orders nothing");
}
