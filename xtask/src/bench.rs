//! `cargo xtask bench`: how long reading and checking take, natively and under Node, as ratios within one run.

use crate::command::{Done, cargo, output, program, root, run, target};
use crate::corpus::{self, Shape};
use crate::{build, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Rounds of reading; the best one counts.
const ROUNDS: &str = "20";
/// Runs of a whole command; the best one counts.
const RUNS: u32 = 7;
/// The repositories that are checked: ever larger, to see whether time grows as they do, and one of several clusters.
const SHAPES: [Shape; 4] = [
    Shape { megabytes: 1, clusters: 1 },
    Shape { megabytes: 4, clusters: 1 },
    Shape { megabytes: 16, clusters: 1 },
    Shape { megabytes: 1, clusters: 5 },
];

/// Documents, and milliseconds, of each of the two readers.
type Readers = [(u32, f64); 2];

/// Measures, over a corpus or over a repository made for it.
pub(crate) fn task(given: Option<&str>) -> Done {
    let _alone = build::alone()?;
    tools::for_build()?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let repositories: Vec<PathBuf> = SHAPES.iter().map(|shape| folder.join(shape.name())).collect();
    for (shape, repository) in SHAPES.iter().zip(&repositories) {
        corpus::write(repository, *shape)?;
    }
    let text = corpus::stream(&given.map_or_else(|| repositories[0].clone(), PathBuf::from))?;
    let file = folder.join("corpus.yaml");
    fs::write(&file, &text).map_err(|error| error.to_string())?;
    reading(&file, text.len())?;
    checking(&repositories)
}

/// Builds the benchmark, natively and as a module, whose path it gives.
pub(crate) fn programs() -> Done<PathBuf> {
    // Both readers at the same level of optimisation; the shipped module weighs size too, which would not be a comparison.
    run(&mut cargo("build --quiet --locked --release -p fluxproof-bench"))?;
    run(&mut cargo("build --quiet --locked --release --lib -p fluxproof-bench --target wasm32-unknown-unknown"))?;
    let module = target().join("bench/bench.wasm");
    build::optimise(&target().join("wasm32-unknown-unknown/release/fluxproof_bench.wasm"), &module, &["-O3", "-O3"])?;
    Ok(module)
}

fn reading(file: &Path, size: usize) -> Done {
    let module = programs()?;
    let native = readers(program(target().join("release/fluxproof-bench")).arg("read").arg(file).arg(ROUNDS))?;
    let node = readers(
        program("node").arg(root().join("xtask/bench/bench.mjs")).arg(&module).arg("read").arg(file).arg(ROUNDS),
    )?;
    println!("YAML to tree, {size} bytes, {} and {} documents, best of {ROUNDS}", native[0].0, native[1].0);
    println!("{:<8} {:>14} {:>14} {:>8}", "", "fluxproof-yaml", "serde_yaml", "ratio");
    for (name, [(_, ours), (_, theirs)]) in [("native", native), ("Node", node)] {
        println!("{name:<8} {:>14} {:>14} {:>8.2}", ms(ours), ms(theirs), ours / theirs);
    }
    println!("{:<8} {:>14.2} {:>14.2}", "ratio", node[0].1 / native[0].1, node[1].1 / native[1].1);
    Ok(())
}

pub(crate) fn ms(time: f64) -> String {
    format!("{time:.1} ms")
}

fn readers(command: &mut Command) -> Done<Readers> {
    let text = output(command)?;
    let mut lines = text.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    });
    match (lines.next(), lines.next()) {
        (Some(ours), Some(theirs)) => Ok([ours, theirs]),
        _ => Err(format!("the readers said {text}")),
    }
}

/// A line for the start alone, then one for each repository: the time natively and under Node, and what a megabyte costs.
fn checking(repositories: &[PathBuf]) -> Done {
    let native = root().join("dist/bin/fluxproof");
    let host = root().join("dist/npm/cli.js");
    if !native.is_file() || !host.is_file() {
        return Err("dist/ is not built: run `cargo xtask build` first".to_owned());
    }
    let node = || {
        let mut command = program("node");
        command.arg(&host);
        command
    };
    println!("\nfluxproof check, best of {RUNS}");
    println!("{:<24} {:>12} {:>12} {:>12} {:>12} {:>8}", "", "native", "a megabyte", "Node", "a megabyte", "ratio");
    let start = ["--version".as_ref()];
    line("--version", None, best(|| program(&native), &start)?, best(node, &start)?);
    for (shape, repository) in SHAPES.iter().zip(repositories) {
        let args = ["check".as_ref(), repository.as_os_str(), "--fail-on".as_ref(), "never".as_ref()];
        line(&shape.name(), Some(*shape), best(|| program(&native), &args)?, best(node, &args)?);
    }
    Ok(())
}

fn line(name: &str, shape: Option<Shape>, native: f64, node: f64) {
    let each = |time: f64| shape.map_or_else(String::new, |shape| ms(time / f64::from(shape.megabytes)));
    let (native_each, node_each) = (each(native), each(node));
    println!("{name:<24} {:>12} {native_each:>12} {:>12} {node_each:>12} {:>8.2}", ms(native), ms(node), node / native);
}

/// The shortest of some runs, in milliseconds.
fn best(make: impl Fn() -> Command, args: &[&std::ffi::OsStr]) -> Done<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let mut command = make();
        let since = Instant::now();
        run(command.args(args).stdout(Stdio::null()))?;
        best = best.min(since.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(best)
}
