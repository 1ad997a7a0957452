//! Command lines: what is accepted, what is refused and how, and the exit status of each way to end.

use crate::support::{bare, execute, inputs, invocation, kustomization, over, page_repository, stderr, stdout};
use fluxproof_core::command::{Content, InputFile, Inputs, Invocation, Plan, Reads, WalkLimits, plan};

fn planned(line: &str) -> Reads {
    match plan(&invocation(line, 100, false)) {
        Plan::Read(reads) => reads,
        Plan::Answer(outcome) => panic!("{line}: answered at once: {}", stderr(&outcome)),
    }
}

#[test]
fn a_wrong_command_line_says_what_would_be_right() {
    let cases = [
        ("chekc", "there is no command 'chekc'; did you mean check?"),
        ("zzz", "there is no command 'zzz'; see fluxproof --help"),
        ("help chekc", "there is no command 'chekc'; did you mean check?"),
        ("check --formt json", "check has no option --formt; did you mean --format?"),
        ("check -x", "check has no option -x; see fluxproof check --help"),
        ("check --force", "check has no option --force; see fluxproof check --help"),
        ("check --format", "--format needs a value: human|json"),
        ("check --format --fail-on never", "--format needs a value: human|json"),
        ("check --format=", "--format needs a value: human|json"),
        ("check --format yaml", "--format is one of human, json, not 'yaml'"),
        ("check --fail-on=fatal", "--fail-on is one of error, warning, info, never, not 'fatal'"),
        ("check a b", "unexpected argument 'b'; see fluxproof check --help"),
        ("check -- a b", "unexpected argument 'b'; see fluxproof check --help"),
        ("rules a", "unexpected argument 'a'; see fluxproof rules --help"),
        ("generate d --force=no", "--force takes no value"),
        ("generate d --zip z.zip", "generate writes a folder or a zip, not both; leave out DIR or --zip"),
        ("explain", "explain needs the name of a rule; fluxproof rules lists them"),
        ("explain missing-pat", "there is no rule 'missing-pat'; did you mean missing-path?"),
        ("explain zzz", "there is no rule 'zzz'; fluxproof rules lists them"),
        ("schema repot", "schema prints one of config, layout, report, fields, presets"),
    ];
    for (line, message) in cases {
        let outcome = bare(line);
        let expected = format!("error: {message}\n");
        assert_eq!((outcome.status, stderr(&outcome), stdout(&outcome)), (2, expected, String::new()), "{line}");
        assert!(outcome.writes.is_none(), "{line}");
    }
}

#[test]
fn a_host_reads_what_the_command_needs_and_no_more() {
    let limits = WalkLimits { file_bytes: 3 << 20, files: 20_000, total_bytes: 100 << 20 };
    let tree = |dir: &str| Reads { tree: Some(dir.to_owned()), limits, ..Reads::default() };
    assert_eq!(planned("check"), tree("."));
    assert_eq!(planned("prove some/dir"), tree("some/dir"));
    assert_eq!(planned("graph -- -odd"), tree("-odd"));
    let beside = ["../a", "b", "c=d"].map(str::to_owned).to_vec();
    assert_eq!(planned("check --chart x=../a --charts b --chart=y@1=c=d"), Reads { beside, ..tree(".") });
    assert_eq!(planned("build apps --flux apps"), Reads { around: true, ..tree("apps") });
    let stepwise = planned("build apps");
    assert!(stepwise.around && stepwise.stepwise && stepwise.limits.file_bytes > tree("apps").limits.total_bytes);
    let generate = || Reads { limits, asks: true, ..Reads::default() };
    assert_eq!(planned("generate"), generate());
    let both = Reads { config: Some("-".to_owned()), target: Some("out".to_owned()), ..generate() };
    assert_eq!(planned("generate out --config -"), both);
    assert_eq!(planned("generate --config=- out --force"), both);
    let compared = |dir: &str| Reads { target: Some(dir.to_owned()), contents: true, ..generate() };
    assert_eq!(planned("generate --diff"), compared("."));
    assert_eq!(planned("generate out --dry-run"), compared("out"));
    assert_eq!(planned("generate --zip a/b.zip"), Reads { output: Some("a/b.zip".to_owned()), ..generate() });
    assert_eq!(planned("generate --zip -"), generate());
}

#[test]
fn help_names_every_command_and_every_option_of_each() {
    let all = stdout(&bare("--help"));
    assert_eq!(all, stdout(&bare("")));
    assert_eq!(all, stdout(&bare("help")));
    assert_eq!(all, include_str!("expected/help.txt"));
    for command in ["generate", "adopt", "check", "prove", "build", "graph", "explain", "rules", "schema"] {
        assert!(all.contains(&format!("\n  {command} ")), "{command}");
        let one = bare(&format!("{command} --help"));
        assert_eq!(one.status, 0);
        assert_eq!(stdout(&one), stdout(&bare(&format!("help {command}"))));
        assert!(stdout(&one).contains(&format!("Usage: fluxproof {command}")), "{command}");
    }
    assert_eq!(stdout(&bare("generate -h")), include_str!("expected/help-generate.txt"));
}

#[test]
fn the_version_names_the_module_where_there_is_one() {
    let version = format!("fluxproof {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(stdout(&bare("--version")), version);
    let with = Invocation { core_digest: Some("sha256:00ff".to_owned()), ..invocation("-V", 100, false) };
    assert_eq!(stdout(&execute(&with, Inputs::default())), format!("{version}core sha256:00ff\n"));
}

#[test]
fn the_status_follows_the_findings_and_the_threshold() {
    let (broken, mended) = (page_repository("missing-path", "Broken"), page_repository("missing-path", "Mended"));
    for (line, status) in [("check", 1), ("check --fail-on never", 0), ("prove", 1), ("check --format json", 1)] {
        assert_eq!(over(line, &broken).status, status, "{line}");
        assert_eq!(over(line, &mended).status, 0, "{line}");
    }
    let warned = page_repository("crds-pruned", "Broken");
    for (line, status) in [("check", 0), ("check --fail-on warning", 1), ("check --fail-on info", 1)] {
        assert_eq!(over(line, &warned).status, status, "{line}: {}", stdout(&over(line, &warned)));
    }
    assert_eq!(over("graph", &broken).status, 0);
}

#[test]
fn nothing_to_check_is_no_clean_bill() {
    let files = vec![("notes.yaml".to_owned(), b"a: [".to_vec())];
    for line in ["check", "prove", "graph"] {
        let outcome = over(line, &files);
        assert_eq!(outcome.status, 4, "{line}");
        assert!(!stdout(&outcome).contains("no findings"), "{line}");
        assert!(stderr(&outcome).contains("help: name the root of the repository"), "{line}");
    }
    assert!(stdout(&over("check", &files)).contains("not read: notes.yaml: 1:4: broken YAML"));
}

#[test]
fn what_the_host_could_not_read_ends_the_run() {
    let problems = vec!["no such folder: x".to_owned(), "and y\u{1b}[2J".to_owned()];
    for line in ["check x", "graph x", "generate x"] {
        let outcome =
            execute(&invocation(line, 100, false), Inputs { problems: problems.clone(), ..Inputs::default() });
        assert_eq!(outcome.status, 3, "{line}");
        assert_eq!(stderr(&outcome), "error: no such folder: x\nerror: and y\u{fffd}[2J\n");
    }
}

#[test]
fn every_file_that_was_not_read_is_named() {
    let mut inputs = inputs(&vec![("clusters/demo/apps.yaml".to_owned(), kustomization("apps", "./apps", ""))]);
    let mut add = |path: &str, content| inputs.tree.push(InputFile { path: path.to_owned(), content });
    add("apps/settings.yaml", Content::Bytes(b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n".to_vec()));
    add("big.yaml", Content::TooLarge(4_000_000));
    add("link.yaml", Content::Unread("a symlink that leaves the repository".to_owned()));
    add("latin.yaml", Content::Bytes(b"a: caf\xe9\n".to_vec()));
    add("../outside.yaml", Content::Bytes(Vec::new()));
    add("logo.png", Content::Listed);
    let report = stdout(&execute(&invocation("check --format json", 100, false), inputs));
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let skipped: Vec<_> = report["summary"]["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|s| (s["path"].as_str(), s["why"].as_str()))
        .collect();
    let expected = [
        ("../outside.yaml", "the path leaves the repository"),
        ("big.yaml", "larger than 3 MB (4000000 bytes)"),
        ("latin.yaml", "1:7: not UTF-8 at byte 6"),
        ("link.yaml", "a symlink that leaves the repository"),
    ];
    assert_eq!(skipped, expected.map(|(path, why)| (Some(path), Some(why))));
}

#[test]
fn every_rule_is_listed_and_explained() {
    let list = stdout(&bare("rules"));
    let json: serde_json::Value = serde_json::from_str(&stdout(&bare("rules --format json"))).expect("JSON");
    assert_eq!(list.lines().count(), fluxproof_rules::rules().len());
    for (index, rule) in fluxproof_rules::rules().iter().enumerate() {
        assert!(
            list.lines().nth(index).is_some_and(|line| line.starts_with(rule.name) && line.ends_with(rule.summary))
        );
        assert_eq!(json[index]["name"], rule.name);
        let page = bare(&format!("explain {}", rule.name));
        assert_eq!(page.status, 0);
        assert!(stdout(&page).contains(rule.name));
    }
}
