//! `cargo xtask test`: every check there is. A failure stops nothing; the last line counts them all.

use crate::cases::Cases;
use crate::command::{Done, cargo, program, root, shown};
use crate::{build, tools};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What is linted and tested on the machine's own target: everything; the logic of the page runs there too.
const NATIVE: &str = "--workspace";

/// Runs everything.
pub(crate) fn task() -> Done {
    let _alone = build::alone()?;
    let mut all = Cases::default();
    all += own("tools", tools::for_build);
    all += own("wasmtime", tools::wasmtime);
    all += step("format", cargo("fmt --all --check"));
    for (name, args) in lints() {
        all += step(name, cargo(&args));
    }
    all += own("build", build::everything);
    let mut tests = cargo("test --locked --no-fail-fast --workspace");
    tests.env("FLUXPROOF_DIST", root().join("dist")).env("FLUXPROOF_PYTHON", tools::folder("python"));
    all += step("cargo test", tests);
    all += node("plugin host", &["wasm-plugin/js/test"], None);
    all += match tools::chromium() {
        Ok(chromium) => node("playground", &["tests/browser"], Some(chromium.into_os_string())),
        Err(message) => own("playground", || Err(message)),
    };
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed == 0 { Ok(()) } else { Err("some checks failed; they are marked FAILED above".to_owned()) }
}

fn lints() -> [(&'static str, String); 3] {
    let clippy = |packages: &str| format!("clippy --quiet --locked {packages} -- -D warnings");
    [
        ("lints, native", clippy(&format!("{NATIVE} --all-targets"))),
        (
            "lints, browser",
            clippy("-p fluxproof-plugin -p fluxproof-web -p fluxproof-bench --target wasm32-unknown-unknown"),
        ),
        ("lints, WASI", clippy("-p fluxproof-cli --target wasm32-wasip1")),
    ]
}

/// A step that is one of our own functions.
fn own(name: &str, task: impl FnOnce() -> Done) -> Cases {
    println!("== {name}");
    let since = Instant::now();
    let done = task();
    if let Err(message) = &done {
        println!("{message}");
    }
    ended(name, since, Cases::default().settled(done.is_ok()))
}

/// A step that is a program; its standard output passes through, and is counted.
fn step(name: &str, mut command: Command) -> Cases {
    println!("== {name}: {}", shown(&command));
    let since = Instant::now();
    let mut cases = Cases::default();
    let mut child = match command.stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => {
            println!("{} cannot be run: {error}", shown(&command));
            return ended(name, since, cases.settled(false));
        }
    };
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
        cases += Cases::of_line(&line);
        println!("{line}");
    }
    let success = child.wait().is_ok_and(|status| status.success());
    ended(name, since, cases.settled(success))
}

fn ended(name: &str, since: Instant, cases: Cases) -> Cases {
    let verdict = if cases.failed == 0 { "ok" } else { "FAILED" };
    println!("== {name}: {verdict}, {} passed, {} failed, {} s", cases.passed, cases.failed, since.elapsed().as_secs());
    cases
}

/// The tests of a folder under Node.
fn node(name: &str, folders: &[&str], chromium: Option<std::ffi::OsString>) -> Cases {
    let mut files: Vec<_> = folders.iter().flat_map(|folder| test_files(folder)).collect();
    files.sort();
    if files.is_empty() {
        return own(name, || Err(format!("{} has no test", folders.join(", "))));
    }
    let mut command = program("node");
    command.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]).args(files);
    command.env("FLUXPROOF_DIST", root().join("dist")).env("FLUXPROOF_PACKAGES", tools::folder("npm"));
    command.envs(chromium.map(|path| ("CHROMIUM", path)));
    step(name, command)
}

fn test_files(folder: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect()
}
