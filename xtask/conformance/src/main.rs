//! `cargo xtask conformance DIR [WORD]`: runs the cases below a folder and says by tier how many passed.
//!
//! Three kinds of cases are known by their files: `case.json` beside `input/` and `expected.yaml` or `error.json` (a build
//! of kustomize), `cases.jsonl` with `params` (variable substitution) and `cases.jsonl` with `hash` or `expect` (the hash
//! of a generated name).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a runner tells what it does")]

mod builds;
mod diff;
mod rows;
mod tally;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tally::Tally;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(folder) = args.next() else {
        eprintln!("usage: cargo xtask conformance DIR [WORD]");
        return ExitCode::from(2);
    };
    let word = args.next().unwrap_or_default();
    let mut tally = Tally::default();
    for path in files(Path::new(&folder)) {
        match path.file_name().and_then(|name| name.to_str()) {
            Some("case.json") if path.to_string_lossy().contains(&word) => builds::run(&path, &mut tally),
            Some("cases.jsonl") => rows::run(&path, &word, &mut tally),
            _ => {}
        }
    }
    tally.print();
    if tally.failed() == 0 && tally.passed() > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    found.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    found.into_iter().flat_map(below).collect()
}
