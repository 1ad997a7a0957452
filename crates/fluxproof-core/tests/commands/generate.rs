//! `generate`: what it writes, what it prints, and when it refuses.

use crate::schema::violations;
use crate::support::{bare, execute, invocation, stderr, stdout};
use fluxproof_core::command::{Inputs, Outcome};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Read};
use zip::{CompressionMethod, ZipArchive};

fn with(line: &str, inputs: Inputs) -> Outcome {
    execute(&invocation(line, 100, false), inputs)
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&stdout(outcome)).expect("JSON")
}

/// The generated files, by path.
fn files(outcome: &Outcome) -> Vec<(String, Vec<u8>)> {
    outcome.writes.as_ref().expect("something to write").files.clone()
}

#[test]
fn a_folder_gets_the_files_that_json_shows() {
    let outcome = bare("generate out");
    assert_eq!((outcome.status, stderr(&outcome)), (0, String::new()));
    assert_eq!(outcome.writes.as_ref().map(|writes| writes.root.as_str()), Some("out"));
    let shown = json(&bare("generate --format json"));
    let shown = shown["files"].as_array().expect("files").iter();
    let shown: Vec<_> = shown
        .map(|file| {
            (
                file["path"].as_str().expect("a path").to_owned(),
                file["text"].as_str().expect("text").as_bytes().to_vec(),
            )
        })
        .collect();
    assert_eq!(files(&outcome), shown);
    assert!(shown.iter().any(|(path, _)| path.starts_with("clusters/")), "{shown:?}");
}

#[test]
fn the_picture_names_every_file_and_the_proof() {
    let outcome = bare("generate out");
    let text = stdout(&outcome);
    for (path, _) in files(&outcome) {
        let name = path.rsplit('/').next().unwrap_or(&path);
        assert!(text.lines().any(|line| line.ends_with(&format!("── {name}"))), "{path}: {text}");
    }
    assert!(text.contains("proven") && !text.contains("broken"), "{text}");
}

#[test]
fn every_preset_is_proven() {
    let presets: Value = serde_json::from_str(&stdout(&bare("schema presets"))).expect("JSON");
    let presets = presets.as_array().expect("presets");
    assert!(presets.len() >= 8, "{presets:?}");
    for preset in presets {
        let inputs = Inputs { config: Some(preset["config"].to_string().into_bytes()), ..Inputs::default() };
        let outcome = with("generate --format json --config -", inputs);
        assert_eq!((outcome.status, stderr(&outcome)), (0, String::new()), "{}", preset["name"]);
        let made = json(&outcome);
        assert_eq!(made["report"]["findings"].as_array().map(Vec::len), Some(0), "{}", preset["name"]);
        assert!(made["files"].as_array().is_some_and(|files| !files.is_empty()), "{}", preset["name"]);
    }
}

#[test]
fn the_report_of_what_is_generated_is_proven_and_as_the_schema_says() {
    let made = json(&bare("generate --format json"));
    let schema: Value = serde_json::from_str(&stdout(&bare("schema report"))).expect("JSON");
    let report = &made["report"];
    assert_eq!(violations(&schema, report), Vec::<String>::new());
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));
    for cluster in report["clusters"].as_array().expect("clusters") {
        assert_eq!(cluster["proof"]["broken"], 0);
        assert!(cluster["proof"]["proven"].as_u64() > Some(0));
    }
}

#[test]
fn a_zip_holds_the_tree_and_nothing_of_the_moment() {
    let zip = bare("generate --zip -").stdout;
    assert_eq!(zip, bare("generate --zip -").stdout, "the same bytes each time");
    let mut archive = ZipArchive::new(Cursor::new(&zip)).expect("a zip");
    let expected = files(&bare("generate out"));
    assert_eq!(archive.len(), expected.len());
    for (index, (path, bytes)) in expected.iter().enumerate() {
        let mut file = archive.by_index(index).expect("an entry");
        let mut read = Vec::new();
        file.read_to_end(&mut read).expect("an entry that unpacks");
        assert_eq!((file.name().expect("a name").as_ref(), &read), (path.as_str(), bytes));
        assert_eq!(file.unix_mode().map(|mode| mode & 0o7777), Some(0o644), "{path}");
        assert_eq!(file.last_modified().map(|at| (at.year(), at.month(), at.day(), at.hour())), Some((1980, 1, 1, 0)));
        assert_eq!(file.compression(), CompressionMethod::Deflated);
    }
}

#[test]
fn json_says_of_the_zip_what_it_is() {
    let zip = bare("generate --zip -").stdout;
    let said = &json(&bare("generate --format json"))["zip"];
    let digest: String = Sha256::digest(&zip).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((said["size"].as_u64(), said["sha256"].as_str()), (Some(zip.len() as u64), Some(digest.as_str())));
    let hash = said["name"].as_str().and_then(|name| name.strip_prefix("fluxproof-")?.strip_suffix(".zip"));
    assert!(hash.is_some_and(|hash| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit())), "{said}");
    for (line, root, name) in [
        ("generate --zip a/b.zip", "a", "b.zip"),
        ("generate --zip b.zip", ".", "b.zip"),
        ("generate --zip /b.zip", "/", "b.zip"),
    ] {
        let writes = bare(line).writes.expect("a file to write");
        assert_eq!(
            (writes.root.as_str(), writes.files.as_slice()),
            (root, &[(name.to_owned(), zip.clone())][..]),
            "{line}"
        );
    }
}

#[test]
fn files_that_exist_are_listed_and_kept() {
    let path = files(&bare("generate out"))[0].0.clone();
    let existing = || Inputs { existing: vec!["unrelated.txt".to_owned(), path.clone()], ..Inputs::default() };
    let outcome = with("generate out", existing());
    assert_eq!((outcome.status, outcome.writes.is_none(), stdout(&outcome)), (2, true, String::new()));
    assert!(stderr(&outcome).contains(&format!("\n  {path}\n")) && stderr(&outcome).contains("--force"));
    assert!(!stderr(&outcome).contains("unrelated"));
    let forced = with("generate out --force", existing());
    assert_eq!((forced.status, forced.writes.is_some()), (0, true));
}

#[test]
fn a_wrong_config_writes_nothing_and_says_where() {
    let config =
        || Inputs { config: Some(b"vault:\n  servr: https://vault.example.com:8200\n".to_vec()), ..Inputs::default() };
    let outcome = with("generate out --config layout.yaml", config());
    assert_eq!((outcome.status, outcome.writes.is_none(), stdout(&outcome)), (2, true, String::new()));
    assert!(stderr(&outcome).starts_with("error: layout.yaml:2:3: vault.servr: "), "{}", stderr(&outcome));
    assert!(stderr(&outcome).contains("server") && stderr(&outcome).ends_with("nothing was written\n"));
    let refused = with("generate --config - --format json", config());
    assert_eq!(refused.status, 2);
    let problem = &json(&refused)["problems"][0];
    assert_eq!(
        (problem["path"].as_str(), problem["line"].as_u64(), problem["column"].as_u64()),
        (Some("vault.servr"), Some(2), Some(3))
    );
}

/// What a host would have read of a target that holds these files.
fn target(files: Vec<(String, Vec<u8>)>) -> Inputs {
    let existing = files.iter().map(|(path, _)| path.clone()).collect();
    Inputs { existing, ..crate::support::inputs(&files) }
}

#[test]
fn a_dry_run_lists_what_would_become_of_each_file() {
    let mut there = files(&bare("generate out"));
    there.remove(0);
    there[0].1 = b"edited\n".to_vec();
    let changed = there[0].0.clone();
    there.push(("infrastructure/external-secrets/mine.yaml".to_owned(), b"a: 1\n".to_vec()));
    there.push(("elsewhere/mine.yaml".to_owned(), b"a: 1\n".to_vec()));
    let outcome = with("generate out --dry-run", target(there.clone()));
    assert_eq!((outcome.status, outcome.writes.is_none()), (1, true));
    let text = stdout(&outcome);
    assert!(text.contains(&format!("  changed  {changed}\n")), "{text}");
    assert!(text.contains("  new      README.md\n") && !text.contains("elsewhere"), "{text}");
    assert!(text.contains("  kept     infrastructure/external-secrets/mine.yaml\n"), "{text}");
    assert!(text.ends_with("1 new, 1 changed, 11 same, 1 kept\nnothing was written\n"), "{text}");
    let shown = json(&with("generate out --dry-run --format json", target(there)));
    assert_eq!(shown["changes"].as_array().map(Vec::len), Some(14));
    let same = with("generate out --dry-run", target(files(&bare("generate out"))));
    assert_eq!(same.status, 0, "{}", stdout(&same));
}

#[test]
fn a_diff_shows_what_would_change_and_no_secret() {
    let config = |text: &str| Some(text.as_bytes().to_vec());
    let token = || config("vault: {auth: {method: token}}");
    let mut there = files(&with("generate out --config -", Inputs { config: token(), ..Inputs::default() }));
    let same = with("generate out --config - --diff", Inputs { config: token(), ..target(there.clone()) });
    assert_eq!((same.status, stdout(&same)), (0, String::new()));
    for (path, bytes) in &mut there {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8").replace("token: \"\"", "token: hunter2");
        *bytes = if path.ends_with("README.md") { b"mine".to_vec() } else { text.into_bytes() };
    }
    let changed =
        with("generate out --config - --diff --color always", Inputs { config: token(), ..target(there.clone()) });
    let text = stdout(&changed);
    assert_eq!((changed.status, changed.writes.is_none()), (1, true));
    assert!(text.contains("\n\u{1b}[1;31m-mine\u{1b}[0m\n\\ No newline at end of file\n"), "{text}");
    assert!(text.contains("secret-token.yaml") && !text.contains("hunter2"), "{text}");
    let plain = stdout(&with("generate out --config - --diff", Inputs { config: token(), ..target(there) }));
    assert!(!plain.contains('\u{1b}'), "{plain}");
}

#[test]
fn standard_output_gets_one_yaml_stream() {
    let text = stdout(&bare("generate --stdout"));
    let made = files(&bare("generate out"));
    let parsed = fluxproof_yaml::parse(fluxproof_yaml::FileId(0), &text);
    assert_eq!(parsed.problems, []);
    for (path, bytes) in made {
        assert!(text.contains(&format!("---\n# {path}\n")), "{path}");
        let own = String::from_utf8(bytes).expect("UTF-8");
        assert!(path.ends_with(".md") || text.contains(&own), "{path}");
    }
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    for line in [
        "generate out --zip a.zip",
        "generate out --stdout",
        "generate --stdout --zip a.zip",
        "generate --diff --dry-run",
        "generate --diff --zip -",
        "generate --dry-run --stdout",
        "generate --diff --force",
        "generate --stdout --force",
        "generate --diff --format json",
    ] {
        let outcome = bare(line);
        assert_eq!((outcome.status, stdout(&outcome)), (2, String::new()), "{line}");
        assert!(stderr(&outcome).starts_with("error: "), "{line}");
    }
}

#[test]
fn at_a_terminal_overwriting_is_a_question() {
    let path = files(&bare("generate out"))[0].0.clone();
    let mut at = invocation("generate out --config -", 100, false);
    at.terminal.interactive = true;
    let ask = |answers: &[&str], closed| {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let config = Some(b"{}".to_vec());
        execute(&at, Inputs { config, existing: vec![path.clone()], answers, closed, ..Inputs::default() })
    };
    let question = ask(&[], false).ask.expect("a question");
    assert!(question.contains(&path) && question.ends_with("overwrite it? [y/N] "), "{question}");
    assert!(ask(&["what"], false).ask.expect("again").starts_with("please answer y or n\n"));
    let yes = ask(&["what", "Y"], false);
    assert!(yes.status == 0 && yes.writes.expect("something to write").replace);
    for (answers, closed) in [(&["n"][..], false), (&[""], false), (&[], true)] {
        let no = ask(answers, closed);
        assert_eq!((no.status, no.writes.is_none(), no.ask.is_none()), (2, true, true), "{answers:?}");
        assert!(stderr(&no).ends_with("nothing was written\n"), "{}", stderr(&no));
    }
}

#[test]
fn what_is_in_the_way_is_said_whatever_the_user_wants() {
    for (existing, said) in
        [("infrastructure", "out/infrastructure is no folder"), ("README.md/x", "out/README.md is a folder")]
    {
        let outcome = with("generate out --force", Inputs { existing: vec![existing.to_owned()], ..Inputs::default() });
        assert_eq!((outcome.status, outcome.writes.is_none()), (3, true));
        assert!(stderr(&outcome).contains(said), "{}", stderr(&outcome));
    }
}
