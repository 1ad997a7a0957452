//! `cargo xtask observed DIR [WORD]`: compares verdicts with what real controllers did, case by case.
//!
//! A case is a folder with `repo/` (the repository), `charts/` (the charts that its sources serve), `repo2/` (another
//! repository, by its url) and `observed.json` (the outcome of every Flux object).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a runner tells what it does")]

mod case;
mod compare;
mod record;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(folder) = args.next() else {
        eprintln!("usage: cargo xtask observed DIR [WORD]");
        return ExitCode::from(2);
    };
    let word = args.next().unwrap_or_default();
    let mut tally = compare::Tally::default();
    for folder in cases(Path::new(&folder)).iter().filter(|path| path.to_string_lossy().contains(&word)) {
        match case::Case::read(folder) {
            Ok(case) => tally.add(&case),
            Err(error) => tally.unreadable(folder, &error),
        }
    }
    tally.print();
    if tally.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The folders below one that hold a record, sorted.
fn cases(folder: &Path) -> Vec<PathBuf> {
    if folder.join("observed.json").is_file() {
        return vec![folder.to_owned()];
    }
    let mut below: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    below.sort();
    below.iter().filter(|path| path.is_dir()).flat_map(|path| cases(path)).collect()
}
