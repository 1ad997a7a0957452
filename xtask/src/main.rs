//! The project's own tasks: `cargo xtask build`, `cargo xtask test`, `cargo xtask bench`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task tells what it does")]

mod bench;
mod build;
mod builds;
mod cases;
mod command;
mod corpus;
mod paths;
mod size;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask build                  builds everything into dist/ and holds sizes against xtask/budget.toml
cargo xtask test                   installs what it needs into .tools/, then runs every check there is
cargo xtask bench [--corpus DIR]   reads YAML and checks a repository, natively and under Node
cargo xtask bench builds [DIR..]   builds every kustomization below DIR and of made trees, beside `kustomize` where it is found
cargo xtask conformance DIR [WORD] runs the cases below DIR, or those whose names have WORD
cargo xtask observed DIR [WORD]    compares verdicts with what real controllers did in the cases below DIR
cargo xtask charts [--write] --source URL --date DATE [--with DIR] PATH..
                                   makes rows of the tables in data/ from Helm charts: archives or folders
cargo xtask providers [--write] --date DATE DIR
                                   makes the tables of External Secrets' providers from its CRDs: DIR/2.9.0.yaml and its like
cargo xtask differential KUSTOMIZE builds random trees with a real kustomize and with ours: see xtask/differential";

/// Runs the cases of a folder, which lies anywhere, with one of the runners.
fn cases(runner: &str, folder: &str, word: &str) -> command::Done {
    let folder = std::path::absolute(folder).map_err(|error| error.to_string())?;
    let run = format!("run --quiet --locked --release -p fluxproof-{runner} --");
    command::run(command::cargo(&run).arg(folder).arg(word))
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["build"] => build::task(),
        ["test"] => test::task(),
        ["bench"] => bench::task(None),
        ["bench", "--corpus", folder] => bench::task(Some(folder)),
        ["bench", "builds", folders @ ..] => builds::task(folders),
        ["providers", rest @ ..] => {
            command::run(command::cargo("run --quiet --locked -p fluxproof-providers --").args(rest))
        }
        ["charts", rest @ ..] => {
            command::run(command::cargo("run --quiet --locked --release -p fluxproof-charts --").args(rest))
        }
        [runner @ ("conformance" | "observed"), folder] => cases(runner, folder, ""),
        [runner @ ("conformance" | "observed"), folder, word] => cases(runner, folder, word),
        ["differential", rest @ ..] => {
            command::run(command::cargo("run --quiet --locked --release -p fluxproof-differential --").args(rest))
        }
        _ => Err(format!("usage:\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
