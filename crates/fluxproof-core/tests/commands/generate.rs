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
