//! A build against the bytes, or the error, of kustomize.

use crate::diff::diff;
use crate::files;
use crate::tally::Tally;
use fluxproof_kustomize::{Options, Order, Restriction, Workspace, build};
use fluxproof_yaml::{RepoPath, SourceFile, Sources};
use regex_lite::Regex;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// `case.json`
#[derive(Deserialize)]
struct Case {
    /// The root of the build, relative to `input/`.
    path: String,
    /// `none`, `legacy` or `unspecified`.
    reorder: String,
    /// `none` or `rootOnly`.
    load_restrictor: String,
    tier: String,
}

/// What an error must say.
#[derive(Deserialize)]
struct Expected {
    op: String,
    text: String,
}

/// Runs the case of a `case.json`.
pub(crate) fn run(path: &Path, tally: &mut Tally) {
    let folder = path.parent().unwrap_or(path);
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
    match read.and_then(|text| serde_json::from_str::<Case>(&text).map_err(|error| error.to_string())) {
        Ok(case) => tally.count(&case.tier, &name, compare(folder, &case)),
        Err(error) => tally.count("unreadable", &name, Err(error)),
    }
}

fn compare(folder: &Path, case: &Case) -> Result<(), String> {
    let sources = sources(&folder.join("input"))?;
    let root = RepoPath::new(&case.path).map_err(|error| error.to_string())?;
    let options = Options {
        order: if case.reorder == "none" { Order::Fifo } else { Order::Legacy },
        restriction: if case.load_restrictor == "none" { Restriction::None } else { Restriction::RootOnly },
        ..Options::default()
    };
    let built = build(&Workspace::new(&sources), &root, options).to_yaml();
    match std::fs::read_to_string(folder.join("expected.yaml")) {
        Ok(expected) => same(&expected, built),
        Err(_) => fails(folder, built),
    }
}

fn same(expected: &str, built: Result<String, String>) -> Result<(), String> {
    let built = built.map_err(|error| format!("  the build failed: {error}"))?;
    // The cases end their texts in the way of Go's test suite: with one line break, or none.
    diff(expected.trim_end_matches('\n'), built.trim_end_matches('\n')).map_or(Ok(()), Err)
}

fn fails(folder: &Path, built: Result<String, String>) -> Result<(), String> {
    let path = folder.join("error.json");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let expected: Vec<Expected> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let Err(error) = built else { return Err("  the build must fail and does not".to_owned()) };
    let missing = expected.iter().filter(|expected| !fits(expected, &error));
    let missing: String = missing.map(|e| format!("  -{}: {}\n", e.op, e.text)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{missing}  +{error}")) }
}

fn fits(expected: &Expected, error: &str) -> bool {
    match expected.op.as_str() {
        "contains" => error.contains(&expected.text),
        "equals" => error == expected.text,
        "regexp" => Regex::new(&expected.text).is_ok_and(|regex| regex.is_match(error)),
        "any" => true,
        _ => false,
    }
}

/// The files below a folder.
pub(crate) fn sources(folder: &Path) -> Result<Sources, String> {
    let file = |path: PathBuf| {
        let name = path.strip_prefix(folder).map_err(|error| error.to_string())?.to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
        Ok(SourceFile::read(RepoPath::new(&name).map_err(|error| format!("{name}: {error}"))?, bytes))
    };
    let files: Result<Vec<SourceFile>, String> = files(folder).into_iter().map(file).collect();
    files.map(Sources::new)
}
