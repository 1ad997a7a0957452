//! `cargo xtask differential KUSTOMIZE [--seed N] [--minutes N | --cases N] [--whole] [--errors]`: builds random trees with
//! a real kustomize and with our engine, and shows every difference with its seed.
//!
//! A case is its seed: `--seed N --cases 1` repeats case N. What is shown is made as small as it can be first; `--whole`
//! leaves it as it was made, `--errors` shows as well what both refuse in other words.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a runner tells what it does")]

mod compare;
mod explained;
mod grammar;
mod kinds;
mod options;
mod random;
mod rules;
mod show;
mod shrink;
#[cfg(test)]
mod tests;
mod tree;

use compare::{Outcome, Program};
use options::Options;
use show::Counts;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match Options::read(&args).and_then(|options| run(&options)) {
        Ok(counts) if counts.differences() == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<Counts, String> {
    let scratch = std::env::temp_dir().join(format!("fluxproof-differential-{}", std::process::id()));
    let program = Program { path: options.program.clone(), scratch };
    let (since, mut counts, mut seed) = (Instant::now(), Counts::default(), options.seed);
    while options.goes_on(counts.all(), since.elapsed()) {
        counts.count(&case(&program, options, seed)?);
        seed = seed.wrapping_add(1);
    }
    let _ = std::fs::remove_dir_all(&program.scratch);
    println!("{counts}");
    Ok(counts)
}

/// One tree: compared, and shown where it is a difference.
fn case(program: &Program, options: &Options, seed: u64) -> Result<Outcome, String> {
    let tree = tree::tree(seed);
    let outcome = program.compare(&tree)?;
    let other_words = matches!(outcome, Outcome::BothFail { same_words: false, .. });
    if outcome.is_difference() && !options.whole {
        let (small, found) = shrink::shrink(program, &tree, &outcome)?;
        show::show(seed, &small, &found);
    } else if outcome.is_difference() || (options.errors && other_words) {
        show::show(seed, &tree, &outcome);
    }
    Ok(outcome)
}
