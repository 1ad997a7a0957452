//! `generate --update`: what was edited stays, what the config says arrives, and nothing is written that is not proven.

use crate::support::{Files, bare, execute, inputs, invocation, kustomization, stderr, stdout};
use fluxproof_core::command::{Inputs, Outcome};
use sha2::{Digest, Sha256};

const CONFIG: &str = "infrastructure/external-secrets/fluxproof-layout.yaml";
const CRS: &str = "infrastructure/external-secrets/deployment-crs.yaml";
const SOURCES: &str = "infrastructure/external-secrets/repositories.yaml";

fn generated() -> Files {
    bare("generate out").writes.expect("files").files
}

fn there(files: &Files) -> Inputs {
    Inputs { existing: files.iter().map(|(path, _)| path.clone()).collect(), ..inputs(files) }
}

fn over(line: &str, files: &Files) -> Outcome {
    execute(&invocation(line, 100, false), there(files))
}

fn edit(files: &mut Files, path: &str, from: &str, to: &str) {
    let (_, bytes) = files.iter_mut().find(|(own, _)| own == path).expect(path);
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    assert!(text.contains(from), "{path} has no {from}\n{text}");
    *bytes = text.replacen(from, to, 1).into_bytes();
}

fn text(files: &Files, path: &str) -> String {
    let (_, bytes) = files.iter().find(|(own, _)| own == path).expect(path);
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_unchanged_config_changes_nothing() {
    let mut files = generated();
    edit(&mut files, CRS, "  timeout: 3m\n", "  # ours\n  timeout: 4m\n  mine: x\n");
    files.retain(|(path, _)| path != "README.md");
    let outcome = over("generate --update", &files);
    assert_eq!((outcome.status, stderr(&outcome), outcome.writes.is_none()), (0, String::new(), true));
    assert!(stdout(&outcome).contains("  kept     README.md\n"), "{}", stdout(&outcome));
    assert_eq!(stdout(&over("generate --update --diff", &files)), "");
}

#[test]
fn a_changed_config_arrives_beside_the_edits() {
    let mut files = generated();
    edit(&mut files, CRS, "  timeout: 3m\n", "  timeout: 3m # ours\n");
    edit(&mut files, SOURCES, "kind: GitRepository\n", "kind: GitRepository # ours\n");
    edit(&mut files, CONFIG, "{}", "# the new one\nversion: 2.8.0\nintervals: {kustomizations: 20m}");
    let outcome = over("generate --update", &files);
    assert_eq!((outcome.status, stderr(&outcome)), (0, String::new()));
    let written = outcome.writes.expect("files").files;
    assert!(text(&written, CRS).contains("interval: 20m") && text(&written, CRS).contains("3m # ours"));
    assert!(
        text(&written, SOURCES).contains("tag: v2.8.0") && text(&written, SOURCES).contains("GitRepository # ours")
    );
    assert!(!written.iter().any(|(path, _)| path.ends_with("namespace.yaml")), "what is the same is not written");
    let config = text(&written, CONFIG);
    assert!(config.contains("# the new one\nversion: 2.8.0\n") && config.contains("\"version\":\"2.8.0\""), "{config}");
    for (path, bytes) in written {
        files.retain(|(own, _)| *own != path);
        files.push((path, bytes));
    }
    assert!(over("generate --update", &files).writes.is_none(), "a second time changes nothing");
}

#[test]
fn a_conflict_is_said_at_both_places_and_nothing_is_written() {
    let mut files = generated();
    edit(&mut files, CRS, "interval: 10m", "interval: 15m");
    edit(&mut files, CONFIG, "{}", "intervals: {kustomizations: 20m}");
    let outcome = over("generate --update", &files);
    assert_eq!((outcome.status, outcome.writes.is_none()), (1, true));
    let said = format!(
        "error: {CRS}:9:13: spec.interval was edited here, and the config changes it too (line 9 of the new file)\n"
    );
    assert!(
        stderr(&outcome).starts_with(&said) && stderr(&outcome).ends_with("nothing was written\n"),
        "{}",
        stderr(&outcome)
    );
    let forced = over("generate --update --force", &files);
    assert!(text(&forced.writes.expect("files").files, CRS).contains("interval: 20m"));
    let shown = over("generate --update --diff", &files);
    assert!(
        shown.status == 1
            && stderr(&shown).starts_with("conflict: ")
            && !stdout(&shown).contains(&format!("+++ b/{CRS}"))
    );

    let mut at = invocation("generate --update", 100, false);
    at.terminal.interactive = true;
    let ask = |answers: &[&str]| {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        execute(&at, Inputs { answers, ..there(&files) })
    };
    assert!(ask(&[]).ask.expect("a question").contains("let the config win"));
    assert!(ask(&["y"]).writes.is_some() && ask(&["n"]).writes.is_none());
}

#[test]
fn what_would_break_the_repository_is_not_written() {
    let mut files = generated();
    let apps = kustomization("apps", "./apps", "  dependsOn:\n    - name: external-secrets-crs\n");
    files.push(("clusters/demo/apps.yaml".to_owned(), apps));
    files.push(("apps/a.yaml".to_owned(), b"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n".to_vec()));
    let mut fine = files.clone();
    edit(&mut fine, CONFIG, "{}", "version: 2.8.0");
    assert_eq!(over("generate --update", &fine).status, 0);
    edit(&mut files, CONFIG, "{}", "mode: embed");
    let outcome = over("generate --update", &files);
    assert_eq!((outcome.status, outcome.writes.is_none()), (1, true), "{}", stdout(&outcome));
    assert!(stderr(&outcome).contains("the updated tree is not proven"), "{}", stderr(&outcome));
}

#[test]
fn files_of_another_version_of_the_program_are_brought_along() {
    let mut files = generated();
    let old = text(&files, CRS).replace("retryInterval: 1m", "retryInterval: 5m");
    let now = digest(&text(&files, CRS));
    edit(&mut files, CRS, "retryInterval: 1m", "retryInterval: 5m");
    edit(&mut files, CONFIG, &now, &digest(&old));
    let outcome = over("generate --update", &files);
    assert_eq!((outcome.status, stderr(&outcome)), (0, String::new()));
    assert!(text(&outcome.writes.expect("files").files, CRS).contains("retryInterval: 1m"));
    // Edited since: what the other version wrote is taken for an edit, and stays.
    edit(&mut files, CRS, "prune: true", "prune: true # ours");
    let edited = over("generate --update", &files);
    let kept = edited.writes.is_none_or(|writes| !writes.files.iter().any(|(path, _)| path == CRS));
    assert!(kept && edited.status == 0);
}

#[test]
fn an_update_needs_one_config() {
    let files = generated();
    let without: Files = files.iter().filter(|(path, _)| path != CONFIG).cloned().collect();
    let mut twice = files.clone();
    twice.push(("other/fluxproof-layout.yaml".to_owned(), b"{}".to_vec()));
    let top = vec![("fluxproof-layout.yaml".to_owned(), b"{}".to_vec())];
    for (files, said) in
        [(&without, "name the config with --config"), (&twice, "more than one"), (&top, "name the root")]
    {
        let outcome = over("generate --update", files);
        assert_eq!((outcome.status, outcome.writes.is_none()), (2, true));
        assert!(stderr(&outcome).contains(said), "{}", stderr(&outcome));
    }
    let mut wrong = files.clone();
    edit(&mut wrong, CONFIG, "{}", "vault: {servr: x}");
    let outcome = over("generate --update", &wrong);
    assert!(stderr(&outcome).starts_with(&format!("error: {CONFIG}:2:9: vault.servr")), "{}", stderr(&outcome));
    for line in ["generate --update --zip a.zip", "generate --update --stdout", "generate --update --format json"] {
        assert_eq!(bare(line).status, 2, "{line}");
    }
}
