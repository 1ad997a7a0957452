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
const SHAPES: [Shape; 4] = [Shape::small(1, 1), Shape::small(4, 1), Shape::small(16, 1), Shape::small(1, 5)];
/// An estate as companies have them, and one ten times as large, in as many files as are read.
const ESTATES: [Shape; 2] =
    [Shape { megabytes: 8, clusters: 5, workloads: 5 }, Shape { megabytes: 80, clusters: 5, workloads: 7 }];
/// What the smaller one may take: milliseconds natively and under Node, and MiB of either process.
const MOST: (f64, f64, f64) = (500.0, 1000.0, 256.0);

/// Documents, and milliseconds, of each of the two readers.
type Readers = [(u32, f64); 2];

/// Measures, over a corpus or over a repository made for it.
pub(crate) fn task(given: Option<&str>) -> Done {
    let _alone = build::alone()?;
    tools::for_build()?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let repositories = written(&folder, &SHAPES)?;
    let estates = written(&folder, &ESTATES)?;
    let text = corpus::stream(&given.map_or_else(|| repositories[0].clone(), PathBuf::from))?;
    let file = folder.join("corpus.yaml");
    fs::write(&file, &text).map_err(|error| error.to_string())?;
    reading(&file, text.len())?;
    checking(&repositories)?;
    estate(&estates)
}

/// The estates alone.
pub(crate) fn estates() -> Done {
    let _alone = build::alone()?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    estate(&written(&folder, &ESTATES)?)
}

fn written(folder: &Path, shapes: &[Shape]) -> Done<Vec<PathBuf>> {
    let each = |shape: &Shape| {
        let repository = folder.join(shape.name());
        corpus::write(&repository, *shape).map(|()| repository)
    };
    shapes.iter().map(each).collect()
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
    let (native, host) = hosts()?;
    let node = || under_node(&host);
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

/// The native command and the script for Node.
fn hosts() -> Done<(PathBuf, PathBuf)> {
    let native = root().join("dist/bin/fluxproof");
    let host = root().join("dist/npm/cli.js");
    match native.is_file() && host.is_file() {
        true => Ok((native, host)),
        false => Err("dist/ is not built: run `cargo xtask build` first".to_owned()),
    }
}

fn under_node(host: &Path) -> Command {
    let mut command = program("node");
    command.arg(host);
    command
}

/// Time and memory of a check of each estate, natively and under Node; and what the larger one costs of the smaller one.
fn estate(repositories: &[PathBuf]) -> Done {
    let (native, host) = hosts()?;
    let (most, most_node, most_memory) = MOST;
    println!(
        "\nfluxproof check of an estate, best of {RUNS}; at most {most} ms, {most_node} ms under Node, {most_memory} MiB"
    );
    println!(
        "{:<24} {:>8} {:>12} {:>10} {:>12} {:>10} {:>8}",
        "", "files", "native", "memory", "Node", "memory", "ratio"
    );
    let mut all = Vec::new();
    for (shape, repository) in ESTATES.iter().zip(repositories) {
        let args = ["check".as_ref(), repository.as_os_str(), "--fail-on".as_ref(), "never".as_ref()];
        let (own, node) = (weighed(|| program(&native), &args)?, weighed(|| under_node(&host), &args)?);
        let (name, files) = (shape.name(), shape.files());
        let [memory, node_memory] = [own, node].map(|(_, peak)| format!("{peak:.0} MiB"));
        println!(
            "{name:<24} {files:>8} {:>12} {memory:>10} {:>12} {node_memory:>10} {:>8.2}",
            ms(own.0),
            ms(node.0),
            node.0 / own.0
        );
        all.push([own.0, node.0]);
    }
    if let [small, large] = all[..] {
        println!("{:<24} {:>8} {:>12.2} {:>10} {:>12.2}", "ratio", "", large[0] / small[0], "", large[1] / small[1]);
    }
    Ok(())
}

/// The shortest of some runs in milliseconds, and the most memory of any in MiB.
fn weighed(make: impl Fn() -> Command, args: &[&std::ffi::OsStr]) -> Done<(f64, f64)> {
    let (mut best, mut peak) = (f64::INFINITY, 0.0_f64);
    for _ in 0..RUNS {
        let mut command = make();
        let since = Instant::now();
        let started = command.args(args).stdout(Stdio::null()).spawn();
        let mut child = started.map_err(|error| format!("{command:?}: {error}"))?;
        while child.try_wait().map_err(|error| error.to_string())?.is_none() {
            peak = peak.max(memory(child.id()));
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        best = best.min(since.elapsed().as_secs_f64() * 1000.0);
    }
    Ok((best, peak))
}

/// The most memory that a process has had so far, in MiB; 0 where the system does not say.
fn memory(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    let kilobytes: f64 = line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0.0);
    kilobytes / 1024.0
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
