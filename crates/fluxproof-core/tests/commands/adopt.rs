//! `adopt`: an existing layout becomes a config, and no secret comes along.

use crate::support::{Files, bare, execute, inputs, invocation, over, stderr, stdout};
use fluxproof_core::command::Inputs;
use fluxproof_layout::read;
use std::path::Path;

/// A repository of tests/repos.
#[expect(clippy::disallowed_methods, reason = "the repositories lie on the disk")]
fn repository(name: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/repos").join(name);
    let (mut files, mut open) = (Files::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_guide_in_its_three_states_becomes_a_config() {
    for (name, config, left, rule) in [
        ("guide-2021", "vault:\n  auth:\n    method: token\n", "version: 0.10.3", "custom-resource-before-webhook"),
        ("guide-2026-01", "version: ", "namespaces.operator: flux-system", "custom-resource-before-webhook"),
        ("guide-2026-06", "version: 1.3.1\n", "namespaces.operator: flux-system", "crds-with-two-owners"),
    ] {
        let files = repository(name);
        let outcome = over("adopt", &files);
        let (text, said) = (stdout(&outcome), stderr(&outcome));
        assert_eq!(outcome.status, 0, "{name}: {said}");
        read(text.as_bytes()).unwrap_or_else(|problems| panic!("{name}: {problems:?}\n{text}"));
        assert!(text.contains(config) && text.contains(&format!("# - {left}")), "{name}: {text}");
        assert!(said.contains(&format!("  {rule}: ")) && said.contains("1. Prepare."), "{name}: {said}");
        let shown = over("adopt --diff", &files);
        assert_eq!(shown.status, 1);
        assert!(stdout(&shown).contains("+++ b/infrastructure/external-secrets/operator/deployment.yaml"));
        for text in [text, said, stdout(&shown), stderr(&shown)] {
            assert!(!text.contains("put-your-token-here"), "{name} shows a secret: {text}");
        }
    }
}

#[test]
fn what_the_generator_wrote_comes_back_as_the_same_config() {
    for config in [
        "{}",
        "version: 2.8.0",
        "{cluster: prod, namespaces: {operator: eso}, store: {name: kv}}",
        "chart: {source: oci}",
        "chart: {helmRepository: {url: \"https://charts.internal\"}}",
        "crds: {source: helm}",
        "{repository: {kind: OCIRepository, name: fleet, namespace: sources}, intervals: {kustomizations: 20m}}",
        "vault: {server: \"https://vault.internal:8200\", path: kv, version: v1, namespace: team}",
        "vault: {auth: {kubernetes: {mountPath: k8s, role: r, audience: \"\"}}}",
        "vault: {auth: {method: appRole, appRole: {path: p, secret: s, roleIdKey: r, secretIdKey: i}}}",
        "vault: {auth: {method: token, token: {secret: t, key: k}}}",
        "vault: {auth: {method: ldap, ldap: {username: u}}}",
        "vault: {auth: {method: userPass, userPass: {username: u}}}",
        "vault: {ca: {source: configMap, configMap: {name: ca, key: y}}}",
        "{provider: fake, fake: {data: [{key: a, value: b, version: v1}]}}",
    ] {
        let given = Inputs { config: Some(config.as_bytes().to_vec()), ..Inputs::default() };
        let made = execute(&invocation("generate out --config -", 100, false), given);
        let files = made.writes.unwrap_or_else(|| panic!("{config}: {}", String::from_utf8_lossy(&made.stderr))).files;
        let outcome = over("adopt", &files);
        let expected = read(config.as_bytes()).expect("valid").differences();
        let found = read(&outcome.stdout).unwrap_or_else(|problems| panic!("{config}: {problems:?}")).differences();
        assert_eq!(found, expected, "{config}\n{}", stdout(&outcome));
        assert!(!stdout(&outcome).contains("Not carried over"), "{config}\n{}", stdout(&outcome));
    }
}

#[test]
fn what_cannot_be_carried_over_is_named() {
    let mut files = bare("generate out").writes.expect("files").files;
    let mut edit = |end: &str, from: &str, to: &str| {
        let (_, bytes) = files.iter_mut().find(|(path, _)| path.ends_with(end)).expect(end);
        *bytes = String::from_utf8(bytes.clone()).expect("UTF-8").replacen(from, to, 1).into_bytes();
    };
    edit("clusterSecretStore.yaml", "spec:\n", "spec:\n  retrySettings:\n    maxRetries: 9\n");
    edit("operator/deployment.yaml", "  values:\n", "  values:\n    concurrent: 4\n");
    let text = stdout(&over("adopt", &files));
    for left in
        ["ClusterSecretStore/vault: spec.retrySettings.maxRetries", "HelmRelease/external-secrets: values.concurrent"]
    {
        assert!(text.contains(&format!("# - {left} (")), "{text}");
    }
}

#[test]
fn a_config_goes_into_a_file_that_does_not_exist() {
    let files = repository("guide-2026-06");
    let there = |existing: &[&str]| {
        let mut given = inputs(&files);
        given.existing = existing.iter().map(|path| (*path).to_owned()).collect();
        given
    };
    let run = |line: &str, existing: &[&str]| execute(&invocation(line, 100, false), there(existing));
    let fresh = run("adopt --config a/b.yaml", &[]);
    let writes = fresh.writes.as_ref().expect("a file");
    assert_eq!((writes.root.as_str(), writes.files[0].0.as_str(), writes.replace), ("a", "b.yaml", false));
    assert!(stdout(&fresh).contains("1. Prepare."));
    assert_eq!(run("adopt --config a/b.yaml", &["a/b.yaml"]).status, 2);
    assert!(run("adopt --config a/b.yaml --force", &["a/b.yaml"]).writes.expect("a file").replace);
    let nothing = over("adopt", &vec![("a.yaml".to_owned(), b"a: 1\n".to_vec())]);
    assert_eq!((nothing.status, nothing.writes.is_none()), (4, true));
}
